package triage

// ScopeOf returns what a user may see: agents and leads who belong to a
// department see its cases and their own, everybody else sees every case that
// their role lets them.
func ScopeOf(u User) Scope {
	if u.Department == "" || u.Role != RoleAgent && u.Role != RoleLead {
		return Scope{}
	}
	return Scope{Department: u.Department, User: u.Name}
}
