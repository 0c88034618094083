package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/qianyi-dev/qianyi/triage/solution"
)

// makeEditions lets people improve standard solutions, and the job propose new
// ones.
func (f *founder) makeEditions() {
	for i := range f.content.Handling.Editions {
		e := &f.content.Handling.Editions[i]
		at := f.midnight(25 - 4*i).Add(14*time.Hour + time.Duration(i)*11*time.Minute)
		f.plan(at, "", func(ctx context.Context, h *Handling) error { return f.edit(ctx, h.Library, e) })
		if e.Approver != "" {
			f.settleBy(e, at)
		}
	}
	at := f.midnight(1).Add(opens * time.Hour)
	f.plan(at, "", func(ctx context.Context, h *Handling) error {
		if h.Propose == nil {
			return nil
		}
		if _, err := h.Propose(ctx); err != nil {
			return fmt.Errorf("propose solutions: %w", err)
		}
		return nil
	})
}

// settleBy lets the cases that come in with their end be settled by an edition,
// from a time on.
func (f *founder) settleBy(e *editionContent, since time.Time) {
	id := f.solutionsFor(e.Subtype)[0]
	for i := range f.events {
		c := &f.events[i].complaint
		if c.Subtype != e.Subtype || !c.ClosedAt.After(since) || f.received(c.At).After(c.ClosedAt) {
			continue
		}
		f.plan(c.ClosedAt, c.ID, func(ctx context.Context, h *Handling) error { return h.Library.Use(ctx, c.ID, id, e.Author) })
	}
}

// edit takes a new version of a solution, or a new solution, as far as the
// content says.
func (f *founder) edit(ctx context.Context, lib Library, e *editionContent) error {
	v, err := f.draft(ctx, lib, e)
	if err != nil {
		return fmt.Errorf("solution for %s: %w", e.Subtype, err)
	}
	if e.State == string(solution.Draft) {
		return nil
	}
	if err := lib.Move(ctx, v.Solution, v.Number, solution.Proposed, e.Author); err != nil || e.Approver == "" {
		return err
	}
	return lib.Move(ctx, v.Solution, v.Number, solution.Approved, e.Approver)
}

func (f *founder) draft(ctx context.Context, lib Library, e *editionContent) (solution.Version, error) {
	c := solution.Content{Type: typeOf(e.Subtype), Subtype: e.Subtype, Title: e.Title, Steps: e.Steps, Wording: e.Wording}
	for _, tier := range tiers {
		c.Policy = append(c.Policy, solution.Limit{Tier: tier, Amount: solution.Yuan(e.Limits[tier])})
	}
	if e.Title != "" {
		return lib.Create(ctx, c, e.Author)
	}
	id := f.solutionsFor(e.Subtype)[0]
	versions, err := lib.Versions(ctx, id)
	if err != nil {
		return solution.Version{}, err
	}
	latest := &versions[len(versions)-1]
	c.Title, c.Steps = latest.Title, latest.Steps
	return lib.Edit(ctx, id, latest.Number, c, e.Author)
}

// solutionsFor returns the ids of the solutions of a sub-type.
func (f *founder) solutionsFor(subtype string) []string {
	var ids []string
	for i := range f.solutions {
		if f.solutions[i].Subtype == subtype {
			ids = append(ids, f.solutions[i].ID)
		}
	}
	return ids
}

// solutionFor picks one of them, the first one mostly; "" when there is none.
func (f *founder) solutionFor(r *rand.Rand, e *event) string {
	ids := f.solutionsFor(e.truth.Subtype)
	switch {
	case len(ids) == 0:
		return ""
	case r.Float64() < .8:
		return ids[0]
	}
	return pick(r, ids)
}
