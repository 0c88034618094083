package mailbox

import (
	"context"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/cenkalti/backoff/v5"
)

// Watch calls wake when a server announces new mails (IDLE, RFC 2177), until
// ctx ends. wake must not block for long; it is called from several goroutines
// and may be called without need, at least once for each connection. A server
// that cannot announce is left to the schedule of Fetch, and so is the time in
// which a lost server is tried again.
func (s *Set) Watch(ctx context.Context, wake func()) {
	var all sync.WaitGroup
	for _, b := range s.boxes {
		all.Go(func() { b.watch(ctx, wake) })
	}
	all.Wait()
}

// stable is how long a connection lasts that gives no reason to wait before the
// next one. A server that takes connections and drops them at once is tried less
// and less often, as one that does not answer.
const stable = time.Minute

func (b *box) watch(ctx context.Context, wake func()) {
	// The pauses are reset where they are taken: nothing else may touch them.
	pause := b.d.Backoff()
	_, _ = backoff.Retry(ctx, func() (struct{}, error) {
		begun := b.d.Now()
		supported, err := b.listen(ctx, wake)
		if b.d.Now().Sub(begun) >= stable {
			pause.Reset()
		}
		switch {
		case err == nil && !supported:
			b.d.Log.InfoContext(ctx, "mailbox does not announce new mails; it is read on schedule only", "mailbox", b.config.Name)
			return struct{}{}, nil
		case err != nil:
			b.d.Log.WarnContext(ctx, "mailbox is not watched; it is read on schedule until it answers", "mailbox", b.config.Name, "err", err)
		}
		return struct{}{}, errLost
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(0)) // it ends with ctx, or without IDLE
}

var errLost = lostError{}

// lostError is a connection that ended and is to be made again.
type lostError struct{}

func (lostError) Error() string { return "the connection was lost" }

// listen waits for announcements on one connection, until it ends.
func (b *box) listen(ctx context.Context, wake func()) (supported bool, err error) {
	handler := &imapclient.UnilateralDataHandler{Mailbox: func(data *imapclient.UnilateralDataMailbox) {
		if data.NumMessages != nil {
			wake()
		}
	}}
	s, err := b.open(ctx, 1, handler)
	if err != nil {
		return true, err
	}
	defer s.end()
	if !s.Caps().Has(imap.CapIdle) {
		return false, nil
	}
	idle, err := s.Idle()
	if err != nil {
		return true, b.gone(ctx, err)
	}
	wake() // for what came between the last reading and now
	err = idle.Wait()
	if ctx.Err() != nil {
		return true, nil
	}
	return true, err
}
