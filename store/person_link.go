package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// Merge links the person of from to the person of l.Into. All records of the
// first belong to the second from then on, and their open cases get its tier;
// nothing else is changed. CodeConflict means that they are one person already.
func (c *Care) Merge(ctx context.Context, from triage.CustomerID, l customer.Link, e triage.AuditEntry) (person triage.CustomerID, err error) {
	err = c.db.writer.submit(ctx, 4, func(ctx context.Context, tx *sql.Tx) error {
		// Two merges at once could make a circle.
		if _, err := lockCounters(ctx, tx); err != nil {
			return err
		}
		a, err := personAt(ctx, tx, from)
		if err != nil {
			return err
		}
		if person, err = personAt(ctx, tx, l.Into); err != nil {
			return err
		}
		if a == person {
			return triage.Errorf(triage.CodeConflict, "%s and %s are one person already", from, l.Into)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO customer_links (customer_id, into_id, by_whom, at, reason) VALUES ($1, $2, $3, $4, $5)`,
			string(a), string(person), clean(l.By), instant(l.At), clean(l.Reason))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE customers SET person = $1 WHERE id = $2 OR person = $2`, string(person), string(a))
		if err != nil {
			return err
		}
		if err := forgetPlans(ctx, tx, person); err != nil {
			return err
		}
		if err := retier(ctx, tx, person); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	return person, c.db.fail("merge customers", err)
}

// Unmerge removes the link of a record: it stands for itself again, and for
// those whose links lead to it, also in the order of work.
func (c *Care) Unmerge(ctx context.Context, id triage.CustomerID, e triage.AuditEntry) error {
	return c.db.fail("take a merge back", c.db.writer.submit(ctx, 4, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := lockCounters(ctx, tx); err != nil {
			return err
		}
		person, err := personAt(ctx, tx, id)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM customer_links WHERE customer_id = $1`, string(id))
		if err := touched(res, err, triage.Errorf(triage.CodeConflict, "customer %s was not merged", id)); err != nil {
			return err
		}
		// A row of customer_links is one edge of a tree: walk up to the record.
		_, err = tx.ExecContext(ctx, `WITH RECURSIVE below (id) AS (
				SELECT CAST($1 AS TEXT) UNION SELECT l.customer_id FROM customer_links l JOIN below ON l.into_id = below.id)
			UPDATE customers SET person = CASE WHEN id = $1 THEN '' ELSE $1 END WHERE id IN (SELECT id FROM below)`, string(id))
		if err != nil {
			return err
		}
		if err := forgetPlans(ctx, tx, id, person); err != nil {
			return err
		}
		if err := retier(ctx, tx, id, person); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

// personAt returns the person of a record. A customer whom only cases name gets
// a record.
func personAt(ctx context.Context, tx *sql.Tx, id triage.CustomerID) (person triage.CustomerID, err error) {
	if err := ensureRecord(ctx, tx, id); err != nil {
		return "", err
	}
	err = tx.QueryRowContext(ctx, `SELECT `+personID+` FROM customers c WHERE c.id = $1`, string(id)).Scan(&person)
	return person, notFound(err, "there is no customer %s", id)
}

// ensureRecord adds an empty record for a customer whom only cases name.
func ensureRecord(ctx context.Context, tx *sql.Tx, id triage.CustomerID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO customers (id, name, phone, email, region, tier, industry, joined_at, opted_out)
		SELECT customer_id, '', '', '', '', '', '', -62135596800000, FALSE FROM cases
		WHERE customer_id = $1 AND customer_id <> '' LIMIT 1 ON CONFLICT DO NOTHING`, string(id))
	return err
}

// forgetPlans makes the contact plan of persons due for planning.
func forgetPlans(ctx context.Context, tx *sql.Tx, persons ...triage.CustomerID) error {
	for _, id := range persons {
		if _, err := tx.ExecContext(ctx, `UPDATE customers SET planned_for = '-' WHERE id = $1`, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// SetTier stores a decision on the tier of a person who stands for themselves
// and has the tier c.Was; else it is CodeConflict. The person's open cases take
// their new place in the order of work.
func (c *Care) SetTier(ctx context.Context, ch customer.TierChange, e triage.AuditEntry) error {
	return c.db.fail("set a tier", c.db.writer.submit(ctx, 4, func(ctx context.Context, tx *sql.Tx) error {
		err := keep(ctx, tx, ch.Customer, changedMeanwhile("customer", string(ch.Customer)), `UPDATE customers AS c
			SET set_tier = $2, tier_by = $3, tier_reason = $4, tier_at = $5, manager = CASE WHEN manager = '' THEN $6 ELSE manager END
			WHERE c.id = $1 AND c.person = '' AND `+ownTier+` = $7`,
			clean(string(ch.Tier)), clean(ch.By), clean(ch.Reason), instant(ch.At), clean(ch.Manager), string(ch.Was))
		if err != nil {
			return err
		}
		if err := retier(ctx, tx, ch.Customer); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

// SetManager names the contact person of a person.
func (c *Care) SetManager(ctx context.Context, id triage.CustomerID, manager string, e triage.AuditEntry) error {
	return c.db.fail("name a contact person", c.db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		err := keep(ctx, tx, id, triage.Errorf(triage.CodeNotFound, "there is no customer %s", id),
			`UPDATE customers SET manager = $2 WHERE id = $1`, clean(manager))
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

// keep changes one record, whose id is $1; missing is the error for none.
func keep(ctx context.Context, tx *sql.Tx, id triage.CustomerID, missing *triage.Error, query string, args ...any) error {
	if err := ensureRecord(ctx, tx, id); err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, query, append([]any{string(id)}, args...)...)
	return touched(res, err, missing)
}

// Identify names the customer of a case, also where clusters look, and gives the
// case that customer's tier.
func (c *Care) Identify(ctx context.Context, id triage.ComplaintID, who triage.CustomerID, e triage.AuditEntry) error {
	return c.db.fail("name the customer of a case", c.db.writer.submit(ctx, 3, func(ctx context.Context, tx *sql.Tx) error {
		next, err := lockCounters(ctx, tx)
		if err != nil {
			return err
		}
		next.change++
		res, err := tx.ExecContext(ctx, `UPDATE cases SET change = $1, customer_id = $2 WHERE id = $3`, next.change, clean(string(who)), string(id))
		if err := touched(res, err, triage.Errorf(triage.CodeNotFound, "there is no case %s", id)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE cluster_members SET customer_id = $1 WHERE complaint_id = $2`, clean(string(who)), string(id))
		if err != nil {
			return err
		}
		if err := retier(ctx, tx, who); err != nil {
			return err
		}
		if err := next.store(ctx, tx); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}
