package attribution

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

// Memory is how far back the stream is learned, and judged again when a campaign
// is registered or changed.
const Memory = 180 * 24 * time.Hour

// portion is how many cases are judged at once.
const portion = 500

// CaseFeed tells what cases came in.
type CaseFeed interface {
	// Arrived returns the cases with a greater Seq, in order of it.
	Arrived(ctx context.Context, after int64, limit int) ([]triage.Case, error)
	// Replay calls each with the cases up to a Seq whose time is at or after
	// since, in the order of acceptance.
	Replay(ctx context.Context, since time.Time, upTo int64, each func(c triage.Case, in prevention.ClusterID) error) error
	// Cases returns those of the cases that exist.
	Cases(ctx context.Context, ids []triage.ComplaintID) ([]triage.Case, error)
}

// ContactReader reads what customers had to do with.
type ContactReader interface {
	// ExposuresOf returns the exposures of the customers, From <= At < To.
	ExposuresOf(ctx context.Context, customers []triage.CustomerID, from, to time.Time) ([]triage.Exposure, error)
	CountKinds(ctx context.Context, from, to time.Time) ([]prevention.KindCount, error)
}

// JobDeps is what a Job is made of; all are needed.
type JobDeps struct {
	Feed      CaseFeed
	Exposures ContactReader
	Batches   prevention.ExposureFeed
	Store     campaign.JudgedStore
	Tokenizer nlp.Tokenizer
	Now       func() time.Time
}

// Job keeps the attributions of stored cases up to date. One Run at a time.
type Job struct {
	d      JobDeps
	engine *Engine // nil before it has learned
	at     campaign.Progress
	hands  map[triage.ComplaintID]string
}

// NewJob makes a Job. It reads nothing before its first Run.
func NewJob(d JobDeps) *Job { return &Job{d: d} }

// Run learns what people have attributed since, judges the cases that are new,
// and again those to which exposures came in late, or all of Memory when a
// campaign has changed. It may be interrupted
// anywhere. The first Run of a process, and one after another process had its
// turn, learn the stream of Memory again. It returns how many cases were judged
// and how many of them are about a campaign.
func (j *Job) Run(ctx context.Context) (judged, attributed int, err error) {
	stored, revision, err := j.d.Store.AttributionProgress(ctx)
	if err != nil {
		return 0, 0, err
	}
	t := &turn{Job: j}
	if j.engine == nil || j.at != stored || stored.Revision != revision {
		if err := t.learn(ctx, stored, revision); err != nil {
			j.engine = nil
			return 0, 0, err
		}
	} else if err := t.corrections(ctx); err != nil {
		return 0, 0, err
	}
	for {
		n, err := t.step(ctx)
		if err != nil {
			j.engine = nil // it may know what the store does not
			return t.judged, t.attributed, err
		}
		if n == 0 {
			break
		}
	}
	if err := t.late(ctx); err != nil {
		j.engine = nil
		return t.judged, t.attributed, err
	}
	return t.judged, t.attributed, nil
}

// turn is one Run.
type turn struct {
	*Job
	judged, attributed int
}

// learn makes an engine that knows the campaigns and the stream up to what is
// stored. When the campaigns are others than those it was judged by, it is
// judged again.
func (t *turn) learn(ctx context.Context, stored campaign.Progress, revision int64) error {
	campaigns, err := t.d.Store.Campaigns(ctx)
	if err != nil {
		return fmt.Errorf("read the campaigns: %w", err)
	}
	if t.hands, err = t.said(ctx); err != nil {
		return err
	}
	t.engine = New(Deps{Tokenizer: t.d.Tokenizer, Now: t.d.Now})
	t.engine.Know(campaigns...)
	again := stored.Revision != revision
	since := t.d.Now().Add(-Memory)
	if len(campaigns) > 0 {
		err = t.replay(ctx, since, stored.Seq, func(cases []triage.Case) error {
			return t.judge(ctx, cases, stored, t.engine.Observe, again)
		})
		if err != nil {
			return err
		}
	}
	t.at = stored
	if !again {
		return nil
	}
	t.at.Revision = revision
	return t.d.Store.RecordAttributions(ctx, campaign.Judged{Progress: t.at})
}

// said reads what people have attributed.
func (t *turn) said(ctx context.Context) (map[triage.ComplaintID]string, error) {
	list, err := t.d.Store.HandAttributions(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what people attributed: %w", err)
	}
	hands := make(map[triage.ComplaintID]string, len(list))
	for i := range list {
		hands[list[i].Complaint] = list[i].Campaign
	}
	return hands, nil
}

// corrections teaches the engine what people have said since the last Run about
// cases that it knows.
func (t *turn) corrections(ctx context.Context) error {
	hands, err := t.said(ctx)
	if err != nil {
		return err
	}
	var changed []triage.ComplaintID
	for id, hand := range hands {
		if old, known := t.hands[id]; hand != "" && (!known || old != hand) {
			changed = append(changed, id)
		}
	}
	for ids := range slices.Chunk(changed, portion) {
		cases, err := t.d.Feed.Cases(ctx, ids)
		if err != nil {
			return fmt.Errorf("read the cases that people attributed: %w", err)
		}
		for i := range cases {
			if c := &cases[i]; c.Seq <= t.at.Seq {
				t.engine.Teach(hands[c.ID], c.Body())
			}
		}
	}
	t.hands = hands
	return nil
}

// replay reads stored cases in portions.
func (t *turn) replay(ctx context.Context, since time.Time, upTo int64, do func([]triage.Case) error) error {
	var cases []triage.Case
	err := t.d.Feed.Replay(ctx, since, upTo, func(c triage.Case, _ prevention.ClusterID) error {
		cases = append(cases, c)
		if len(cases) < portion {
			return nil
		}
		defer func() { cases = cases[:0] }()
		return do(cases)
	})
	if err != nil || len(cases) == 0 {
		return err
	}
	return do(cases)
}

// step judges one portion of new cases.
func (t *turn) step(ctx context.Context) (int, error) {
	cases, err := t.d.Feed.Arrived(ctx, t.at.Seq, portion)
	if err != nil || len(cases) == 0 {
		return 0, err
	}
	next := t.at
	next.Seq = cases[len(cases)-1].Seq
	if err := t.judge(ctx, cases, next, t.engine.Observe, true); err != nil {
		return 0, err
	}
	t.at = next
	return len(cases), nil
}

// late judges again the cases after exposures that came in late, without
// learning them twice.
func (t *turn) late(ctx context.Context) error {
	since, last, err := t.newContacts(ctx)
	if err != nil || last == t.at.Batch {
		return err
	}
	if !since.IsZero() {
		since = later(since, t.d.Now().Add(-Memory))
		err := t.replay(ctx, since, t.at.Seq, func(cases []triage.Case) error {
			return t.judge(ctx, cases, t.at, t.engine.Judge, true)
		})
		if err != nil {
			return err
		}
	}
	t.at.Batch = last
	return t.d.Store.RecordAttributions(ctx, campaign.Judged{Progress: t.at})
}

// newContacts returns from when on campaigns have reached customers by exposures
// that came in since the last Run, zero for none, and the last batch.
func (t *turn) newContacts(ctx context.Context) (since time.Time, last int64, err error) {
	last = t.at.Batch
	for {
		const many = 1000
		list, err := t.d.Batches.ExposureBatches(ctx, last, many)
		if err != nil {
			return since, last, fmt.Errorf("read what exposures came in: %w", err)
		}
		if len(list) == 0 {
			return since, last, nil
		}
		from := slices.MinFunc(list, func(a, b prevention.ExposureBatch) int { return a.From.Compare(b.From) }).From
		to := slices.MaxFunc(list, func(a, b prevention.ExposureBatch) int { return a.To.Compare(b.To) }).To
		last = list[len(list)-1].Seq
		if !since.IsZero() && !from.Before(since) {
			continue
		}
		kinds, err := t.d.Exposures.CountKinds(ctx, from, to.Add(time.Millisecond))
		if err != nil {
			return since, last, err
		}
		if slices.ContainsFunc(kinds, func(k prevention.KindCount) bool { return k.Kind == campaign.ExposureKind }) {
			since = from
		}
	}
}

// judge judges cases with what is known of their customers, and stores the
// outcome.
func (t *turn) judge(
	ctx context.Context, cases []triage.Case, p campaign.Progress, do func(*Complaint) (campaign.Attribution, bool), record bool,
) error {
	contacts, err := t.contacts(ctx, cases)
	if err != nil {
		return err
	}
	out := campaign.Judged{Progress: p}
	for i := range cases {
		c := &cases[i]
		in := Complaint{
			ID: c.ID, Customer: c.CustomerID, At: timeOf(c), Text: c.Body(), Stated: c.Campaign, Contacts: contacts[c.CustomerID],
		}
		if hand, ok := t.hands[c.ID]; ok {
			in.Hand = &hand
		}
		a, ok := do(&in)
		switch {
		case in.Hand != nil:
		case in.Text == "" && in.Stated == "": // its words are forgotten: what they said stays
		case ok:
			out.Set = append(out.Set, a)
		default:
			out.Clear = append(out.Clear, c.ID)
		}
	}
	if !record {
		return nil
	}
	t.judged, t.attributed = t.judged+len(cases), t.attributed+len(out.Set)
	if err := t.d.Store.RecordAttributions(ctx, out); err != nil {
		return fmt.Errorf("store attributions: %w", err)
	}
	return nil
}

// contacts returns the times that campaigns reached the customers of the cases.
func (t *turn) contacts(ctx context.Context, cases []triage.Case) (map[triage.CustomerID][]Contact, error) {
	var ids []triage.CustomerID
	var from, to time.Time
	for i := range cases {
		at := timeOf(&cases[i])
		if id := cases[i].CustomerID; id != "" {
			ids = append(ids, id)
		}
		if from.IsZero() || at.Before(from) {
			from = at
		}
		to = later(to, at)
	}
	slices.Sort(ids)
	found := map[triage.CustomerID][]Contact{}
	if len(t.engine.order) == 0 || len(ids) == 0 {
		return found, nil
	}
	list, err := t.d.Exposures.ExposuresOf(ctx, slices.Compact(ids), from.Add(-Window), to.Add(time.Millisecond))
	if err != nil {
		return nil, fmt.Errorf("read whom campaigns reached: %w", err)
	}
	for i := range list {
		if e := &list[i]; e.Kind == campaign.ExposureKind && e.Key != "" {
			found[e.CustomerID] = append(found[e.CustomerID], contactOf(e))
		}
	}
	return found, nil
}

// timeOf is when the customer complained, or the receipt where nobody knows.
func timeOf(c *triage.Case) time.Time {
	if c.At.IsZero() {
		return c.ReceivedAt
	}
	return c.At
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
