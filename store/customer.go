package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/triage"
)

// PutCustomers inserts or replaces customers by id and returns how many ids
// were new. Personal fields are stored as they are. Of several with one id the
// last counts. What people of ours have decided (tier, contact person, merges)
// and the contact plan stay.
func (db *DB) PutCustomers(ctx context.Context, customers []triage.Customer) (int, error) {
	items := make([]item, len(customers))
	for i, c := range customers {
		if c.ID == "" {
			return 0, triage.FieldErrorf("customer_id", "is empty")
		}
		id := clean(string(c.ID))
		items[i] = item{id, []any{
			id, clean(c.Name.Reveal()), clean(c.Phone.Reveal()), clean(c.Email.Reveal()),
			clean(c.Region), clean(string(c.Tier)), clean(c.Industry), instant(c.JoinedAt), c.OptedOut, phoneKey(c.Phone),
		}}
	}
	added, err := db.put(ctx, "customers", []string{"id", "name", "phone", "email", "region", "tier", "industry", "joined_at", "opted_out", "phone_key"}, items)
	return added, db.fail("store customers", err)
}

// phoneKey is the form in which phones are looked up.
func phoneKey(p triage.Phone) string {
	if digits(p.Reveal()) == "" {
		return ""
	}
	return addressKey(p.Reveal())
}

// Customer returns one customer, or CodeNotFound. The tier is the one that
// people decided on, else the imported one; tier and opt-out of a record that
// was merged are those of the person.
func (db *DB) Customer(ctx context.Context, id triage.CustomerID) (triage.Customer, error) {
	c, err := scanCustomer(db.read.QueryRowContext(ctx, `SELECT `+customerColumns+fromCustomers+` WHERE c.id = $1`, string(id)))
	return c, db.fail("read a customer", notFound(err, "there is no customer %s", id))
}

// customerColumns are those of scanCustomer, of fromCustomers: c is the record
// and p the one that stands for the person, if it is another.
const (
	customerColumns = `c.id, c.name, c.phone, c.email, c.region, ` + personTier + `, c.industry, c.joined_at, ` + personOptedOut
	fromCustomers   = ` FROM customers c LEFT JOIN customers p ON p.id = c.person`

	// ownTier is the expression of indexes.
	ownTier    = `(CASE WHEN c.set_tier <> '' THEN c.set_tier ELSE c.tier END)`
	personTier = `(CASE WHEN p.id IS NULL THEN ` + ownTier + ` WHEN p.set_tier <> '' THEN p.set_tier ELSE p.tier END)`
	personID   = `(CASE WHEN c.person = '' THEN c.id ELSE c.person END)`
	// personOptedOut holds when any record of the person did.
	personOptedOut = `(COALESCE(c.opted_out, FALSE) OR COALESCE(p.opted_out, FALSE) OR EXISTS (SELECT 1 FROM customers s
		WHERE s.person <> '' AND s.person = ` + personID + ` AND s.opted_out))`
)

func scanCustomer(s scanner) (c triage.Customer, err error) {
	err = s.Scan(&c.ID, &c.Name, &c.Phone, &c.Email, &c.Region, &c.Tier, &c.Industry, (*instant)(&c.JoinedAt), &c.OptedOut)
	return c, err
}

// CustomersByID returns those of the customers that exist, by id.
func (db *DB) CustomersByID(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]triage.Customer, error) {
	found := make(map[triage.CustomerID]triage.Customer, len(ids))
	err := each(ctx, db.read, `SELECT `+customerColumns+fromCustomers+` WHERE c.id IN`, ids, func(rows *sql.Rows) error {
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
