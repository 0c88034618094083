package console

import (
	"html/template"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// customerView is the page of one customer: all records of one person.
type customerView struct {
	ID, Path, Name string
	Tier           triage.Tier
	OptedOut       bool
	Revealed       bool
	// Unfiled is somebody whom only complaints know: there is no record to keep
	// anything in.
	Unfiled bool
	// Main and MainHref lead to the record that stands for the person, "" when
	// this is it.
	Main, MainHref string
	Facts          []detail

	Cases12, OpenCases int
	Mean               string
	MeanLow            bool
	Contacted, Next    string
	NextLate           bool
	Owner, TierWhy     string
	Cadence            customer.Cadence
	Linked             []linkedRow
	Twins              []linkedRow
	Cases              []customerCase
	Hidden             int // complaints of other departments, which are left out
	Answers            []answerRow
	Scores             template.HTML
	Contacts           []contactRow
	ContactForm        *contactForm
	Events             []exposureRow
	EventsFirst        string
	EventsNext         string
	Told               []toldRow
	Tasks              []taskRow
	Trail              []trailRow

	Tiers                        []triage.Tier
	User                         string
	Form                         refusedForm
	MayWork, MayMerge, MayUnmask bool
	MayExport, MayErase          bool // the person's data
}

// linkedRow is another record of the same person, or of somebody who may be.
type linkedRow struct {
	ID, Href, Name, Region string
	Value                  triage.CustomerID // as a form sends it
	Main                   bool
	Basis                  customer.Basis
}

// customerCase is one complaint of the customer.
type customerCase struct {
	ID, Href, Line, Type, At string
	Status                   triage.Status
	Score                    *scored
}

// scored is a score as a page shows it.
type scored struct {
	Text string
	Low  bool
}

// contactRow is one entry of the contact log.
type contactRow struct {
	At                            string
	Channel                       triage.Channel
	People, Content, Feedback, By string
}

// exposureRow is one contact of the customer with something that can go wrong.
type exposureRow struct {
	At, Kind, Key, Facts string
	Campaign             bool
}

// toldRow is one notice that we sent of our own accord.
type toldRow struct{ At, What, Href, Channel, State string }

func (c *Console) customerView(v *visit, f *customer.File, revealed bool, form refusedForm) customerView {
	p, own := &f.Person, ownRecord(f, v.customerID())
	hide := func(s string) string { return c.masked(s, nil) }
	name := own.Name.String()
	if revealed {
		hide, name = func(s string) string { return s }, own.Name.Reveal()
	}
	view := customerView{
		ID: hide(string(own.ID)), Path: customerPath(own.ID), Name: name, Tier: tierOf(p), OptedOut: p.OptedOut, Revealed: revealed,
		Facts: c.customerFacts(own, hide, revealed), Cases12: f.Figures.Complaints, OpenCases: f.Figures.Open,
		Contacted: c.when(p.Care.ContactedAt), Next: c.until(p.Care.DueAt), NextLate: c.overdue(p),
		Owner: p.Care.Manager, TierWhy: c.tierWhy(v.lang, p), Cadence: c.d.People.Policy.Contacts[tierOf(p)],
		Linked: c.linkedRows(f), Cases: c.customerCases(v.lang, f.Cases), Answers: c.answerRows(f.Scores, hide),
		Contacts: c.contactRows(f.Contacts, hide), Told: c.toldRows(v.lang, f.Told),
		Tasks: c.taskRows(v.lang, taskState{}, f.Tasks), Tiers: tierOrder, User: v.user.Name, Form: form,
		Unfiled: own.Customer == triage.Customer{ID: own.ID},
	}
	if !view.Unfiled {
		view.MayWork, view.MayMerge, view.MayUnmask = v.may(access.CustomerWork), v.may(access.CustomerMerge), v.may(access.CaseUnmask)
	}
	if own.ID != p.ID {
		view.Main, view.MainHref = c.maskedLine(string(p.ID)), customerPath(p.ID)
	}
	if mean := f.Figures.Satisfaction; mean != nil {
		view.Mean, view.MeanLow = score(*mean), *mean < c.d.People.Policy.LowScore
	}
	if view.MayWork {
		view.ContactForm = c.contactForm(v, own.ID, form)
		view.ContactForm.Open = form.Is("contact")
	}
	return view
}

// ownRecord is the record that the page was asked for; the others of its
// person are listed beside it.
func ownRecord(f *customer.File, id triage.CustomerID) *customer.Record {
	for i := range f.Records {
		if f.Records[i].ID == id {
			return &f.Records[i]
		}
	}
	return &f.Person
}

func (c *Console) customerFacts(r *customer.Record, hide func(string) string, revealed bool) []detail {
	phone, email := r.Phone.String(), r.Email.String()
	if revealed {
		phone, email = r.Phone.Reveal(), r.Email.Reveal()
	}
	return []detail{
		{"customer.phone", phone}, {"customer.email", email}, {"field.region", hide(r.Region)},
		{"customer.industry", hide(r.Industry)}, {"customer.joined", c.day(r.JoinedAt)},
	}
}

// tierWhy says who gave the tier, when and why; "" for an imported one.
func (c *Console) tierWhy(l language, r *customer.Record) string {
	care := &r.Care
	if care.TierBy == "" {
		return ""
	}
	return c.when(care.TierAt) + " " + l.label("actor", care.TierBy) + " " + c.maskedLine(care.TierReason)
}

func (c *Console) linkedRows(f *customer.File) []linkedRow {
	if len(f.Records) < 2 {
		return nil
	}
	rows := make([]linkedRow, len(f.Records))
	for i := range f.Records {
		rows[i] = c.linkedRow(&f.Records[i])
		rows[i].Main = f.Records[i].ID == f.Person.ID
	}
	return rows
}

func (c *Console) linkedRow(r *customer.Record) linkedRow {
	return linkedRow{
		ID: c.maskedLine(string(r.ID)), Href: customerPath(r.ID), Name: r.Name.String(), Region: c.maskedLine(r.Region), Value: r.ID,
	}
}

func (c *Console) customerCases(l language, cases []triage.Case) []customerCase {
	rows := make([]customerCase, len(cases))
	for i := range cases {
		k := &cases[i]
		rows[i] = customerCase{
			ID: c.maskedLine(string(k.ID)), Href: casePath(k.ID), Line: oneLine(c.masked(k.Body(), k.Assessment.Entities), lineRunes),
			Type: c.typeName(l, k.FinalType()), At: c.when(k.At), Status: k.Status,
		}
		if k.Satisfaction != nil {
			rows[i].Score = new(c.scored(*k.Satisfaction))
		}
	}
	return rows
}

func (c *Console) scored(value float64) scored {
	return scored{Text: score(value), Low: value < c.d.People.Policy.LowScore}
}

// scoreChart draws the scores, which come with the latest first.
func (c *Console) scoreChart(l language, scores []customer.Score) (template.HTML, error) {
	if len(scores) == 0 {
		return "", nil
	}
	title, err := l.text("customer.scores", score(c.d.People.Policy.LowScore))
	if err != nil {
		return "", err
	}
	marks := make([]chart.Score, len(scores))
	for i, s := range scores {
		marks[len(scores)-1-i] = chart.Score{Hint: c.day(s.At) + " " + score(s.Score), Value: s.Score}
	}
	return chart.Scores(title, "", marks, c.d.People.Policy.LowScore), nil
}

// day is the date of a time in the zone of the console, "" for the zero time.
func (c *Console) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(c.d.Zone).Format(dayFace)
}

// until is the last day before a time.
func (c *Console) until(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return c.day(t.Add(-1))
}
