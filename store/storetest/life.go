package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

var lifeTests = map[string]func(*testing.T, Store){
	"the work on a case is kept whole": func(t *testing.T, s Store) {
		c := full()
		c.Status, c.Work = triage.StatusVerifying, wholeWork()
		accept(t, s, c)
		got, err := s.Case(t.Context(), c.ID)
		check(t, err)
		equal(t, "work", got.Work, wholeWork())
	},
	"a change is stored with its step and audit entry": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		c := worked(t, s, "c0000", func(w *triage.Work) { *w = wholeWork() })
		want := wholeWork()
		want.Version = 1
		want.Tier, want.PriorityAt = "", time.Time{} // they follow the customer
		equal(t, "work", c.Work, want)
		steps, err := s.StepsOf(t.Context(), []triage.ComplaintID{"c0000", "nobody"})
		check(t, err)
		equal(t, "steps", steps, map[triage.ComplaintID][]life.Step{"c0000": {step("c0000", 1)}})
		trail, err := s.Trail(t.Context(), "case:c0000")
		check(t, err)
		equal(t, "last audit entry", trail[len(trail)-1], triage.AuditEntry{At: start, Actor: "li", Action: "assign", Object: "case:c0000"})
		changed, _, err := s.Changed(t.Context(), 1, 10)
		check(t, err)
		equal(t, "changed cases", ids(changed), []triage.ComplaintID{"c0000"})
	},
	"of two changes of one version the second is refused and leaves no trace": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		c, err := s.Case(t.Context(), "c0000")
		check(t, err)
		check(t, s.Advance(t.Context(), change(c)))
		code(t, s.Advance(t.Context(), change(c)), triage.CodeConflict)
		steps, err := s.StepsOf(t.Context(), []triage.ComplaintID{"c0000"})
		check(t, err)
		equal(t, "steps", len(steps["c0000"]), 1)
		code(t, s.Advance(t.Context(), change(simple(9))), triage.CodeNotFound)
	},
	"steps are counted for each case": func(t *testing.T, s Store) {
		accept(t, s, many(2)...)
		for range 3 {
			worked(t, s, "c0001", func(*triage.Work) {})
		}
		worked(t, s, "c0000", func(*triage.Work) {})
		steps, err := s.StepsOf(t.Context(), []triage.ComplaintID{"c0000", "c0001"})
		check(t, err)
		equal(t, "record", steps["c0001"], []life.Step{step("c0001", 1), step("c0001", 2), step("c0001", 3)})
		equal(t, "other record", steps["c0000"], []life.Step{step("c0000", 1)})
	},
	"two cases never end in each other": func(t *testing.T, s Store) {
		accept(t, s, many(2)...)
		a, err := s.Case(t.Context(), "c0000")
		check(t, err)
		b, err := s.Case(t.Context(), "c0001")
		check(t, err)
		a.Status, a.Work.MergedInto = triage.StatusMerged, b.ID
		b.Status, b.Work.MergedInto = triage.StatusMerged, a.ID
		check(t, s.Advance(t.Context(), change(a)))
		code(t, s.Advance(t.Context(), change(b)), triage.CodeConflict)
	},
	"no case ends in one that has ended": func(t *testing.T, s Store) {
		accept(t, s, many(2)...)
		a, err := s.Case(t.Context(), "c0000")
		check(t, err)
		b, err := s.Case(t.Context(), "c0001")
		check(t, err)
		b.Status = triage.StatusWithdrawn
		check(t, s.Advance(t.Context(), change(b)))
		a.Status, a.Work.MergedInto = triage.StatusMerged, b.ID
		code(t, s.Advance(t.Context(), change(a)), triage.CodeConflict)
	},
	"a hand-over is kept whole and answered once": func(t *testing.T, s Store) {
		accept(t, s, simple(0))
		c, err := s.Case(t.Context(), "c0000")
		check(t, err)
		sent := life.HandOver{
			Case: c.ID, FromDepartment: "客服部", FromOwner: "li", Department: "维修部", Owner: "zhao", Task: "上门检修", Due: start.Add(time.Hour),
			By: "li", At: start, Facts: map[string]string{"promised": "unknown: 未记录"}, State: life.HandOverSent,
		}
		ch := change(c)
		ch.HandOver = &sent
		check(t, s.Advance(t.Context(), ch))
		list, err := s.HandOvers(t.Context(), c.ID)
		check(t, err)
		if len(list) != 1 || list[0].ID == 0 {
			t.Fatalf("got %+v, want one hand-over with an id", list)
		}
		answered := list[0]
		answered.State, answered.AnsweredBy, answered.AnsweredAt, answered.Reason = life.HandOverReturned, "zhao", start.Add(time.Minute), "不归我们"
		for want := range slices.Values([]triage.Code{"", triage.CodeConflict}) {
			c, err = s.Case(t.Context(), "c0000")
			check(t, err)
			ch = change(c)
			ch.HandOver = &answered
			code(t, s.Advance(t.Context(), ch), want)
		}
		list, err = s.HandOvers(t.Context(), c.ID)
		check(t, err)
		equal(t, "hand-overs", list, []life.HandOver{answered})
	},
	"open cases are listed by priority, and every filter of the work agrees with a plain list": priorityQueue,
	"a scope shows a department's cases, what went through it, and one's own":                  scopeTest,
	"cases are watched when their time has come": func(t *testing.T, s Store) {
		cases := many(4)
		for i := range cases {
			cases[i].Work.WatchAt = start.Add(time.Duration(4-i) * time.Hour)
		}
		cases[3].Work.WatchAt = time.Time{}
		accept(t, s, cases...)
		got, err := s.Watched(t.Context(), start.Add(3*time.Hour), 10)
		check(t, err)
		equal(t, "watched", ids(got), []triage.ComplaintID{"c0002", "c0001"})
		got, err = s.Watched(t.Context(), start.Add(30*time.Hour), 1)
		check(t, err)
		equal(t, "the first of many", ids(got), []triage.ComplaintID{"c0002"})
	},
	"breaches are listed by the clock that was missed": breachTest,
}

// wholeWork has every field set.
func wholeWork() triage.Work {
	at := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }
	return triage.Work{
		Owner: "li", Department: "网络部", EnteredAt: at(1), DueAt: at(2), TaskBy: at(11), ExecuteBy: at(12),
		Clocks:       triage.SLA{RespondBy: at(3), VerifyBy: at(4), ResolveBy: at(5)},
		WaitingSince: at(6), RespondedAt: at(7), VerifiedAt: at(8), Cause: triage.CauseProduct, CauseDepartment: "产品部",
		Tier: triage.TierVIP, PriorityAt: at(-9), WatchAt: at(10), Raised: 2, Reopened: 3, MergedInto: "T-2025-0900",
	}
}

// step is the n-th of the steps that change makes.
func step(id triage.ComplaintID, n int) life.Step {
	return life.Step{
		Case: id, N: n, Move: life.MoveAssign, From: triage.StatusReceived, To: triage.StatusReceived, Owner: "li", Department: "网络部", By: "li",
		Entered: start, Due: start.Add(time.Hour), Note: "给李", Facts: map[string]string{"为何": "熟悉"},
	}
}

func change(c triage.Case) life.Change {
	return life.Change{
		Case: c, Step: step(c.ID, 0),
		Audit: triage.AuditEntry{At: start, Actor: "li", Action: "assign", Object: triage.CaseObject(c.ID)},
	}
}

// worked changes the work on a case and returns it as it is stored then.
func worked(t *testing.T, s Store, id triage.ComplaintID, how func(*triage.Work)) triage.Case {
	t.Helper()
	c, err := s.Case(t.Context(), id)
	check(t, err)
	version := c.Work.Version
	how(&c.Work)
	c.Work.Version = version
	check(t, s.Advance(t.Context(), change(c)))
	c, err = s.Case(t.Context(), id)
	check(t, err)
	return c
}

// busy returns cases in all stages of work, in no order.
func busy() []triage.Case {
	cases := mixed()
	for i := range cases {
		c := &cases[i]
		c.Status = triage.Statuses[i%len(triage.Statuses)]
		c.Work = triage.Work{
			Owner: []string{"", "li", "wang"}[i*7%3], Department: []string{"网络部", "账务部"}[i*3%2], PriorityAt: start.Add(time.Duration(i*31%17) * time.Hour),
			DueAt: start.Add(time.Duration(i*13%11) * time.Hour),
		}
		if i%4 == 0 {
			c.Work.WaitingSince, c.Work.DueAt = start, time.Time{}
		}
		if i%8 == 0 { // late before it waited
			c.Work.WaitingSince, c.Work.DueAt = start.Add(3*time.Hour), start.Add(time.Hour)
		}
		c.Work.Raised = i % 3
	}
	return cases
}

// priorityQueue walks every filter page by page.
func priorityQueue(t *testing.T, s Store) {
	cases := busy()
	accept(t, s, cases...)
	// A decision changes what is counted.
	worked(t, s, "c0001", func(w *triage.Work) { w.Owner, w.Department = "zhao", "账务部" })
	for i := range cases {
		c, err := s.Case(t.Context(), cases[i].ID)
		check(t, err)
		cases[i] = c
	}
	late := start.Add(5 * time.Hour)
	yes, no := true, false
	for name, f := range map[string]triage.QueueFilter{
		"all":            {},
		"open":           {Open: &yes},
		"ended":          {Open: &no},
		"owner":          {Owner: "li"},
		"new owner":      {Owner: "zhao"},
		"department":     {Department: "账务部"},
		"both":           {Owner: "wang", Department: "网络部"},
		"waiting":        {Waiting: true},
		"own waiting":    {Waiting: true, Owner: "li"},
		"late":           {LateAt: late},
		"late of a type": {LateAt: late, Type: "billing", Department: "网络部"},
		"active":         {Active: true},
		"status":         {Status: triage.StatusVerifying, Open: &yes},
		"urgent":         {Urgency: "critical", Department: "网络部"},
		"customer":       {CustomerID: "K-2", Open: &yes},
		"nobody":         {Owner: "nobody"},
	} {
		for _, sort := range []string{"priority", "newest", "urgency"} {
			if f.Sort, f.Limit = sort, 7; sort == "priority" && f.Open == &no {
				_, err := s.Queue(t.Context(), f)
				code(t, err, triage.CodeInvalid)
				continue
			}
			want := expectedWork(cases, f)
			var got []triage.ComplaintID
			for f.Cursor = ""; ; {
				page, err := s.Queue(t.Context(), f)
				check(t, err)
				equal(t, name+" by "+sort+": total", page.Total, len(want))
				got = append(got, ids(page.Cases)...)
				if f.Cursor = page.Next; page.Next == "" {
					break
				}
			}
			equal(t, name+" by "+sort, got, want)
		}
	}
}

func expectedWork(cases []triage.Case, f triage.QueueFilter) []triage.ComplaintID {
	list := slices.DeleteFunc(slices.Clone(cases), func(c triage.Case) bool { return !passesWork(&c, f) })
	if f.Sort != "priority" {
		return expected(list, triage.QueueFilter{Sort: f.Sort})
	}
	slices.SortFunc(list, func(a, b triage.Case) int {
		return cmp.Or(a.Work.PriorityAt.Compare(b.Work.PriorityAt), cmp.Compare(a.Seq, b.Seq))
	})
	return ids(list)
}

func passesWork(c *triage.Case, f triage.QueueFilter) bool {
	open, waits := c.Status.Open(), !c.Work.WaitingSince.IsZero()
	return passes(c, f) &&
		(f.Sort != "priority" || open) &&
		(f.Open == nil || *f.Open == open) &&
		(f.Owner == "" || c.Work.Owner == f.Owner) &&
		(f.Department == "" || c.Work.Department == f.Department) &&
		(!f.Waiting || open && waits) &&
		(!f.Active || open && !waits && c.Status != triage.StatusReceived) &&
		(f.LateAt.IsZero() || open && !c.Work.DueAt.IsZero() && c.Work.DueAt.Before(f.LateAt))
}

func scopeTest(t *testing.T, s Store) {
	cases := many(5)
	for i := range cases {
		cases[i].Work.Department = []string{"网络部", "账务部"}[i%2]
	}
	cases[1].Work.Owner = "li"
	accept(t, s, cases...)
	c, err := s.Case(t.Context(), "c0003")
	check(t, err)
	ch := change(c)
	ch.HandOver = &life.HandOver{Case: c.ID, FromDepartment: "账务部", Department: "网络部", At: start, State: life.HandOverReturned}
	check(t, s.Advance(t.Context(), ch))
	for sort := range slices.Values([]string{"newest", "priority"}) {
		page, err := s.Queue(t.Context(), triage.QueueFilter{Scope: triage.Scope{Department: "网络部", User: "li"}, Sort: sort})
		check(t, err)
		seen := ids(page.Cases)
		slices.Sort(seen)
		equal(t, "seen by "+sort, seen, []triage.ComplaintID{"c0000", "c0001", "c0002", "c0003", "c0004"})
		page, err = s.Queue(t.Context(), triage.QueueFilter{Scope: triage.Scope{Department: "维修部"}, Sort: sort})
		check(t, err)
		equal(t, "seen by strangers", len(page.Cases), 0)
	}
	for department, want := range map[string]map[triage.ComplaintID]bool{
		"账务部": {"c0003": true}, "网络部": {"c0003": true}, "维修部": {},
	} {
		got, err := s.Passed(t.Context(), department, []triage.ComplaintID{"c0001", "c0003", "nobody"})
		check(t, err)
		equal(t, "cases that went through "+department, got, want)
	}
}

// breached says whether a running limit is in the list that is asked for.
func breached(w *triage.Work, by time.Time, f life.BreachFilter) bool {
	waits := !w.WaitingSince.IsZero()
	if !f.Near {
		return by.Before(f.At) && (!waits || by.Before(w.WaitingSince))
	}
	warned := f.Clock == life.ClockStep && w.Raised == life.Warned
	return !waits && !by.Before(f.At) && (by.Before(f.Until) || warned)
}

// breachTest compares every clock with a plain list, page by page.
func breachTest(t *testing.T, s Store) {
	cases := busy()
	for i := range cases {
		w := &cases[i].Work
		w.Clocks = triage.SLA{
			RespondBy: start.Add(time.Duration(i*5%13) * time.Hour), VerifyBy: start.Add(time.Duration(i*3%7) * time.Hour),
			ResolveBy: start.Add(time.Duration(i*17%19) * time.Hour),
		}
		if i%3 == 0 {
			w.RespondedAt = start
		}
		if i%5 == 0 {
			w.VerifiedAt = start
		}
		if i%9 == 1 {
			w.Clocks = triage.SLA{}
		}
	}
	accept(t, s, cases...)
	due := map[life.Clock]func(w *triage.Work) (time.Time, bool){
		life.ClockStep:    func(w *triage.Work) (time.Time, bool) { return w.DueAt, true },
		life.ClockRespond: func(w *triage.Work) (time.Time, bool) { return w.Clocks.RespondBy, w.RespondedAt.IsZero() },
		life.ClockVerify:  func(w *triage.Work) (time.Time, bool) { return w.Clocks.VerifyBy, w.VerifiedAt.IsZero() },
		life.ClockResolve: func(w *triage.Work) (time.Time, bool) { return w.Clocks.ResolveBy, true },
	}
	for clock, of := range due {
		for _, f := range []life.BreachFilter{{}, {Owner: "wang"}, {Near: true}, {Near: true, Owner: "wang"}} {
			f.Clock, f.At, f.Until, f.Limit = clock, start.Add(6*time.Hour), start.Add(8*time.Hour), 4
			want := slices.DeleteFunc(slices.Clone(cases), func(c triage.Case) bool {
				by, running := of(&c.Work)
				return !c.Status.Open() || !running || by.IsZero() || !breached(&c.Work, by, f) || f.Owner != "" && c.Work.Owner != f.Owner
			})
			slices.SortStableFunc(want, func(a, b triage.Case) int {
				x, _ := of(&a.Work)
				y, _ := of(&b.Work)
				return x.Compare(y)
			})
			var got []triage.ComplaintID
			for {
				page, err := s.Breached(t.Context(), f)
				check(t, err)
				for _, b := range page.Breaches {
					got = append(got, b.Case.ID)
				}
				if f.Cursor = page.Next; page.Next == "" {
					break
				}
			}
			equal(t, fmt.Sprintf("%s of %q, near: %v", clock, f.Owner, f.Near), got, ids(want))
		}
	}
	_, err := s.Breached(t.Context(), life.BreachFilter{Clock: "lunch"})
	code(t, err, triage.CodeInvalid)
	_, err = s.Breached(t.Context(), life.BreachFilter{Clock: life.ClockStep, Cursor: "!!"})
	code(t, err, triage.CodeInvalid)
}
