package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// provePart is how many entries are verified at a time.
	provePart = 5000

	defaultAuditPage = 50
	maxAuditPage     = 500
)

// VerifyAudit walks along the chain from its beginning while the service goes
// on. It finds entries that were changed, removed, put in between or put behind
// the end, a trail that was cut off, and one that is not what was noted
// outside. The work grows with the trail, the memory does not.
func (db *DB) VerifyAudit(ctx context.Context, noted map[int64]triage.AuditHash) (triage.AuditProof, error) {
	var p triage.AuditProof
	for after := int64(math.MinInt64); ; after = p.Last {
		part, err := auditAfter(ctx, db.read, after, provePart)
		if err != nil {
			return p, db.fail("verify the audit trail", err)
		}
		for i := range part {
			if !extend(&p, &part[i], noted) {
				return p, nil
			}
		}
		if len(part) == provePart {
			continue
		}
		// The head is read after the entries: what it has and they lack is gone.
		done, err := db.compareHead(ctx, &p)
		if err != nil {
			return p, db.fail("verify the audit trail", err)
		}
		if done {
			return p, nil
		}
	}
}

// extend adds an entry to what is proven; false when it does not hold.
func extend(p *triage.AuditProof, e *triage.ChainedEntry, noted map[int64]triage.AuditHash) bool {
	want, wasNoted := noted[e.ID]
	switch {
	case e.ID < 1, e.Hash == triage.AuditHash{}:
		p.Reason = "the entry is not in the chain: it was put there by another program"
	case e.Prev != p.Head:
		p.Reason = "the entry does not follow the one before: entries were removed, added or changed there"
	case e.Hash != e.Link():
		p.Reason = "the entry was changed after it was written"
	case wasNoted && want != e.Hash:
		p.Reason = "the entry is not the one that was noted: the trail was written anew"
	default:
		p.Entries, p.Last, p.Head = p.Entries+1, e.ID, e.Hash
		return true
	}
	p.Broken = e.ID
	return false
}

// compareHead compares the end of the walk with the head of the chain; done is
// false when entries have come since.
func (db *DB) compareHead(ctx context.Context, p *triage.AuditProof) (done bool, err error) {
	var last int64
	var head hashColumn
	if err := db.read.QueryRowContext(ctx, `SELECT last, hash FROM audit_head WHERE id = 1`).Scan(&last, &head); err != nil {
		return false, err
	}
	if last > p.Last {
		next, err := auditAfter(ctx, db.read, p.Last, 1)
		if err != nil || len(next) > 0 {
			return false, err
		}
		p.Broken, p.Reason = p.Last+1, fmt.Sprintf("the trail ends at entry %d, but entries up to %d were written: its end was cut off", p.Last, last)
		return true, nil
	}
	if last < p.Last || triage.AuditHash(head) != p.Head {
		p.Broken, p.Reason = p.Last, fmt.Sprintf("the last entry is not the one that was written last (%d): the head of the chain was changed", last)
	}
	return true, nil
}

// AuditPage returns one page of the trail, newest first. Limit 0 means 50, more
// than 500 means 500.
func (db *DB) AuditPage(ctx context.Context, f triage.AuditFilter) (triage.AuditPage, error) {
	var w where
	for _, c := range []struct{ column, value, usual string }{
		{"actor", f.Actor, auditSystem}, {"action", f.Action, auditAccept}, {"object", f.Object, ""},
	} {
		if c.value == "" {
			continue
		}
		w.add(c.column+" =", c.value)
		if c.usual != "" && c.value != c.usual {
			// The index leaves out the usual value; this is how it is found.
			w.conditions = append(w.conditions, c.column+" <> '"+c.usual+"'")
		}
	}
	w.between("at", f.From, f.To)
	if f.Before > 0 {
		w.add("id <", f.Before)
	}
	limit := min(f.Limit, maxAuditPage)
	if limit <= 0 {
		limit = defaultAuditPage
	}
	var page triage.AuditPage
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		e, err := scanAudit(rows)
		page.Entries = append(page.Entries, e)
		return err
	}, `SELECT `+auditColumns+` FROM audit`+w.String()+` ORDER BY id DESC`+limited(limit+1), w.args...)
	if err != nil {
		return triage.AuditPage{}, db.fail("read the audit trail", err)
	}
	if len(page.Entries) > limit {
		page.Entries = page.Entries[:limit]
		page.Next = page.Entries[limit-1].ID
	}
	return page, nil
}

// between bounds a time: from <= column < to, zero times do not.
func (w *where) between(column string, from, to time.Time) {
	if !from.IsZero() {
		w.add(column+" >=", instant(from))
	}
	if !to.IsZero() {
		w.add(column+" <", instant(to))
	}
}

// EachAudit calls do for the entries with from <= At < to, oldest first, a part
// at a time, so that a slow reader holds nothing open.
func (db *DB) EachAudit(ctx context.Context, from, to time.Time, do func(triage.ChainedEntry) error) error {
	for after := int64(0); ; {
		var w where
		w.add("id >", after)
		w.between("at", from, to)
		var part []triage.ChainedEntry
		err := collect(ctx, db.read, func(rows *sql.Rows) error {
			e, err := scanAudit(rows)
			part = append(part, e)
			return err
		}, `SELECT `+auditColumns+` FROM audit`+w.String()+` ORDER BY id`+limited(provePart), w.args...)
		if err != nil {
			return db.fail("read the audit trail", err)
		}
		for _, e := range part {
			if err := do(e); err != nil {
				return err
			}
		}
		if len(part) < provePart {
			return nil
		}
		after = part[len(part)-1].ID
	}
}
