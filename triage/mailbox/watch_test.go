package mailbox_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/mailbox/mailboxtest"
)

func TestServerAnnouncesMails(t *testing.T) {
	t.Parallel()
	w := setup(t)
	woken := make(chan struct{}, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { w.set.Watch(ctx, func() { woken <- struct{}{} }) })
	delivered := 0
	// The library's server says that it is idle just before it is: what comes in
	// between it announces with the next mail.
	announced := func() {
		again := time.NewTicker(100 * time.Millisecond)
		defer again.Stop()
		for {
			delivered++
			w.server.Deliver(start, mail(delivered, "宽带", "断了"))
			select {
			case <-woken:
				return
			case <-again.C:
			}
		}
	}
	<-woken // connected
	announced()
	w.server.Drop()
	<-woken // connected again
	announced()
	cancel()
	watching.Wait()
}

// pauses counts how often it was started anew; it is not safe for concurrent use.
type pauses struct{ taken, resets int }

func (p *pauses) NextBackOff() time.Duration { p.taken++; return 0 }
func (p *pauses) Reset()                     { p.resets++ }

func TestPausesGrowUntilAConnectionLasts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lasts  time.Duration
		resets int
	}{
		"a server that drops whoever listens": {time.Second, 1}, // that of the beginning
		"one that is lost now and then":       {time.Hour, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var made []*pauses // the first is that of the watch, the others are of its attempts
			w := with(t, mailboxtest.Start(t, mailboxtest.Options{}))
			d := w.deps()
			d.Backoff = func() backoff.BackOff { made = append(made, &pauses{}); return made[len(made)-1] }
			set, err := mailbox.New([]mailbox.Config{w.config}, d)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			connected := 0
			set.Watch(ctx, func() {
				if connected++; connected > 3 {
					cancel()
				}
				w.clock.Advance(test.lasts)
				w.server.Drop()
			})
			if p := made[0]; p.resets != test.resets {
				t.Errorf("%d resets over %d pauses, want %d", p.resets, p.taken, test.resets)
			}
		})
	}
}

func TestServerThatDoesNotAnnounce(t *testing.T) {
	t.Parallel()
	w := with(t, mailboxtest.Start(t, mailboxtest.Options{NoIdle: true}))
	w.set.Watch(t.Context(), func() { t.Error("woken") }) // returns
}

func TestBadConfigurations(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*mailbox.Config){
		"name":         func(c *mailbox.Config) { c.Name = "" },
		"host":         func(c *mailbox.Config) { c.Host = "imap.example.com:993" },
		"port":         func(c *mailbox.Config) { c.Port = 70000 },
		"tls":          func(c *mailbox.Config) { c.TLS = "ssl" },
		"user":         func(c *mailbox.Config) { c.User = "" },
		"since":        func(c *mailbox.Config) { c.Since = "last week" },
		"max_size":     func(c *mailbox.Config) { c.MaxSize = -1 },
		"timeout":      func(c *mailbox.Config) { c.Timeout = -1 },
		"closed_cases": func(c *mailbox.Config) { c.ClosedCases = "delete" },
		"move_to":      func(c *mailbox.Config) { c.MoveTo = "INBOX" },
		"ca_file":      func(c *mailbox.Config) { c.CAFile = "/nowhere/ca.pem" },
	} {
		wantField(t, field, "mailboxes[0]."+field, change)
	}
	wantField(t, "clear password", "mailboxes[0].tls", func(c *mailbox.Config) { c.TLS, c.Host = "none", "imap.example.com" })
}

func wantField(t *testing.T, name, field string, change func(*mailbox.Config)) {
	t.Helper()
	c := mailbox.Config{Name: "service", Host: "imap.example.com", User: "u"}
	change(&c)
	_, err := mailbox.New([]mailbox.Config{c}, mailbox.Deps{Zone: start.Location()})
	if got := fieldOf(err); got != field {
		t.Errorf("%s: got an error at %q (%v), want %q", name, got, err, field)
	}
}

func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	c := mailbox.Config{Name: "service", Host: "imap.example.com", User: "u"}
	_, err := mailbox.New([]mailbox.Config{c, c}, mailbox.Deps{Zone: start.Location()})
	if got := fieldOf(err); got != "mailboxes[1].name" {
		t.Errorf("got an error at %q (%v), want mailboxes[1].name", got, err)
	}
}
