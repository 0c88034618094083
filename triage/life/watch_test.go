package life_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// TestWatch follows one case that nobody works on: the owner is warned after
// four fifths, the lead told at the breach, quality a working day later, and
// nobody twice.
func TestWatch(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	if _, err := h.Assign(t.Context(), "c1", "li", "", "lead", 0); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		now  time.Time
		want life.Watched
		to   string
	}{
		{at(0, 13, 0), life.Watched{}, ""},
		{at(0, 13, 12), life.Watched{Warned: 1}, "li"},
		{at(0, 13, 59), life.Watched{}, ""},
		{at(0, 14, 0), life.Watched{Escalated: 1}, "lead"},
		{at(1, 13, 0), life.Watched{}, ""},
		{at(1, 14, 0), life.Watched{Escalated: 1}, "quality"},
		{at(9, 14, 0), life.Watched{}, ""},
	} {
		h.now, h.told = test.now, nil
		got, err := h.Watch(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.now, diff)
		}
		switch {
		case test.to == "" && len(h.told) > 0:
			t.Errorf("%s: told %v", test.now, h.told)
		case test.to != "" && (len(h.told) != 1 || h.told[0].To != test.to):
			t.Errorf("%s: told %+v, want %s", test.now, h.told, test.to)
		}
	}
	if n := len(h.steps["c1"]); n != 4 || len(h.audit) != 4 {
		t.Errorf("got %d steps and %d audit entries, want the assignment and three alarms", n, len(h.audit))
	}
	c := h.move(t, "c1", life.MoveAcknowledge, facts(rule(t, life.MoveAcknowledge)))
	if c.Work.Raised != 0 || c.Work.WatchAt.IsZero() {
		t.Errorf("got %+v, want the next step watched anew", c.Work)
	}
}

func TestWatchAtEarlyBreach(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	h.now = at(0, 15, 0) // no run between the warning and the breach: both in one
	got, err := h.Watch(t.Context())
	if diff := cmp.Diff(life.Watched{Warned: 1}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if got, err = h.Watch(t.Context()); got.Escalated != 1 || err != nil {
		t.Errorf("got %+v and %v, want the escalation in the next run at the latest", got, err)
	}
}

func TestWatchGoesOn(t *testing.T) {
	t.Parallel()
	t.Run("when nobody can be told", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, complaint("c1"), complaint("c2"))
		h.now, h.tell = at(0, 13, 30), errors.New("robot is gone")
		got, err := h.Watch(t.Context())
		if diff := cmp.Diff(life.Watched{Warned: 2, Untold: 2}, got); diff != "" || err == nil {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
	})
	t.Run("when somebody acts on a case at that moment", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, complaint("c1"), complaint("c2"))
		h.now = at(0, 13, 30)
		h.race = func() {
			h.race = nil
			h.move(t, "c1", life.MoveAcknowledge, facts(rule(t, life.MoveAcknowledge)))
		}
		got, err := h.Watch(t.Context())
		if got.Warned != 1 || err != nil {
			t.Errorf("got %+v and %v, want the other one warned", got, err)
		}
	})
}

func TestBreaches(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	h.now = at(1, 10, 0)
	page, err := h.Breaches(t.Context(), life.BreachFilter{})
	if err != nil || len(page.Breaches) != 1 {
		t.Fatalf("got %+v and %v, want one breach", page, err)
	}
	if b := page.Breaches[0]; b.Clock != life.ClockStep || b.Late != 5*time.Hour {
		t.Errorf("got %s missed by %s, want the step by five working hours", b.Clock, b.Late)
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	for status, want := range map[triage.Status]life.Move{
		triage.StatusReceived: life.MoveSettle, triage.StatusAcknowledged: life.MoveSettle, triage.StatusProposing: life.MoveSettle,
		triage.StatusConfirming: life.MoveClose, triage.StatusAgreed: "", triage.StatusExecuting: "", triage.StatusClosed: "", triage.StatusMerged: "",
	} {
		c := newHouse(t, complaint("c1")).cases["c1"]
		c.Status = status
		c.Work.WaitingSince = monday
		rating := 90.0
		change, err := life.End(nil, c, triage.Closing{Complaint: "c1", Resolution: "已修复", Satisfaction: &rating, By: "li", At: at(1, 9, 0)})
		if want == "" {
			wantCode(t, err, triage.CodeConflict, "")
			continue
		}
		got := change.Case
		if err != nil || change.Step.Move != want || got.Status != triage.StatusClosed || got.Resolution != "已修复" || *got.Satisfaction != 90 ||
			!got.ClosedAt.Equal(at(1, 9, 0)) || !got.Work.DueAt.IsZero() || !got.Work.WaitingSince.IsZero() || got.Work.Owner != "li" {
			t.Errorf("%s: got %s and %+v, %v, want it ended by %s", status, change.Step.Move, got.Work, err, want)
		}
	}
}
