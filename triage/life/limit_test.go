package life_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// passed hands c1 over until a time.
func (h *house) passed(t *testing.T, due time.Time) triage.Case {
	t.Helper()
	c, err := h.HandOver(t.Context(), life.HandOver{Case: "c1", Department: "维修部", Task: "上门检修", Due: due, By: "li", Facts: whole()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wantDue compares the limit of a step.
func wantDue(t *testing.T, what string, c triage.Case, want time.Time) {
	t.Helper()
	if !c.Work.DueAt.Equal(want) {
		t.Errorf("%s: due at %s, want %s", what, c.Work.DueAt, want)
	}
}

// A date that somebody names can be earlier than the clocks, never later.
func TestNoDateOutlastsAClock(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	wantDue(t, "a hand-over until next week", h.passed(t, at(7, 12, 0)), at(0, 14, 0))
	if !h.cases["c1"].Work.WatchAt.Equal(at(0, 13, 12)) {
		t.Errorf("watched at %s, want four fifths of the way to the clock", h.cases["c1"].Work.WatchAt)
	}
	agreed := complaint("c1")
	agreed.Status = triage.StatusAgreed
	h = newHouse(t, agreed)
	h.checked("c1")
	execute := map[string]string{"task": "上门", "executor": "赵工", "execute_until": "2026-04-30 12:00"}
	wantDue(t, "an execution until next month", h.move(t, "c1", life.MoveExecute, execute), at(3, 10, 0))
}

func TestTheDateOfAHandOverHolds(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	wantDue(t, "handed over", h.passed(t, at(0, 12, 0)), at(0, 12, 0))
	c, err := h.Accept(t.Context(), "c1", "zhao", 0)
	if err != nil {
		t.Fatal(err)
	}
	wantDue(t, "accepted", c, at(0, 12, 0))
	wantDue(t, "the next move", h.move(t, "c1", life.MoveAcknowledge, facts(rule(t, life.MoveAcknowledge))), at(0, 12, 0))
	wantDue(t, "the move after it", h.move(t, "c1", life.MoveVerify, nil), at(0, 12, 0))
	h.move(t, "c1", life.MoveWithdraw, map[string]string{"reason": "撤诉"})
	if w := h.cases["c1"].Work; !w.TaskBy.IsZero() || !w.DueAt.IsZero() {
		t.Errorf("a case that has ended is due at %s, its task by %s", w.DueAt, w.TaskBy)
	}
}

func TestAPromiseEndsWithTheExecution(t *testing.T) {
	t.Parallel()
	c := complaint("c1")
	c.Status = triage.StatusAgreed
	h := newHouse(t, c)
	h.checked("c1")
	execute := map[string]string{"task": "上门", "executor": "赵工", "execute_until": "2026-03-03 12:00"}
	wantDue(t, "promised", h.move(t, "c1", life.MoveExecute, execute), at(1, 12, 0))
	back := h.move(t, "c1", life.MoveDecline, map[string]string{"counter_demand": "没修好，要求换设备"})
	wantDue(t, "it did not work", back, at(3, 10, 0))
	if back.Status != triage.StatusProposing {
		t.Errorf("the case is %s, want a new solution to be proposed", back.Status)
	}
}

// A hand-over while the customer is asked keeps its date; it moves by what was
// waited since, the clocks by the whole wait.
func TestHandingOverWhileWaiting(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, h *house) triage.Case{
		"the customer answers": func(t *testing.T, h *house) triage.Case {
			t.Helper()
			c, err := h.Resume(t.Context(), "c1", "", "zhao", 0)
			if err != nil {
				t.Fatal(err)
			}
			return c
		},
		"somebody acts": func(t *testing.T, h *house) triage.Case {
			t.Helper()
			return h.move(t, "c1", life.MoveAcknowledge, facts(rule(t, life.MoveAcknowledge)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, complaint("c1"))
			if _, err := h.Wait(t.Context(), "c1", "请提供照片", "li", 0); err != nil {
				t.Fatal(err)
			}
			h.now = at(0, 11, 0)
			if c := h.passed(t, at(0, 13, 30)); !c.Work.DueAt.IsZero() || c.Work.WaitingSince.IsZero() {
				t.Errorf("got %+v, want it to go on waiting", c.Work)
			}
			h.now = at(0, 11, 30)
			c := end(t, h)
			wantDue(t, "half an hour later", c, at(0, 14, 0))
			if !c.Work.Clocks.VerifyBy.Equal(at(0, 15, 30)) {
				t.Errorf("the facts are due at %s, want an hour and a half later", c.Work.Clocks.VerifyBy)
			}
			wantDue(t, "the next move", h.move(t, "c1", life.MoveWithdraw, map[string]string{"reason": "撤"}), time.Time{})
		})
	}
}

func TestALateStepStaysLateWhileItWaits(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	h.now = at(0, 15, 0)
	c, err := h.Wait(t.Context(), "c1", "请提供照片", "li", 0)
	if err != nil || !c.Work.WatchAt.IsZero() {
		t.Fatalf("got %+v and %v, want it unwatched while it waits", c.Work, err)
	}
	wantDue(t, "waiting", c, at(0, 14, 0))
	h.now = at(1, 15, 0)
	page, err := h.Breaches(t.Context(), life.BreachFilter{})
	if err != nil || len(page.Breaches) != 1 || page.Breaches[0].Late != time.Hour {
		t.Fatalf("got %+v and %v, want it listed, late by the hour before it waited", page, err)
	}
	c, err = h.Resume(t.Context(), "c1", "", "li", 0)
	if err != nil {
		t.Fatal(err)
	}
	wantDue(t, "resumed", c, at(0, 14, 0))
}

// A department is set by a word only where nobody has worked the case yet.
func TestDepartmentsChangeByHandOver(t *testing.T) {
	t.Parallel()
	assign := func(t *testing.T, h *house) error {
		t.Helper()
		_, err := h.Assign(t.Context(), "c1", "", "账务部", "lead", 0)
		return err
	}
	move := func(t *testing.T, h *house) error {
		t.Helper()
		_, err := h.Move(t.Context(), life.Order{Case: "c1", Move: life.MoveAcknowledge, By: "li", Department: "账务部", Facts: facts(rule(t, life.MoveAcknowledge))})
		return err
	}
	owned := func(t *testing.T, h *house) {
		t.Helper()
		if _, err := h.Assign(t.Context(), "c1", "li", "", "lead", 0); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		before func(t *testing.T, h *house)
		give   func(t *testing.T, h *house) error
		want   triage.Code
	}{
		"a new case":               {func(*testing.T, *house) {}, assign, ""},
		"the first move of a case": {func(*testing.T, *house) {}, move, ""},
		"a case without a department": {func(t *testing.T, h *house) {
			owned(t, h)
			c := h.cases["c1"]
			c.Work.Department = ""
			h.cases["c1"] = c
		}, assign, ""},
		"the department that has it": {func(t *testing.T, h *house) {
			owned(t, h)
			c := h.cases["c1"]
			c.Work.Department = "账务部"
			h.cases["c1"] = c
		}, assign, ""},
		"an owned case":               {owned, assign, triage.CodeConflict},
		"a move of an owned case":     {owned, move, triage.CodeConflict},
		"a case that was handed over": {func(t *testing.T, h *house) { h.passed(t, at(0, 12, 0)) }, assign, triage.CodeConflict},
		"a case in work": {func(t *testing.T, h *house) {
			c := h.cases["c1"]
			c.Status = triage.StatusVerifying
			h.cases["c1"] = c
		}, assign, triage.CodeConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, complaint("c1"))
			test.before(t, h)
			before := h.cases["c1"]
			wantCode(t, test.give(t, h), test.want, "")
			if got := h.cases["c1"].Work.Department; test.want == "" && got != "账务部" || test.want != "" && got != before.Work.Department {
				t.Errorf("the case is with %s", got)
			}
		})
	}
}

func TestClosingGivesTheWaitBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	if _, err := h.Wait(t.Context(), "c1", "请提供照片", "li", 0); err != nil {
		t.Fatal(err)
	}
	h.now = at(4, 11, 0)
	if err := h.Close(t.Context(), triage.Closing{Complaint: "c1", Resolution: "已修复", At: h.now}); err != nil {
		t.Fatal(err)
	}
	if c := h.cases["c1"]; c.Status != triage.StatusClosed || !c.Work.Clocks.ResolveBy.After(h.now) {
		t.Errorf("got %s, to be resolved by %s, want it closed in time", c.Status, c.Work.Clocks.ResolveBy)
	}
	wantCode(t, h.Close(t.Context(), triage.Closing{Complaint: "c1", Resolution: "再次", At: h.now}), triage.CodeConflict, "")
}

// What a department receives can be read without the case beside it.
func TestAHandOverSaysWhatTheCaseKnows(t *testing.T) {
	t.Parallel()
	stranger := complaint("c1")
	stranger.CustomerID, stranger.Status = "", triage.StatusVerifying
	stranger.Assessment.Entities = []nlp.Entity{
		{Kind: nlp.EntityPhone, Text: "13912345678"}, {Kind: nlp.EntityOrder, Text: "D-1001"}, {Kind: nlp.EntityPhone, Text: "13912345678"},
	}
	h := newHouse(t, stranger)
	h.move(t, "c1", life.MoveAttribute, map[string]string{"findings": "端口故障", "cause": "product", "cause_department": "网络部"})
	_, err := h.HandOver(t.Context(), life.HandOver{
		Case: "c1", Department: "维修部", Task: "更换端口", Due: at(0, 13, 0), By: "li", Facts: map[string]string{"promised": "unknown: 未记录"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"contact": "13912345678", "demand": "fix", "type": "network", "product": "D-1001", "checked": "端口故障",
		"promised": "unknown: 未记录", "task": "更换端口", "due": "2026-03-02T05:00:00Z",
	}
	if diff := cmp.Diff(want, h.hands[0].Facts); diff != "" {
		t.Errorf("another record was handed over (-want +got)\n%s", diff)
	}
}
