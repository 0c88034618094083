package store

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// Confirm stores the label and makes it the case's type, with its audit entry,
// in one transaction. The case asks for review no more; its status stays. Earlier
// labels are kept. The error is CodeNotFound when there is no such case.
func (db *DB) Confirm(ctx context.Context, l triage.Label) error {
	return db.fail("confirm a case", db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		return confirm(ctx, tx, l)
	}))
}

func confirm(ctx context.Context, tx *sql.Tx, l triage.Label) error {
	typ, subtype := clean(l.Type), clean(l.Subtype)
	err := decide(ctx, tx, l.Complaint, func(s *state) (string, []any, error) {
		s.typ, s.review = typ, false
		return `, label_type = $6, label_subtype = $7`, []any{typ, subtype}, nil
	})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO labels (case_id, type, subtype, suggested, by_whom, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(l.Complaint), typ, subtype, clean(l.Suggested), clean(l.By), instant(l.At))
	if err != nil {
		return err
	}
	return appendAudit(ctx, tx, triage.AuditEntry{
		At: l.At, Actor: l.By, Action: auditConfirm, Object: auditObject(l.Complaint),
		Detail: auditDetail(map[string]string{"type": l.Type, "subtype": l.Subtype, "suggested": l.Suggested}),
	})
}

// Close stores how the case ended, with its step and audit entry, in one
// transaction. The error is CodeNotFound when there is no such case and
// CodeConflict when it has ended already, or cannot end where it is (see
// life.End). It knows no calendar: see triage.Deps.Closer.
func (db *DB) Close(ctx context.Context, d triage.Closing) error {
	return db.fail("close a case", db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := lockCounters(ctx, tx); err != nil {
			return err
		}
		c, err := caseByID(ctx, tx, d.Complaint)
		if err != nil {
			return err
		}
		change, err := life.End(nil, c, d)
		if err != nil {
			return err
		}
		return advance(ctx, tx, change)
	}))
}

// state is what decisions change of a case and lists count.
type state struct {
	typ               string
	status            triage.Status
	channel, product  string
	owner, department string
	rank              int64
	review            bool
	version           int64
}

func (s state) facets() []facet {
	list := []facet{
		{facetType, s.typ},
		{facetStatus, clean(string(s.status))},
		{facetChannel, s.channel},
		{facetProduct, s.product},
		{facetUrgency, strconv.FormatInt(s.rank, 10)},
		{facetReview, strconv.FormatBool(s.review)},
	}
	if s.status.Open() {
		list = append(list, facet{facetOpen, "true"}, facet{facetDepartment, s.department})
		if s.owner != "" {
			list = append(list, facet{facetOwner, s.owner})
		}
	}
	return list
}

// decide lets change alter the state of a case and name further columns to
// set, each after a comma, with their values from $6 on, and gives the case a
// new change number.
func decide(ctx context.Context, tx *sql.Tx, id triage.ComplaintID, change func(*state) (set string, args []any, err error)) error {
	next, err := lockCounters(ctx, tx)
	if err != nil {
		return err
	}
	var s state
	err = tx.QueryRowContext(ctx, `SELECT type, status, channel, product, owner, department, urgency_rank, needs_review, version
		FROM cases WHERE id = $1`, string(id)).
		Scan(&s.typ, &s.status, &s.channel, &s.product, &s.owner, &s.department, &s.rank, &s.review, &s.version)
	if err != nil {
		return notFound(err, "there is no case %s", id)
	}
	counts := make(tally)
	counts.add(s.facets(), -1)
	set, args, err := change(&s)
	if err != nil {
		return err
	}
	counts.add(s.facets(), 1)
	next.change++
	_, err = tx.ExecContext(ctx, `UPDATE cases SET change = $1, type = $2, status = $3, needs_review = $4`+set+` WHERE id = $5`,
		append([]any{next.change, s.typ, string(s.status), s.review, string(id)}, args...)...)
	if err != nil {
		return err
	}
	if err := counts.store(ctx, tx); err != nil {
		return err
	}
	return next.store(ctx, tx)
}
