package console

import (
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// customerRow is one customer in a list: who it is, never how to reach them.
type customerRow struct {
	ID, Href, Name   string
	Tier             triage.Tier
	Region, Industry string
	// Owner is the contact person of ours.
	Owner           string
	Contacted, Next string
	Late            bool
	Joined          string
}

func (c *Console) customerRow(r *customer.Record) customerRow {
	return customerRow{
		ID: c.maskedLine(string(r.ID)), Href: customerPath(r.ID), Name: r.Name.String(), Tier: tierOf(r),
		Region: c.maskedLine(r.Region), Industry: c.maskedLine(r.Industry), Owner: r.Care.Manager,
		Contacted: c.day(r.Care.ContactedAt), Next: c.until(r.Care.DueAt),
		Late: c.overdue(r), Joined: c.day(r.JoinedAt),
	}
}

func (c *Console) customerRows(records []customer.Record) []customerRow {
	rows := make([]customerRow, len(records))
	for i := range records {
		rows[i] = c.customerRow(&records[i])
	}
	return rows
}

// tierOf is the tier of a record; one that its source left out is ordinary.
func tierOf(r *customer.Record) triage.Tier {
	if r.Tier == "" {
		return triage.TierOrdinary
	}
	return r.Tier
}

func (c *Console) overdue(r *customer.Record) bool {
	return !r.Care.DueAt.IsZero() && !c.d.Now().Before(r.Care.DueAt)
}

var customerColumns = []string{
	"field.customer", "customer.name", "field.tier", "field.region", "customer.industry", "customer.contact_person",
	"customer.contacted", "customer.next", "customer.joined",
}

func (c *Console) customerRecords(l language, records []customer.Record) [][]string {
	rows := make([][]string, len(records))
	for i := range records {
		r := c.customerRow(&records[i])
		rows[i] = []string{r.ID, r.Name, l.label("tier", r.Tier), r.Region, r.Industry, r.Owner, r.Contacted, r.Next, r.Joined}
	}
	return rows
}
