package console

import (
	"cmp"
	"crypto/rand"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// counterView is the page at the counter.
type counterView struct {
	Searched, More bool
	Found          []counterFound
	// Who is the customer, nil while nobody was chosen; WalkIn is somebody unknown.
	Who    *counterCustomer
	WalkIn bool
	Asked  bool // somebody was chosen
	// General are the reasons that hold for every campaign alike.
	General []string
	Cards   []offerCard
	Not     []notOffered
	Over    []notOffered
	Capture *captureView
	Today   []captureRow
	Log     string
	Form    refusedForm

	names map[string]string
}

// counterFound is a customer whom a search found.
type counterFound struct{ ID, Href, Name, Phone, Region string }

func (c *Console) counterFound(k *triage.Customer) counterFound {
	return counterFound{c.maskedLine(string(k.ID)), counterState{Customer: k.ID}.link(), k.Name.String(), k.Phone.String(), c.maskedLine(k.Region)}
}

// counterCustomer is the line about the customer.
type counterCustomer struct {
	customerLink
	Name, Phone, Region, Since string
	Tier                       triage.Tier
	Open                       int
	Last, LastHref             string // the latest complaint
	Angry, OptedOut            bool
	Captures                   int
}

// offerCard is a campaign that may be recommended.
type offerCard struct {
	ID, Name, Copy, Rules, Until, Soon string
	Conditions, Grounds                []string
	Caution                            string
	Rate, RateHref                     string
	Key                                string
	Customer                           triage.CustomerID
	// Chosen is the card whose buttons have keys, Choose leads to one that is not.
	Chosen bool
	Choose string
}

// Attitudes are the buttons of the card.
func (o offerCard) Attitudes() []campaign.Attitude { return campaign.Attitudes }

// KeyOf is the key of a button of the chosen card.
func (o offerCard) KeyOf(button int) int { return button + 1 }

// notOffered is a campaign that may not be recommended, with every reason of its
// own.
type notOffered struct {
	Name string
	Why  []string
}

// fillAdvice shows an answer.
func (c *Console) fillAdvice(v *visit, view *counterView, s counterState, a *counter.Answer) (err error) {
	view.Asked, view.WalkIn = true, a.Who == nil
	if a.Who != nil {
		if view.Who, err = c.counterCustomer(v, s.Customer, a.Who); err != nil {
			return err
		}
	}
	for i := range a.Advice {
		x := &a.Advice[i]
		if x.Recommended() {
			view.Cards = append(view.Cards, c.offerCard(v.lang, s, x))
			continue
		}
		row := notOffered{Name: c.maskedLine(cmp.Or(x.Campaign.Name, x.Campaign.ID))}
		over := false
		for k := range x.Why {
			w := &x.Why[k]
			words := c.whyNot(v.lang, w)
			if w.OfCustomer() {
				if !slices.Contains(view.General, words) {
					view.General = append(view.General, words)
				}
				continue
			}
			over = over || w.Code == counter.Ended
			row.Why = append(row.Why, words)
		}
		if over {
			view.Over = append(view.Over, row)
		} else {
			view.Not = append(view.Not, row)
		}
	}
	view.choose(s.Campaign)
	return nil
}

// choose puts a card before the others, the first one unless it is there.
func (view *counterView) choose(campaign string) {
	if len(view.Cards) == 0 {
		return
	}
	chosen := max(slices.IndexFunc(view.Cards, func(o offerCard) bool { return o.ID == campaign }), 0)
	first := view.Cards[chosen]
	first.Chosen = true
	view.Cards = slices.Insert(slices.Delete(view.Cards, chosen, chosen+1), 0, first)
}

// counterCustomer is the line about a person; of a complaint that the user may not
// read it says the day alone.
func (c *Console) counterCustomer(v *visit, id triage.CustomerID, k *counter.Customer) (*counterCustomer, error) {
	line := &counterCustomer{
		customerLink: c.customerLink(id), Name: k.Name.String(), Phone: k.Phone.String(), Region: c.maskedLine(k.Region),
		Tier: cmp.Or(k.Tier, triage.TierOrdinary), OptedOut: k.OptedOut, Captures: len(k.Captures),
	}
	if !k.JoinedAt.IsZero() {
		line.Since = c.day(k.JoinedAt)
	}
	for i := range k.Complaints {
		if k.Complaints[i].Open {
			line.Open++
		}
	}
	if len(k.Complaints) == 0 {
		return line, nil
	}
	last := &k.Complaints[0]
	line.Last, line.Angry = c.day(last.At), last.Angry
	seen, err := c.inSight(v, []triage.ComplaintID{last.ID})
	if err == nil && seen(last.ID) {
		line.Last, line.LastHref = c.typeName(v.lang, last.Type)+" "+line.Last, casePath(last.ID)
	}
	return line, err
}

func (c *Console) offerCard(l language, s counterState, a *counter.Advice) offerCard {
	k := &a.Campaign
	hide := func(text string) string { return c.masked(text, nil) }
	o := offerCard{
		ID: k.ID, Name: hide(cmp.Or(k.Name, k.ID)), Copy: hide(k.Copy), Rules: hide(k.Rules), Conditions: c.conditions(l, &k.Eligible),
		Grounds: c.grounds(l, &a.Fit), Key: rand.Text(), Customer: s.Customer,
	}
	if !k.To.IsZero() {
		o.Until = c.day(k.To)
	}
	if a.Soon {
		o.Soon = c.day(k.From)
	}
	if a.Standing.Signal == counter.SignalAdjust {
		o.Caution = hide(a.Standing.Reason)
	}
	if a.Standing.Rate != nil {
		o.Rate = strconv.FormatFloat(*a.Standing.Rate, 'f', 1, 64)
		o.RateHref = "/figures/cases?" + fact.Filter{}.With(fact.Campaign, k.ID).Query().Encode()
	}
	s.Campaign, s.Capture = k.ID, 0
	o.Choose = s.link()
	return o
}

// captureView is what was just kept, with the form for more.
type captureView struct {
	captureRow
	Path, Written string
	Left          string // until when it can be changed
	Behaviour     counter.Behaviour
	picked        []counter.Reason
	MayChange     bool
	MayComplain   bool
}

// Reasons and Behaviours are those that the form offers.
func (x *captureView) Reasons() []counter.Reason { return counter.Reasons }

// Behaviours of the form.
func (x *captureView) Behaviours() []counter.Behaviour { return counter.Behaviours }

// Picked says whether a reason was given.
func (x *captureView) Picked(r counter.Reason) bool { return slices.Contains(x.picked, r) }

func (c *Console) captureView(v *visit, x *counter.Capture, names map[string]string) *captureView {
	return &captureView{
		captureRow: c.captureRow(v, x, names), Path: "/counter/captures/" + strconv.FormatInt(x.ID, 10), Written: x.Words,
		Left: c.when(x.RecordedAt.Add(counter.UndoTime)), Behaviour: x.Behaviour, picked: x.Reasons,
		MayChange: x.Changeable(v.user.Name, c.d.Now()), MayComplain: x.Words != "" && x.Case == "" && v.may(access.IntakeAdd),
	}
}

// captureRow is one capture as a table shows it.
type captureRow struct {
	ID                          int64
	At, Clock, Name, Href       string
	Customer                    customerLink
	Attitude                    campaign.Attitude
	Behaviour                   counter.Behaviour
	Reasons                     []counter.Reason
	Words                       string
	Complains                   bool
	Case, CaseHref, Clerk, Shop string
	Undo                        string // where the form leads that takes it back, "" for none
}

func (c *Console) captureRow(v *visit, x *counter.Capture, names map[string]string) captureRow {
	row := captureRow{
		ID: x.ID, At: c.when(x.At), Clock: x.At.In(c.d.Zone).Format(time.TimeOnly)[:5], Name: c.maskedLine(cmp.Or(names[x.Campaign], x.Campaign)),
		Href: address("/counter/log", "campaign", x.Campaign), Customer: c.customerLink(x.Customer), Attitude: x.Attitude, Behaviour: x.Behaviour,
		Reasons: x.Reasons, Words: c.masked(x.Words, nil), Complains: x.Complains, Clerk: x.Clerk, Shop: c.maskedLine(x.Shop),
	}
	if x.Case != "" {
		row.Case, row.CaseHref = c.maskedLine(string(x.Case)), "/cases/"+url.PathEscape(string(x.Case))
	}
	if x.Changeable(v.user.Name, c.d.Now()) && x.Case == "" {
		row.Undo = "/counter/captures/" + strconv.FormatInt(x.ID, 10) + "/undo"
	}
	return row
}
