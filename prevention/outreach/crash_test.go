package outreach_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// onSQLite is the real store, in a file.
func onSQLite(t *testing.T) *backend {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "outreach.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	return &backend{
		plans: db, outbox: db.Outbox(), notices: db, guards: db, customers: db, complaints: db, exposures: db,
		add: func(ctx context.Context, customers []triage.Customer) error {
			_, err := db.PutCustomers(ctx, customers)
			return err
		},
		complain: func(ctx context.Context, c triage.CustomerID, at time.Time) error {
			_, err := db.Accept(ctx, []triage.Case{{
				Complaint:  triage.Complaint{ID: triage.ComplaintID(fmt.Sprintf("%s-%d", c, at.UnixNano())), CustomerID: c, At: at, Text: "没人管"},
				ReceivedAt: at, Status: triage.StatusReceived,
			}})
			return err
		},
	}
}

// A sender that dies at each of its steps in turn, whatever the gateway did:
// told once at most, and exactly once where the channel honours keys.
func TestDyingAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, channel := range []string{"sms", "mail"} {
		for how := range moodCount {
			for fuse := int64(1); ; fuse++ {
				w := newWorld(t, inMemory(), 1)
				w.calm.Store(true)
				first := true
				for _, g := range w.gateways {
					g.mood = func() mood {
						defer func() { first = false }()
						if first {
							return how
						}
						return fine
					}
				}
				w.populate(t.Context(), 1)
				w.launchOne(t, channel)
				p, s := w.start(fuse)
				_, err := s.Tick(t.Context())
				if died := p.dead.Load(); died != (err != nil) {
					t.Fatalf("%s, mood %d, fuse %d: died %v, but got %v", channel, how, fuse, died, err)
				}
				w.settleDown(t)
				w.audit(t.Context())
				if n := w.all(t.Context())[0]; channel == "sms" && how != refuses && n.State != prevention.NoticeSent {
					t.Errorf("mood %d, fuse %d: the notice is %s (%s), want sent", how, fuse, n.State, n.Reason)
				}
				if t.Failed() {
					t.Fatalf("%s, mood %d, died at step %d", channel, how, fuse)
				}
				if !p.dead.Load() {
					break
				}
			}
		}
	}
}

// launchOne stores a running plan of one notice.
func (w *world) launchOne(t *testing.T, channel string) {
	t.Helper()
	ctx, now := t.Context(), w.clock.Now()
	p := prevention.Plan{Cluster: "K1", Status: prevention.PlanSubmitted, Channels: []string{channel}, Template: prevention.Template{Text: "K1：您好"}}
	id, err := w.plans.CreatePlan(ctx, p, triage.AuditEntry{})
	if err != nil {
		t.Fatal(err)
	}
	p.ID, p.Version = id, 1
	n := prevention.Notice{Plan: id, Cause: "cluster:K1", Customer: member(0).ID, Arm: prevention.ArmTold, State: prevention.NoticeQueued, CreatedAt: now, NextAt: now}
	if _, _, err := w.plans.FixPlan(ctx, p, []prevention.Notice{n}, triage.AuditEntry{}); err != nil {
		t.Fatal(err)
	}
}

// settleDown lets healthy senders finish what is left.
func (w *world) settleDown(t *testing.T) {
	t.Helper()
	for range 200 {
		open := false
		for _, n := range w.all(t.Context()) {
			open = open || isOpen(n)
		}
		if !open {
			return
		}
		w.clock.Advance(20 * time.Minute)
		_, s := w.start(math.MaxInt64)
		if _, err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// rage runs a plan for each of two clusters through whatever can go wrong:
// crashes, two senders at once, an outage of a day, stops, complaints and
// opt-outs in between.
func (w *world) rage(t *testing.T) {
	ctx := t.Context()
	w.populate(ctx, crowd*3/2)
	w.launch(ctx, "K1", 0.1, "sms", "mail")
	w.launch(ctx, "K2", 0.1, "mail", "sms")
	outage := w.clock.Now().Add(time.Duration(w.dice.n(48)) * time.Hour)
	for range 60 {
		w.clock.Advance(time.Duration(w.dice.n(5400)) * time.Second)
		if now := w.clock.Now(); now.After(outage) && now.Before(outage.Add(24*time.Hour)) {
			w.gateways[0].mood = func() mood { return busy }
		} else {
			w.gateways[0].mood = w.mood
		}
		var wg sync.WaitGroup
		senders := 1 + w.dice.n(2)
		w.alone.Store(senders == 1)
		for range senders {
			p, s := w.start(int64(1 + w.dice.n(400)))
			wg.Go(func() {
				if _, err := s.Tick(ctx); err != nil && !p.dead.Load() {
					w.complainAbout("a living sender failed: %v", err)
				}
			})
		}
		wg.Wait()
		w.turnAway(ctx, w.dice.n(crowd*3/2))
		w.resume(ctx)
	}
	w.calm.Store(true)
	w.gateways[0].mood = w.mood
	w.settleDown(t)
	w.audit(ctx)
}

// sends is how many attempts a test has to see: few by default, 100 000 and
// more with QIANYI_CRASH_SENDS.
func sends(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("QIANYI_CRASH_SENDS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("QIANYI_CRASH_SENDS: %q is not a number", text)
	}
	return n
}

func TestNobodyIsToldTwice(t *testing.T) {
	t.Parallel()
	for _, b := range []struct {
		name string
		few  int
		open func(t *testing.T) *backend
	}{
		{"memory", 20_000, func(*testing.T) *backend { return inMemory() }},
		{"sqlite", 300, onSQLite},
	} {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			attempts, repeats, told, crashes := 0, 0, 0, int64(0)
			states := map[prevention.NoticeState]int{}
			for seed := uint64(1); attempts < sends(t, b.few) && !t.Failed(); seed++ {
				w := newWorld(t, b.open(t), seed)
				w.rage(t)
				for _, g := range w.gateways {
					attempts, repeats = attempts+g.attempts, repeats+g.repeats
				}
				for _, n := range w.all(t.Context()) {
					states[n.State]++
				}
				told, crashes = told+len(w.told), crashes+w.crashes.Load()
				if t.Failed() {
					t.Logf("seed %d", seed)
				}
			}
			t.Logf("%d attempts, %d people told, %d repeats kept from them by the key, %d crashes; %v", attempts, told, repeats, crashes, states)
		})
	}
}
