package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/qianyi-dev/qianyi/internal/demo"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/learn"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/pack"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
	"github.com/qianyi-dev/qianyi/triage/survey"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// demoPast is the services with which the demo company lives, on the clock of
// its prevention. Their letters end in the inbox, and their alarms nowhere.
type demoPast struct {
	*demoPrevention
	config    *config
	analyst   *pack.Analyzer
	inbox     *demo.Inbox
	service   *triage.Service
	life      *life.Service
	customers *customer.Service
	library   *solution.Library
	surveys   *survey.Service
	talk      demoTalk
	learner   *learn.Learner
	stream    *stream
}

// newDemoPast joins the parts as newApp does. index may be nil.
func newDemoPast(c *config, db *store.DB, a *pack.Analyzer, index *shadow, log *slog.Logger) (*demoPast, error) {
	prevent, err := newDemoPrevention(c, db, a, log)
	if err != nil {
		return nil, err
	}
	p := &demoPast{demoPrevention: prevent, config: c, analyst: a, inbox: demo.NewInbox(demoChannel)}
	now := p.clock.now
	if p.customers, err = newCustomers(c, db, now, log); err != nil {
		return nil, err
	}
	p.library = solution.New(db, db, a, now)
	p.openCases(index, log)
	if err := p.openReplies(log); err != nil {
		return nil, err
	}
	asked := survey.Default()
	asked.Enabled, asked.BaseURL = true, demoURL(c)
	p.surveys, err = survey.New(survey.Deps{
		Store: db.Surveys(), Cases: db, Scores: p.life, Care: p.customers, Postman: p.inbox, Guard: db, Assessor: a, Intake: p.service,
		Config: asked, LowScore: c.Customers.LowScore, Now: now, Log: log,
	})
	if err != nil {
		return nil, err
	}
	p.learner, err = learn.New(c.Learning, learn.Deps{Base: a, Labels: db, Models: db, Watch: db, Now: now, Log: log})
	if err != nil {
		return nil, err
	}
	return p, p.openStream(log)
}

func (p *demoPast) openCases(index *shadow, log *slog.Logger) {
	cal, db := p.config.workingTime(), p.db
	d := triage.Deps{
		Analyzer: p.analyst, Catalogue: p.analyst, Cases: db, Decisions: db, Queue: db, Solutions: db, Audit: db,
		Opener: life.NewOpener(cal), Customers: db, Matcher: p.customers.Recogniser(), Now: p.clock.now, Log: log,
	}
	l := life.Deps{
		Store: db, Calendar: cal, Zone: p.config.zone(), Queue: db, Customers: db, Mask: newMask(),
		People: triage.NewPeople(db), Now: p.clock.now,
	}
	if index != nil {
		d.Similar, d.Index, l.Index = index, index, index
	}
	p.life = life.New(l)
	d.Closer = p.life
	p.service = triage.New(d)
}

func (p *demoPast) openReplies(log *slog.Logger) error {
	check, err := wording.New()
	if err != nil {
		return err
	}
	now, db := p.clock.now, p.db
	heard := &conversation{db: db, life: p.life, customers: p.customers, now: now}
	house := reply.House{Contact: demoContact, Zone: p.config.zone(), Types: p.analyst}
	p.talk = demoTalk{heard: heard, desk: reply.NewDesk(reply.Deps{
		Cases: db, Customers: db, Solutions: p.library, Talk: db, Check: check, Writer: reply.NewWriter(house, check, nil, now),
		Postman: p.inbox, Answered: heard.answered, Now: now, Log: log,
	})}
	return nil
}

// handling is what the staff of the demo work with.
func (p *demoPast) handling(log *slog.Logger) *demo.Handling {
	return &demo.Handling{
		Cases: scoringDesk{p.life, scores{p.customers, log}}, HandOvers: p.life, Talk: p.talk,
		Customers: p.customers, Tasks: p.customers, Surveys: p.surveys, Library: p.library, Inbox: p.inbox,
		Visitor: demoName,
		Propose: p.library.Propose,
		Learn: func(ctx context.Context) error {
			_, err := p.learner.Nightly(ctx)
			return err
		},
	}
}

// fill lets the company live up to now.
func (p *demoPast) fill(ctx context.Context, now time.Time, log *slog.Logger, progress func(done, total int)) (demo.Summary, error) {
	return demo.Fill(ctx, demo.Target{
		Submit: func(ctx context.Context, complaints []triage.Complaint) (int, error) {
			return submit(ctx, p.service, complaints)
		},
		Decisions: p.service, Customers: p.db, History: p.db,
		Prevention: p.demoPrevention, Handling: p.handling(log), Stream: p.said(), Clock: p.clock.set, Progress: progress,
	}, now, demoSeed)
}

// demoTalk is the conversation of the demo's staff with its customers.
type demoTalk struct {
	desk  *reply.Desk
	heard *conversation
}

// Reply implements demo.Talker.
func (t demoTalk) Reply(ctx context.Context, id triage.ComplaintID, text, by string, spoken bool) error {
	a := reply.Answer{Complaint: id, Text: text}
	if text == "" {
		draft, err := t.desk.Draft(ctx, a)
		if err != nil {
			return err
		}
		a.Text = draft.Text
	}
	s := reply.Sending{Confirmed: true, By: by}
	if spoken {
		s.Via = reply.Spoken
	}
	_, err := t.desk.Send(ctx, a, s)
	return err
}

// Hear implements demo.Talker.
func (t demoTalk) Hear(ctx context.Context, id triage.ComplaintID, text string, at time.Time) error {
	return t.heard.Hear(ctx, mailbox.Said{
		Case: id, Key: fmt.Sprintf("demo-%s-%d", id, at.Unix()), Channel: triage.ChannelWeChat, Text: text, At: at,
	})
}
