package life_test

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

func TestOpening(t *testing.T) {
	t.Parallel()
	w := newHouse(t, complaint("c1")).cases["c1"].Work
	if w.Department != "网络部" || w.Tier != triage.TierOrdinary || w.Owner != "" || w.Version != 1 {
		t.Errorf("got %+v, want it with the department, owned by nobody", w)
	}
	// The first clock is that of the facts; four fifths of four hours are 3:12.
	if !w.DueAt.Equal(at(0, 14, 0)) || !w.WatchAt.Equal(at(0, 13, 12)) {
		t.Errorf("due at %s, watched at %s, want 14:00 and 13:12", w.DueAt, w.WatchAt)
	}
	old := complaint("c2")
	old.ReceivedAt = at(30, 0, 0)
	if w := newHouse(t, old).cases["c2"].Work; !w.WatchAt.IsZero() || w.DueAt.IsZero() {
		t.Errorf("a case from an import that was late when it came is watched at %s, due at %s; want a limit but no alarm", w.WatchAt, w.DueAt)
	}
	ended := complaint("c3")
	ended.Status = triage.StatusClosed
	if w := newHouse(t, ended).cases["c3"].Work; !w.DueAt.IsZero() || !w.WatchAt.IsZero() {
		t.Errorf("a case that has ended is due at %s", w.DueAt)
	}
}

func TestWaitingStopsTheClocks(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	h.now = at(0, 9, 0).Add(2 * time.Hour) // 11:00, three working hours before the facts are due
	c, err := h.Wait(t.Context(), "c1", "请提供订单号", "li", 0)
	if err != nil || !c.Work.DueAt.IsZero() || !c.Work.WatchAt.IsZero() || !c.Work.WaitingSince.Equal(h.now) {
		t.Fatalf("got %+v and %v, want no limit while it waits", c.Work, err)
	}
	_, err = h.Wait(t.Context(), "c1", "再问一次", "li", 0)
	wantCode(t, err, triage.CodeConflict, "")

	h.now = at(1, 12, 0) // 7 + 3 working hours later
	c, err = h.Resume(t.Context(), "c1", "客户已发来", "li", 0)
	if err != nil {
		t.Fatal(err)
	}
	for what, pair := range map[string][2]time.Time{
		"verify":  {c.Work.Clocks.VerifyBy, at(1, 15, 0)},
		"respond": {c.Work.Clocks.RespondBy, at(2, 11, 0)},
		"resolve": {c.Work.Clocks.ResolveBy, at(4, 11, 0)},
		"step":    {c.Work.DueAt, at(1, 15, 0)},
	} {
		if !pair[0].Equal(pair[1]) {
			t.Errorf("the clock %s ends at %s, want %s", what, pair[0], pair[1])
		}
	}
	if got := h.steps["c1"][1].Facts["waited"]; got != "10h0m0s" {
		t.Errorf("waited %q, want ten working hours", got)
	}
	_, err = h.Resume(t.Context(), "c1", "", "li", 0)
	wantCode(t, err, triage.CodeConflict, "")
}

func TestWaitingDoesNotHeal(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	h.now = at(0, 15, 0) // an hour after the facts were due
	if _, err := h.Wait(t.Context(), "c1", "请提供照片", "li", 0); err != nil {
		t.Fatal(err)
	}
	h.now = at(0, 16, 0)
	c, err := h.Resume(t.Context(), "c1", "", "li", 0)
	if err != nil || !c.Work.Clocks.VerifyBy.Equal(at(0, 14, 0)) || !c.Work.Clocks.RespondBy.Equal(at(1, 11, 0)) {
		t.Errorf("got clocks %+v and %v, want the missed one as it was and the others an hour later", c.Work.Clocks, err)
	}
}

// A step is nearly late once, however often its customer is asked.
func TestWaitingRepeatsNoAlarm(t *testing.T) {
	t.Parallel()
	for name, asked := range map[string]time.Time{"before the limit": at(0, 13, 30), "after it": at(0, 15, 0)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, complaint("c1"))
			h.now = asked
			for range 2 {
				if _, err := h.Watch(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			told := len(h.told)
			if _, err := h.Wait(t.Context(), "c1", "请提供照片", "li", 0); err != nil {
				t.Fatal(err)
			}
			h.now = h.now.Add(time.Minute)
			if _, err := h.Resume(t.Context(), "c1", "", "li", 0); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Watch(t.Context()); err != nil || told == 0 || len(h.told) != told {
				t.Errorf("%d alarms before and %d after a wait, %v; want no more", told, len(h.told), err)
			}
		})
	}
}

// What was promised to the customer moves like the clocks, through several
// waits.
func TestWaitingMovesAPromise(t *testing.T) {
	t.Parallel()
	c := complaint("c1")
	c.Status = triage.StatusAgreed
	h := newHouse(t, c)
	h.checked("c1")
	h.move(t, "c1", life.MoveExecute, map[string]string{"task": "上门", "executor": "赵工", "execute_until": "2026-03-03 12:00"})
	for i, want := range []time.Time{at(1, 13, 0), at(1, 14, 0)} {
		if _, err := h.Wait(t.Context(), "c1", "约时间", "li", 0); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(time.Hour)
		got, err := h.Resume(t.Context(), "c1", "", "li", 0)
		if err != nil || !got.Work.DueAt.Equal(want) {
			t.Errorf("wait %d: due at %s and %v, want %s", i+1, got.Work.DueAt, err, want)
		}
	}
}

func TestActingEndsTheWaiting(t *testing.T) {
	t.Parallel()
	critical := complaint("c1")
	critical.Assessment.Urgency.Level = nlp.UrgencyCritical
	h := newHouse(t, critical)
	if _, err := h.Wait(t.Context(), "c1", "请提供照片", "li", 0); err != nil {
		t.Fatal(err)
	}
	h.now = monday.Add(20 * time.Hour) // at night, too
	c := h.move(t, "c1", life.MoveAcknowledge, facts(rule(t, life.MoveAcknowledge)))
	if !c.Work.WaitingSince.IsZero() || !c.Work.Clocks.VerifyBy.Equal(at(0, 14, 0).Add(20*time.Hour)) {
		t.Errorf("got %+v, want it running again, twenty hours later", c.Work)
	}
}

// What is ended while its customer is asked has not taken that time.
func TestEndingWhileWaiting(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	if _, err := h.Wait(t.Context(), "c1", "请提供照片", "li", 0); err != nil {
		t.Fatal(err)
	}
	h.now = at(4, 11, 0) // an hour and a day after the last clock, had it run
	h.move(t, "c1", life.MoveSettle, facts(rule(t, life.MoveSettle)))
	err := h.Track(t.Context(), triage.QueueFilter{}, func(r life.TrackRow) error {
		if r.Late {
			t.Errorf("it is late against %+v", h.cases["c1"].Work.Clocks)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	c, err := h.Assign(t.Context(), "c1", "wang", "", "lead", 0)
	if err != nil || c.Work.Owner != "wang" || c.Work.Department != "网络部" || !c.Work.DueAt.Equal(at(0, 14, 0)) {
		t.Errorf("got %+v and %v, want it wang's and due as before", c.Work, err)
	}
	_, err = h.Assign(t.Context(), "c1", "", "", "lead", 0)
	wantCode(t, err, triage.CodeInvalid, "owner")
	h.move(t, "c1", life.MoveWithdraw, map[string]string{"reason": "撤诉"})
	_, err = h.Assign(t.Context(), "c1", "li", "", "lead", 0)
	wantCode(t, err, triage.CodeConflict, "")
}

func TestSetSatisfaction(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	for range 2 { // a double click changes nothing
		if err := h.SetSatisfaction(t.Context(), "c1", 72.5, "customer"); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.cases["c1"].Satisfaction; got == nil || *got != 72.5 || len(h.steps["c1"]) != 1 || h.steps["c1"][0].Move != life.MoveScore {
		t.Errorf("got %v after %+v, want one score", got, h.steps["c1"])
	}
	wantCode(t, h.SetSatisfaction(t.Context(), "c1", 101, "customer"), triage.CodeInvalid, "satisfaction")
	wantCode(t, h.SetSatisfaction(t.Context(), "c9", 50, "customer"), triage.CodeNotFound, "")
}
