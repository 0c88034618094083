package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
)

// frontDesk is the department that answers customers.
const frontDesk = "客户服务部"

// staffContent is one account.
type staffContent struct {
	Name       string
	Role       triage.Role
	Department string
}

// Staff returns the accounts of those who work here, without passwords. They
// should exist before Fill: what is late is escalated to them.
func Staff() ([]triage.User, error) {
	c, err := readContent()
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	var users []triage.User
	for _, s := range c.Staff {
		users = append(users, triage.User{Name: s.Name, Role: s.Role, Department: s.Department})
	}
	return users, nil
}

// agents returns the names of a department's agents.
func (f *founder) agents(department string) []string {
	var names []string
	for _, s := range f.content.Staff {
		if s.Role == triage.RoleAgent && s.Department == department {
			names = append(names, s.Name)
		}
	}
	return names
}

// agentFor picks who works on a case of a department: one of its own agents
// mostly, else one of the front desk.
func (f *founder) agentFor(r *rand.Rand, department string) string {
	if own := f.agents(department); len(own) > 0 && r.Float64() < .7 {
		return pick(r, own)
	}
	return pick(r, f.agents(frontDesk))
}

// elsewhere picks another department that has staff.
func (f *founder) elsewhere(r *rand.Rand, department string) string {
	var others []string
	for _, s := range f.content.Staff {
		if s.Role == triage.RoleAgent && s.Department != department && !slices.Contains(others, s.Department) {
			others = append(others, s.Department)
		}
	}
	return pick(r, others)
}

// lead is who leads the front desk.
func (f *founder) lead() string {
	for _, s := range f.content.Staff {
		if s.Role == triage.RoleLead && s.Department == frontDesk {
			return s.Name
		}
	}
	return f.content.Staff[0].Name
}
