package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

const attributionColumns = `a.case_id, a.campaign_id, a.basis, a.score, a.evidence, a.exposed_at, a.by_whom, a.at`

// scanAttribution reads attributionColumns and more.
func scanAttribution(s scanner, a *campaign.Attribution, more ...any) error {
	return s.Scan(append([]any{
		&a.Complaint, &a.Campaign, &a.Basis, &a.Score, document{"evidence", &a.Evidence}, (*instant)(&a.Exposed), &a.By, (*instant)(&a.At),
	}, more...)...)
}

// AttributionProgress implements [campaign.JudgedStore].
func (db *DB) AttributionProgress(ctx context.Context) (p campaign.Progress, revision int64, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT seq, judged_batch, judged, revision FROM campaign_marks WHERE id = 1`).
		Scan(&p.Seq, &p.Batch, &p.Revision, &revision)
	return p, revision, db.fail("read how far attribution is", err)
}

// HandAttributions implements [campaign.JudgedStore].
func (db *DB) HandAttributions(ctx context.Context) ([]campaign.Attribution, error) {
	var list []campaign.Attribution
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var a campaign.Attribution
		err := scanAttribution(rows, &a)
		list = append(list, a)
		return err
	}, `SELECT `+attributionColumns+` FROM attributions a WHERE a.basis = $1 ORDER BY a.case_id`, string(campaign.ByHand))
	return list, db.fail("read what people attributed", err)
}

// RecordAttributions implements [campaign.JudgedStore].
func (db *DB) RecordAttributions(ctx context.Context, j campaign.Judged) error {
	return db.fail("store attributions", db.writer.submit(ctx, 2*len(j.Set)+2*len(j.Clear)+1, func(ctx context.Context, tx *sql.Tx) error {
		if len(j.Set)+len(j.Clear) > 0 {
			if err := recordAttributions(ctx, tx, &j); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE campaign_marks SET seq = $1, judged_batch = $2, judged = $3 WHERE id = 1`,
			j.Progress.Seq, j.Progress.Batch, j.Progress.Revision)
		return err
	}))
}

func recordAttributions(ctx context.Context, tx *sql.Tx, j *campaign.Judged) error {
	next, err := lockCounters(ctx, tx)
	if err != nil {
		return err
	}
	ids := slices.Clone(j.Clear)
	for i := range j.Set {
		ids = append(ids, j.Set[i].Complaint)
	}
	stored, err := attributionsOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, id := range j.Clear {
		if old, ok := stored[id]; !ok || old.Basis == campaign.ByHand {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM attributions WHERE case_id = $1`, string(id)); err != nil {
			return err
		}
		if _, err := touchCase(ctx, tx, &next, id); err != nil {
			return err
		}
	}
	for i := range j.Set {
		a := &j.Set[i]
		if old, ok := stored[a.Complaint]; ok && (old.Basis == campaign.ByHand || sameAttribution(&old, a)) {
			continue
		}
		if known, err := touchCase(ctx, tx, &next, a.Complaint); err != nil || !known {
			if err != nil {
				return err
			}
			continue // forgotten meanwhile
		}
		if err := putAttribution(ctx, tx, a); err != nil {
			return err
		}
	}
	return next.store(ctx, tx)
}

// sameAttribution says whether storing b over a would tell nobody anything.
func sameAttribution(a, b *campaign.Attribution) bool {
	return a.Campaign == b.Campaign && a.Basis == b.Basis && a.Score == b.Score && slices.Equal(a.Evidence, b.Evidence) &&
		a.Exposed.UnixMilli() == b.Exposed.UnixMilli()
}

// touchCase gives a case a new change number and says whether it is there; the
// caller holds the lock of counters and stores them.
func touchCase(ctx context.Context, tx *sql.Tx, next *counters, id triage.ComplaintID) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE cases SET change = $1 WHERE id = $2`, next.change+1, string(id))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	if n > 0 {
		next.change++
	}
	return n > 0, err
}

func putAttribution(ctx context.Context, tx *sql.Tx, a *campaign.Attribution) error {
	var evidence string
	if len(a.Evidence) > 0 {
		b, err := json.Marshal(a.Evidence)
		if err != nil {
			return err
		}
		evidence = string(b)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO attributions (case_id, campaign_id, basis, score, evidence, exposed_at, by_whom, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (case_id) DO UPDATE SET campaign_id = excluded.campaign_id,
		basis = excluded.basis, score = excluded.score, evidence = excluded.evidence, exposed_at = excluded.exposed_at,
		by_whom = excluded.by_whom, at = excluded.at`,
		string(a.Complaint), clean(a.Campaign), string(a.Basis), a.Score, clean(evidence), instant(a.Exposed), clean(a.By), instant(a.At))
	return err
}

// AttributeByHand implements [campaign.AttributionStore].
func (db *DB) AttributeByHand(ctx context.Context, a campaign.Attribution, e triage.AuditEntry) error {
	return db.fail("attribute a complaint", db.writer.submit(ctx, 2, func(ctx context.Context, tx *sql.Tx) error {
		next, err := lockCounters(ctx, tx)
		if err != nil {
			return err
		}
		known, err := touchCase(ctx, tx, &next, a.Complaint)
		if err != nil {
			return err
		}
		if !known {
			return triage.Errorf(triage.CodeNotFound, "there is no case %s", a.Complaint)
		}
		if err := putAttribution(ctx, tx, &a); err != nil {
			return err
		}
		if err := next.store(ctx, tx); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	}))
}

// AttributionsOf implements [campaign.AttributionStore].
func (db *DB) AttributionsOf(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]campaign.Attribution, error) {
	found, err := attributionsOf(ctx, db.read, ids)
	return found, db.fail("read attributions", err)
}

func attributionsOf(ctx context.Context, q querier, ids []triage.ComplaintID) (map[triage.ComplaintID]campaign.Attribution, error) {
	found := make(map[triage.ComplaintID]campaign.Attribution, len(ids))
	err := each(ctx, q, `SELECT `+attributionColumns+` FROM attributions a WHERE a.case_id IN`, ids, func(rows *sql.Rows) error {
		var a campaign.Attribution
		err := scanAttribution(rows, &a)
		found[a.Complaint] = a
		return err
	})
	return found, err
}

// Attributions implements [campaign.AttributionStore].
func (db *DB) Attributions(ctx context.Context, f campaign.AttributionFilter) (campaign.AttributionPage, error) {
	var w where
	if f.Campaign != "" {
		w.add("a.campaign_id =", f.Campaign)
	} else {
		w.conditions = append(w.conditions, "a.campaign_id <> ''")
	}
	if f.Basis != "" {
		w.add("a.basis =", string(f.Basis))
	}
	w.scope(f.Scope)
	if err := w.behind("(c.effective_at, c.seq) <", f.Cursor); err != nil {
		return campaign.AttributionPage{}, err
	}
	limit := pageLimit(f.Limit)
	var list []campaign.Attributed
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var a campaign.Attributed
		err := scanAttribution(rows, &a.Attribution, &a.Seq, (*instant)(&a.CaseAt))
		list = append(list, a)
		return err
	}, `SELECT `+attributionColumns+`, c.seq, c.effective_at FROM attributions a JOIN cases c ON c.id = a.case_id`+w.String()+
		` ORDER BY c.effective_at DESC, c.seq DESC`+limited(limit+1), w.args...)
	page := campaign.AttributionPage{Rows: list}
	if len(list) > limit {
		page.Rows = list[:limit]
		last := &page.Rows[limit-1]
		page.Next = numberPlace(last.CaseAt, last.Seq)
	}
	return page, db.fail("list attributions", err)
}
