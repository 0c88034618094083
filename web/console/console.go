// Package console is the part of the service that people look at: server-rendered
// pages, embedded with their assets, that work without scripts and without a
// network, under a strict content security policy.
package console

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// Deps is what a Console is made of. Search, Jobs, Card, Alarms and Outreach may
// be nil: then the console searches nothing, has no page of jobs, no figures of
// a model, and no pages of early warning and outreach.
type Deps struct {
	Cases    Cases
	Desk     Desk
	Users    triage.UserStore
	Sessions triage.SessionStore
	Audit    triage.AuditStore
	Search   Searcher
	Jobs     JobRunner
	Alarms   *AlarmDeps
	Outreach *OutreachDeps // needs Alarms
	Life     *LifeDeps
	People   *PeopleDeps
	Library  *LibraryDeps
	Learning *LearningDeps
	Rights   *RightsDeps
	// The parts that say what the stream says; each may be nil.
	Figures   *FiguresDeps
	Quality   *QualityDeps
	Marketing *MarketingDeps
	Counter   *CounterDeps
	Launch    *LaunchDeps
	Staff     *StaffDeps
	Reports   *ReportsDeps
	// Card returns the card of the model in use; ok is false without a model.
	Card func() (card nlp.Card, ok bool)
	Now  func() time.Time
	Log  *slog.Logger
	// Zone is the time zone people read and write times in.
	Zone *time.Location
	// DemoHint is shown on the sign-in page, "demo / demo" say; "" for none.
	DemoHint string
	// SessionIdle ends a sign-in without use, SessionLife every one; 0 means an
	// hour and twelve.
	SessionIdle, SessionLife time.Duration
	// SecureCookies marks cookies as Secure even when the request came without
	// TLS, for a service behind a proxy that ends TLS.
	SecureCookies bool
}

// AlarmDeps is what the pages of early warning need; all but WeeklyBudget.
type AlarmDeps struct {
	Desk    ClusterDesk
	Records Records
	// RuleWords says in Chinese who a rule matches.
	RuleWords func(prevention.Rule) string
	// WeeklyBudget is how many false alarms a week are accepted; 0 is unsaid.
	WeeklyBudget float64
}

// OutreachDeps is what the pages of outreach need. Effects may be nil while
// nothing is measured, Rules and Enqueued where there are no event rules.
type OutreachDeps struct {
	Desk     PlanDesk
	Notices  Notices
	Effects  Effects
	Rules    RuleDesk
	Enqueued RuleCounter
	// Channels are the names of the ways to customers, the usual one first.
	Channels []string
}

// check names what is missing.
func (d *Deps) check() error {
	if d.Cases == nil || d.Desk == nil || d.Users == nil || d.Sessions == nil || d.Audit == nil ||
		d.Now == nil || d.Log == nil || d.Zone == nil {
		return errors.New("console: only Search, Jobs, Card, Alarms and Outreach may be nil")
	}
	if a := d.Alarms; a != nil && (a.Desk == nil || a.Records == nil || a.RuleWords == nil) {
		return errors.New("console: Alarms needs Desk, Records and RuleWords")
	}
	if o := d.Outreach; o != nil && (d.Alarms == nil || o.Desk == nil || o.Notices == nil || o.Rules != nil && o.Enqueued == nil) {
		return errors.New("console: Outreach needs Alarms, Desk and Notices, and Enqueued with Rules")
	}
	if !d.Life.complete() {
		return errors.New("console: Life needs Moves, HandOvers, Record and Workbench")
	}
	if !d.Library.complete() {
		return errors.New("console: Library needs Solutions")
	}
	if !d.People.complete() {
		return errors.New("console: People needs Customers and Surveys")
	}
	if !d.Figures.complete() || !d.Quality.complete() || !d.Marketing.complete() || !d.Counter.complete() || !d.Launch.complete() ||
		!d.Staff.complete() || !d.Reports.complete() {
		return errors.New("console: a part of the figures lacks what it counts from")
	}
	return d.Rights.check()
}

// Console serves the pages. It is safe for concurrent use.
type Console struct {
	d       Deps
	pages   pageSet
	assets  *assets
	finder  *nlp.EntityFinder
	signIn  signInGate
	reveal  revealKey
	seen    access.Seen
	states  usedStates
	effects effectCache
	handler http.Handler

	arrivals lastArrival
	present  *presence
}

// New parses every template and asset; a missing or broken one is an error, as
// is a missing dependency.
func New(d Deps) (*Console, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	files, err := loadAssets()
	if err != nil {
		return nil, err
	}
	pages, err := parsePages(files)
	if err != nil {
		return nil, err
	}
	d.SessionIdle, d.SessionLife = cmp.Or(d.SessionIdle, sessionIdle), cmp.Or(d.SessionLife, sessionLife)
	c := &Console{
		d: d, pages: pages, assets: files,
		finder: nlp.NewEntityFinder(nlp.EntityLexicon{}),
		signIn: newSignInGate(),
		reveal: newRevealKey(),

		present: newPresence(),
	}
	c.handler = c.secured(c.routes())
	return c, nil
}

// Handler returns the console as a handler for the root of a site. It answers
// every path: unknown ones with the page for that.
func (c *Console) Handler() http.Handler { return c.handler }
