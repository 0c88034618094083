package outreach_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// hooked is an outbox in which something happens at the worst moment.
type hooked struct {
	prevention.NoticeStore
	afterDue, afterBegin func()
}

func (h *hooked) Due(ctx context.Context, now time.Time, limit int) ([]prevention.Notice, error) {
	list, err := h.NoticeStore.Due(ctx, now, limit)
	if then := h.afterDue; then != nil {
		h.afterDue = nil
		then()
	}
	return list, err
}

func (h *hooked) Begin(ctx context.Context, n prevention.Notice) (bool, error) {
	ok, err := h.NoticeStore.Begin(ctx, n)
	if then := h.afterBegin; then != nil {
		h.afterBegin = nil
		then()
	}
	return ok, err
}

// A sender that was held up between reading and acting knows nothing of the
// attempt another one made meanwhile. It once settled such a notice as skipped,
// or queued it without its doubt, and the customer was told again by mail.
func TestLateSenderChangesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(o *office)
	}{
		{"it would skip", func(o *office) { o.suppressed[phone(0)] = true }},
		{"it would find no address", func(o *office) { o.customer(0, func(c *triage.Customer) { c.Phone, c.Email = "", "" }) }},
		{"it would send", func(*office) {}},
	} {
		o := open(t, nil)
		o.cohort.Customers = o.cohort.Customers[:1]
		o.sms.mood = func() mood { return vanishes }
		o.approved(t, content())
		late := &hooked{NoticeStore: o, afterDue: func() {
			o.tick(t)
			o.sms.mood = func() mood { return refuses }
			c.change(o)
		}}
		if _, err := o.senderOn(t, late).Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"queued unknown"}, o.reasons()); diff != "" || len(o.got) != 1 {
			t.Errorf("%s: told %d times: %s", c.name, len(o.got), diff)
		}
	}
}

func TestQuietHoursComeWhileBeginning(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.cohort.Customers = o.cohort.Customers[:1]
	o.approved(t, content())
	slow := &hooked{NoticeStore: o, afterBegin: func() { o.clock.Set(time.Date(2026, time.May, 6, 20, 59, 50, 0, shanghai)) }}
	o.clock.Set(time.Date(2026, time.May, 6, 20, 59, 0, 0, shanghai))
	if _, err := o.senderOn(t, slow).Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"queued "}, o.reasons()); diff != "" || len(o.got) > 0 {
		t.Errorf("told %d times: %s", len(o.got), diff)
	}
}

func TestSenderThatWokeUpTooLate(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.cohort.Customers = o.cohort.Customers[:1]
	o.approved(t, content())
	asleep := &hooked{NoticeStore: o, afterBegin: func() { o.clock.Advance(o.policy.Lease) }}
	if _, err := o.senderOn(t, asleep).Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"sending "}, o.reasons()); diff != "" || len(o.got) > 0 {
		t.Errorf("told %d times, want what is somebody else's by now left alone: %s", len(o.got), diff)
	}
	o.clock.Advance(time.Second)
	o.tick(t)
	if diff := cmp.Diff([]string{"sent "}, o.reasons()); diff != "" || len(o.got) != 1 {
		t.Errorf("told %d times: %s", len(o.got), diff)
	}
}

// A process that dies while it gives a notice up has attempted nothing.
func TestDyingWhileGivingUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inMemory(), 1)
	w.calm.Store(true)
	w.populate(t.Context(), 1)
	w.launchOne(t, "mail")
	w.turnAway(t.Context(), 0)
	if err := w.guards.Suppress(t.Context(), prevention.Suppression{Customer: member(0).ID}); err != nil {
		t.Fatal(err)
	}
	p, s := w.start(2) // after the claim
	if _, err := s.Tick(t.Context()); err == nil || !p.dead.Load() {
		t.Fatalf("got %v, want a death", err)
	}
	w.settleDown(t)
	if n := w.all(t.Context())[0]; n.State != prevention.NoticeSkipped {
		t.Errorf("the notice is %s (%s), want skipped: nothing was ever sent", n.State, n.Reason)
	}
}

func TestTwoCausesAtOnceKeepTheCap(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.cohort.Customers = o.cohort.Customers[:1]
	o.approved(t, content())
	second := content()
	second.Cluster = "K2"
	o.approved(t, second)
	o.tick(t)
	if diff := cmp.Diff([]string{"sent ", "skipped cap"}, o.reasons()); diff != "" {
		t.Error(diff)
	}
}

func TestStopWinsOverOthers(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	p := o.approved(t, content())
	o.faster = 3
	if p, err := o.desk.Stop(t.Context(), p.ID, "丙", "写错了"); err != nil || p.Status != prevention.PlanStopped || p.StoppedBy != "丙" {
		t.Errorf("got %s by %q, %v, want it stopped", p.Status, p.StoppedBy, err)
	}
	if got := o.tick(t); got.Sent != 0 {
		t.Error("a stopped plan sent something")
	}
}
