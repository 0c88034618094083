package console

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// tierOrder is the value classes, the highest first.
var tierOrder = []triage.Tier{triage.TierVIP, triage.TierHigh, triage.TierPotential, triage.TierOrdinary}

// maxWho bounds what is looked up, in runes.
const maxWho = 200

// customerState is the state of the list of customers as its address has it.
// What was looked up is no part of it: names and numbers stay out of addresses.
type customerState struct{ Tier, Region, Cursor string }

func readCustomerState(q url.Values) customerState {
	return customerState{
		Tier: oneOf(q.Get("tier"), tierOrder), Region: cut(strings.TrimSpace(q.Get("region")), maxWho), Cursor: q.Get("cursor"),
	}
}

func (s customerState) link(path string) string {
	return address(path, "tier", s.Tier, "region", s.Region, "cursor", s.Cursor)
}

func (s customerState) filter() customer.Filter {
	return customer.Filter{Tier: triage.Tier(s.Tier), Region: s.Region}
}

// customersView is the list of customers, or those who were found.
type customersView struct {
	State customerState
	Tiers []triage.Tier
	Rows  []customerRow
	// Found is set when the rows are the answer to a search.
	Found                      bool
	Export, Clear, First, Next string
}

func (c *Console) showCustomers(v *visit) error {
	s := readCustomerState(v.r.URL.Query())
	found, err := c.d.People.Customers.List(v.r.Context(), s.filter(), customer.Page{Cursor: s.Cursor, Limit: listRows})
	if err != nil {
		return err
	}
	view := customersView{State: s, Tiers: tierOrder, Rows: c.customerRows(found.Rows)}
	if s.Cursor != "" {
		s.Cursor = ""
		view.First = s.link("/customers")
	}
	if s.Tier != "" || s.Region != "" {
		view.Clear = "/customers"
	}
	if v.may(access.CaseExport) {
		view.Export = s.link("/customers/export.csv")
	}
	if s.Cursor = found.Next; found.Next != "" {
		view.Next = s.link("/customers")
	}
	return c.renderCustomers(v, view)
}

func (c *Console) renderCustomers(v *visit, view customersView) error {
	return c.render(v, http.StatusOK, "customers", page{Title: "nav.customers", Nav: "/customers", View: view})
}

// findCustomer looks a whole id, name, phone or e-mail address up. It is a
// POST, so that none of them is kept in histories and logs of addresses.
func (c *Console) findCustomer(v *visit) error {
	who := strings.TrimSpace(v.r.PostForm.Get("who"))
	view := customersView{Tiers: tierOrder, Found: true}
	if who == "" {
		return c.renderCustomers(v, view)
	}
	found, err := c.d.People.Customers.List(v.r.Context(), customer.Filter{Find: cut(who, maxWho)}, customer.Page{Limit: listRows})
	if err != nil {
		return err
	}
	if len(found.Rows) == 1 {
		return c.redirect(v, customerPath(found.Rows[0].ID), "")
	}
	view.Rows = c.customerRows(found.Rows)
	return c.renderCustomers(v, view)
}

// exportCustomers sends the list as CSV, without telephone numbers and
// addresses.
func (c *Console) exportCustomers(v *visit) error {
	s := readCustomerState(v.r.URL.Query())
	rows, err := collectPages(func(p customer.Page) ([][]string, string, error) {
		found, err := c.d.People.Customers.List(v.r.Context(), s.filter(), p)
		if err != nil {
			return nil, "", err
		}
		return c.customerRecords(v.lang, found.Rows), found.Next, nil
	})
	if err != nil {
		return err
	}
	return c.sendTable(v, "customers", customerColumns, rows)
}

// collectPages reads pages until the last one, or until there are as many rows
// as an export may have.
func collectPages(read func(p customer.Page) (rows [][]string, next string, err error)) ([][]string, error) {
	var all [][]string
	p := customer.Page{Limit: 500}
	for {
		rows, next, err := read(p)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
		if p.Cursor = next; next == "" || len(all) >= maxExportRows {
			return all[:min(len(all), maxExportRows)], nil
		}
	}
}

// address is a path with those of the pairs of name and value that have one.
func address(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
