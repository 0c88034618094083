package oidc

import (
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

// identity reads the claims of a token that holds. CodeForbidden is somebody
// without a role here, or of another domain.
func (p *Provider) identity(issuer, subject string, claims map[string]any) (who console.Identity, err error) {
	text := func(name string) string {
		s, _ := claims[name].(string)
		return strings.TrimSpace(s)
	}
	role, ok := p.role(claims[p.config.RoleClaim])
	if !ok {
		return who, triage.Errorf(triage.CodeForbidden, "none of the groups in the claim %s has a role here", p.config.RoleClaim)
	}
	verified, _ := claims["email_verified"].(bool)
	if !p.domainAllowed(text("email"), verified) {
		return who, triage.Errorf(triage.CodeForbidden, "the e-mail address is not verified, or of a domain that is not allowed")
	}
	who = console.Identity{
		Issuer: issuer, Subject: subject, Name: text(p.config.NameClaim), DisplayName: text("name"),
		Email: triage.Email(text("email")), Role: role,
	}
	if who.Name == "" || !console.ValidUserName(who.Name) {
		return who, triage.Errorf(triage.CodeForbidden, "the claim %s is missing, or no user name", p.config.NameClaim)
	}
	if p.config.DepartmentClaim == "" {
		return who, nil
	}
	// An empty department sees everything, so that a missing claim must not
	// become one.
	if who.Department = text(p.config.DepartmentClaim); who.Department == "" {
		return who, triage.Errorf(triage.CodeForbidden, "the claim %s is missing", p.config.DepartmentClaim)
	}
	return who, nil
}

// role returns the role of the first group in the configuration that a person
// is in. The claim is a list or one text.
func (p *Provider) role(claim any) (triage.Role, bool) {
	var groups []string
	switch claim := claim.(type) {
	case string:
		groups = []string{claim}
	case []any:
		for _, g := range claim {
			if s, ok := g.(string); ok {
				groups = append(groups, s)
			}
		}
	}
	for _, r := range p.config.Roles {
		if slices.Contains(groups, r.Group) {
			return r.Role, true
		}
	}
	return "", false
}

func (p *Provider) domainAllowed(email string, verified bool) bool {
	if len(p.config.Domains) == 0 {
		return true
	}
	at := strings.LastIndexByte(email, '@')
	return verified && at > 0 && slices.ContainsFunc(p.config.Domains, func(d string) bool { return strings.EqualFold(d, email[at+1:]) })
}
