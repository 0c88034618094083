package triage

import "context"

// People finds who is responsible for something, among the accounts.
type People struct {
	users interface {
		Users(ctx context.Context) ([]User, error)
	}
}

// NewPeople returns the people of a store.
func NewPeople(users interface {
	Users(ctx context.Context) ([]User, error)
}) *People {
	return &People{users}
}

// LeadOf returns who leads a department: its team lead, else a lead of no
// department; "" when there is none.
func (p *People) LeadOf(ctx context.Context, department string) (string, error) {
	ladder, err := p.ladder(ctx, department)
	if err != nil {
		return "", err
	}
	for _, step := range ladder[:2] {
		if len(step) > 0 {
			return step[0], nil
		}
	}
	return "", nil
}

// Next returns who takes over from owner in a department: its team lead, else a
// lead of no department, else quality, else an administrator; always somebody
// further up than owner. "" means that nobody is.
func (p *People) Next(ctx context.Context, department, owner string) (string, error) {
	ladder, err := p.ladder(ctx, department)
	if err != nil {
		return "", err
	}
	from := 0
	for i, step := range ladder {
		for _, name := range step {
			if name == owner {
				from = i + 1
			}
		}
	}
	for _, step := range ladder[from:] {
		if len(step) > 0 {
			return step[0], nil
		}
	}
	return "", nil
}

// ladder returns the names of those who can sign in, by step: leads of the
// department, leads of none, quality, administrators.
func (p *People) ladder(ctx context.Context, department string) (steps [4][]string, err error) {
	users, err := p.users.Users(ctx)
	if err != nil {
		return steps, err
	}
	for i := range users {
		u := &users[i]
		step := -1
		switch {
		case u.Disabled:
		case u.Role == RoleLead && department != "" && u.Department == department:
			step = 0
		case u.Role == RoleLead && u.Department == "":
			step = 1
		case u.Role == RoleQuality && (u.Department == "" || u.Department == department):
			step = 2
		case u.Role == RoleAdmin:
			step = 3
		}
		if step >= 0 {
			steps[step] = append(steps[step], u.Name)
		}
	}
	return steps, nil
}
