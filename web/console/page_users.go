package console

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// maxName bounds the fields of an account, in runes.
const maxName = 100

// userRow is one account of the list.
type userRow struct {
	Name, Shown, Department, Email, SignedIn, Href string
	Role                                           triage.Role
	State                                          string // a code of the group "account"
	Factor, Elsewhere                              bool
}

// userForm is what an administrator wrote about an account.
type userForm struct {
	Name, DisplayName, Department, Email string
	Role                                 triage.Role
	Disabled                             bool
	// Wrong is the field at fault.
	Wrong string
}

type usersView struct {
	Rows  []userRow
	Roles []triage.Role
	Form  userForm
}

func (c *Console) showUsers(v *visit) error {
	return c.renderUsers(v, http.StatusOK, userForm{Role: triage.RoleAgent})
}

func (c *Console) renderUsers(v *visit, status int, form userForm) error {
	users, err := c.d.Users.Users(v.r.Context())
	if err != nil {
		return err
	}
	view := usersView{Roles: triage.Roles, Form: form}
	for i := range users {
		view.Rows = append(view.Rows, c.userRow(&users[i]))
	}
	return c.render(v, status, "users", page{Title: "nav.users", Nav: "/users", View: view})
}

func (c *Console) userRow(u *triage.User) userRow {
	state := "open"
	switch {
	case u.Disabled:
		state = "disabled"
	case c.d.Now().Before(u.LockedUntil):
		state = "locked"
	case u.MustChange:
		state = "must_change"
	}
	return userRow{
		Name: u.Name, Shown: u.Shown(), Role: u.Role, Department: u.Department, Email: u.Email.String(), State: state,
		SignedIn: c.when(u.SignedInAt), Factor: u.Second.On, Elsewhere: u.Subject != "", Href: userPath(u.Name),
	}
}

func userPath(name string) string { return "/users/" + url.PathEscape(name) }

func readUserForm(form url.Values) userForm {
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	return userForm{
		Name: get("name"), DisplayName: get("display_name"), Department: get("department"), Email: get("email"),
		Role: triage.Role(get("role")), Disabled: form.Get("disabled") != "",
	}
}

// check fills in the field at fault and says whether there is none.
func (f *userForm) check() bool {
	long := func(s string) bool { return utf8.RuneCountInString(s) > maxName }
	switch {
	case !ValidUserName(f.Name):
		f.Wrong = "name"
	case long(f.DisplayName):
		f.Wrong = "display_name"
	case !slices.Contains(triage.Roles, f.Role):
		f.Wrong = "role"
	case long(f.Department):
		f.Wrong = "department"
	case long(f.Email) || f.Email != "" && !strings.Contains(f.Email, "@"):
		f.Wrong = "email"
	}
	return f.Wrong == ""
}

// reservedNames are actors that are no person.
var reservedNames = []string{"system", "schedule", "unknown", "oidc", "local", "cli", "customer"}

// ValidUserName keeps the names of people apart from those of other actors:
// "api:li" is a program of li, and "system" is nobody.
func ValidUserName(name string) bool {
	if name == "" || utf8.RuneCountInString(name) > maxName || slices.Contains(reservedNames, strings.ToLower(name)) {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return r == ':' || r == '/' || unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
}

// secretView shows a secret that is kept nowhere.
type secretView struct {
	Kind   string // a code of the group "secret"
	Name   string
	Secret string
	Back   string
}

// addUser makes an account with a password for its first sign-in.
func (c *Console) addUser(v *visit) error {
	form := readUserForm(v.r.PostForm)
	if !form.check() {
		return c.renderUsers(v, http.StatusUnprocessableEntity, form)
	}
	password := rand.Text()
	hash, err := HashPassword(password)
	if err != nil {
		return err
	}
	u := triage.User{
		Name: form.Name, PasswordHash: hash, Role: form.Role, DisplayName: form.DisplayName, Department: form.Department,
		Email: triage.Email(form.Email), MustChange: true, CreatedAt: c.d.Now(),
	}
	e := c.userEntry(v.user.Name, "user.add", u.Name, map[string]string{"role": string(u.Role), "department": u.Department})
	if err := c.d.Rights.Accounts.AddUser(v.r.Context(), u, e); err != nil {
		if triage.CodeOf(err) == triage.CodeConflict {
			form.Wrong = "taken"
			return c.renderUsers(v, http.StatusConflict, form)
		}
		return err
	}
	return c.showSecret(v, secretView{Kind: "password", Name: u.Name, Secret: password, Back: userPath(u.Name)})
}

func (c *Console) showSecret(v *visit, view secretView) error {
	return c.render(v, http.StatusOK, "secret", page{Title: "secret.title", View: view})
}

func (c *Console) userEntry(by, action, name string, facts map[string]string) triage.AuditEntry {
	detail := ""
	if len(facts) > 0 {
		detail = auditFacts(facts)
	}
	return triage.AuditEntry{At: c.d.Now(), Actor: by, Action: action, Object: "user:" + name, Detail: detail}
}

// userView is the page of one account.
type userView struct {
	Row   userRow
	Form  userForm
	Roles []triage.Role
	// Self is the administrator's own page: role and state are not theirs to change.
	Self     bool
	Local    bool
	Sessions int
	Audit    string
	Path     string
}

func (c *Console) showUser(v *visit) error {
	u, err := c.d.Users.User(v.r.Context(), v.r.PathValue("name"))
	if err != nil {
		return err
	}
	return c.renderUser(v, http.StatusOK, &u, userForm{
		Name: u.Name, DisplayName: u.DisplayName, Department: u.Department, Email: u.Email.Reveal(), Role: u.Role, Disabled: u.Disabled,
	})
}

func (c *Console) renderUser(v *visit, status int, u *triage.User, form userForm) error {
	sessions, err := c.d.Rights.Sessions.SessionsOf(v.r.Context(), u.Name)
	if err != nil {
		return err
	}
	view := userView{
		Row: c.userRow(u), Form: form, Roles: triage.Roles, Self: u.Name == v.user.Name, Local: u.PasswordHash != "",
		Sessions: len(sessions), Audit: address("/audit", "object", "user:"+u.Name), Path: userPath(u.Name),
	}
	return c.render(v, status, "user", page{Title: "nav.users", Nav: "/users", Name: u.Name, View: view})
}

// changeUser changes all but the name. One's own role and state are for another
// administrator, and there is always one left.
func (c *Console) changeUser(v *visit) error {
	ctx := v.r.Context()
	name := v.r.PathValue("name")
	form := readUserForm(v.r.PostForm)
	form.Name = name
	before, err := c.d.Users.User(ctx, name)
	if err != nil {
		return err
	}
	if name == v.user.Name {
		form.Role, form.Disabled = before.Role, before.Disabled
	}
	if !form.check() {
		return c.renderUser(v, http.StatusUnprocessableEntity, &before, form)
	}
	u, err := c.d.Users.EditUser(ctx, name, func(u *triage.User) ([]triage.AuditEntry, error) {
		facts := changes(u, &form)
		u.DisplayName, u.Department, u.Email = form.DisplayName, form.Department, triage.Email(form.Email)
		u.Role, u.Disabled = form.Role, form.Disabled
		if len(facts) == 0 {
			return nil, nil
		}
		return []triage.AuditEntry{c.userEntry(v.user.Name, "user.change", name, facts)}, nil
	})
	if triage.CodeOf(err) == triage.CodeConflict {
		form.Wrong = "last"
		return c.renderUser(v, http.StatusConflict, &before, form)
	}
	if err != nil {
		return err
	}
	if u.Disabled {
		if _, err := c.d.Rights.Sessions.EndSessions(ctx, name, ""); err != nil {
			return err
		}
	}
	return c.redirect(v, userPath(name), "user_changed")
}

// changes are the facts of an audit entry: what a form changes. Of names and
// addresses it only says that they changed.
func changes(u *triage.User, f *userForm) map[string]string {
	facts := map[string]string{}
	if u.Role != f.Role {
		facts["role"], facts["role_before"] = string(f.Role), string(u.Role)
	}
	if u.Department != f.Department {
		facts["department"], facts["department_before"] = f.Department, u.Department
	}
	if u.Disabled != f.Disabled {
		facts["disabled"] = map[bool]string{true: "yes", false: "no"}[f.Disabled]
	}
	if u.DisplayName != f.DisplayName {
		facts["display_name"] = "changed"
	}
	if u.Email.Reveal() != f.Email {
		facts["email"] = "changed"
	}
	return facts
}

// resetPassword gives somebody a password for the next sign-in, and ends those
// they have.
func (c *Console) resetPassword(v *visit) error {
	name := v.r.PathValue("name")
	password := rand.Text()
	hash, err := HashPassword(password)
	if err != nil {
		return err
	}
	err = c.reset(v, name, "user.password_reset", func(u *triage.User) error {
		if u.Subject != "" {
			return triage.Errorf(triage.CodeConflict, "%s signs in at an identity provider", name)
		}
		countSuccess(u, u.SignedInAt) // unlocks; it is no sign-in
		u.PasswordHash, u.MustChange = hash, true
		return nil
	})
	if err != nil {
		return err
	}
	return c.showSecret(v, secretView{Kind: "password", Name: name, Secret: password, Back: userPath(name)})
}

// resetFactor turns the one-time codes of somebody off who has lost the app.
func (c *Console) resetFactor(v *visit) error {
	name := v.r.PathValue("name")
	err := c.reset(v, name, "user.factor_reset", func(u *triage.User) error {
		u.Second = triage.SecondFactor{}
		return nil
	})
	if err != nil {
		return err
	}
	return c.redirect(v, userPath(name), "factor_off")
}

func (c *Console) endUserSessions(v *visit) error {
	name := v.r.PathValue("name")
	if err := c.reset(v, name, "session.end", func(*triage.User) error { return nil }); err != nil {
		return err
	}
	return c.redirect(v, userPath(name), "sessions_ended")
}

// reset changes an account and ends its sign-ins but the one at hand.
func (c *Console) reset(v *visit, name, action string, change func(*triage.User) error) error {
	ctx := v.r.Context()
	_, err := c.d.Users.EditUser(ctx, name, func(u *triage.User) ([]triage.AuditEntry, error) {
		return []triage.AuditEntry{c.userEntry(v.user.Name, action, name, nil)}, change(u)
	})
	if err != nil {
		return err
	}
	return c.endAll(ctx, v, name)
}

func (c *Console) endAll(ctx context.Context, v *visit, name string) error {
	_, err := c.d.Rights.Sessions.EndSessions(ctx, name, tokenHash(v.token))
	return err
}
