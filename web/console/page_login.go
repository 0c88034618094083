package console

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Failures in a row until an account is locked, and for how long.
const (
	maxFailures = 5
	lockOut     = 10 * time.Minute
)

// signInGate lets one password be checked at a time: hashing takes memory, and
// parallel guesses must all be counted.
type signInGate struct {
	turn chan struct{}
	// decoy is the hash that stands in for that of an unknown user, so that
	// knowing no name costs the same work.
	decoy func() (string, error)
}

func newSignInGate() signInGate {
	return signInGate{
		turn:  make(chan struct{}, 1),
		decoy: sync.OnceValues(func() (string, error) { return HashPassword("nobody") }),
	}
}

// signInView is the sign-in page. It says the same whether name or password
// was wrong or the account is locked.
type signInView struct {
	Name   string
	Next   string
	Hint   string
	Failed bool
	// Provider is the name of the identity provider, "" for none; Refused is the
	// key of why it did not let somebody in.
	Provider string
	Refused  string
}

func (c *Console) showSignIn(v *visit) error {
	next := localPath(v.r.URL.Query().Get("next"))
	if v.user.Name != "" {
		return c.redirect(v, next, "")
	}
	return c.renderSignIn(v, http.StatusOK, signInView{Next: next})
}

func (c *Console) renderSignIn(v *visit, status int, view signInView) error {
	view.Hint = c.d.DemoHint
	if p := c.provider(); p != nil {
		view.Provider = p.Name()
	}
	return c.render(v, status, "login", page{Title: "login.title", View: view})
}

func (c *Console) doSignIn(v *visit) error {
	name := strings.TrimSpace(v.r.PostForm.Get("name"))
	next := localPath(v.r.PostForm.Get("next"))
	u, o, err := c.checkPassword(v.r.Context(), name, v.r.PostForm.Get("password"))
	if err != nil {
		return err
	}
	switch o {
	case admitted:
		return c.enter(v, u, next)
	case wantsCode:
		return c.askForCode(v, u.Name, next)
	}
	return c.renderSignIn(v, http.StatusUnauthorized, signInView{Name: name, Next: next, Failed: true})
}

// enter signs a person in whose identity is known, and goes on to the page next.
func (c *Console) enter(v *visit, u triage.User, next string) error {
	if err := c.closeSession(v); err != nil { // a token from before the sign-in is not kept
		return err
	}
	if err := c.openSession(v, u); err != nil {
		return err
	}
	return c.redirect(v, next, "")
}

func (c *Console) doSignOut(v *visit) error {
	if err := c.closeSession(v); err != nil {
		return err
	}
	if err := c.audit(v.r.Context(), v.user.Name, "logout", "user:"+v.user.Name, ""); err != nil {
		return err
	}
	return c.redirect(v, "/login", "")
}

// outcome is what a sign-in has come to.
type outcome int

const (
	refused outcome = iota
	admitted
	wantsCode // the password is right, the one-time code is still to come
)

// checkPassword counts failures, locks and unlocks, and writes the trail.
func (c *Console) checkPassword(ctx context.Context, name, password string) (u triage.User, o outcome, err error) {
	leave, err := c.signIn.enter(ctx)
	if err != nil {
		return u, refused, err
	}
	defer leave()
	u, err = c.d.Users.User(ctx, name)
	if triage.CodeOf(err) == triage.CodeNotFound || err == nil && u.PasswordHash == "" {
		// Who has no account here, or no password, costs the same work.
		decoy, err := c.signIn.decoy()
		if err != nil {
			return u, refused, err
		}
		passwordMatches(decoy, password)
	}
	if triage.CodeOf(err) == triage.CodeNotFound {
		// The name is not kept: people type passwords into the wrong field.
		return u, refused, c.audit(ctx, "unknown", "login_failed", "user:unknown", "")
	}
	if err != nil {
		return u, refused, err
	}
	checked := u.PasswordHash
	right := passwordMatches(checked, password)
	u, err = c.d.Users.EditUser(ctx, u.Name, func(u *triage.User) ([]triage.AuditEntry, error) {
		now := c.d.Now()
		o = refused
		switch {
		case now.Before(u.LockedUntil):
			return c.signInEntry(u, "login_locked"), nil
		case u.Disabled || !right || u.PasswordHash != checked || !c.localFor(u):
			countFailure(u, now)
			return c.signInEntry(u, "login_failed"), nil
		case u.Second.On:
			o = wantsCode
			return nil, nil
		}
		o = admitted
		countSuccess(u, now)
		return c.signInEntry(u, "login"), nil
	})
	if err != nil {
		return u, refused, err
	}
	return u, o, nil
}

// enter waits for the turn; leave ends it.
func (g *signInGate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.turn <- struct{}{}:
		return func() { <-g.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *Console) signInEntry(u *triage.User, action string) []triage.AuditEntry {
	return []triage.AuditEntry{{At: c.d.Now(), Actor: u.Name, Action: action, Object: "user:" + u.Name}}
}

func countFailure(u *triage.User, now time.Time) {
	u.Failures++
	u.LockedUntil = time.Time{}
	if u.Failures >= maxFailures {
		u.Failures, u.LockedUntil = 0, now.Add(lockOut)
	}
}

func countSuccess(u *triage.User, now time.Time) {
	u.Failures, u.LockedUntil, u.SignedInAt = 0, time.Time{}, now
}

func (c *Console) audit(ctx context.Context, actor, what, object, detail string) error {
	return c.d.Audit.Append(ctx, triage.AuditEntry{At: c.d.Now(), Actor: actor, Action: what, Object: object, Detail: detail})
}

// localPath returns a path of this site, "/" for anything that leads elsewhere.
func localPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}
