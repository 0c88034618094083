package watch

import (
	"context"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Detail is all that is known of a campaign.
type Detail struct {
	card.Card
	// History counts customers by day, Expected how many would complain on each if
	// the rate had always been that of the days before Verdict.Since, or the rate
	// of the whole.
	History  verdict.History
	Expected []float64
	// Parts are the segments with their totals.
	Parts []Part
	// Told are the signals, the latest first.
	Told []Told
}

// Part is a segment of a campaign with its totals.
type Part struct {
	Name                string
	Reached, Complained int
	// Rate is complaints per customer reached, with the 95 % interval.
	Rate evidence.Share
}

const toldShown = 400

// Campaign returns the detail of one campaign, or CodeNotFound. A campaign that
// no job has judged yet is judged by itself.
func (d *Desk) Campaign(ctx context.Context, id string) (Detail, error) {
	c, err := d.d.Register.Campaign(ctx, id)
	if err != nil {
		return Detail{}, err
	}
	today := d.today()
	a, err := d.read(ctx, &c, d.firsts([]string{id}, today)[id], today)
	if err != nil {
		return Detail{}, err
	}
	var out Detail
	if out.Told, err = d.d.Signals.SignalsOf(ctx, id, toldShown); err != nil {
		return Detail{}, err
	}
	if out.Card, err = d.card(ctx, a); err != nil {
		return Detail{}, err
	}
	if len(out.Told) > 0 {
		out.Verdict = out.Told[0].Verdict
	} else if out.Verdict, err = d.judgeAlone(ctx, a); err != nil {
		return Detail{}, err
	}
	out.History, out.Expected = a.history, expected(a.history, out.Verdict.Since)
	for _, s := range a.history.Segments {
		p := Part{Name: s.Name}
		for _, day := range s.Days {
			p.Reached += day.Reached
			p.Complained += day.Complained
		}
		p.Rate = evidence.ShareOf(min(p.Complained, p.Reached), p.Reached)
		out.Parts = append(out.Parts, p)
	}
	return out, d.place(ctx, &out.Card)
}

// judgeAlone judges a campaign without those like it, and stores nothing: what
// the job will say rests on all of them.
func (d *Desk) judgeAlone(ctx context.Context, a *about) (verdict.Verdict, error) {
	w := &world{day: d.today(), at: d.d.Now(), abouts: []*about{a}, delay: verdict.LearnDelay(nil)}
	w.dispersion = verdict.Dispersion(nil, w.delay)
	if err := d.everybody(ctx, w); err != nil {
		return verdict.Verdict{}, err
	}
	return d.judge(ctx, w, a, "")
}

// expected spreads the rate of the days before since over all of them.
func expected(h verdict.History, since fact.Day) []float64 {
	counts := verdict.Even().Counts(h.Days)
	complained, risk := 0, 0.0
	for i, c := range counts {
		if since != 0 && h.First+fact.Day(i) >= since {
			break
		}
		complained += c.Complained
		risk += c.AtRisk
	}
	list := make([]float64, len(counts))
	for i, c := range counts {
		if risk > 0 {
			list[i] = float64(complained) / risk * c.AtRisk
		}
	}
	return list
}

// card fills in everything but verdict and place.
func (d *Desk) card(ctx context.Context, a *about) (card.Card, error) {
	today := d.today()
	id := a.campaign.ID
	f := filter(id, today)
	book := d.d.Book
	c := card.Card{
		Campaign: a.campaign, State: campaign.StateAt(&a.campaign, d.d.Now()), From: a.history.First, To: a.last,
		Reached: a.reached, Contacts: a.contacts, Figures: book.Total(f), Customers: book.Customers(f),
		Types: book.By(f, fact.Subtype), TypeDim: fact.Subtype, Sentiments: book.By(f, fact.Sentiment), Demands: book.By(f, fact.Demand),
	}
	if len(c.Types) == 1 && c.Types[0].Value == "" {
		c.Types, c.TypeDim = book.By(f, fact.Type), fact.Type
	}
	if !a.campaign.To.IsZero() {
		c.To = fact.DayOf(a.campaign.To, d.d.Zone)
	}
	var err error
	if c.Reaction, err = d.reaction(ctx, id); err != nil {
		return c, err
	}
	accepted := c.Reaction.Count[campaign.Accepted]
	c.TakeUp = evidence.ShareOf(accepted, card.Asked(c.Reaction))
	c.Joined = evidence.ShareOf(min(accepted, c.Reached), c.Reached)
	if c.Causes, err = d.d.Cards.CauseCounts(ctx, id); err != nil {
		return c, err
	}
	if c.Assumed, err = d.d.Cards.CostAssumptions(ctx); err != nil {
		return c, err
	}
	c.Cost = c.Assumed.CostOf(&c.Figures)
	left, err := d.departures(ctx, id)
	if err != nil {
		return c, err
	}
	if left.Reached > 0 {
		c.Departures = &left
	}
	c.Lessons, err = d.d.Cards.Lessons(ctx, id)
	return c, err
}

func (d *Desk) place(ctx context.Context, c *card.Card) error {
	places, err := d.Ranking(ctx)
	for _, p := range places {
		if p.Campaign == c.Campaign.ID {
			c.Place, c.Of = p, len(places)
		}
	}
	return err
}

// Latest returns the latest signal of every campaign that has one.
func (d *Desk) Latest(ctx context.Context) (map[string]Told, error) {
	return d.d.Signals.LatestSignals(ctx)
}

// Causes returns the causes of those of the complaints that have one.
func (d *Desk) Causes(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]card.Judged, error) {
	return d.d.Causes.CausesOf(ctx, ids)
}
