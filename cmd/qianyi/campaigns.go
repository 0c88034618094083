package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/playback"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/prevention/detect/replay"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// campaignsAttributeCmd says which campaigns complaints are about: of files,
// played again in the order of time, or of a store.
type campaignsAttributeCmd struct {
	settings
	dataSettings
	packSettings
	In        string `help:"Complaints: JSONL, CSV or XLSX; - is standard input. Without it, the complaints of the store are attributed." placeholder:"FILE"`
	Exposures string `help:"What customers had to do with: those of kind campaign say whom a campaign reached." placeholder:"FILE"`
	Customers string `help:"The customer file." placeholder:"FILE"`
	Campaigns string `help:"The campaigns; those that exposures name are known without it." placeholder:"FILE"`
	JSON      bool   `name:"json" help:"Print one JSON event per line."`
}

// Run reads everything and replays it, or brings the store up to date.
func (cmd *campaignsAttributeCmd) Run(ctx context.Context, s *streams) error {
	if cmd.In == "" {
		for flag, value := range map[string]string{"--exposures": cmd.Exposures, "--customers": cmd.Customers, "--campaigns": cmd.Campaigns} {
			if value != "" {
				return usagef("%s: needs --in; a store has its own", flag)
			}
		}
		return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
			return attributeStored(ctx, c, db, s)
		}, cmd.packSettings.flags())
	}
	return cmd.replay(ctx, s)
}

// newCampaignJobs makes the jobs that count the reach of campaigns and attribute
// complaints to them.
func newCampaignJobs(db *store.DB, t nlp.Tokenizer, zone *time.Location, now func() time.Time) (*campaign.Reaching, *attribution.Job) {
	return campaign.NewReaching(campaign.ReachingDeps{Exposures: db, Feed: db, Store: db, Zone: zone}),
		attribution.NewJob(attribution.JobDeps{Feed: db, Exposures: db, Batches: db, Store: db, Tokenizer: t, Now: now})
}

func attributeStored(ctx context.Context, c *config, db *store.DB, s *streams) error {
	a, err := s.load(c.packOptions())
	if err != nil {
		return err
	}
	reaching, job := newCampaignJobs(db, a.Tokenizer(), c.zone(), c.now)
	reached, err := reaching.Run(ctx)
	if err != nil {
		return err
	}
	judged, attributed, err := job.Run(ctx)
	if err != nil {
		return err
	}
	s.say("campaigns: %d with new exposures; %d complaints judged, %d of them about a campaign", reached, judged, attributed)
	return nil
}

func (cmd *campaignsAttributeCmd) replay(ctx context.Context, s *streams) (err error) {
	c, err := cmd.load(cmd.packSettings.flags())
	if err != nil {
		return err
	}
	a, err := s.load(c.packOptions())
	if err != nil {
		return err
	}
	read := replayReader{zone: c.zone(), warn: s.say}
	in, customers, err := cmd.read(ctx, &read, s.in)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	defer func() { err = errors.Join(err, out.Flush()) }()
	p := campaignPrinter{detectPrinter{out: out, json: cmd.JSON, zone: c.zone()}}
	run := playback.Player{
		Tokenizer: a.Tokenizer(), Zone: c.zone(), Limits: c.Campaigns.Limits, Customers: customers,
		Attributed: p.attribution, Changed: p.signal, Reach: p.reach,
	}
	if err := run.Run(ctx, in); err != nil {
		return err
	}
	if read.bad > 0 {
		return fmt.Errorf("%d of %d records could not be read", read.bad, read.bad+read.good)
	}
	return nil
}

// read returns the records and how many customers the customer file has.
func (cmd *campaignsAttributeCmd) read(ctx context.Context, r *replayReader, stdin io.Reader) (in attribution.Replayed, customers int, err error) {
	var complaints replay.Input
	err = r.complaints(ctx, cmd.In, stdin, &complaints)
	in.Complaints = complaints.Complaints
	if err == nil && cmd.Customers != "" {
		err = eachRecord(ctx, r, cmd.Customers, intake.Customer, func(triage.Customer) { customers++ })
	}
	if err == nil && cmd.Exposures != "" {
		err = eachRecord(ctx, r, cmd.Exposures, intake.Exposure, func(e triage.Exposure) { in.Exposures = append(in.Exposures, e) })
	}
	if err == nil && cmd.Campaigns != "" {
		err = eachRecord(ctx, r, cmd.Campaigns, intake.Campaign, func(k triage.Campaign) { in.Campaigns = append(in.Campaigns, k) })
	}
	return in, customers, err
}

// campaignPrinter writes one JSON event per line, or lines for people.
type campaignPrinter struct{ detectPrinter }

// basisWords name the bases for people.
var basisWords = map[campaign.Basis]string{campaign.Stated: "来源注明", campaign.Mention: "文中提到", campaign.Exposure: "触达过且内容相符"}

func (p campaignPrinter) attribution(a campaign.Attribution) error {
	event := map[string]any{
		"event": "attribution", "id": a.Complaint, "campaign": a.Campaign, "basis": a.Basis, "score": a.Score,
		"evidence": list(a.Evidence), "exposed": nil, "at": a.At.In(p.zone),
	}
	if !a.Exposed.IsZero() {
		event["exposed"] = a.Exposed.In(p.zone)
	}
	return p.line(fmt.Sprintf("%s  %s  %s  %s  %.2f", a.At.In(p.zone).Format(time.DateTime), a.Complaint, a.Campaign, basisWords[a.Basis], a.Score), event)
}

func (p campaignPrinter) signal(c watch.Change) error {
	v := &c.Verdict
	at := c.At.In(p.zone)
	return p.line(fmt.Sprintf("%s  %s  %s：%s", at.Format(time.DateTime), c.Told.Campaign, signalWords[v.Signal], v.Chinese()), map[string]any{
		"event": "signal", "campaign": c.Told.Campaign, "at": at, "signal": v.Signal, "sure": v.Sure, "why": v.Why, "reason": v.Chinese(),
		"rate": v.Rate.Value, "low": v.Rate.Low, "high": v.Rate.High,
	})
}

func (p campaignPrinter) reach(k attribution.Known) error {
	type day struct {
		Day       string `json:"day"`
		Segment   string `json:"segment"`
		Customers int    `json:"customers"`
		Contacts  int    `json:"contacts"`
	}
	customers, contacts := 0, 0
	days := make([]day, len(k.Reach))
	for i, r := range k.Reach {
		days[i] = day{r.Day.String(), r.Segment, r.Customers, r.Contacts}
		if r.Segment == "" {
			customers, contacts = customers+r.Customers, contacts+r.Contacts
		}
	}
	return p.line(fmt.Sprintf("%s  %s  触达客户 %d 位，%d 次", k.ID, cmp.Or(k.Name, "—"), customers, contacts), map[string]any{
		"event": "reach", "campaign": k.ID, "name": k.Name, "customers": customers, "contacts": contacts, "days": days,
	})
}
