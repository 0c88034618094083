package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// AddContact appends to the contact log. The person's plan moves only when no
// later contact is known.
func (c *Care) AddContact(ctx context.Context, k customer.Contact, due time.Time, e triage.AuditEntry) (id int64, err error) {
	err = c.db.writer.submit(ctx, 3, func(ctx context.Context, tx *sql.Tx) error {
		if err := ensureRecord(ctx, tx, k.Customer); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, `INSERT INTO contact_log (customer_id, at, people, channel, content, feedback, by_whom)
			SELECT id, CAST($2 AS BIGINT), $3, $4, $5, $6, $7 FROM customers WHERE id = $1 RETURNING id`,
			string(k.Customer), instant(k.At), clean(k.People), clean(string(k.Channel)), clean(k.Content), clean(k.Feedback), clean(k.By)).Scan(&id)
		if err != nil {
			return notFound(err, "there is no customer %s", k.Customer)
		}
		_, err = tx.ExecContext(ctx, `UPDATE customers SET contacted_at = $2, due_at = $3 WHERE id = $1 AND contacted_at < $2`,
			string(k.Customer), instant(k.At), instant(due))
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	return id, c.db.fail("log a contact", err)
}

// Contacts returns one page of the log of the records, latest first.
func (c *Care) Contacts(ctx context.Context, ids []triage.CustomerID, p customer.Page) (customer.Rows[customer.Contact], error) {
	var w where
	if len(ids) == 0 {
		return customer.Rows[customer.Contact]{}, nil
	}
	anyOf(&w, "customer_id", ids)
	if err := w.behind("(at, id) <", p.Cursor); err != nil {
		return customer.Rows[customer.Contact]{}, err
	}
	limit := pageSize(p.Limit)
	var list []customer.Contact
	err := collect(ctx, c.db.read, func(rows *sql.Rows) error {
		var k customer.Contact
		err := rows.Scan(&k.ID, &k.Customer, (*instant)(&k.At), &k.People, &k.Channel, &k.Content, &k.Feedback, &k.By)
		list = append(list, k)
		return err
	}, `SELECT id, customer_id, at, people, channel, content, feedback, by_whom FROM contact_log`+w.String()+
		` ORDER BY at DESC, id DESC`+limited(limit+1), w.args...)
	return cutPage(list, limit, func(k *customer.Contact) string { return numberPlace(k.At, k.ID) }), c.db.fail("read the contact log", err)
}

// numberPlace is a cursor behind a row with a time and a number.
func numberPlace(at time.Time, id int64) string { return placeOf(at, strconv.FormatInt(id, 10)) }

// behind continues after a cursor of numberPlace; "" starts.
func (w *where) behind(order, cursor string) error {
	if cursor == "" {
		return nil
	}
	at, text, err := parsePlace(cursor)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return triage.FieldErrorf("cursor", "is not one of ours; start again from the first page")
	}
	w.conditions = append(w.conditions, order+" "+placeholders(len(w.args)+1, 2))
	w.args = append(w.args, at, id)
	return nil
}

// optedOut are the persons of whom any record has opted out.
const optedOut = `(SELECT id FROM customers WHERE opted_out AND person = '' UNION SELECT person FROM customers WHERE opted_out AND person <> '')`

// DueContacts returns one page of the contact plan, the first due first. Its
// cost grows with the page and with the number of those who opted out, not with
// that of the customers.
func (c *Care) DueContacts(ctx context.Context, f customer.DueFilter, p customer.Page) (customer.Rows[customer.Record], error) {
	w := where{conditions: []string{"c.person = ''"}}
	w.add("c.due_at >", zeroInstant)
	if !f.Until.IsZero() {
		w.add("c.due_at <", instant(f.Until))
	}
	if f.Tier != "" {
		w.add("c.planned_for =", string(f.Tier))
	}
	if f.Manager != "" {
		w.add("c.manager =", f.Manager)
	}
	switch f.Reach {
	case customer.OptedOut:
		w.conditions = append(w.conditions, "c.id IN "+optedOut)
	case customer.NoAddress:
		w.conditions = append(w.conditions, "c.phone = '' AND c.email = ''", "c.id NOT IN "+optedOut)
	case customer.Reachable:
		w.conditions = append(w.conditions, "(c.phone <> '' OR c.email <> '')", "c.id NOT IN "+optedOut)
	default:
		return customer.Rows[customer.Record]{}, triage.FieldErrorf("reach", "%q is unknown; use opted_out or no_address, or leave it out", f.Reach)
	}
	if p.Cursor != "" {
		at, id, err := parsePlace(p.Cursor)
		if err != nil {
			return customer.Rows[customer.Record]{}, err
		}
		w.conditions = append(w.conditions, "(c.due_at, c.id) > "+placeholders(len(w.args)+1, 2))
		w.args = append(w.args, at, id)
	}
	limit := pageSize(p.Limit)
	list, err := recordsOf(ctx, c.db.read, w.String()+` ORDER BY c.due_at, c.id`+limited(limit+1), w.args...)
	return cutPage(list, limit, func(r *customer.Record) string { return placeOf(r.Care.DueAt, string(r.ID)) }),
		c.db.fail("list the contacts that are due", err)
}

// Unplanned returns persons whose contact plan is missing or was made for
// another tier, with the latest contact over all records as ContactedAt.
func (c *Care) Unplanned(ctx context.Context, limit int) ([]customer.Record, error) {
	list, err := recordsOf(ctx, c.db.read, ` WHERE c.person = '' AND c.planned_for <> `+ownTier+` ORDER BY c.id`+limited(limit))
	if err != nil || len(list) == 0 {
		return nil, c.db.fail("look for customers without a contact plan", err)
	}
	at := make(map[triage.CustomerID]int, len(list))
	ids := make([]triage.CustomerID, len(list))
	for i := range list {
		ids[i] = list[i].ID
		at[ids[i]] = i
	}
	latest := func(rows *sql.Rows) error {
		var id triage.CustomerID
		var last instant
		err := rows.Scan(&id, &last)
		if care := &list[at[id]].Care; err == nil && last.time().After(care.ContactedAt) {
			care.ContactedAt = last.time()
		}
		return err
	}
	for i := range list {
		list[i].Care.ContactedAt = time.Time{}
	}
	err = each(ctx, c.db.read, `SELECT c.id, k.at FROM customers c JOIN contact_log k ON k.customer_id = c.id WHERE c.id IN`, ids, latest)
	if err == nil {
		err = each(ctx, c.db.read, `SELECT s.person, k.at FROM customers s JOIN contact_log k ON k.customer_id = s.id
			WHERE s.person <> '' AND s.person IN`, ids, latest)
	}
	return list, c.db.fail("read the latest contacts", err)
}

// Plan stores ContactedAt and DueAt of persons, as planned for their Tier. One
// who was contacted since Unplanned read them stays unplanned, for the next call.
func (c *Care) Plan(ctx context.Context, list []customer.Record) error {
	return c.db.fail("store the contact plan", c.db.writer.submit(ctx, len(list), func(ctx context.Context, tx *sql.Tx) error {
		update, err := tx.PrepareContext(ctx, `UPDATE customers SET contacted_at = $2, due_at = $3, planned_for = $4 WHERE id = $1
			AND NOT EXISTS (SELECT 1 FROM contact_log k WHERE k.customer_id = $1 AND k.at > $2)`)
		if err != nil {
			return err
		}
		defer update.Close()
		for i := range list {
			r := &list[i]
			_, err := update.ExecContext(ctx, string(r.ID), instant(r.Care.ContactedAt), instant(r.Care.DueAt), string(r.Tier))
			if err != nil {
				return err
			}
		}
		return nil
	}))
}
