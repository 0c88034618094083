package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// Care is the database as a [customer.Store]. It is a type of its own because
// some of the method names mean something else on DB.
type Care struct{ db *DB }

// Care returns the customer care part of the store.
func (db *DB) Care() *Care { return &Care{db} }

const (
	recordColumns = customerColumns + `, ` + personID + `, COALESCE(l.into_id, ''), COALESCE(l.by_whom, ''),
	COALESCE(l.at, -62135596800000), COALESCE(l.reason, ''), c.manager, c.tier_by, c.tier_reason, c.tier_at, c.contacted_at, c.due_at`
	fromRecords = fromCustomers + ` LEFT JOIN customer_links l ON l.customer_id = c.id`
)

// scanRecord reads recordColumns.
func scanRecord(s scanner) (r customer.Record, err error) {
	err = s.Scan(&r.ID, &r.Name, &r.Phone, &r.Email, &r.Region, &r.Tier, &r.Industry, (*instant)(&r.JoinedAt), &r.OptedOut,
		&r.Person, &r.Link.Into, &r.Link.By, (*instant)(&r.Link.At), &r.Link.Reason, &r.Care.Manager,
		&r.Care.TierBy, &r.Care.TierReason, (*instant)(&r.Care.TierAt), (*instant)(&r.Care.ContactedAt), (*instant)(&r.Care.DueAt))
	return r, err
}

func recordsOf(ctx context.Context, q querier, rest string, args ...any) ([]customer.Record, error) {
	var list []customer.Record
	err := collect(ctx, q, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		list = append(list, r)
		return err
	}, `SELECT `+recordColumns+fromRecords+rest, args...)
	return list, err
}

// Records returns all records of a person, the one that stands for them first,
// then by id. A customer whom only cases name has one empty record.
func (c *Care) Records(ctx context.Context, id triage.CustomerID) ([]customer.Record, error) {
	list, err := personRecords(ctx, c.db.read, id)
	if err != nil || len(list) > 0 {
		return list, c.db.fail("read a customer", err)
	}
	var n int
	err = c.db.read.QueryRowContext(ctx, `SELECT 1 FROM cases WHERE customer_id = $1 AND customer_id <> '' LIMIT 1`, string(id)).Scan(&n)
	if err != nil {
		return nil, c.db.fail("look for a customer's cases", notFound(err, "there is no customer %s", id))
	}
	return []customer.Record{{Customer: triage.Customer{ID: id}, Person: id}}, nil
}

// personRecords is empty when the customer file does not have the id.
func personRecords(ctx context.Context, q querier, id triage.CustomerID) ([]customer.Record, error) {
	list, err := recordsOf(ctx, q, ` WHERE c.id IN (SELECT `+personID+` FROM customers c WHERE c.id = $1
		UNION SELECT s.id FROM customers s JOIN customers c ON s.person = `+personID+` WHERE s.person <> '' AND c.id = $1)`, string(id))
	slices.SortFunc(list, func(a, b customer.Record) int {
		return cmp.Or(-cmp.Compare(standing(&a), standing(&b)), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// standing is 1 for the record that stands for its person.
func standing(r *customer.Record) int {
	if r.Person == r.ID {
		return 1
	}
	return 0
}

// ByID returns those of the records that exist, by id.
func (c *Care) ByID(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]customer.Record, error) {
	found := make(map[triage.CustomerID]customer.Record, len(ids))
	err := each(ctx, c.db.read, `SELECT `+recordColumns+fromRecords+` WHERE c.id IN`, ids, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		found[r.ID] = r
		return err
	})
	return found, c.db.fail("read customers", err)
}

// maxHits bounds the records of one address: some sources give one number to
// everybody whose number they do not know.
const maxHits = 10

// ByAddress returns the records at each address, at most ten of each, in order
// of id.
func (c *Care) ByAddress(ctx context.Context, addresses []string) (map[string][]customer.Record, error) {
	given := make(map[string][]string, len(addresses)) // by key
	var phones, emails []string
	for _, a := range addresses {
		key := addressKey(a)
		if key == "" {
			continue
		}
		if _, known := given[key]; !known && strings.Contains(key, "@") {
			emails = append(emails, key)
		} else if !known {
			phones = append(phones, key)
		}
		given[key] = append(given[key], a)
	}
	hits := make(map[string][]triage.CustomerID)
	var ids []triage.CustomerID
	err := hitsOf(ctx, c.db.read, `SELECT phone_key, id FROM customers WHERE phone_key <> '' AND phone_key IN`, phones, hits)
	if err == nil {
		err = hitsOf(ctx, c.db.read, `SELECT LOWER(email), id FROM customers WHERE email <> '' AND LOWER(email) IN`, emails, hits)
	}
	if err != nil {
		return nil, c.db.fail("look for customers by address", err)
	}
	for _, list := range hits {
		ids = append(ids, list...)
	}
	slices.Sort(ids)
	records, err := c.ByID(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	found := make(map[string][]customer.Record, len(hits))
	for key, list := range hits {
		for _, a := range given[key] {
			for _, id := range list {
				found[a] = append(found[a], records[id])
			}
		}
	}
	return found, nil
}

// ByOrder returns the customers of the cases about each order, in order of id.
func (c *Care) ByOrder(ctx context.Context, orders []string) (map[string][]triage.CustomerID, error) {
	found := make(map[string][]triage.CustomerID)
	err := hitsOf(ctx, c.db.read, `SELECT DISTINCT order_id, customer_id FROM cases
		WHERE order_id <> '' AND customer_id <> '' AND order_id IN`, orders, found)
	return found, c.db.fail("look for customers by order", err)
}

// hitsOf adds at most maxHits customers of each key, in order of id. The query
// selects key and customer and ends in "IN". All keys are asked for at once;
// where that finds more rows than they may have, each by itself.
func hitsOf(ctx context.Context, q querier, query string, keys []string, hits map[string][]triage.CustomerID) error {
	ask := func(keys []string, add func(key string, id triage.CustomerID)) (rows int, err error) {
		args := make([]any, len(keys))
		for i, key := range keys {
			args[i] = key
		}
		err = collect(ctx, q, func(r *sql.Rows) error {
			var key string
			var id triage.CustomerID
			err := r.Scan(&key, &id)
			add(key, id)
			rows++
			return err
		}, query+" "+placeholders(1, len(keys))+limited(len(keys)*maxHits), args...)
		return rows, err
	}
	for part := range slices.Chunk(keys, listIDs) {
		found := make(map[string][]triage.CustomerID, len(part))
		add := func(key string, id triage.CustomerID) { found[key] = append(found[key], id) }
		n, err := ask(part, add)
		if err != nil {
			return err
		}
		if n == len(part)*maxHits { // one key may have left no room for the others
			clear(found)
			for i := range part {
				if _, err := ask(part[i:i+1], add); err != nil {
					return err
				}
			}
		}
		for key, list := range found {
			slices.Sort(list)
			hits[key] = list[:min(len(list), maxHits)]
		}
	}
	return nil
}

// minSearch is the number of digits from which a number is looked for among
// phones.
const minSearch = 5

// List returns one page of the customers in order of id.
func (c *Care) List(ctx context.Context, f customer.Filter, p customer.Page) (customer.Rows[customer.Record], error) {
	var w where
	if find := strings.TrimSpace(clean(f.Find)); find != "" {
		phone := ""
		if len(digits(find)) >= minSearch {
			phone = addressKey(find)
		}
		w.conditions = append(w.conditions, `c.id IN (SELECT id FROM customers WHERE id = $1
			UNION SELECT id FROM customers WHERE name <> '' AND name = $1
			UNION SELECT id FROM customers WHERE phone_key <> '' AND phone_key = $2
			UNION SELECT id FROM customers WHERE email <> '' AND LOWER(email) = $3)`)
		w.args = append(w.args, find, phone, strings.ToLower(find))
	}
	if f.Tier != "" {
		w.add(ownTier+" =", string(f.Tier))
	}
	if f.Region != "" {
		w.add("c.region =", f.Region)
	}
	if f.Manager != "" {
		w.add("c.manager =", f.Manager)
	}
	if p.Cursor != "" {
		after, err := base64.RawURLEncoding.DecodeString(p.Cursor)
		if err != nil {
			return customer.Rows[customer.Record]{}, triage.FieldErrorf("cursor", "is not one of ours; start again from the first page")
		}
		w.add("c.id >", clean(string(after)))
	}
	limit := pageSize(p.Limit)
	list, err := recordsOf(ctx, c.db.read, w.String()+` ORDER BY c.id`+limited(limit+1), w.args...)
	return cutPage(list, limit, func(r *customer.Record) string {
		return base64.RawURLEncoding.EncodeToString([]byte(r.ID))
	}), c.db.fail("list customers", err)
}

// digits of a text.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// pageSize of a list: 50 unless asked, at most 500.
func pageSize(limit int) int {
	if limit <= 0 {
		return defaultPage
	}
	return min(limit, maxPage)
}

// cutPage takes the one row more than asked for as the sign that there is
// another page.
func cutPage[T any](list []T, limit int, cursor func(*T) string) customer.Rows[T] {
	if len(list) <= limit {
		return customer.Rows[T]{Rows: list}
	}
	return customer.Rows[T]{Rows: list[:limit], Next: cursor(&list[limit-1])}
}
