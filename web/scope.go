package web

import (
	"context"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// scopeOf is what the client of a request may see: with an API key what its
// owner may see, otherwise everything.
func scopeOf(ctx context.Context) triage.Scope { return triage.ScopeOf(requestOf(ctx).user) }

// visibleCase returns a case that the client may see. One outside of its scope
// is not found, so that nobody learns which ids exist. Every operation on one
// case goes through it.
func (s *Server) visibleCase(ctx context.Context, id string) (triage.Case, error) {
	elsewhere := triage.Errorf(triage.CodeNotFound, "there is no such case in your department")
	c, err := s.d.Service.Case(ctx, triage.ComplaintID(id))
	if triage.CodeOf(err) == triage.CodeNotFound && !scopeOf(ctx).Everything() {
		return triage.Case{}, elsewhere
	}
	if err != nil {
		return triage.Case{}, err
	}
	seen, err := s.visible(ctx, []triage.Case{c})
	if err != nil {
		return triage.Case{}, err
	}
	if len(seen) == 0 {
		return triage.Case{}, elsewhere
	}
	return c, nil
}

// visible returns those of the cases that the client may see, in their order.
// The list given is not kept.
func (s *Server) visible(ctx context.Context, cases []triage.Case) ([]triage.Case, error) {
	scope := scopeOf(ctx)
	if scope == (triage.Scope{}) {
		return cases, nil
	}
	var elsewhere []triage.ComplaintID
	for i := range cases {
		if !scope.Sees(&cases[i]) {
			elsewhere = append(elsewhere, cases[i].ID)
		}
	}
	passed := map[triage.ComplaintID]bool{}
	if len(elsewhere) > 0 && s.d.Passed != nil {
		var err error
		if passed, err = s.d.Passed.Passed(ctx, scope.Department, elsewhere); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(cases, func(c triage.Case) bool { return !scope.Sees(&c) && !passed[c.ID] }), nil
}

// visibleSimilar leaves out the cases that the client may not see.
func (s *Server) visibleSimilar(ctx context.Context, items []triage.SimilarCase) ([]triage.SimilarCase, error) {
	if scopeOf(ctx) == (triage.Scope{}) {
		return items, nil
	}
	seen := map[triage.ComplaintID]bool{}
	for _, item := range items {
		_, err := s.visibleCase(ctx, string(item.ID))
		if err != nil && triage.CodeOf(err) != triage.CodeNotFound {
			return nil, err
		}
		seen[item.ID] = err == nil
	}
	return slices.DeleteFunc(items, func(item triage.SimilarCase) bool { return !seen[item.ID] }), nil
}

// ownFigures narrows a filter of figures to what the client may see; a filter
// for other departments chooses nothing then.
func ownFigures(ctx context.Context, f fact.Filter) fact.Filter {
	if scope := scopeOf(ctx); !scope.Everything() {
		return f.Within(fact.Department, scope.Department)
	}
	return f
}
