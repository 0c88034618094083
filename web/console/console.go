// Package console is the part of the service that people look at: server-rendered
// pages, embedded with their assets, that work without scripts and without a
// network, under a strict content security policy.
package console

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// Deps is what a Console is made of. Search, Jobs and Card may be nil: then the
// console searches nothing, has no page of jobs, and no figures of a model.
type Deps struct {
	Cases    Cases
	Desk     Desk
	Users    triage.UserStore
	Sessions triage.SessionStore
	Audit    triage.AuditStore
	Search   Searcher
	Jobs     JobRunner
	// Card returns the card of the model in use; ok is false without a model.
	Card func() (card nlp.Card, ok bool)
	Now  func() time.Time
	Log  *slog.Logger
	// Zone is the time zone people read and write times in.
	Zone *time.Location
	// DemoHint is shown on the sign-in page, "demo / demo" say; "" for none.
	DemoHint string
	// SecureCookies marks cookies as Secure even when the request came without
	// TLS, for a service behind a proxy that ends TLS.
	SecureCookies bool
}

// Console serves the pages. It is safe for concurrent use.
type Console struct {
	d       Deps
	pages   pageSet
	assets  *assets
	finder  *nlp.EntityFinder
	signIn  signInGate
	reveal  revealKey
	handler http.Handler
}

// New parses every template and asset; a missing or broken one is an error, as
// is a missing dependency.
func New(d Deps) (*Console, error) {
	if d.Cases == nil || d.Desk == nil || d.Users == nil || d.Sessions == nil || d.Audit == nil ||
		d.Now == nil || d.Log == nil || d.Zone == nil {
		return nil, errors.New("console: only Search, Jobs and Card may be nil")
	}
	files, err := loadAssets()
	if err != nil {
		return nil, err
	}
	pages, err := parsePages(files)
	if err != nil {
		return nil, err
	}
	c := &Console{
		d: d, pages: pages, assets: files,
		finder: nlp.NewEntityFinder(nlp.EntityLexicon{}),
		signIn: newSignInGate(),
		reveal: newRevealKey(),
	}
	c.handler = c.secured(c.routes())
	return c, nil
}

// Handler returns the console as a handler for the root of a site. It answers
// every path: unknown ones with the page for that.
func (c *Console) Handler() http.Handler { return c.handler }

// routes is the table of who may do what: the role is the least one needed, ""
// means anybody.
func (c *Console) routes() http.Handler {
	mux := http.NewServeMux()
	for _, r := range []struct {
		pattern string
		role    triage.Role
		do      action
	}{
		{"GET /static/{version}/{name}", "", c.assets.serve},
		{"GET /login", "", c.showSignIn},
		{"POST /login", "", c.doSignIn},
		{"POST /logout", triage.RoleAgent, c.doSignOut},
		{"GET /{$}", triage.RoleAgent, c.showQueue},
		{"GET /export.csv", triage.RoleAgent, c.exportQueue},
		{"GET /cases/{id}", triage.RoleAgent, c.showCase},
		{"POST /cases/{id}/confirm", triage.RoleAgent, c.confirmType},
		{"POST /cases/{id}/close", triage.RoleAgent, c.closeCase},
		{"POST /cases/{id}/unmask", triage.RoleAgent, c.unmaskCase},
		{"GET /new", triage.RoleAgent, c.showIntake},
		{"POST /new", triage.RoleAgent, c.takeIn},
		{"GET /model", triage.RoleAgent, c.showModel},
		{"GET /keys", triage.RoleAgent, c.showKeys},
		{"GET /jobs", triage.RoleAdmin, c.showJobs},
		{"POST /jobs/{name}/run", triage.RoleAdmin, c.runJob},
		{"/", triage.RoleAgent, c.notFound},
	} {
		mux.Handle(r.pattern, c.handle(r.role, r.do))
	}
	return mux
}
