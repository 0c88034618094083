package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// keepCounts stores what figures count in the texts of cases that are about to
// be forgotten: to whom customers turned, and how much hand-overs told. What
// replies got for their wording is stored with them when they are counted.
func keepCounts(ctx context.Context, tx *sql.Tx, ids []triage.ComplaintID) error {
	escalations := make(map[triage.ComplaintID]fact.Flags)
	err := each(ctx, tx, `SELECT id, title, text, escalations FROM cases WHERE id IN`, ids, func(rows *sql.Rows) error {
		var c triage.Complaint
		var kept fact.Flags
		err := rows.Scan(&c.ID, &c.Title, &c.Text, &kept)
		if found := fact.EscalationsIn(c.Body()); found&^kept != 0 {
			escalations[c.ID] = found | kept
		}
		return err
	})
	if err != nil {
		return err
	}
	for id, flags := range escalations {
		if _, err := tx.ExecContext(ctx, `UPDATE cases SET escalations = $1 WHERE id = $2`, int64(flags), string(id)); err != nil {
			return err
		}
	}
	var told []life.HandOver
	err = each(ctx, tx, `SELECT id, facts FROM hand_overs WHERE facts <> '' AND case_id IN`, ids, func(rows *sql.Rows) error {
		var h life.HandOver
		err := rows.Scan(&h.ID, document{"facts of a hand-over", &h.Facts})
		told = append(told, h)
		return err
	})
	for i := 0; err == nil && i < len(told); i++ {
		needed, known := fact.FactsOf(told[i].Facts)
		_, err = tx.ExecContext(ctx, `UPDATE hand_overs SET needed = $1, known = $2 WHERE id = $3`, needed, known, told[i].ID)
	}
	return err
}
