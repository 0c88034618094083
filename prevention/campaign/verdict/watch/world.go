package watch

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

const (
	// settled is how many days a campaign must have had to say something about
	// another one.
	settled = 14
	// generalDays is the time in which the general rate is counted.
	generalDays = 30
)

// authorities are the flags of complaints that reach those who can fine or shame
// the company.
const authorities = fact.To12315 | fact.ToMIIT | fact.ToMedia

// world is all campaigns on a day.
type world struct {
	day        fact.Day
	at         time.Time
	abouts     []*about
	delay      verdict.Delay
	dispersion float64
	general    verdict.Count
	// escalated is the usual share of complaints that go to authorities.
	escalated float64
}

func (d *Desk) world(ctx context.Context) (*world, error) {
	list, err := d.d.Register.List(ctx, campaign.Filter{})
	if err != nil {
		return nil, err
	}
	w := &world{day: d.today(), at: d.d.Now()}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	firsts := d.firsts(ids, w.day)
	var past []verdict.History
	for i := range list {
		a, err := d.read(ctx, &list[i], firsts[list[i].ID], w.day)
		if err != nil {
			return nil, err
		}
		w.abouts = append(w.abouts, a)
		if a.reached > 0 && len(a.history.Days) >= settled {
			past = append(past, a.history)
		}
	}
	w.delay = verdict.LearnDelay(past)
	w.dispersion = verdict.Dispersion(past, w.delay)
	return w, d.everybody(ctx, w)
}

// everybody fills in what is usual among all customers.
func (d *Desk) everybody(ctx context.Context, w *world) error {
	n, err := d.d.People.CustomerCount(ctx)
	if err != nil {
		return err
	}
	last := fact.Filter{From: w.day - generalDays + 1, To: w.day + 1}
	w.general = verdict.Count{Complained: d.d.Book.Customers(last), AtRisk: float64(n)}
	all := fact.Filter{To: w.day + 1}
	some := all
	some.Any = authorities
	if total := d.d.Book.Total(all).Cases; total > 0 {
		w.escalated = float64(d.d.Book.Total(some).Cases) / float64(total)
	}
	return nil
}

// judge judges one campaign of the world.
func (d *Desk) judge(ctx context.Context, w *world, a *about, was verdict.Signal) (verdict.Verdict, error) {
	e := verdict.Evidence{
		History: a.history, Length: length(&a.campaign), General: w.general, Delay: w.delay, Dispersion: w.dispersion,
		UsualEscalated: w.escalated, Was: was, Prior: verdict.Fit(w.like(a), w.general),
	}
	f := filter(a.campaign.ID, w.day)
	e.Complaints = d.d.Book.Total(f).Cases
	f.Any = authorities
	e.Escalated = d.d.Book.Total(f).Cases
	r, err := d.reaction(ctx, a.campaign.ID)
	if err != nil {
		return verdict.Verdict{}, err
	}
	e.Contacts, e.Unwelcome = card.Asked(r), card.Unwelcome(r)
	return verdict.Judge(e, d.d.Limits), nil
}

// reaction is that at the counter up to now.
func (d *Desk) reaction(ctx context.Context, id string) (campaign.Reaction, error) {
	if d.d.Reactions == nil {
		return campaign.Reaction{}, nil
	}
	// From 1970 on: no campaign is older.
	return d.d.Reactions.Reactions(ctx, id, time.Unix(0, 0), d.d.Now().Add(time.Second))
}

// like are the other campaigns, by how like they are.
func (w *world) like(a *about) []verdict.Past {
	var past []verdict.Past
	for _, o := range w.abouts {
		if o == a || len(o.history.Days) < settled || o.history.First >= a.history.First+fact.Day(len(a.history.Days)) {
			continue
		}
		var c verdict.Count
		for _, n := range w.delay.Counts(o.history.Days) {
			c.Complained += n.Complained
			c.AtRisk += n.AtRisk
		}
		past = append(past, verdict.Past{Count: c, Likeness: verdict.Likeness(&a.campaign, &o.campaign)})
	}
	return past
}

// length is how many days a campaign is to run, 0 when nobody knows.
func length(c *triage.Campaign) int {
	if c.From.IsZero() || c.To.IsZero() || c.To.Before(c.From) {
		return 0
	}
	return int(c.To.Sub(c.From)/(24*time.Hour)) + 1
}
