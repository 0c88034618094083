package watch

import (
	"context"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
)

// Change is a signal that has become another one.
type Change struct {
	Campaign triage.Campaign
	Was      verdict.Signal // "" for a campaign that had none
	Told
}

// Signals judges every campaign that is running, or that has ended without ever
// having been judged, stores the signals of today and returns those that are
// others than before. The first Go of a campaign is no change. A second run on
// the same day replaces the first, so that a change is returned once.
func (d *Desk) Signals(ctx context.Context) ([]Change, error) {
	last, err := d.d.Signals.LatestSignals(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.Refresh(ctx); err != nil {
		return nil, err
	}
	w, err := d.world(ctx)
	if err != nil {
		return nil, err
	}
	var told []Told
	var changes []Change
	for _, a := range w.abouts {
		before, known := last[a.campaign.ID]
		switch campaign.StateAt(&a.campaign, w.at) {
		case campaign.Planned:
			continue
		case campaign.Ended:
			if known {
				continue
			}
		}
		v, err := d.judge(ctx, w, a, before.Verdict.Signal)
		if err != nil {
			return nil, err
		}
		t := Told{Campaign: a.campaign.ID, Day: w.day, At: w.at, Verdict: v}
		told = append(told, t)
		if v.Signal != before.Verdict.Signal && (known || v.Signal != verdict.Go) {
			changes = append(changes, Change{a.campaign, before.Verdict.Signal, t})
		}
	}
	// What is not kept would be a change again the next time: it is not told.
	if err := d.d.Signals.RecordSignals(ctx, told); err != nil {
		return nil, err
	}
	return changes, nil
}

// causesAtATime bounds how many complaints are read at once.
const causesAtATime = 500

// JudgeCauses says what the complaints about campaigns are caused by, of those
// nobody has judged yet, and returns how many it judged.
func (d *Desk) JudgeCauses(ctx context.Context) (int, error) {
	n := 0
	for {
		unread, err := d.d.Causes.Unjudged(ctx, causesAtATime)
		if err != nil || len(unread) == 0 {
			return n, err
		}
		judged := make([]card.Judged, len(unread))
		for i, u := range unread {
			cause, words := card.CauseOf(u.Text)
			judged[i] = card.Judged{Complaint: u.Complaint, Cause: cause, Words: words}
		}
		if err := d.d.Causes.RecordCauses(ctx, judged, d.d.Now()); err != nil {
			return n, err
		}
		n += len(unread)
	}
}
