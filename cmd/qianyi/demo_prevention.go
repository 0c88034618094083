package main

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/internal/demo"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

var _ demo.Prevention = (*demoPrevention)(nil)

// demoPrevention lets the demo company live through the service's own
// prevention, on a clock that the demo sets. Its customers are reached by a
// channel that ends here, and its team by nothing.
type demoPrevention struct {
	*prevent
	db    *store.DB
	clock *demoClock
	phone *demoPhone
	plan  prevention.PlanID // the latest
	// taken are the clusters of matters that were taken up, by name.
	taken map[string]prevention.ClusterID
}

// newDemoPrevention joins the parts as newPrevent does for the service.
func newDemoPrevention(c *config, db *store.DB, a *pack.Analyzer, log *slog.Logger) (*demoPrevention, error) {
	simulated := *c
	defaults := defaultConfig()
	simulated.Channels, simulated.Alerts, simulated.Outreach = nil, defaults.Alerts, defaults.Outreach
	simulated.Outreach.Rate = demoRate
	d := &demoPrevention{db: db, clock: &demoClock{}, taken: map[string]prevention.ClusterID{}}
	d.phone = newDemoPhone(d.clock)
	var err error
	if d.prevent, err = newPrevent(&simulated, db, a, nil, d.clock.now, log); err != nil {
		return nil, err
	}
	return d, d.openOutreach(&simulated, db, []prevention.Channel{d.phone.channel()}, d.clock.now, log)
}

// demoRate is in messages per second of real time: the past is quickly told.
const demoRate = 5000

// Look runs the jobs of the service once, but for that of the cohorts: it takes
// the longest, and a plan alone needs them.
func (d *demoPrevention) Look(ctx context.Context, at time.Time) error {
	d.clock.set(at)
	if _, _, err := d.detection.Run(ctx); err != nil {
		return err
	}
	if _, err := d.desk.Watch(ctx); err != nil {
		return err
	}
	if _, _, err := d.effects.Record(ctx); err != nil {
		return err
	}
	return d.hush(ctx)
}

// hush takes the news of the past for told, so that the service does not send
// them to anybody and their clusters still show them.
func (d *demoPrevention) hush(ctx context.Context) error {
	waiting, err := d.db.Waiting(ctx, 0)
	if err != nil || len(waiting) == 0 {
		return err
	}
	for i := range waiting {
		n := &waiting[i]
		n.Receiver, n.SentAt, n.Attempts, n.NextAt = demoTeam, d.clock.now(), 1, time.Time{}
	}
	return d.db.SettleAnnouncements(ctx, waiting)
}

// demoTeam is who heard of the alarms of the past.
const demoTeam = "质量群（演示）"

// gather returns the cluster of a matter, "" when there is none. Where
// detection sees several, the owner merges them into the first one taken up.
func (d *demoPrevention) gather(ctx context.Context, m *demo.Matter) (prevention.ClusterID, error) {
	in, err := d.db.ClustersOf(ctx, m.Complaints)
	if err != nil {
		return "", err
	}
	count := map[prevention.ClusterID]int{}
	for _, id := range in {
		count[id]++
	}
	into := d.taken[m.Name]
	if into == "" {
		for _, id := range slices.Sorted(maps.Keys(count)) {
			if into == "" || count[id] > count[into] {
				into = id
			}
		}
		d.taken[m.Name] = into
	}
	for _, id := range slices.Sorted(maps.Keys(count)) {
		c, err := d.desk.Cluster(ctx, id)
		if err != nil {
			return "", err
		}
		if id == into || 2*count[id] < c.Complaints {
			continue
		}
		if err := d.desk.Merge(ctx, id, into, m.Owner); err != nil {
			return "", err
		}
	}
	return into, nil
}

// Confirm implements demo.Prevention.
func (d *demoPrevention) Confirm(ctx context.Context, at time.Time, m demo.Matter) error {
	if err := d.Look(ctx, at); err != nil {
		return err
	}
	id, err := d.gather(ctx, &m)
	if err != nil || id == "" {
		return err
	}
	if err := d.desk.SetStage(ctx, id, prevention.StageConfirmed, m.Owner); err != nil {
		return err
	}
	if err := d.desk.SetTitle(ctx, id, m.Name, m.Owner); err != nil {
		return err
	}
	if err := d.desk.Assign(ctx, id, m.Owner, m.Owner); err != nil {
		return err
	}
	work := prevention.Action{Cluster: id, Title: m.Action, Department: m.Department, Owner: m.Owner, DueAt: m.Due}
	if _, err := d.desk.PutAction(ctx, work, m.Owner); err != nil {
		return err
	}
	return d.desk.AddNote(ctx, id, m.Note, m.Owner)
}

// Submit implements demo.Prevention.
func (d *demoPrevention) Submit(ctx context.Context, at time.Time, m demo.Matter) error {
	if err := d.Look(ctx, at); err != nil {
		return err
	}
	d.plan = ""
	id, err := d.gather(ctx, &m)
	if err != nil || id == "" {
		return err
	}
	if _, err := d.cohorts.Refresh(ctx); err != nil {
		return err
	}
	if err := d.guard(ctx, &m); err != nil {
		return err
	}
	c, err := d.desk.Cluster(ctx, id)
	if err != nil || c.Rule == nil {
		return err
	}
	p, err := d.plans.Create(ctx, prevention.Plan{
		Cluster: id, Title: m.Title, Cohort: *c.Rule, Template: m.Template, Channels: []string{demoChannel}, Holdout: m.Holdout,
	}, m.Author)
	if err != nil {
		return err
	}
	p, err = d.plans.Submit(ctx, p.ID, p.Version, m.Author)
	d.plan = p.ID
	return err
}

// guard lets the matter's event rule hold.
func (d *demoPrevention) guard(ctx context.Context, m *demo.Matter) error {
	if m.Rule == nil {
		return nil
	}
	rule := *m.Rule
	rule.Channels = []string{demoChannel}
	rule, err := d.rules.Create(ctx, rule, m.Author)
	if err != nil {
		return err
	}
	_, err = d.rules.Approve(ctx, rule.ID, rule.Version, m.Approver)
	return err
}

// Tell implements demo.Prevention.
func (d *demoPrevention) Tell(ctx context.Context, at time.Time, m demo.Matter) (map[triage.CustomerID]bool, error) {
	if err := d.Look(ctx, at); err != nil || d.plan == "" {
		return nil, err
	}
	if _, err := d.gather(ctx, &m); err != nil {
		return nil, err
	}
	p, err := d.plans.Plan(ctx, d.plan)
	if err != nil {
		return nil, err
	}
	if p, err = d.plans.Approve(ctx, p.ID, p.Version, m.Approver); err != nil {
		return nil, err
	}
	if _, err := d.sender.Tick(ctx); err != nil {
		return nil, err
	}
	if err := d.phone.answer(ctx, d.plans); err != nil {
		return nil, err
	}
	if err := d.desk.SetStage(ctx, p.Cluster, prevention.StageActing, m.Owner); err != nil {
		return nil, err
	}
	return d.reached(ctx, p.ID)
}

// reached returns the customers whose notice of a plan has left.
func (d *demoPrevention) reached(ctx context.Context, plan prevention.PlanID) (map[triage.CustomerID]bool, error) {
	told := map[triage.CustomerID]bool{}
	q := prevention.NoticeQuery{Plan: plan, Limit: noticePage, States: []prevention.NoticeState{
		prevention.NoticeSent, prevention.NoticeDelivered, prevention.NoticeAnswered,
	}}
	for {
		page, err := d.db.Notices(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page {
			told[page[i].Customer] = true
		}
		if len(page) < noticePage {
			return told, nil
		}
		q.After = page[len(page)-1].ID
	}
}

const noticePage = 500

// Settle implements demo.Prevention.
func (d *demoPrevention) Settle(ctx context.Context, at time.Time, m demo.Matter) error {
	if err := d.Look(ctx, at); err != nil {
		return err
	}
	id, err := d.gather(ctx, &m)
	if err != nil || id == "" {
		return err
	}
	v, err := d.desk.View(ctx, id)
	if err != nil {
		return err
	}
	for _, a := range v.Actions {
		if err := d.desk.Done(ctx, id, a.ID, m.Owner); err != nil {
			return err
		}
	}
	if err := d.desk.SetSolution(ctx, id, m.Solution, m.Owner); err != nil {
		return err
	}
	if !v.Cluster.Stage.MayBecome(prevention.StageWatching) {
		return nil // detection has ended it already
	}
	return d.desk.SetStage(ctx, id, prevention.StageWatching, m.Owner)
}
