package demo_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/demo"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/solution"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// house is the machinery of Handling: cases move by the real table, everything
// else is counted.
type house struct {
	*memory
	*life.Service
	opener *life.Opener
	inbox  *demo.Inbox
	at     time.Time
	back   int // how often the clock went back
	cases  map[triage.ComplaintID]triage.Case
	hands  map[triage.ComplaintID][]life.HandOver
	steps  map[triage.ComplaintID][]life.Step

	contacts, merges, managers, proposals int
	drafts, approved, used                int
	invited                               []string
	answers                               map[string]survey.Answer
	tasks                                 []customer.Task
}

func newHouse(t *testing.T) *house {
	t.Helper()
	cal, err := calendar.New(calendar.Config{}, now.Location())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{
		memory: &memory{}, opener: life.NewOpener(cal), inbox: demo.NewInbox("test"),
		cases: map[triage.ComplaintID]triage.Case{}, hands: map[triage.ComplaintID][]life.HandOver{},
		steps: map[triage.ComplaintID][]life.Step{}, answers: map[string]survey.Answer{},
	}
	h.Service = life.New(life.Deps{Store: h, Calendar: cal, Zone: now.Location(), Now: func() time.Time { return h.at }})
	return h
}

func (h *house) target() demo.Target {
	t := h.memory.target()
	t.Progress, t.Submit = nil, h.submit
	t.Clock = func(at time.Time) {
		if at.Before(h.at) {
			h.back++
		}
		h.at = at
	}
	t.Handling = &demo.Handling{
		Visitor: visitor,
		Cases:   h.Service, HandOvers: h.Service, Talk: h, Customers: care{h}, Tasks: care{h}, Surveys: care{h},
		Library: library{h}, Inbox: h.inbox,
		Propose: func(context.Context) (int, error) {
			h.proposals++
			return 0, nil
		},
	}
	return t
}

func (h *house) submit(ctx context.Context, list []triage.Complaint) (int, error) {
	for i := range list {
		c := triage.Case{Complaint: list[i], Status: triage.StatusReceived, ReceivedAt: h.at}
		c.Assessment.SLA = triage.SLA{
			RespondBy: c.At.Add(24 * time.Hour), VerifyBy: c.At.Add(30 * time.Hour), ResolveBy: c.At.Add(7 * 24 * time.Hour),
		}
		c.Assessment.Urgency.Level, c.Assessment.Department = nlp.UrgencyNormal, "产品部"
		if !c.ClosedAt.IsZero() {
			c.Status = triage.StatusClosed
		}
		h.opener.Open(&c, triage.TierOrdinary)
		h.cases[c.ID] = c
	}
	return h.memory.submit(ctx, list)
}

func (h *house) Case(_ context.Context, id triage.ComplaintID) (triage.Case, error) {
	c, known := h.cases[id]
	if !known {
		return c, triage.Errorf(triage.CodeNotFound, "no case %s", id)
	}
	return c, nil
}

func (h *house) Advance(_ context.Context, c life.Change) error {
	if c.Case.Work.Version != h.cases[c.Case.ID].Work.Version {
		return triage.Errorf(triage.CodeConflict, "changed")
	}
	c.Case.Work.Version++
	h.cases[c.Case.ID] = c.Case
	h.steps[c.Case.ID] = append(h.steps[c.Case.ID], c.Step)
	if g := c.HandOver; g != nil && g.ID == 0 {
		g.ID = int64(len(h.hands[c.Case.ID]) + 1)
		h.hands[c.Case.ID] = append(h.hands[c.Case.ID], *g)
	} else if g != nil {
		h.hands[c.Case.ID][g.ID-1] = *g
	}
	return nil
}

func (h *house) StepsOf(_ context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID][]life.Step, error) {
	found := map[triage.ComplaintID][]life.Step{}
	for _, id := range ids {
		found[id] = h.steps[id]
	}
	return found, nil
}

func (h *house) HandOvers(_ context.Context, id triage.ComplaintID) ([]life.HandOver, error) {
	return slices.Clone(h.hands[id]), nil
}

func (h *house) Watched(context.Context, time.Time, int) ([]triage.Case, error) { return nil, nil }

func (h *house) Breached(context.Context, life.BreachFilter) (life.BreachPage, error) {
	return life.BreachPage{}, nil
}

func (h *house) Reply(ctx context.Context, id triage.ComplaintID, _, by string, _ bool) error {
	if h.cases[id].Status != triage.StatusReceived {
		return nil
	}
	_, err := h.Move(ctx, life.Order{Case: id, Move: life.MoveAcknowledge, By: by, Facts: map[string]string{
		"answered_how": "letter", "answered_at": h.at.Format(time.RFC3339),
	}})
	return err
}

func (h *house) Hear(ctx context.Context, id triage.ComplaintID, text string, at time.Time) error {
	if !at.Equal(h.at) {
		return fmt.Errorf("%s is heard at %s and said to be of %s", id, h.at, at)
	}
	_, err := h.Resume(ctx, id, text, "customer", 0)
	return err
}

// library is the part of house that has methods of the same names as others.
type library struct{ h *house }

var versions = sync.OnceValue(func() []solution.Version { return []solution.Version{{Number: 1, State: solution.Approved}} })

func (l library) Versions(context.Context, string) ([]solution.Version, error) {
	return versions(), nil
}

func (l library) Edit(_ context.Context, id string, base int, c solution.Content, by string) (solution.Version, error) {
	l.h.drafts++
	return solution.Version{Solution: id, Number: base + 1, Content: c, Author: by, State: solution.Draft}, nil
}

func (l library) Create(_ context.Context, c solution.Content, by string) (solution.Version, error) {
	l.h.drafts++
	return solution.Version{Solution: "new", Number: 1, Content: c, Author: by, State: solution.Draft}, nil
}

func (l library) Move(_ context.Context, _ string, _ int, to solution.State, _ string) error {
	if to == solution.Approved {
		l.h.approved++
	}
	return nil
}

func (l library) Use(context.Context, triage.ComplaintID, string, string) error {
	l.h.used++
	return nil
}
