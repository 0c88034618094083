package life_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// allowed is the life of a case in other words than the table's: from each
// status, the moves and where they lead. What is not here must be refused.
var allowed = map[triage.Status]string{
	triage.StatusReceived:     "acknowledge:acknowledged settle:closed withdraw:withdrawn merge:merged",
	triage.StatusAcknowledged: "verify:verifying settle:closed withdraw:withdrawn merge:merged",
	triage.StatusVerifying:    "attribute:attributed settle:closed withdraw:withdrawn merge:merged",
	triage.StatusAttributed:   "propose:proposing settle:closed withdraw:withdrawn merge:merged",
	triage.StatusProposing:    "agree:agreed decline:proposing settle:closed withdraw:withdrawn merge:merged",
	triage.StatusAgreed:       "decline:proposing execute:executing withdraw:withdrawn merge:merged",
	triage.StatusExecuting:    "decline:proposing confirm:confirming withdraw:withdrawn merge:merged",
	triage.StatusConfirming:   "decline:proposing close:closed withdraw:withdrawn merge:merged",
	triage.StatusClosed:       "call_back:called_back reopen:verifying",
	triage.StatusCalledBack:   "reopen:verifying",
	triage.StatusWithdrawn:    "",
	triage.StatusMerged:       "",
}

func TestEveryMoveFromEveryStatus(t *testing.T) {
	t.Parallel()
	for _, status := range triage.Statuses {
		targets := map[life.Move]triage.Status{}
		for pair := range strings.FieldsSeq(allowed[status]) {
			m, to, _ := strings.Cut(pair, ":")
			targets[life.Move(m)] = triage.Status(to)
		}
		for _, r := range life.Rules() {
			t.Run(string(status)+" "+string(r.Move), func(t *testing.T) {
				t.Parallel()
				c := complaint("c1")
				c.Status = status
				h := newHouse(t, c, complaint("other"))
				got, err := h.Move(t.Context(), life.Order{Case: "c1", Move: r.Move, By: "li", Facts: facts(r)})
				to, may := targets[r.Move]
				if !may {
					wantCode(t, err, triage.CodeConflict, "")
					for m := range targets {
						if err != nil && !strings.Contains(err.Error(), string(m)) {
							t.Errorf("the refusal %q does not name %s, which is allowed", err, m)
						}
					}
					if len(h.steps) > 0 || h.cases["c1"].Status != status {
						t.Error("a refused move left traces")
					}
					return
				}
				if err != nil || got.Status != to {
					t.Fatalf("got %s and %v, want %s", got.Status, err, to)
				}
				steps := h.steps["c1"]
				if len(steps) != 1 || steps[0].Move != r.Move || steps[0].From != status || steps[0].To != to || steps[0].By != "li" || steps[0].Owner != "li" {
					t.Errorf("got steps %+v, want one of this move by li", steps)
				}
				if len(h.audit) != 1 || h.audit[0].Action != string(r.Move) || h.audit[0].Object != "case:c1" || strings.Contains(h.audit[0].Detail, "说明") {
					t.Errorf("got audit %+v, want one entry of this move without its facts", h.audit)
				}
			})
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for status, moves := range allowed {
		c := complaint("c1")
		c.Status = status
		var got []string
		for _, r := range life.Options(&c) {
			got = append(got, string(r.Move)+":"+string(r.To))
		}
		want := strings.Fields(moves)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got options %v, want %v", status, got, want)
		}
	}
}

func TestEachNeedIsAsked(t *testing.T) {
	t.Parallel()
	for _, r := range life.Rules() {
		for _, n := range r.Needs {
			if n.Optional {
				continue
			}
			c := complaint("c1")
			c.Status = r.From[0]
			h := newHouse(t, c, complaint("other"))
			said := facts(r)
			said[n.Key] = " 　"
			_, err := h.Move(t.Context(), life.Order{Case: "c1", Move: r.Move, By: "li", Facts: said})
			wantCode(t, err, triage.CodeInvalid, "facts."+n.Key)
		}
	}
}

func TestBadOrders(t *testing.T) {
	t.Parallel()
	answered := map[string]string{"answered_how": "电话", "answered_at": "2026-03-02 09:55"}
	with := func(key, value string) map[string]string {
		return map[string]string{"answered_how": "电话", "answered_at": "2026-03-02 09:55", key: value}
	}
	for name, test := range map[string]struct {
		order life.Order
		code  triage.Code
		field string
	}{
		"an unknown move":              {life.Order{Case: "c1", Move: "fly", By: "li"}, triage.CodeInvalid, "move"},
		"an unknown case":              {life.Order{Case: "c9", Move: life.MoveVerify, By: "li"}, triage.CodeNotFound, ""},
		"nobody":                       {life.Order{Case: "c1", Move: life.MoveAcknowledge, Facts: answered}, triage.CodeInvalid, "by"},
		"a fact that is not asked for": {life.Order{Case: "c1", Move: life.MoveAcknowledge, By: "li", Facts: with("mood", "好")}, triage.CodeInvalid, "facts"},
		"a time that is none":          {life.Order{Case: "c1", Move: life.MoveAcknowledge, By: "li", Facts: with("answered_at", "刚才")}, triage.CodeInvalid, "facts.answered_at"},
		"an answer in the future":      {life.Order{Case: "c1", Move: life.MoveAcknowledge, By: "li", Facts: with("answered_at", "2026-03-02 11:00")}, triage.CodeInvalid, "facts.answered_at"},
		"an endless fact":              {life.Order{Case: "c1", Move: life.MoveAcknowledge, By: "li", Facts: with("answered_how", strings.Repeat("长", 10_001))}, triage.CodeTooLarge, "facts.answered_how"},
		"an endless note":              {life.Order{Case: "c1", Move: life.MoveAcknowledge, By: "li", Facts: answered, Note: strings.Repeat("长", 4001)}, triage.CodeTooLarge, "note"},
		"an old version":               {life.Order{Case: "c1", Move: life.MoveAcknowledge, By: "li", Facts: answered, Version: 7}, triage.CodeConflict, ""},
		"an unknown cause":             {life.Order{Case: "c1", Move: life.MoveSettle, By: "li", Facts: map[string]string{"resolution": "已退款", "cause": "运气"}}, triage.CodeInvalid, "facts.cause"},
		"a score of 101":               {life.Order{Case: "c1", Move: life.MoveSettle, By: "li", Facts: map[string]string{"resolution": "已退款", "cause": "service", "satisfaction": "101"}}, triage.CodeInvalid, "facts.satisfaction"},
		"merging into itself":          {life.Order{Case: "c1", Move: life.MoveMerge, By: "li", Facts: map[string]string{"into": "c1"}}, triage.CodeInvalid, "facts.into"},
		"merging into nothing":         {life.Order{Case: "c1", Move: life.MoveMerge, By: "li", Facts: map[string]string{"into": "c9"}}, triage.CodeInvalid, "facts.into"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, complaint("c1"))
			_, err := h.Move(t.Context(), test.order)
			wantCode(t, err, test.code, test.field)
			if len(h.steps) > 0 {
				t.Error("a refused order left a step")
			}
		})
	}
}

func TestAWholeLife(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"))
	for i, m := range []life.Move{
		life.MoveAcknowledge, life.MoveVerify, life.MoveAttribute, life.MovePropose, life.MoveDecline, life.MoveAgree,
		life.MoveExecute, life.MoveConfirm, life.MoveClose, life.MoveCallBack, life.MoveReopen,
	} {
		h.now = monday.Add(time.Duration(i) * 10 * time.Minute)
		h.move(t, "c1", m, facts(rule(t, m)))
	}
	c := h.cases["c1"]
	if c.Status != triage.StatusVerifying || c.Work.Reopened != 1 || c.Resolution != "" || !c.ClosedAt.IsZero() || !c.Work.VerifiedAt.IsZero() {
		t.Errorf("got %s, reopened %d, %q, %s, want it as if its facts had not been checked", c.Status, c.Work.Reopened, c.Resolution, c.ClosedAt)
	}
	// Reopened at 11:40: four working hours to verify, three working days in all.
	if want := at(0, 15, 40); !c.Work.DueAt.Equal(want) || !c.Work.Clocks.ResolveBy.Equal(at(3, 11, 40)) {
		t.Errorf("due at %s and %s, want %s", c.Work.DueAt, c.Work.Clocks.ResolveBy, want)
	}
	steps, err := h.Steps(t.Context(), "c1")
	if err != nil || len(steps) != 12 {
		t.Fatalf("got %d steps and %v, want twelve with the arrival", len(steps), err)
	}
	if steps[0].Move != life.MoveOpen || steps[0].To != triage.StatusReceived || !steps[0].Left.Equal(steps[1].Entered) {
		t.Errorf("the record begins with %+v", steps[0])
	}
	if last := steps[11]; !last.Left.IsZero() || last.N != 11 {
		t.Errorf("the last step is %+v, want it to last", last)
	}
	if !steps[7].Due.Equal(at(3, 10, 0)) {
		t.Errorf("execution is due at %s, want the end of the resolution: a later promise moves no clock", steps[7].Due)
	}
}

func TestMergedCasesGoOnInOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t, complaint("c1"), complaint("c2"), complaint("c3"))
	h.move(t, "c1", life.MoveMerge, map[string]string{"into": "c2"})
	if h.cases["c1"].Work.MergedInto != "c2" || !h.cases["c1"].Work.DueAt.IsZero() {
		t.Errorf("got %+v, want it merged and without a limit", h.cases["c1"].Work)
	}
	for _, id := range []triage.ComplaintID{"c2", "c3"} {
		_, err := h.Move(t.Context(), life.Order{Case: id, Move: life.MoveMerge, By: "li", Facts: map[string]string{"into": "c1"}})
		wantCode(t, err, triage.CodeInvalid, "facts.into")
	}
	h.move(t, "c2", life.MoveMerge, map[string]string{"into": "c3"})
	h.move(t, "c3", life.MoveWithdraw, map[string]string{"reason": "撤诉"})
	c4 := complaint("c4")
	life.NewOpener(h.deps.Calendar).Open(&c4, "")
	h.cases["c4"] = c4
	_, err := h.Move(t.Context(), life.Order{Case: "c4", Move: life.MoveMerge, By: "li", Facts: map[string]string{"into": "c3"}})
	wantCode(t, err, triage.CodeInvalid, "facts.into") // nobody acts on c3
}

func TestCustomersOwnNoCases(t *testing.T) {
	t.Parallel()
	c := complaint("c1")
	c.Status = triage.StatusClosed
	h := newHouse(t, c)
	got, err := h.Move(t.Context(), life.Order{Case: "c1", Move: life.MoveReopen, By: life.ByCustomer, Facts: map[string]string{"reason": "客户来信"}})
	if err != nil || got.Work.Owner != "" {
		t.Errorf("owned by %q, %v; want nobody, so that somebody takes it", got.Work.Owner, err)
	}
}

func TestTwoPeopleAtOnce(t *testing.T) {
	t.Parallel()
	t.Run("who looked at an old version is told", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, complaint("c1"))
		seen := h.cases["c1"].Work.Version
		h.race = func() { // somebody else is faster
			h.race = nil
			h.move(t, "c1", life.MoveAcknowledge, facts(rule(t, life.MoveAcknowledge)))
		}
		_, err := h.Move(t.Context(), life.Order{Case: "c1", Move: life.MoveWithdraw, By: "wang", Facts: map[string]string{"reason": "撤"}, Version: seen})
		wantCode(t, err, triage.CodeConflict, "")
		if h.cases["c1"].Status != triage.StatusAcknowledged {
			t.Errorf("the case is %s, want what the first one made it", h.cases["c1"].Status)
		}
	})
	t.Run("who named none is judged by what is there now", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, complaint("c1"))
		h.race = func() {
			h.race = nil
			h.move(t, "c1", life.MoveAcknowledge, facts(rule(t, life.MoveAcknowledge)))
		}
		_, err := h.Move(t.Context(), life.Order{Case: "c1", Move: life.MoveAcknowledge, By: "wang", Facts: facts(rule(t, life.MoveAcknowledge))})
		wantCode(t, err, triage.CodeConflict, "")
		if len(h.steps["c1"]) != 1 {
			t.Errorf("got %d steps, want the first one's alone", len(h.steps["c1"]))
		}
	})
}
