package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Suppress keeps a customer, an address, or both from being told anything. The
// same one again changes nothing. Neither is CodeInvalid.
func (db *DB) Suppress(ctx context.Context, s prevention.Suppression) error {
	if s.Customer == "" && addressKey(s.Address) == "" {
		return triage.FieldErrorf("suppression", "names neither a customer nor an address")
	}
	return db.fail("store a suppression", db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		return suppress(ctx, tx, &s)
	}))
}

// suppress stores one suppression in a transaction that goes on.
func suppress(ctx context.Context, tx *sql.Tx, s *prevention.Suppression) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO suppressions (customer_id, address, reason, at, by_whom)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		clean(string(s.Customer)), addressKey(s.Address), clean(s.Reason), instant(s.At), clean(s.By))
	return err
}

// Suppressed returns those of the customers who may not be told: by themselves,
// by their phone or their e-mail, however these are written. OptedOut of the
// customer file is not looked at.
func (db *DB) Suppressed(ctx context.Context, customers []triage.Customer) (map[triage.CustomerID]bool, error) {
	suppressed := make(map[triage.CustomerID]bool)
	at := make(map[string][]triage.CustomerID)
	var ids []triage.CustomerID
	var addresses []string
	for _, c := range customers {
		if c.ID != "" {
			ids = append(ids, c.ID)
		}
		for _, address := range []string{addressKey(c.Phone.Reveal()), addressKey(c.Email.Reveal())} {
			if address == "" {
				continue
			}
			if at[address] == nil {
				addresses = append(addresses, address)
			}
			at[address] = append(at[address], c.ID)
		}
	}
	err := each(ctx, db.read, `SELECT customer_id FROM suppressions WHERE customer_id IN`, ids, func(rows *sql.Rows) error {
		var id triage.CustomerID
		err := rows.Scan(&id)
		suppressed[id] = true
		return err
	})
	if err != nil {
		return nil, db.fail("read suppressions", err)
	}
	err = each(ctx, db.read, `SELECT address FROM suppressions WHERE address IN`, addresses, func(rows *sql.Rows) error {
		var address string
		err := rows.Scan(&address)
		for _, id := range at[address] {
			suppressed[id] = true
		}
		return err
	})
	return suppressed, db.fail("read suppressions", err)
}

// Suppressions lists at most limit of them from since on, oldest first, without
// the first skip; addresses are in the form in which they are compared.
func (db *DB) Suppressions(ctx context.Context, since time.Time, skip, limit int) ([]prevention.Suppression, error) {
	var list []prevention.Suppression
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var s prevention.Suppression
		err := rows.Scan(&s.Customer, &s.Address, &s.Reason, (*instant)(&s.At), &s.By)
		list = append(list, s)
		return err
	}, `SELECT customer_id, address, reason, at, by_whom FROM suppressions
		WHERE at >= $1 ORDER BY at, customer_id, address LIMIT $2 OFFSET $3`, instant(since), max(limit, 0), max(skip, 0))
	return list, db.fail("list suppressions", err)
}

// Contacts counts the notices sent, being sent or perhaps sent to each customer
// at or after since.
func (db *DB) Contacts(ctx context.Context, customers []triage.CustomerID, since time.Time) (map[triage.CustomerID]int, error) {
	counts := make(map[triage.CustomerID]int)
	customers = slices.Compact(slices.Sorted(slices.Values(customers)))
	err := each(ctx, db.read, `SELECT customer_id, begun_at, sent_at FROM notices
		WHERE state IN ('sending', 'sent', 'delivered', 'answered', 'unclear') AND customer_id IN`, customers, func(rows *sql.Rows) error {
		var id triage.CustomerID
		var begun, sent instant
		err := rows.Scan(&id, &begun, &sent)
		if !begun.time().Before(since) || !sent.time().Before(since) {
			counts[id]++
		}
		return err
	})
	return counts, db.fail("count contacts", err)
}

// Noticed returns those of the customers who have a notice of the cause in any
// state but skipped.
func (db *DB) Noticed(ctx context.Context, cause prevention.Cause, customers []triage.CustomerID) (map[triage.CustomerID]bool, error) {
	noticed := make(map[triage.CustomerID]bool)
	for part := range slices.Chunk(customers, listIDs) {
		args := []any{string(cause)}
		for _, id := range part {
			args = append(args, string(id))
		}
		err := collect(ctx, db.read, func(rows *sql.Rows) error {
			var id triage.CustomerID
			err := rows.Scan(&id)
			noticed[id] = true
			return err
		}, `SELECT customer_id FROM notices WHERE cause = $1 AND state <> 'skipped' AND customer_id IN `+placeholders(2, len(part)), args...)
		if err != nil {
			return nil, db.fail("look for noticed customers", err)
		}
	}
	return noticed, nil
}

// CustomersAt returns the customers with this phone or e-mail, by id. A phone
// is found with and without the country code of China, an e-mail in any case.
func (db *DB) CustomersAt(ctx context.Context, address string) ([]triage.CustomerID, error) {
	key := addressKey(address)
	if key == "" {
		return nil, nil
	}
	var ids []triage.CustomerID
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var id triage.CustomerID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM customers WHERE email <> '' AND LOWER(email) = $1
		UNION SELECT id FROM customers WHERE phone <> '' AND phone IN ($2, $3, $4, $5, $6)`,
		key, address, key, "+86"+key, "86"+key, "+86 "+key)
	slices.Sort(ids)
	return ids, db.fail("look for customers by address", err)
}
