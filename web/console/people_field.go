package console

import (
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// people are the names a case may be given to, as the person of the visit knows
// them: those who work on cases, of their department or of none. A name that is
// not proposed may be typed all the same, so a failure leaves the list empty.
func (c *Console) people(v *visit) []string {
	users, err := c.d.Users.Users(v.r.Context())
	if err != nil {
		c.d.Log.WarnContext(v.r.Context(), "no names to propose", "err", err)
		return nil
	}
	scope := triage.ScopeOf(v.user)
	var names []string
	for _, u := range users {
		near := scope.Department == "" || u.Department == "" || u.Department == scope.Department
		if near && !u.Disabled && access.May(u.Role, access.CaseWork) {
			names = append(names, u.Name)
		}
	}
	return names
}
