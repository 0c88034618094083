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
	return c.render(v, status, "login", page{Title: "login.title", View: view})
}

func (c *Console) doSignIn(v *visit) error {
	name := strings.TrimSpace(v.r.PostForm.Get("name"))
	next := localPath(v.r.PostForm.Get("next"))
	u, ok, err := c.checkPassword(v.r.Context(), name, v.r.PostForm.Get("password"))
	if err != nil {
		return err
	}
	if !ok {
		return c.renderSignIn(v, http.StatusUnauthorized, signInView{Name: name, Next: next, Failed: true})
	}
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

// checkPassword counts failures, locks and unlocks, and writes the trail.
func (c *Console) checkPassword(ctx context.Context, name, password string) (u triage.User, ok bool, err error) {
	select {
	case c.signIn.turn <- struct{}{}:
		defer func() { <-c.signIn.turn }()
	case <-ctx.Done():
		return u, false, ctx.Err()
	}
	u, err = c.d.Users.User(ctx, name)
	if triage.CodeOf(err) == triage.CodeNotFound {
		decoy, err := c.signIn.decoy()
		if err != nil {
			return u, false, err
		}
		passwordMatches(decoy, password)
		// The name is not kept: people type passwords into the wrong field.
		return u, false, c.audit(ctx, "unknown", "login_failed", "user:unknown", "")
	}
	if err != nil {
		return u, false, err
	}
	now := c.d.Now()
	right := passwordMatches(u.PasswordHash, password)
	switch {
	case now.Before(u.LockedUntil):
		return u, false, c.audit(ctx, u.Name, "login_locked", "user:"+u.Name, "")
	case right:
		if err := c.resetFailures(ctx, &u); err != nil {
			return u, false, err
		}
		return u, true, c.audit(ctx, u.Name, "login", "user:"+u.Name, "")
	}
	u.Failures++
	u.LockedUntil = time.Time{}
	if u.Failures >= maxFailures {
		u.Failures, u.LockedUntil = 0, now.Add(lockOut)
	}
	if err := c.d.Users.PutUser(ctx, u); err != nil {
		return u, false, err
	}
	return u, false, c.audit(ctx, u.Name, "login_failed", "user:"+u.Name, "")
}

func (c *Console) resetFailures(ctx context.Context, u *triage.User) error {
	if u.Failures == 0 && u.LockedUntil.IsZero() {
		return nil
	}
	u.Failures, u.LockedUntil = 0, time.Time{}
	return c.d.Users.PutUser(ctx, *u)
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
