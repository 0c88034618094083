package console

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	cookieSession = "qianyi_session"

	// The defaults of Deps.SessionIdle and SessionLife.
	sessionIdle = time.Hour
	sessionLife = 12 * time.Hour
	// touchEvery keeps busy people from causing a write with every page.
	touchEvery = time.Minute
)

// openSession signs a user in on this browser.
func (c *Console) openSession(v *visit, u triage.User) error {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // never fails
	token := hex.EncodeToString(raw[:])
	now := c.d.Now()
	err := c.d.Sessions.PutSession(v.r.Context(), triage.Session{
		TokenHash: tokenHash(token), User: u.Name, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(c.d.SessionLife),
	})
	if err != nil {
		return err
	}
	c.setCookie(v, cookieSession, token, c.d.SessionLife)
	v.user, v.token = u, token
	return nil
}

// closeSession signs this browser out; without a session it does nothing.
func (c *Console) closeSession(v *visit) error {
	token := cookieValue(v.r, cookieSession)
	if token == "" {
		return nil
	}
	c.setCookie(v, cookieSession, "", 0)
	return c.d.Sessions.DeleteSession(v.r.Context(), tokenHash(token))
}

// identify fills in the user of a live session. An unknown or expired one
// leaves the visit anonymous.
func (c *Console) identify(v *visit) error {
	token := cookieValue(v.r, cookieSession)
	if token == "" {
		return nil
	}
	ctx := v.r.Context()
	hash := tokenHash(token)
	s, err := c.d.Sessions.Session(ctx, hash)
	if err != nil {
		return ignoreNotFound(err)
	}
	now := c.d.Now()
	if !now.Before(s.ExpiresAt) || now.Sub(s.SeenAt) >= c.d.SessionIdle {
		return c.d.Sessions.DeleteSession(ctx, hash)
	}
	u, err := c.d.Users.User(ctx, s.User)
	if err != nil {
		return ignoreNotFound(err)
	}
	if u.Disabled {
		return c.d.Sessions.DeleteSession(ctx, hash)
	}
	if now.Sub(s.SeenAt) >= touchEvery && !isStream(v.r) {
		if err := c.d.Sessions.TouchSession(ctx, hash, now); ignoreNotFound(err) != nil {
			return err
		}
	}
	v.user, v.token = u, token
	return nil
}

func ignoreNotFound(err error) error {
	if triage.CodeOf(err) == triage.CodeNotFound {
		return nil
	}
	return err
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
