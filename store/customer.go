package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/triage"
)

// PutCustomers inserts or replaces customers by id and returns how many ids
// were new. Personal fields are stored as they are. Of several with one id the
// last counts.
func (db *DB) PutCustomers(ctx context.Context, customers []triage.Customer) (int, error) {
	items := make([]item, len(customers))
	for i, c := range customers {
		if c.ID == "" {
			return 0, triage.FieldErrorf("customer_id", "is empty")
		}
		id := clean(string(c.ID))
		items[i] = item{id, []any{
			id, clean(c.Name.Reveal()), clean(c.Phone.Reveal()), clean(c.Email.Reveal()),
			clean(c.Region), clean(string(c.Tier)), clean(c.Industry), instant(c.JoinedAt), c.OptedOut,
		}}
	}
	added, err := db.put(ctx, "customers", []string{"id", "name", "phone", "email", "region", "tier", "industry", "joined_at", "opted_out"}, items)
	return added, db.fail("store customers", err)
}

// Customer returns one customer, or CodeNotFound.
func (db *DB) Customer(ctx context.Context, id triage.CustomerID) (triage.Customer, error) {
	c, err := scanCustomer(db.read.QueryRowContext(ctx, `SELECT `+customerColumns+` FROM customers WHERE id = $1`, string(id)))
	return c, db.fail("read a customer", notFound(err, "there is no customer %s", id))
}

const customerColumns = `id, name, phone, email, region, tier, industry, joined_at, opted_out`

func scanCustomer(s scanner) (c triage.Customer, err error) {
	err = s.Scan(&c.ID, &c.Name, &c.Phone, &c.Email, &c.Region, &c.Tier, &c.Industry, (*instant)(&c.JoinedAt), &c.OptedOut)
	return c, err
}

// CustomersByID returns those of the customers that exist, by id.
func (db *DB) CustomersByID(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]triage.Customer, error) {
	found := make(map[triage.CustomerID]triage.Customer, len(ids))
	err := each(ctx, db.read, `SELECT `+customerColumns+` FROM customers WHERE id IN`, ids, func(rows *sql.Rows) error {
		c, err := scanCustomer(rows)
		found[c.ID] = c
		return err
	})
	return found, db.fail("read customers", err)
}

// CountByRegion counts all customers; a region of "" is unknown.
func (db *DB) CountByRegion(ctx context.Context) (map[string]int, error) {
	counts := make(map[string]int)
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var region string
		var n int
		err := rows.Scan(&region, &n)
		counts[region] = n
		return err
	}, `SELECT region, COUNT(*) FROM customers GROUP BY region`)
	return counts, db.fail("count customers by region", err)
}

// PutCampaigns inserts or replaces campaigns by id and returns how many ids
// were new.
func (db *DB) PutCampaigns(ctx context.Context, campaigns []triage.Campaign) (int, error) {
	items := make([]item, len(campaigns))
	for i, c := range campaigns {
		if c.ID == "" {
			return 0, triage.FieldErrorf("id", "is empty")
		}
		id := clean(c.ID)
		items[i] = item{id, []any{
			id, clean(c.Name), instant(c.From), instant(c.To), clean(c.Channel), clean(c.Rules), clean(c.Audience),
		}}
	}
	added, err := db.put(ctx, "campaigns", []string{"id", "name", "starts_at", "ends_at", "channel", "rules", "audience"}, items)
	return added, db.fail("store campaigns", err)
}

// PutSolutions inserts or replaces solutions by id and returns how many ids
// were new.
func (db *DB) PutSolutions(ctx context.Context, solutions []triage.Solution) (int, error) {
	items := make([]item, len(solutions))
	for i, s := range solutions {
		if s.ID == "" {
			return 0, triage.FieldErrorf("id", "is empty")
		}
		id := clean(s.ID)
		items[i] = item{id, []any{
			id, clean(s.Type), clean(s.Subtype), clean(s.Title), clean(s.Text), s.Uses, s.Satisfaction,
		}}
	}
	added, err := db.put(ctx, "solutions", []string{"id", "type", "subtype", "title", "text", "uses", "satisfaction"}, items)
	return added, db.fail("store solutions", err)
}

// SolutionsFor returns the solutions of a type: those of the subtype first,
// then by use.
func (db *DB) SolutionsFor(ctx context.Context, typ, subtype string) ([]triage.Solution, error) {
	var solutions []triage.Solution
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var s triage.Solution
		if err := rows.Scan(&s.ID, &s.Type, &s.Subtype, &s.Title, &s.Text, &s.Uses, &s.Satisfaction); err != nil {
			return err
		}
		solutions = append(solutions, s)
		return nil
	}, `SELECT id, type, subtype, title, text, uses, satisfaction FROM solutions WHERE type = $1
		ORDER BY CASE WHEN subtype = $2 THEN 0 ELSE 1 END, uses DESC, id`, typ, subtype)
	return solutions, db.fail("read solutions", err)
}
