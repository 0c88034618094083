package console

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Identity is who somebody is, in the word of an identity provider.
type Identity struct {
	Issuer, Subject string
	// Name is the user name that a new account gets.
	Name        string
	DisplayName string
	Email       triage.Email
	// Role and Department follow from the claims; without a role nobody comes in.
	Role       triage.Role
	Department string
}

// IdentityProvider signs people in outside of the service.
type IdentityProvider interface {
	// Name is what the button on the sign-in page says.
	Name() string
	// Begin returns the address that the browser goes to and what Finish needs
	// to know then; kept is secret, state is in the address.
	Begin(ctx context.Context) (address, state, kept string, err error)
	// Finish checks the answer. An error of CodeForbidden is somebody who is
	// known there and may not come in here, CodeUnauthed an answer that does not
	// hold, CodeUnavailable a provider that does not answer.
	Finish(ctx context.Context, state, kept string, answer url.Values) (Identity, error)
}

const (
	cookieProvider = "qianyi_oidc"
	// providerTime is how long a sign-in elsewhere may take.
	providerTime = 10 * time.Minute
	// providerOwner keeps what a sign-in keeps in the browser apart from all else
	// that is sealed.
	providerOwner = "sign-in at a provider"
)

// journey is what the browser keeps, sealed, while it is at the provider.
type journey struct {
	State, Kept, Next string
	End               int64 // unix seconds
}

func (c *Console) startProvider(v *visit) error {
	address, state, kept, err := c.d.Rights.Provider.Begin(v.r.Context())
	if err != nil {
		return c.refuseIdentity(v, err)
	}
	j := journey{State: state, Kept: kept, Next: localPath(v.r.URL.Query().Get("next")), End: c.d.Now().Add(providerTime).Unix()}
	b, err := json.Marshal(j)
	if err != nil {
		return err
	}
	c.setCookie(v, cookieProvider, c.d.Rights.Sealer.Seal(string(b), providerOwner), providerTime)
	http.Redirect(v.w, v.r, address, http.StatusSeeOther)
	return nil
}

func (c *Console) finishProvider(v *visit) error {
	j, ok := c.journeyOf(v)
	c.setCookie(v, cookieProvider, "", 0)
	answer := v.r.URL.Query()
	if !ok || answer.Get("state") != j.State || !c.states.use(j.State, time.Unix(j.End, 0), c.d.Now()) {
		return c.refuseIdentity(v, triage.Errorf(triage.CodeUnauthed, "the answer does not belong to a sign-in of this browser; start again"))
	}
	ctx := v.r.Context()
	who, err := c.d.Rights.Provider.Finish(ctx, j.State, j.Kept, answer)
	if err != nil {
		return c.refuseIdentity(v, err)
	}
	u, err := c.account(ctx, who)
	if err != nil {
		return c.refuseIdentity(v, err)
	}
	return c.enter(v, u, j.Next)
}

// journeyOf reads the cookie of a sign-in that is under way.
func (c *Console) journeyOf(v *visit) (j journey, ok bool) {
	plain, err := c.d.Rights.Sealer.Open(cookieValue(v.r, cookieProvider), providerOwner)
	if err != nil || json.Unmarshal([]byte(plain), &j) != nil {
		return j, false
	}
	return j, j.State != "" && c.d.Now().Before(time.Unix(j.End, 0))
}

// refuseIdentity shows the sign-in page with what to do; the cause is for the
// log, and the trail has that somebody was refused.
func (c *Console) refuseIdentity(v *visit, err error) error {
	code := triage.CodeOf(err)
	key, status := "", httpStatus[code]
	switch code {
	case triage.CodeForbidden, triage.CodeConflict:
		key, status = "oidc.refused", http.StatusForbidden
	case triage.CodeUnauthed:
		key = "oidc.invalid"
	case triage.CodeUnavailable:
		key = "oidc.down"
	default:
		return err
	}
	ctx := v.r.Context()
	c.d.Log.WarnContext(ctx, "sign-in at the identity provider refused", "code", string(code), "err", err)
	if err := c.audit(ctx, "unknown", "login_failed", "user:unknown", `{"by":"oidc"}`); err != nil {
		return err
	}
	return c.renderSignIn(v, status, signInView{Next: "/", Refused: key})
}

// account returns the account of an identity as the provider describes it now,
// and makes one for somebody new. An account is known by issuer and subject
// alone: a name or an address proves nothing.
func (c *Console) account(ctx context.Context, who Identity) (triage.User, error) {
	known, err := c.d.Rights.Accounts.UserBySubject(ctx, who.Issuer, who.Subject)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return c.welcome(ctx, who)
	}
	if err != nil {
		return known, err
	}
	return c.d.Users.EditUser(ctx, known.Name, func(u *triage.User) ([]triage.AuditEntry, error) {
		if u.Disabled {
			return nil, triage.Errorf(triage.CodeForbidden, "the account is disabled")
		}
		var entries []triage.AuditEntry
		if u.Role != who.Role || u.Department != who.Department {
			entries = append(entries, c.userEntry("oidc", "user.change", who.Name, map[string]string{"role": string(who.Role), "department": who.Department}))
		}
		u.Role, u.Department, u.DisplayName, u.Email = who.Role, who.Department, who.DisplayName, who.Email
		countSuccess(u, c.d.Now())
		return append(entries, c.signInEntry(u, "login")...), nil
	})
}

func (c *Console) welcome(ctx context.Context, who Identity) (triage.User, error) {
	u := triage.User{
		Name: who.Name, Role: who.Role, DisplayName: who.DisplayName, Email: who.Email, Department: who.Department,
		Issuer: who.Issuer, Subject: who.Subject, CreatedAt: c.d.Now(),
	}
	countSuccess(&u, c.d.Now())
	e := c.userEntry("oidc", "user.add", u.Name, map[string]string{"role": string(u.Role), "department": u.Department})
	if err := c.d.Rights.Accounts.AddUser(ctx, u, e); err != nil {
		return u, err
	}
	return u, c.audit(ctx, u.Name, "login", "user:"+u.Name, "")
}

// usedStates remembers the sign-ins that have come back, so that an answer
// counts once. The zero value is ready.
type usedStates struct {
	mu  sync.Mutex
	end map[string]time.Time
}

// use is false for a state that has been used.
func (s *usedStates) use(state string, end, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, t := range s.end {
		if !now.Before(t) {
			delete(s.end, k)
		}
	}
	if _, used := s.end[state]; used {
		return false
	}
	if s.end == nil {
		s.end = map[string]time.Time{}
	}
	s.end[state] = end
	return true
}
