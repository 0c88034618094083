package console

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// A user of a department sees every customer, so that a complaint is never
// handled without its history, but of cases and tasks of other departments no
// more than that there are some.

// inSight says of which of the cases the user may see the text.
func (c *Console) inSight(v *visit, ids []triage.ComplaintID) (func(triage.ComplaintID) bool, error) {
	if triage.ScopeOf(v.user).Everything() {
		return func(triage.ComplaintID) bool { return true }, nil
	}
	var cases []triage.Case
	for _, id := range ids {
		k, err := c.d.Cases.Case(v.r.Context(), id)
		if ignoreNotFound(err) != nil {
			return nil, err
		}
		if err == nil {
			cases = append(cases, k)
		}
	}
	cases, err := c.visible(v, cases)
	if err != nil {
		return nil, err
	}
	return func(id triage.ComplaintID) bool {
		return slices.ContainsFunc(cases, func(k triage.Case) bool { return k.ID == id })
	}, nil
}

// inScope says whether the user may see a task.
func inScope(v *visit, t *customer.Task) bool {
	scope := triage.ScopeOf(v.user)
	return scope.Everything() || t.Department == scope.Department || t.Owner == v.user.Name
}

// narrowFile leaves out of a file what other departments have to do with. It
// returns how many of the listed complaints that are.
func (c *Console) narrowFile(v *visit, f *customer.File) (hidden int, err error) {
	all := len(f.Cases)
	if f.Cases, err = c.visible(v, slices.Clone(f.Cases)); err != nil {
		return 0, err
	}
	ids := make([]triage.ComplaintID, len(f.Scores))
	for i := range f.Scores {
		ids[i] = f.Scores[i].Case
	}
	seen, err := c.inSight(v, ids)
	if err != nil {
		return 0, err
	}
	f.Scores = slices.Clone(f.Scores)
	for i := range f.Scores {
		if !seen(f.Scores[i].Case) {
			f.Scores[i].Text = ""
		}
	}
	f.Tasks = slices.DeleteFunc(slices.Clone(f.Tasks), func(t customer.Task) bool { return !inScope(v, &t) })
	return all - len(f.Cases), nil
}
