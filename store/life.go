package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// Advance stores a change of the work on a case with its step, hand-over and
// audit entry in one transaction. Tier and priority stay as they are: they
// follow the customer (see SetTier), not what is done to a case. It is CodeConflict when the work is no longer
// of the version in the change, and when the case it is merged into has ended,
// or been merged itself, meanwhile.
func (db *DB) Advance(ctx context.Context, c life.Change) error {
	return db.fail("store work on a case", db.writer.submit(ctx, 3, func(ctx context.Context, tx *sql.Tx) error {
		return advance(ctx, tx, c)
	}))
}

func advance(ctx context.Context, tx *sql.Tx, c life.Change) error {
	k := &c.Case
	var seq int64
	err := decide(ctx, tx, k.ID, func(s *state) (string, []any, error) {
		if s.version != k.Work.Version {
			return "", nil, triage.Errorf(triage.CodeConflict, "case %s has been changed since it was read; look at it again", k.ID)
		}
		if err := mayMerge(ctx, tx, k); err != nil {
			return "", nil, err
		}
		s.status, s.owner, s.department = k.Status, clean(k.Work.Owner), clean(k.Work.Department)
		work := k.Work
		work.Version++
		args := append(stepValues(work), k.Status.Open(), clean(k.Resolution), instant(k.ClosedAt), k.Satisfaction)
		return setWork, args, nil
	})
	if err != nil {
		return err
	}
	if err := tx.QueryRowContext(ctx, `SELECT seq FROM cases WHERE id = $1`, string(k.ID)).Scan(&seq); err != nil {
		return err
	}
	if err := appendStep(ctx, tx, c.Step); err != nil {
		return err
	}
	if c.HandOver != nil {
		if err := putHandOver(ctx, tx, seq, *c.HandOver); err != nil {
			return err
		}
	}
	return appendAudit(ctx, tx, c.Audit)
}

// setWork sets the columns of the work, and of the ending, from $6 on.
var setWork = func() string {
	var b strings.Builder
	names := strings.Split(stepColumns, ",")
	names = append(names, "open", "resolution", "closed_at", "satisfaction")
	for i, name := range names {
		b.WriteString(", " + strings.TrimSpace(name) + " = $" + strconv.Itoa(i+6))
	}
	return b.String()
}()

// mayMerge looks again at the case that another is merged into: with all
// writers behind one lock, two cases never end in each other.
func mayMerge(ctx context.Context, tx *sql.Tx, k *triage.Case) error {
	if k.Status != triage.StatusMerged {
		return nil
	}
	var status triage.Status
	err := tx.QueryRowContext(ctx, `SELECT status FROM cases WHERE id = $1`, string(k.Work.MergedInto)).Scan(&status)
	if err != nil {
		return notFound(err, "there is no case %s", k.Work.MergedInto)
	}
	if !status.Open() || k.Work.MergedInto == k.ID {
		return triage.Errorf(triage.CodeConflict, "case %s has ended (%s); merge into one that goes on", k.Work.MergedInto, status)
	}
	return nil
}

func caseByID(ctx context.Context, q rowQuerier, id triage.ComplaintID) (triage.Case, error) {
	c, _, err := scanCase(q.QueryRowContext(ctx, `SELECT `+caseColumns+` FROM cases c WHERE c.id = $1`, string(id)))
	return c, notFound(err, "there is no case %s", id)
}
