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
	}
	at := f.midnight(1).Add(opens * time.Hour)
	f.plan(at, "", func(ctx context.Context, h *Handling) error {
		if _, err := h.Library.Propose(ctx); err != nil {
			return fmt.Errorf("propose solutions: %w", err)
		}
		return nil
	})
}

// edit takes a new version of a solution as far as the content says.
func (f *founder) edit(ctx context.Context, lib Library, e *editionContent) error {
	id := f.solutionsFor(e.Subtype)[0]
	versions, err := lib.Versions(ctx, id)
	if err != nil {
		return err
	}
	latest := &versions[len(versions)-1]
	c := latest.Content
	c.Wording = e.Wording
	c.Policy = nil
	for _, tier := range tiers {
		c.Policy = append(c.Policy, solution.Limit{Tier: tier, Amount: solution.Yuan(e.Limits[tier])})
	}
	v, err := lib.Edit(ctx, id, latest.Number, c, e.Author)
	if err != nil {
		return fmt.Errorf("solution %s: %w", id, err)
	}
	if e.State == string(solution.Draft) {
		return nil
	}
	if err := lib.Move(ctx, id, v.Number, solution.Proposed, e.Author); err != nil || e.Approver == "" {
		return err
	}
	return lib.Move(ctx, id, v.Number, solution.Approved, e.Approver)
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
	case r.Float64() < .6:
		return ids[0]
	}
	return pick(r, ids)
}
