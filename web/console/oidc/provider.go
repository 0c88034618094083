package oidc

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	openid "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

// callTime bounds one call of the provider.
const callTime = 10 * time.Second

// Provider is one identity provider. It is safe for concurrent use.
type Provider struct {
	config Config
	client *http.Client
	now    func() time.Time

	mu    sync.Mutex
	found *endpoints // nil until the first discovery that succeeds
}

// endpoints are what discovery says.
type endpoints struct {
	oauth    oauth2.Config
	verifier *openid.IDTokenVerifier
}

var _ console.IdentityProvider = (*Provider)(nil)

// New returns the provider of a configuration, without asking it anything: a
// provider that is down keeps nobody from starting the service.
func New(c Config, now func() time.Time) (*Provider, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.Issuer == "" {
		return nil, triage.FieldErrorf("oidc.issuer", "is empty")
	}
	c.Name = cmp.Or(c.Name, "SSO")
	c.RoleClaim = cmp.Or(c.RoleClaim, "groups")
	c.NameClaim = cmp.Or(c.NameClaim, "preferred_username")
	if len(c.Scopes) == 0 {
		c.Scopes = []string{"profile", "email"}
	}
	return &Provider{config: c, client: &http.Client{Timeout: callTime}, now: now}, nil
}

// Name is what the sign-in page calls the provider.
func (p *Provider) Name() string { return p.config.Name }

// discover asks for the endpoints, once.
func (p *Provider) discover(ctx context.Context) (*endpoints, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// The keys are fetched later, with this client but not this request's end.
	lasting := openid.ClientContext(context.WithoutCancel(ctx), p.client)
	known, err := openid.NewProvider(lasting, p.config.Issuer)
	if err != nil {
		return nil, &triage.Error{Code: triage.CodeUnavailable, Message: "the identity provider does not answer", Err: err}
	}
	p.found = &endpoints{
		oauth: oauth2.Config{
			ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: known.Endpoint(),
			RedirectURL: p.config.RedirectURL, Scopes: append([]string{openid.ScopeOpenID}, p.config.Scopes...),
		},
		verifier: known.VerifierContext(lasting, &openid.Config{ClientID: p.config.ClientID, Now: p.now}),
	}
	return p.found, nil
}

// Begin implements [console.IdentityProvider].
func (p *Provider) Begin(ctx context.Context) (address, state, kept string, err error) {
	e, err := p.discover(ctx)
	if err != nil {
		return "", "", "", err
	}
	state = rand.Text()
	nonce, proof := rand.Text(), oauth2.GenerateVerifier()
	address = e.oauth.AuthCodeURL(state, openid.Nonce(nonce), oauth2.S256ChallengeOption(proof))
	return address, state, nonce + " " + proof, nil
}

// Finish implements [console.IdentityProvider].
func (p *Provider) Finish(ctx context.Context, state, kept string, answer url.Values) (console.Identity, error) {
	var none console.Identity
	nonce, proof, _ := strings.Cut(kept, " ")
	if state == "" || nonce == "" || subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(state)) != 1 {
		return none, invalid("the state is not that of the request", nil)
	}
	if reason := answer.Get("error"); reason != "" {
		return none, invalid("the provider refused", errors.New(reason))
	}
	e, err := p.discover(ctx)
	if err != nil {
		return none, err
	}
	tokens, err := e.oauth.Exchange(openid.ClientContext(ctx, p.client), answer.Get("code"), oauth2.VerifierOption(proof))
	if err != nil {
		if _, answered := errors.AsType[*oauth2.RetrieveError](err); answered {
			return none, invalid("the code was refused", err)
		}
		return none, &triage.Error{Code: triage.CodeUnavailable, Message: "the identity provider does not answer", Err: err}
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := e.verifier.Verify(openid.ClientContext(ctx, p.client), raw)
	if err != nil {
		return none, invalid("the token does not hold", err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1 {
		return none, invalid("the nonce is not that of the request", nil)
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return none, invalid("the claims cannot be read", err)
	}
	return p.identity(token.Issuer, token.Subject, claims)
}

func invalid(what string, cause error) error {
	return &triage.Error{Code: triage.CodeUnauthed, Message: "the sign-in at the identity provider does not hold: " + what, Err: cause}
}
