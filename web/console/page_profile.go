package console

import (
	"net/http"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

const (
	// factorIssuer is how an app calls the service.
	factorIssuer = "qianyi"
	// factorPixels is the size of the picture that an app reads.
	factorPixels = 220
)

// profileView is the page about oneself.
type profileView struct {
	User       triage.User
	Local      bool
	MustChange bool
	// WrongOld and WrongNew say that a field of the password form is at fault.
	WrongOld, WrongNew bool
	// Secret is that of one-time codes while it waits for the first code.
	Secret    string
	WrongCode bool
	Recovery  int
	Sessions  []sessionRow
}

type sessionRow struct {
	ID, Created, Seen string
	This              bool
}

// mustChangeFirst says whether the visitor has to choose a password before
// going on.
func (c *Console) mustChangeFirst(v *visit) bool {
	if c.d.Rights == nil || !v.user.MustChange {
		return false
	}
	switch v.r.Pattern {
	case "GET /profile", "POST /profile/password", "POST /logout":
		return false
	}
	return true
}

func (c *Console) showProfile(v *visit) error {
	return c.renderProfile(v, http.StatusOK, profileView{})
}

func (c *Console) renderProfile(v *visit, status int, view profileView) error {
	u := v.user
	view.User, view.Local, view.MustChange = u, u.PasswordHash != "", u.MustChange
	view.Recovery = len(u.Second.Recovery)
	if u.Second.Sealed != "" && !u.Second.On {
		secret, err := c.d.Rights.Sealer.Open(u.Second.Sealed, u.Name)
		if err != nil {
			return err
		}
		view.Secret = secret
	}
	sessions, err := c.d.Rights.Sessions.SessionsOf(v.r.Context(), u.Name)
	if err != nil {
		return err
	}
	now := c.d.Now()
	for _, s := range sessions {
		if now.Before(s.ExpiresAt) && now.Sub(s.SeenAt) < c.d.SessionIdle {
			view.Sessions = append(view.Sessions, sessionRow{
				ID: s.TokenHash, Created: c.when(s.CreatedAt), Seen: c.when(s.SeenAt), This: s.TokenHash == tokenHash(v.token),
			})
		}
	}
	return c.render(v, status, "profile", page{Title: "profile.title", View: view})
}

// changePassword asks for the old password and ends all other sign-ins.
func (c *Console) changePassword(v *visit) error {
	old, fresh := v.r.PostForm.Get("old"), v.r.PostForm.Get("new")
	if v.user.PasswordHash == "" {
		return triage.Errorf(triage.CodeForbidden, "this account signs in at its identity provider and has no password here")
	}
	ctx := v.r.Context()
	u, o, err := c.checkOld(v, old)
	if err != nil {
		return err
	}
	if !o {
		return c.renderProfile(v, http.StatusUnprocessableEntity, profileView{WrongOld: true})
	}
	if access.CheckPassword(fresh, u.Name) != nil || fresh != v.r.PostForm.Get("again") || fresh == old {
		return c.renderProfile(v, http.StatusUnprocessableEntity, profileView{WrongNew: true})
	}
	hash, err := HashPassword(fresh)
	if err != nil {
		return err
	}
	_, err = c.d.Users.EditUser(ctx, u.Name, func(u *triage.User) ([]triage.AuditEntry, error) {
		u.PasswordHash, u.MustChange = hash, false
		return c.signInEntry(u, "user.password"), nil
	})
	if err != nil {
		return err
	}
	if _, err := c.d.Rights.Sessions.EndSessions(ctx, u.Name, tokenHash(v.token)); err != nil {
		return err
	}
	return c.redirect(v, "/profile", "password_changed")
}

// checkOld checks the present password, with the count and the lock of a
// sign-in: an open browser is no place to guess it.
func (c *Console) checkOld(v *visit, password string) (u triage.User, ok bool, err error) {
	ctx := v.r.Context()
	leave, err := c.signIn.enter(ctx)
	if err != nil {
		return u, false, err
	}
	defer leave()
	right := passwordMatches(v.user.PasswordHash, password)
	u, err = c.d.Users.EditUser(ctx, v.user.Name, func(u *triage.User) ([]triage.AuditEntry, error) {
		now := c.d.Now()
		ok = right && !now.Before(u.LockedUntil) && u.PasswordHash == v.user.PasswordHash
		if ok {
			u.Failures = 0
			return nil, nil
		}
		countFailure(u, now)
		return c.signInEntry(u, "password_failed"), nil
	})
	return u, ok, err
}

// endSessions ends one sign-in of oneself, or all others.
func (c *Console) endSessions(v *visit) error {
	ctx := v.r.Context()
	id := v.r.PostForm.Get("session")
	if id == "" {
		if _, err := c.d.Rights.Sessions.EndSessions(ctx, v.user.Name, tokenHash(v.token)); err != nil {
			return err
		}
	} else {
		s, err := c.d.Sessions.Session(ctx, id)
		if err != nil {
			return err
		}
		if s.User != v.user.Name {
			return triage.Errorf(triage.CodeNotFound, "no such sign-in")
		}
		if err := c.d.Sessions.DeleteSession(ctx, id); err != nil {
			return err
		}
	}
	if err := c.audit(ctx, v.user.Name, "session.end", "user:"+v.user.Name, ""); err != nil {
		return err
	}
	return c.redirect(v, "/profile", "sessions_ended")
}
