package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web/console"
)

// stream is what says what the stream of complaints says: figures, campaigns,
// improvements, reports.
type stream struct {
	figures  *figures
	reaching *campaign.Reaching
	judge    *attribution.Job
	register *campaign.Register
	watch    *watch.Desk
	counter  *counter.Service
	launch   *launch.Desk
	improve  *improve.Service
	maker    *report.Maker
	dispatch *dispatch.Service
	silence  *silence.Desk
	tell     *streamTeller
	campaign *campaign.Names
	names    report.Namer
	db       *store.DB
	zone     *time.Location
	now      func() time.Time
	log      *slog.Logger
}

// streamDeps is what stream is made over.
type streamDeps struct {
	config  *config
	db      *store.DB
	analyst analyst
	service *triage.Service
	prevent *prevent
	similar triage.SimilarFinder
	// tokenizer is that of the pack.
	tokenizer nlp.Tokenizer
	mask      func(string) string
	now       func() time.Time
	log       *slog.Logger
}

func newStream(d streamDeps) (*stream, error) {
	zone := d.config.zone()
	f, err := newFigures(d.config, d.db, d.log)
	if err != nil {
		return nil, err
	}
	s := &stream{
		figures: f, db: d.db, tell: newStreamTeller(d), campaign: campaign.NewNames(d.db, d.now), zone: zone, now: d.now, log: d.log,
	}
	s.names = console.ReportNamer(d.analyst, s.campaign.Name, d.mask)
	s.reaching, s.judge = newCampaignJobs(d.db, d.tokenizer, zone, d.now)
	s.register = campaign.NewRegister(campaign.RegisterDeps{Store: d.db, Attributions: d.db, Now: d.now})
	s.watch = newWatch(d.config, d.db, f.book, s.register, d.now)
	if s.counter, err = counter.New(counter.Deps{
		Store: d.db.Counter(), Campaigns: d.db, Standing: s.standing, Assessor: d.analyst, Intake: d.service,
		Policy: d.config.Campaigns.Counter, Now: d.now, Zone: zone, Log: d.log,
	}); err != nil {
		return nil, fmt.Errorf("configuration: campaigns: counter: %w", err)
	}
	if err := s.openLaunch(d); err != nil {
		return nil, err
	}
	s.improve, err = improve.New(improve.Deps{Ledger: d.db, Figures: f.book, Reminders: d.db, Teller: s.tell, Now: d.now, Zone: zone})
	if err != nil {
		return nil, err
	}
	s.openReports(d)
	return s, nil
}

// newWatch returns what judges campaigns and tells how they stand.
func newWatch(c *config, db *store.DB, book *fact.Book, register *campaign.Register, now func() time.Time) *watch.Desk {
	return watch.New(watch.Deps{
		Register: register, Book: book, Reach: db, People: db, Signals: db, Cards: db, Causes: db,
		Reactions: db.Counter(), Limits: c.Campaigns.Limits, Now: now, Zone: c.zone(),
	})
}

func (s *stream) openLaunch(d streamDeps) error {
	check, err := launch.New()
	if err != nil {
		return err
	}
	s.launch, err = launch.NewDesk(launch.Deps{
		Checker: check, Store: d.db, Register: d.db, History: d.db, Now: d.now,
		Earlier: &launch.Finder{Similar: d.similar, Cases: d.db, Attributed: d.db, Types: []string{"marketing", "campaign"}},
	})
	return err
}

func (s *stream) openReports(d streamDeps) {
	zone := d.config.zone()
	s.maker = &report.Maker{Book: s.figures.book, Zone: zone, Now: d.now, Sources: report.Sources{
		Clusters: reportClusters(d.db, d.analyst, zone), Outreach: reportOutreach(d.prevent.effects),
		Actions: reportActions(s.improve), Campaigns: reportCampaigns(s.watch, zone, d.now),
	}}
	var mailer dispatch.Mailer
	if m := mailChannel(d.prevent.channels); m != nil {
		mailer = m
	}
	s.dispatch = dispatch.New(dispatch.Deps{
		Maker: s.maker, Schedules: d.db, Outbox: d.db, Mailer: mailer, Names: s.names,
		Site: d.config.Alerts.BaseURL, Zone: zone, Now: d.now, Log: d.log,
	})
	s.silence = &silence.Desk{
		Store: d.db, Source: together(silenceOutreach(d.prevent.effects), silenceImprovements(s.improve)), Now: d.now,
	}
}

// mailChannel returns the first channel that sends mail, nil without one.
func mailChannel(channels *channel.Set) dispatch.Mailer {
	for _, ch := range channels.All() {
		if m, ok := ch.Sender.(dispatch.Mailer); ok {
			return m
		}
	}
	return nil
}

// standing is a campaign's latest signal, as the counter asks for it.
func (s *stream) standing(ctx context.Context, id string) (counter.Standing, error) {
	last, err := s.db.SignalsOf(ctx, id, 1)
	if err != nil || len(last) == 0 {
		return counter.Standing{}, err
	}
	v := &last[0].Verdict
	return counter.Standing{Signal: string(v.Signal), Reason: v.Chinese(), Rate: new(v.Rate.Value)}, nil
}

// refresh reads at start what pages of campaigns would have to wait for.
func (s *stream) refresh(ctx context.Context) {
	if err := s.watch.Refresh(ctx); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "the counts of campaigns are read when somebody asks", "err", err)
	}
}
