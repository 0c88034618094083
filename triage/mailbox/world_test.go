package mailbox_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/mailbox/mailboxtest"
)

// start is when the first mail arrives.
var start = time.Date(2026, time.March, 2, 10, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*60*60))

var errKilled = errors.New("killed")

// world is a service with one mailbox and everything it stores, in memory.
type world struct {
	server *mailboxtest.Server
	set    *mailbox.Set
	config mailbox.Config
	clock  *testkit.Clock

	mu      sync.Mutex
	cases   map[triage.ComplaintID]triage.Case
	order   []triage.ComplaintID
	said    []mailbox.Said
	heard   int // calls of Hear
	letters map[string]triage.ComplaintID
	entries []mailbox.Entry
	// kill makes the call of this number, of those that write, fail after it has
	// written (odd) or before (even); 0 is never.
	kill, calls int
}

func setup(t *testing.T, change ...func(*mailbox.Config)) *world {
	t.Helper()
	return with(t, mailboxtest.Start(t, mailboxtest.Options{}), change...)
}

func with(t *testing.T, server *mailboxtest.Server, change ...func(*mailbox.Config)) *world {
	t.Helper()
	w := &world{
		server: server, clock: testkit.NewClock(start),
		cases: map[triage.ComplaintID]triage.Case{}, letters: map[string]triage.ComplaintID{},
	}
	c := mailbox.Config{
		Name: "service", Host: server.Host, Port: server.Port, CAFile: server.CAFile,
		User: mailboxtest.User, Password: mailboxtest.Password,
	}
	for _, f := range change {
		f(&c)
	}
	w.config, w.set = c, w.open(t, c)
	return w
}

func (w *world) open(t *testing.T, c mailbox.Config) *mailbox.Set {
	t.Helper()
	set, err := mailbox.New([]mailbox.Config{c}, w.deps())
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// fetch reads the mailbox and compares what it found.
func (w *world) fetch(t *testing.T, want string) {
	t.Helper()
	got, err := w.set.Fetch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// only returns the case when there is just one.
func (w *world) only(t *testing.T) triage.Case {
	t.Helper()
	if len(w.order) != 1 {
		t.Fatalf("got %d cases, want one", len(w.order))
	}
	return w.cases[w.order[0]]
}

// step stands for everything that writes.
func (w *world) step(write func() error) error {
	w.calls++
	if w.kill != 0 && (w.kill+1)/2 == w.calls {
		if w.kill%2 == 1 {
			return cmp.Or(write(), errKilled)
		}
		return errKilled
	}
	return write()
}

// Submit implements mailbox.Intake.
func (w *world) Submit(_ context.Context, c triage.Complaint, _ int) (r triage.Receipt, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	err = w.step(func() error {
		if err := c.Validate(); err != nil {
			return err
		}
		if known, ok := w.cases[c.ID]; ok {
			r = triage.Receipt{Case: known, Duplicate: true}
			return nil
		}
		r.Case = triage.Case{Complaint: c, Status: triage.StatusReceived}
		w.cases[c.ID] = r.Case
		w.order = append(w.order, c.ID)
		return nil
	})
	return r, err
}

// Case implements mailbox.Intake.
func (w *world) Case(_ context.Context, id triage.ComplaintID) (triage.Case, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, ok := w.cases[id]
	if !ok {
		return c, triage.Errorf(triage.CodeNotFound, "there is no case %s", id)
	}
	return c, nil
}

// Hear implements mailbox.Desk.
func (w *world) Hear(_ context.Context, s mailbox.Said) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard++
	return w.step(func() error {
		if len(s.Key) > 64 {
			return fmt.Errorf("key %q is longer than 64", s.Key)
		}
		if !slices.ContainsFunc(w.said, func(known mailbox.Said) bool { return known.Key == s.Key }) {
			w.said = append(w.said, s)
		}
		return nil
	})
}

// LastMail implements mailbox.Ledger.
func (w *world) LastMail(_ context.Context, box string, validity uint32) (last uint32, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.entries {
		if e.Box == box && e.Validity == validity {
			last = max(last, e.UID)
		}
	}
	return last, nil
}

// TakenMail implements mailbox.Ledger.
func (w *world) TakenMail(_ context.Context, key string) (triage.ComplaintID, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.entries {
		if e.Key == key {
			return e.Case, true, nil
		}
	}
	return "", false, nil
}

// MailCases implements mailbox.Ledger.
func (w *world) MailCases(_ context.Context, hashes []string) (map[string]triage.ComplaintID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := map[string]triage.ComplaintID{}
	for _, e := range w.entries {
		if e.Case != "" && slices.Contains(hashes, e.Message) {
			found[e.Message] = e.Case
		}
	}
	return found, nil
}

// LetterCases implements mailbox.Ledger.
func (w *world) LetterCases(_ context.Context, keys []string) (map[string]triage.ComplaintID, error) {
	found := map[string]triage.ComplaintID{}
	for _, k := range keys {
		if id, ok := w.letters[k]; ok {
			found[k] = id
		}
	}
	return found, nil
}

// RecordMail implements mailbox.Ledger.
func (w *world) RecordMail(_ context.Context, e mailbox.Entry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.step(func() error {
		if b, err := hex.DecodeString(e.Message); err != nil || len(b) != 0 && len(b) != sha256.Size {
			return fmt.Errorf("message %q is no hash", e.Message)
		}
		w.entries = append(w.entries, e)
		return nil
	})
}

func (w *world) deps() mailbox.Deps {
	return mailbox.Deps{
		Intake: w, Ledger: w, Desk: w, Own: []string{"Notice@example.com"},
		Zone: start.Location(), Now: w.clock.Now, Log: slog.New(slog.DiscardHandler),
		Backoff: func() backoff.BackOff { return &backoff.ZeroBackOff{} },
	}
}

// fieldOf returns the field at fault, "" for none.
func fieldOf(err error) string {
	if e, ok := errors.AsType[*triage.Error](err); ok {
		return e.Field
	}
	return ""
}
