package console

import (
	"errors"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// RightsDeps is what the pages of people, keys and audit need; Provider may be
// nil.
type RightsDeps struct {
	Accounts triage.AccountStore
	Sessions triage.SessionKeeper
	Keys     triage.KeyStore
	Trail    triage.AuditReader
	// Sealer encrypts the secrets of one-time codes and what a sign-in keeps in
	// the browser; several processes need one key.
	Sealer *access.Sealer
	// Provider signs people in elsewhere. With ProviderOnly a password lets only
	// administrators in, for the day the provider is down.
	Provider     IdentityProvider
	ProviderOnly bool
}

// check names what is missing; no pages at all are no mistake.
func (d *RightsDeps) check() error {
	switch {
	case d == nil:
	case d.Accounts == nil || d.Sessions == nil || d.Keys == nil || d.Trail == nil || d.Sealer == nil:
		return errors.New("console: Rights needs Accounts, Sessions, Keys, Trail and Sealer")
	case d.ProviderOnly && d.Provider == nil:
		return errors.New("console: Rights.ProviderOnly needs a Provider")
	}
	return nil
}

// rightsRoutes are the pages about oneself, about the others, and about who did
// what.
func (c *Console) rightsRoutes() []route {
	if c.d.Rights == nil {
		return nil
	}
	all := []route{
		{"POST /login/code", access.Public, c.takeCode},

		{"GET /profile", access.SignedIn, c.showProfile},
		{"POST /profile/password", access.SignedIn, c.changePassword},
		{"POST /profile/factor", access.SignedIn, c.startFactor},
		{"GET /profile/factor.png", access.SignedIn, c.drawFactor},
		{"POST /profile/factor/confirm", access.SignedIn, c.confirmFactor},
		{"POST /profile/factor/remove", access.SignedIn, c.removeFactor},
		{"POST /profile/sessions", access.SignedIn, c.endSessions},

		{"GET /users", access.UserManage, c.showUsers},
		{"POST /users", access.UserManage, c.addUser},
		{"GET /users/{name}", access.UserManage, c.showUser},
		{"POST /users/{name}", access.UserManage, c.changeUser},
		{"POST /users/{name}/password", access.UserManage, c.resetPassword},
		{"POST /users/{name}/factor", access.UserManage, c.resetFactor},
		{"POST /users/{name}/sessions", access.UserManage, c.endUserSessions},

		{"GET /apikeys", access.UserManage, c.showAPIKeys},
		{"POST /apikeys", access.UserManage, c.addAPIKey},
		{"POST /apikeys/{id}/revoke", access.UserManage, c.revokeAPIKey},

		{"GET /audit", access.AuditRead, c.showAudit},
		{"GET /audit.csv", access.AuditRead, c.exportAudit},
		{"POST /audit/verify", access.AuditRead, c.verifyAudit},
	}
	if c.d.Rights.Provider != nil {
		all = append(all, route{"GET /oidc/start", access.Public, c.startProvider}, route{"GET /oidc/callback", access.Public, c.finishProvider})
	}
	return all
}

// rightsPages are the templates of these pages.
var rightsPages = []string{"code", "profile", "recovery", "users", "user", "secret", "apikeys", "audit"}

// provider returns the identity provider, nil for none.
func (c *Console) provider() IdentityProvider {
	if c.d.Rights == nil {
		return nil
	}
	return c.d.Rights.Provider
}

// localFor says whether a user may sign in with a password.
func (c *Console) localFor(u *triage.User) bool {
	return c.d.Rights == nil || !c.d.Rights.ProviderOnly || u.Role == triage.RoleAdmin
}
