package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/llm"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/privacy"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
	"github.com/qianyi-dev/qianyi/triage/survey"
	"github.com/qianyi-dev/qianyi/triage/wording"
	"github.com/qianyi-dev/qianyi/web/console"
)

// handling is what people do with cases and customers.
type handling struct {
	life      *life.Service
	customers *customer.Service
	library   *solution.Library
	persons   *privacy.Service
	surveys   *survey.Service
	replies   *reply.Desk
	talk      *conversation
	mailboxes *mailbox.Set
	log       *slog.Logger
}

// desk moves cases.
func (h *handling) desk() scoringDesk { return scoringDesk{h.life, scores{h.customers, h.log}} }

// handlingDeps is what handling is made over.
type handlingDeps struct {
	config  *config
	db      *store.DB
	analyst analyst
	service *triage.Service
	model   *llm.Client    // may be nil
	index   triage.Indexer // may be nil
	prevent *prevent
	mask    func(string) string
	now     func() time.Time
	log     *slog.Logger
}

// newHandling joins the parts over a database.
func newHandling(d handlingDeps) (*handling, error) {
	c, zone := d.config, d.config.zone()
	h := &handling{log: d.log, persons: newPersons(c, d.db)}
	h.life = life.New(life.Deps{
		Store: d.db, Calendar: c.workingTime(), Zone: zone, Index: d.index, Queue: d.db, Customers: d.db, Mask: d.mask,
		People: triage.NewPeople(d.db), Now: d.now,
		Tell: &clockTeller{
			users: d.db, mail: d.prevent.letters(), team: c.Alerts.Receivers, channels: d.prevent.channels,
			baseURL: c.Alerts.BaseURL, zone: zone,
		},
	})
	var err error
	if h.customers, err = newCustomers(c, d.db, d.now, d.log); err != nil {
		return nil, err
	}
	h.library = solution.New(d.db, d.db, d.analyst, d.now)
	h.talk = &conversation{db: d.db, life: h.life, customers: h.customers, now: d.now}
	if err := h.openSurveys(d); err != nil {
		return nil, err
	}
	if err := h.openReplies(d); err != nil {
		return nil, err
	}
	h.mailboxes, err = mailbox.New(c.Mailboxes, mailbox.Deps{
		Intake: d.service, Ledger: d.db, Desk: h.talk, Zone: zone, Now: d.now, Log: d.log,
	})
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return h, nil
}

func newCustomers(c *config, db *store.DB, now func() time.Time, log *slog.Logger) (*customer.Service, error) {
	s, err := customer.New(customer.Deps{
		Store: db.Care(), Cases: db, Notices: db.Care(), Leads: triage.NewPeople(db), Calendar: c.workingTime(), Policy: c.Customers,
		Zone: c.zone(), Now: now, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("configuration: customers: %w", err)
	}
	return s, nil
}

// letters are the channels that reach single customers.
func (p *prevent) letters() postman { return toCustomers(p.channels.All()) }

func (h *handling) openSurveys(d handlingDeps) (err error) {
	c := d.config
	h.surveys, err = survey.New(survey.Deps{
		Store: d.db.Surveys(), Cases: d.db, Scores: h.life, Care: h.customers, Postman: d.prevent.letters(), Guard: d.db,
		Assessor: d.analyst, Intake: d.service, Quiet: func(t time.Time) bool { return c.Outreach.Quiet.Contains(t, c.zone()) },
		Config: c.Survey, LowScore: c.Customers.LowScore, Now: d.now, Log: d.log,
	})
	if err != nil {
		return fmt.Errorf("configuration: survey: %w", err)
	}
	return nil
}

func (h *handling) openReplies(d handlingDeps) error {
	check, err := wording.New()
	if err != nil {
		return err
	}
	var writer reply.Model
	if d.model != nil {
		writer = d.model
	}
	house := reply.House{Contact: d.config.House.Contact, Zone: d.config.zone(), Types: d.analyst}
	h.replies = reply.NewDesk(reply.Deps{
		Cases: d.db, Customers: d.db, Solutions: h.library, Talk: d.db, Check: check,
		Writer: reply.NewWriter(house, check, writer, d.now), Postman: d.prevent.letters(), Answered: h.talk.answered,
		Now: d.now, Log: d.log,
	})
	return nil
}

// jobs are the scheduled parts.
func (h *handling) jobs() jobs.Handling {
	return jobs.Handling{
		Mailboxes: func(ctx context.Context) (string, error) {
			n, err := h.mailboxes.Fetch(ctx)
			return n.String(), err
		},
		Clocks: func(ctx context.Context) (string, error) {
			n, err := h.life.Watch(ctx)
			return fmt.Sprintf("%d warned, %d escalated, %d untold", n.Warned, n.Escalated, n.Untold), err
		},
		Surveys: func(ctx context.Context) (string, error) {
			n, err := h.surveys.Invite(ctx)
			note := fmt.Sprintf("%d invited, %d reminded, %d to call, %d deferred, %d unreachable", n.Invited, n.Reminded, n.Called, n.Deferred, n.Failed)
			made, failed := h.catchUp(ctx)
			return note + "; " + made, errors.Join(err, failed)
		},
		Contacts: func(ctx context.Context) (string, error) {
			n, err := h.customers.Plan(ctx)
			return fmt.Sprintf("%d customers planned", n), err
		},
		Solutions: func(ctx context.Context) (string, error) {
			n, err := h.library.Propose(ctx)
			return fmt.Sprintf("%d solutions proposed", n), err
		},
		Retain: func(ctx context.Context) (string, error) {
			cases, exposures, err := h.persons.Retain(ctx)
			return fmt.Sprintf("%d cases and %d exposures forgotten", cases, exposures), err
		},
	}
}

// catchUp does what should have followed from replies, scores and complaints of
// unknown customers, where a process died in between.
func (h *handling) catchUp(ctx context.Context) (note string, err error) {
	n, err := h.replies.CatchUp(ctx)
	seen, failed := h.customers.CatchUp(ctx)
	return fmt.Sprintf("%d replies followed, %d unclear, %d scores and customers looked at", n.Followed, n.Unclear, seen), errors.Join(err, failed)
}

// lifePages, peoplePages and libraryPages are what the console needs of it.
func (h *handling) lifePages(db *store.DB, stopping <-chan struct{}) *console.LifeDeps {
	return &console.LifeDeps{Moves: h.desk(), HandOvers: h.life, Record: h.life, Workbench: db, Stopping: stopping}
}

func (h *handling) peoplePages(p customer.Policy) *console.PeopleDeps {
	return &console.PeopleDeps{Customers: h.customers, Surveys: h.surveys, Policy: p, Persons: h.persons}
}

func (h *handling) libraryPages() *console.LibraryDeps {
	return &console.LibraryDeps{Solutions: h.library, Replies: h.replies}
}
