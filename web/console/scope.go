package console

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// visibleCase returns a case that the person of the visit may see. One outside
// of their scope is not found, so that nobody learns which ids exist. Every
// route about one case goes through it.
func (c *Console) visibleCase(v *visit, id triage.ComplaintID) (triage.Case, error) {
	k, err := c.d.Cases.Case(v.r.Context(), id)
	if err != nil {
		return triage.Case{}, err
	}
	seen, err := c.visible(v, []triage.Case{k})
	if err != nil {
		return triage.Case{}, err
	}
	if len(seen) == 0 {
		return triage.Case{}, triage.Errorf(triage.CodeNotFound, "no case %q in the department of the user", id)
	}
	return k, nil
}

// visible returns those of the cases that the person of the visit may see, in
// their order. The list given is not kept.
func (c *Console) visible(v *visit, cases []triage.Case) ([]triage.Case, error) {
	scope := triage.ScopeOf(v.user)
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
	if len(elsewhere) > 0 && c.d.Life != nil {
		var err error
		if passed, err = c.d.Life.Workbench.Passed(v.r.Context(), scope.Department, elsewhere); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(cases, func(k triage.Case) bool { return !scope.Sees(&k) && !passed[k.ID] }), nil
}

// department is the one whose figures and cases alone the user of the visit
// sees, "" for those who see all.
func (v *visit) department() string { return triage.ScopeOf(v.user).Department }

// ownFigures narrows a filter to that department; a filter for others chooses
// nothing then.
func (v *visit) ownFigures(f fact.Filter) fact.Filter {
	if own := v.department(); own != "" {
		return f.Within(fact.Department, own)
	}
	return f
}
