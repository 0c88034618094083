// Package oidc signs people in at an OpenID Connect provider: authorization
// code flow with PKCE, state and nonce. It is the only package that talks to
// identity providers.
package oidc

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// Config says where people sign in and what they may do then. Without an Issuer
// there is no provider.
type Config struct {
	// Issuer is the address of the provider, as its discovery document has it.
	Issuer string `yaml:"issuer"`
	// Name is on the button of the sign-in page; "" becomes SSO.
	Name string `yaml:"name"`
	// ClientID and ClientSecret are what the provider calls the service.
	ClientID     string `yaml:"client_id"`
	ClientSecret string `yaml:"client_secret"`
	// RedirectURL is the address of the console and "/oidc/callback".
	RedirectURL string `yaml:"redirect_url"`
	// Scopes are asked for beside openid; none become profile and email.
	Scopes []string `yaml:"scopes"`
	// RoleClaim names the claim with the groups of a person; "" becomes groups.
	RoleClaim string `yaml:"role_claim"`
	// Roles say which group has which role; the first that matches counts, and
	// who is in none does not come in.
	Roles []GroupRole `yaml:"roles"`
	// DepartmentClaim names the claim with the department, "" for none: then
	// everybody sees the cases of all departments.
	DepartmentClaim string `yaml:"department_claim"`
	// NameClaim names the claim that becomes the user name; "" becomes
	// preferred_username.
	NameClaim string `yaml:"name_claim"`
	// Domains are those of the verified e-mail addresses that may come in; none
	// let every address in.
	Domains []string `yaml:"domains"`
	// Only lets nobody but administrators sign in with a password.
	Only bool `yaml:"only"`
}

// GroupRole gives the members of a group a role.
type GroupRole struct {
	Group string      `yaml:"group"`
	Role  triage.Role `yaml:"role"`
}

// Validate returns an Error of CodeInvalid that names the first key that
// cannot be used.
func (c *Config) Validate() error {
	if c.Issuer == "" {
		if c.Only || c.ClientID != "" {
			return triage.FieldErrorf("oidc.issuer", "is empty; name the address of the identity provider")
		}
		return nil
	}
	if !safeAddress(c.Issuer) {
		return triage.FieldErrorf("oidc.issuer", "%q is not an https:// address", c.Issuer)
	}
	if c.ClientID == "" {
		return triage.FieldErrorf("oidc.client_id", "is empty; register the service at the provider")
	}
	if u, err := url.Parse(c.RedirectURL); err != nil || !safeAddress(c.RedirectURL) || !strings.HasSuffix(u.Path, "/oidc/callback") {
		return triage.FieldErrorf("oidc.redirect_url", "%q is not the address of the console and /oidc/callback", c.RedirectURL)
	}
	if len(c.Roles) == 0 {
		return triage.FieldErrorf("oidc.roles", "is empty; say which group has which role, or nobody can come in")
	}
	for _, r := range c.Roles {
		if r.Group == "" || !slices.Contains(triage.Roles, r.Role) {
			return triage.FieldErrorf("oidc.roles", "%q: %q is not a group and one of the roles %v", r.Group, r.Role, triage.Roles)
		}
	}
	return nil
}

// safeAddress wants TLS, but not on this machine.
func safeAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && local
}
