package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/alert"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/llm"
	"github.com/qianyi-dev/qianyi/triage/pack"
	"github.com/qianyi-dev/qianyi/web/console"
)

// detectionMemory is how far back a detector learns when the service starts:
// the past of a rate and the longest window before it.
const detectionMemory = 210 * 24 * time.Hour

// prevent finds common problems and tells the customers under them.
type prevent struct {
	channels  *channel.Set
	cohorts   *live.Cohorts
	detection *live.Detection
	effects   *live.Effects
	desk      *desk.Service
	plans     *outreach.Service
	sender    *outreach.Sender
	rules     *outreach.Rules
	announcer *alert.Announcer
	model     *llm.Client
	now       func() time.Time
}

// newPrevent joins the parts over a database. now is the time of all of them.
// model may be nil.
func newPrevent(c *config, db *store.DB, a *pack.Analyzer, model *llm.Client, now func() time.Time, log *slog.Logger) (*prevent, error) {
	p := &prevent{now: now, model: model}
	var err error
	if p.channels, err = channel.Open(c.Channels, now); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	zone := c.zone()
	p.cohorts = live.NewCohorts(live.CohortDeps{
		Exposures: db, Customers: db, Guards: db, Clusters: db, Policy: c.Outreach, Now: now,
	})
	p.detection = live.NewDetection(live.DetectionDeps{
		Feed: db, Store: db, Clusters: db, Sources: live.LedgerSources{Exposures: db, Feed: db, Customers: db},
		Options: detect.Options{
			Tokenizer: a.Tokenizer(), MaxFalseAlarmsPerWeek: c.Detection.MaxFalseAlarmsPerWeek, ThemeName: themeName(a),
		},
		Memory: detectionMemory, Now: now,
	})
	p.effects = live.NewEffects(live.EffectDeps{Plans: db, Notices: db, Members: db, Audit: db, Zone: zone, Now: now})
	p.desk = desk.New(desk.Deps{
		Clusters: db, Members: db, Actions: db, Alarms: db, Audit: db, Cohorts: p.cohorts, Zone: zone, Now: now,
	})
	if err := p.openOutreach(c, db, toCustomers(p.channels.All()), now, log); err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.announcer, err = alert.New(alert.Deps{
		Store: db, Clusters: db, Channels: p.channels.All(), Config: c.Alerts, Zone: zone, Now: now, Log: log,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("configuration: alerts: %w", err), p.close())
	}
	return p, nil
}

// toCustomers leaves out the channels that write to a team.
func toCustomers(all []prevention.Channel) []prevention.Channel {
	return slices.DeleteFunc(all, func(ch prevention.Channel) bool { return ch.Address == "" })
}

func (p *prevent) openOutreach(c *config, db *store.DB, channels []prevention.Channel, now func() time.Time, log *slog.Logger) (err error) {
	p.plans, err = outreach.New(outreach.Deps{
		Plans: db, Outbox: db.Outbox(), Notices: db, Guards: db, Customers: db, Exposures: db, Cohorts: p.cohorts,
		Draw: effect.Draw, Channels: channels, Policy: c.Outreach, Zone: c.zone(), Now: now,
		Drafter: newDrafter(p.model),
	})
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	p.sender, err = outreach.NewSender(outreach.SenderDeps{
		Plans: db, Outbox: db.Outbox(), Guards: db, Customers: db, Exposures: db, Complaints: db,
		Channels: channels, Policy: c.Outreach, Zone: c.zone(), Now: now, Log: log,
	})
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	p.rules = outreach.NewRules(p.plans, db, db)
	return nil
}

// themeName says a type in the words of the pack.
func themeName(catalogue triage.Catalogue) func(code string) string {
	return func(code string) string {
		if info, ok := triage.FindType(catalogue, code); ok {
			return info.Name
		}
		return code
	}
}

// jobs are the scheduled parts.
func (p *prevent) jobs() []jobs.Job {
	return jobs.Prevention{
		Detect: func(ctx context.Context) (string, error) {
			n, raised, err := p.detection.Run(ctx)
			return fmt.Sprintf("%d cases, %d clusters raised", n, raised), err
		},
		Announce: func(ctx context.Context) (string, error) {
			r, err := p.announcer.Tick(ctx)
			return fmt.Sprintf("%d told, %d deferred, %d dropped", r.Told, r.Deferred, r.Dropped), err
		},
		Cohorts: func(ctx context.Context) (string, error) {
			n, err := p.cohorts.Refresh(ctx)
			return fmt.Sprintf("%d cohorts changed", n), err
		},
		Rules: func(ctx context.Context) (string, error) {
			n, err := p.rules.Tick(ctx, p.now())
			return fmt.Sprintf("%d notices queued", n), err
		},
		Send: func(ctx context.Context) (string, error) {
			s, err := p.sender.Tick(ctx)
			return fmt.Sprintf("%d sent, %d skipped, %d failed, %d unclear, %d again", s.Sent, s.Skipped, s.Failed, s.Unclear, s.Again), err
		},
		Receipts: func(ctx context.Context) (string, error) {
			n, err := p.plans.Reconcile(ctx, p.lookups())
			return fmt.Sprintf("%d unclear notices settled", n), err
		},
		Watch: func(ctx context.Context) (string, error) {
			n, err := p.desk.Watch(ctx)
			return fmt.Sprintf("%d clusters closed", n), err
		},
		Effect: func(ctx context.Context) (string, error) {
			plans, fresh, err := p.effects.Record(ctx)
			return fmt.Sprintf("%d plans, %d new verdicts", plans, fresh), err
		},
	}.Jobs()
}

// fates says what the word of a gateway means for a notice.
var fates = map[channel.State]outreach.Fate{
	channel.StateAbsent: outreach.FateAbsent, channel.StateAccepted: outreach.FateAccepted,
	channel.StateDelivered: outreach.FateDelivered, channel.StateFailed: outreach.FateFailed,
}

// lookups are the gateways that may be asked about a message.
func (p *prevent) lookups() map[string]outreach.Lookup {
	list := map[string]outreach.Lookup{}
	for _, ch := range p.channels.All() {
		g, ok := p.channels.Gateway(ch.Name)
		if !ok || !g.CanSay() {
			continue
		}
		list[ch.Name] = func(ctx context.Context, key, reference string) (outreach.Fate, error) {
			state, err := g.State(ctx, key, reference)
			return cmp.Or(fates[state], outreach.FateUnknown), err
		}
	}
	return list
}

// alarmPages is what the console's pages of early warning need.
func (p *prevent) alarmPages(c *config, db *store.DB) *console.AlarmDeps {
	return &console.AlarmDeps{Desk: p.desk, Records: db, RuleWords: cohort.Words, WeeklyBudget: c.Detection.MaxFalseAlarmsPerWeek}
}

// outreachPages is what the console's pages of outreach need.
func (p *prevent) outreachPages(db *store.DB) *console.OutreachDeps {
	d := &console.OutreachDeps{Desk: p.plans, Notices: db, Effects: p.effects, Rules: p.rules, Enqueued: db}
	for _, ch := range p.channels.All() {
		if ch.Address != "" {
			d.Channels = append(d.Channels, ch.Name)
		}
	}
	return d
}

// close gives files and connections of the channels back.
func (p *prevent) close() error { return p.channels.Close() }
