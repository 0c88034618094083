package console

import (
	"net/http"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// startFactor makes a new secret for one-time codes. It protects nothing until
// confirmFactor has seen a code.
func (c *Console) startFactor(v *visit) error {
	secret, err := access.NewSecret(factorIssuer, v.user.Name)
	if err != nil {
		return err
	}
	_, err = c.d.Users.EditUser(v.r.Context(), v.user.Name, func(u *triage.User) ([]triage.AuditEntry, error) {
		if u.Second.On {
			return nil, triage.Errorf(triage.CodeConflict, "one-time codes are on already; remove them first")
		}
		u.Second = triage.SecondFactor{Sealed: c.d.Rights.Sealer.Seal(secret, u.Name)}
		return nil, nil
	})
	if err != nil {
		return err
	}
	return c.redirect(v, "/profile#factor", "")
}

// drawFactor draws the secret while it waits for its first code, never after.
func (c *Console) drawFactor(v *visit) error {
	s := v.user.Second
	if s.Sealed == "" || s.On {
		return c.notFound(v)
	}
	secret, err := c.d.Rights.Sealer.Open(s.Sealed, v.user.Name)
	if err != nil {
		return err
	}
	picture, err := access.SecretPicture(factorIssuer, v.user.Name, secret, factorPixels)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/png")
	_, _ = v.w.Write(picture) // the reader may have gone
	return nil
}

// confirmFactor turns one-time codes on and shows the recovery codes, once.
func (c *Console) confirmFactor(v *visit) error {
	codes, hashes := access.NewRecovery()
	right := false
	u, err := c.d.Users.EditUser(v.r.Context(), v.user.Name, func(u *triage.User) ([]triage.AuditEntry, error) {
		right = false
		if u.Second.On || u.Second.Sealed == "" {
			return nil, triage.Errorf(triage.CodeConflict, "there is no secret that waits for its first code; start again")
		}
		action := ""
		if right = c.takeSecond(u, v.r.PostForm.Get("code"), &action); !right {
			return nil, nil
		}
		u.Second.On, u.Second.Recovery = true, hashes
		return c.signInEntry(u, "user.factor_on"), nil
	})
	if err != nil {
		return err
	}
	v.user = u
	if !right {
		return c.renderProfile(v, http.StatusUnprocessableEntity, profileView{WrongCode: true})
	}
	return c.render(v, http.StatusOK, "recovery", page{Title: "recovery.title", View: codes})
}

// removeFactor turns one-time codes off; that takes one.
func (c *Console) removeFactor(v *visit) error {
	u, right, err := c.checkCode(v.r.Context(), v.user.Name, v.r.PostForm.Get("code"))
	if err != nil {
		return err
	}
	if !right {
		return c.renderProfile(v, http.StatusUnprocessableEntity, profileView{WrongCode: true})
	}
	_, err = c.d.Users.EditUser(v.r.Context(), u.Name, func(u *triage.User) ([]triage.AuditEntry, error) {
		u.Second = triage.SecondFactor{}
		return c.signInEntry(u, "user.factor_off"), nil
	})
	if err != nil {
		return err
	}
	return c.redirect(v, "/profile", "factor_off")
}
