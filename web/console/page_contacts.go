package console

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// The parts of the list of due contacts.
const (
	contactsLate = "late" // the period is over
	contactsWeek = "week" // to be made within the next seven days
	contactsAll  = "all"  // to be made in the running period
)

var contactViews = []string{contactsLate, contactsWeek, contactsAll, string(customer.OptedOut), string(customer.NoAddress)}

// farAhead is behind the end of every period of the contact plan.
const farAhead = 200 * 24 * time.Hour

// contactState is the state of the list of due contacts as its address has it.
type contactState struct{ View, Tier, Owner, Cursor, Log string }

func readContactState(q url.Values) contactState {
	s := contactState{
		View: oneOf(q.Get("view"), contactViews), Tier: oneOf(q.Get("tier"), tierOrder),
		Owner: cut(strings.TrimSpace(q.Get("owner")), maxWho), Cursor: q.Get("cursor"), Log: q.Get("log"),
	}
	if s.View == "" {
		s.View = contactsWeek
	}
	return s
}

func (s contactState) link(path string) string {
	return address(path, "view", s.View, "tier", s.Tier, "owner", s.Owner, "cursor", s.Cursor, "log", s.Log)
}

func (s contactState) filter(now time.Time) customer.DueFilter {
	f := customer.DueFilter{Tier: triage.Tier(s.Tier), Manager: s.Owner, Until: now.Add(farAhead)}
	switch s.View {
	case contactsLate:
		f.Until = now
	case contactsWeek:
		f.Until = now.AddDate(0, 0, 7)
	case string(customer.OptedOut), string(customer.NoAddress):
		f.Reach = customer.Reach(s.View)
	}
	return f
}

// apart is set for customers whom the plan cannot reach.
func (s contactState) apart() bool { return s.filter(time.Time{}).Reach != customer.Reachable }

// contactsView is the list of due contacts.
type contactsView struct {
	State contactState
	Tabs  []viewTab
	Tiers []triage.Tier
	Plan  []tierPlan
	Rows  []dueRow
	// Open is the form beside the list, nil for none.
	Open                       *openContact
	Export, Clear, First, Next string
}

// tierPlan is how often the customers of a tier are contacted.
type tierPlan struct {
	Tier    triage.Tier
	Cadence customer.Cadence
}

// viewTab leads to one part of a list.
type viewTab struct {
	View, Href string
	Active     bool
	Count      int
}

type dueRow struct {
	customerRow
	Log    string // where its form is, "" when nobody may contact them
	Chosen bool
}

type openContact struct {
	Name, Shut string
	Form       *contactForm
}

func (c *Console) showContacts(v *visit) error {
	s := readContactState(v.r.URL.Query())
	ctx := v.r.Context()
	found, err := c.d.People.Customers.Due(ctx, s.filter(c.d.Now()), customer.Page{Cursor: s.Cursor, Limit: listRows})
	if err != nil {
		return err
	}
	view := contactsView{State: s, Tiers: tierOrder, Tabs: contactTabs(s), Rows: c.dueRows(v, s, found.Rows)}
	for _, tier := range tierOrder {
		if often, known := c.d.People.Policy.Contacts[tier]; known {
			view.Plan = append(view.Plan, tierPlan{tier, often})
		}
	}
	if s.Log != "" && v.may(access.CustomerWork) {
		if view.Open, err = c.openContact(v, s); err != nil {
			return err
		}
	}
	view.addresses(found.Next, v.may(access.CaseExport))
	return c.render(v, http.StatusOK, "contacts", page{Title: "nav.contacts", Nav: "/contacts", View: view})
}

func (view *contactsView) addresses(next string, export bool) {
	s := view.State
	s.Log = ""
	if s.Cursor != "" {
		s.Cursor = ""
		view.First = s.link("/contacts")
	}
	if export {
		view.Export = s.link("/contacts/export.csv")
	}
	if s.Tier != "" || s.Owner != "" {
		view.Clear = contactState{View: s.View}.link("/contacts")
	}
	if s.Cursor = next; next != "" {
		view.Next = s.link("/contacts")
	}
}

func contactTabs(s contactState) []viewTab {
	tabs := make([]viewTab, len(contactViews))
	for i, name := range contactViews {
		tabs[i] = viewTab{View: name, Active: name == s.View, Href: contactState{View: name, Tier: s.Tier, Owner: s.Owner}.link("/contacts")}
	}
	return tabs
}

func (c *Console) dueRows(v *visit, s contactState, records []customer.Record) []dueRow {
	rows := make([]dueRow, len(records))
	for i := range records {
		rows[i] = dueRow{customerRow: c.customerRow(&records[i]), Chosen: s.Log == string(records[i].ID)}
		if !s.apart() && v.may(access.CustomerWork) {
			s.Log = string(records[i].ID)
			rows[i].Log = s.link("/contacts") + "#log"
		}
	}
	return rows
}

// openContact is the form for the customer that the address names; nil for one
// who is not in the file.
func (c *Console) openContact(v *visit, s contactState) (*openContact, error) {
	r, err := c.d.People.Customers.Person(v.r.Context(), triage.CustomerID(s.Log))
	if err != nil {
		return nil, ignoreNotFound(err)
	}
	s.Log = ""
	form := c.contactForm(v, r.ID, refusedForm{})
	form.Back = s.link("/contacts")
	return &openContact{Name: r.Name.String(), Shut: form.Back, Form: form}, nil
}

func (c *Console) exportContacts(v *visit) error {
	s := readContactState(v.r.URL.Query())
	rows, err := collectPages(func(p customer.Page) ([][]string, string, error) {
		found, err := c.d.People.Customers.Due(v.r.Context(), s.filter(c.d.Now()), p)
		if err != nil {
			return nil, "", err
		}
		return c.customerRecords(v.lang, found.Rows), found.Next, nil
	})
	if err != nil {
		return err
	}
	return c.sendTable(v, "contacts", customerColumns, rows)
}
