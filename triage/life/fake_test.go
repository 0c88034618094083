package life_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/life"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// monday is when every test begins: 2 March 2026, ten o'clock.
var monday = time.Date(2026, time.March, 2, 10, 0, 0, 0, shanghai)

// at is a clock time of the day that is so many days after monday.
func at(days, hour, minute int) time.Time {
	return time.Date(2026, time.March, 2+days, hour, minute, 0, 0, shanghai)
}

// house is a Service with everything it talks to, in memory.
type house struct {
	*life.Service
	deps  life.Deps
	now   time.Time
	cases map[triage.ComplaintID]triage.Case
	steps map[triage.ComplaintID][]life.Step
	hands []life.HandOver
	audit []triage.AuditEntry
	told  []life.Alert
	// tell fails telling; race is called before each change is stored.
	tell error
	race func()
}

func newHouse(t *testing.T, cases ...triage.Case) *house {
	t.Helper()
	cal, err := calendar.New(calendar.Config{}, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{now: monday, cases: map[triage.ComplaintID]triage.Case{}, steps: map[triage.ComplaintID][]life.Step{}}
	h.deps = life.Deps{
		Store: h, Calendar: cal, Zone: shanghai, Queue: h, Customers: h, People: h, Tell: h,
		Mask: func(s string) string { return nlp.MaskText(s, nil) }, Now: func() time.Time { return h.now },
	}
	h.Service = life.New(h.deps)
	for _, c := range cases {
		life.NewOpener(cal).Open(&c, c.Work.Tier)
		h.cases[c.ID] = c
	}
	return h
}

// complaint is a case of ten o'clock on Monday, to be answered in a day,
// verified in four hours and resolved in three days.
func complaint(id string) triage.Case {
	return triage.Case{
		Complaint: triage.Complaint{ID: triage.ComplaintID(id), CustomerID: "K-1", Channel: triage.ChannelApp, At: monday, Text: "宽带断了三天"},
		Assessment: triage.Assessment{
			ID: triage.ComplaintID(id), Type: "network", Department: "网络部", Demand: nlp.DemandFix, Urgency: nlp.Urgency{Level: nlp.UrgencyNormal},
			SLA: triage.SLA{RespondBy: at(1, 10, 0), VerifyBy: at(0, 14, 0), ResolveBy: at(3, 10, 0)},
		},
		Status: triage.StatusReceived, ReceivedAt: monday,
	}
}

func (h *house) Case(_ context.Context, id triage.ComplaintID) (triage.Case, error) {
	c, ok := h.cases[id]
	if !ok {
		return c, triage.Errorf(triage.CodeNotFound, "there is no case %s", id)
	}
	return c, nil
}

func (h *house) Advance(_ context.Context, c life.Change) error {
	if h.race != nil {
		h.race()
	}
	if h.cases[c.Case.ID].Work.Version != c.Case.Work.Version {
		return triage.Errorf(triage.CodeConflict, "changed meanwhile")
	}
	c.Case.Work.Version++
	h.cases[c.Case.ID] = c.Case
	c.Step.N = len(h.steps[c.Case.ID]) + 1
	h.steps[c.Case.ID] = append(h.steps[c.Case.ID], c.Step)
	h.audit = append(h.audit, c.Audit)
	if o := c.HandOver; o != nil && o.ID == 0 {
		o.ID = int64(len(h.hands) + 1)
		h.hands = append(h.hands, *o)
	} else if o != nil {
		h.hands[o.ID-1] = *o
	}
	return nil
}

func (h *house) StepsOf(_ context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID][]life.Step, error) {
	found := map[triage.ComplaintID][]life.Step{}
	for _, id := range ids {
		found[id] = slices.Clone(h.steps[id])
	}
	return found, nil
}

func (h *house) HandOvers(_ context.Context, id triage.ComplaintID) ([]life.HandOver, error) {
	return slices.DeleteFunc(slices.Clone(h.hands), func(o life.HandOver) bool { return o.Case != id }), nil
}

func (h *house) Watched(_ context.Context, now time.Time, limit int) ([]triage.Case, error) {
	var due []triage.Case
	for _, id := range slices.Sorted(maps.Keys(h.cases)) {
		if c := h.cases[id]; !c.Work.WatchAt.IsZero() && !c.Work.WatchAt.After(now) && len(due) < limit {
			due = append(due, c)
		}
	}
	return due, nil
}

func (h *house) Breached(_ context.Context, f life.BreachFilter) (life.BreachPage, error) {
	var page life.BreachPage
	for _, id := range slices.Sorted(maps.Keys(h.cases)) {
		if c := h.cases[id]; !c.Work.DueAt.IsZero() && c.Work.DueAt.Before(f.At) {
			page.Breaches = append(page.Breaches, life.Breach{Case: c, Clock: f.Clock, Due: c.Work.DueAt})
		}
	}
	return page, nil
}

func (h *house) Queue(_ context.Context, f triage.QueueFilter) (triage.QueuePage, error) {
	var page triage.QueuePage
	for _, id := range slices.Sorted(maps.Keys(h.cases)) {
		if f.Cursor == "" || id > triage.ComplaintID(f.Cursor) {
			page.Cases = append(page.Cases, h.cases[id])
		}
		if len(page.Cases) == f.Limit {
			page.Next = string(id)
			break
		}
	}
	return page, nil
}

func (*house) CountByStatus(context.Context) (map[triage.Status]int, error) {
	return map[triage.Status]int{}, nil
}

func (*house) CustomersByID(context.Context, []triage.CustomerID) (map[triage.CustomerID]triage.Customer, error) {
	return map[triage.CustomerID]triage.Customer{"K-1": {ID: "K-1", Name: "张三丰", Phone: "13800138000"}}, nil
}

// Next knows li's team lead, and whom the lead turns to.
func (*house) Next(_ context.Context, _, owner string) (string, error) {
	return map[string]string{"li": "lead", "": "lead", "lead": "quality"}[owner], nil
}

func (h *house) Tell(_ context.Context, a life.Alert) error {
	h.told = append(h.told, a)
	return h.tell
}

// move makes a move that must be allowed.
func (h *house) move(t *testing.T, id string, m life.Move, facts map[string]string) triage.Case {
	t.Helper()
	c, err := h.Move(t.Context(), life.Order{Case: triage.ComplaintID(id), Move: m, By: "li", Facts: facts})
	if err != nil {
		t.Fatalf("%s: %v", m, err)
	}
	return c
}

// checked makes a case one whose customer has been answered and whose facts
// have been checked.
func (h *house) checked(id triage.ComplaintID) {
	c := h.cases[id]
	c.Work.RespondedAt, c.Work.VerifiedAt = monday, monday
	h.cases[id] = c
}

// wantCode checks the code of an error, and its field where one is given.
func wantCode(t *testing.T, err error, want triage.Code, field string) {
	t.Helper()
	var got string
	if e, ok := errors.AsType[*triage.Error](err); ok {
		got = e.Field
	}
	if triage.CodeOf(err) != want || field != "" && got != field {
		t.Errorf("got %v of code %q, field %q, want code %q, field %q", err, triage.CodeOf(err), got, want, field)
	}
}

// facts answers every need of a move, in a way that fits its kind.
func facts(r life.Rule) map[string]string {
	said := map[string]string{}
	for _, n := range r.Needs {
		switch {
		case n.Optional:
		case n.Key == "execute_until":
			said[n.Key] = "2026-03-05 12:00"
		case n.Kind == life.KindTime:
			said[n.Key] = "2026-03-02 09:55"
		case n.Kind == life.KindCause:
			said[n.Key] = string(triage.CauseService)
		case n.Kind == life.KindCase:
			said[n.Key] = "other"
		default:
			said[n.Key] = "说明"
		}
	}
	return said
}

func rule(t *testing.T, m life.Move) life.Rule {
	t.Helper()
	for _, r := range life.Rules() {
		if r.Move == m {
			return r
		}
	}
	t.Fatalf("there is no move %s", m)
	return life.Rule{}
}
