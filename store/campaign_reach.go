package store

import (
	"context"
	"database/sql"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
)

// ReachProgress implements [campaign.ReachStore].
func (db *DB) ReachProgress(ctx context.Context) (batch int64, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT reached_batch FROM campaign_marks WHERE id = 1`).Scan(&batch)
	return batch, db.fail("read how far reach is counted", err)
}

// SeenCampaigns implements [campaign.ReachStore].
func (db *DB) SeenCampaigns(ctx context.Context) (map[string]campaign.Seen, error) {
	seen := make(map[string]campaign.Seen)
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var s campaign.Seen
		err := rows.Scan(&s.ID, &s.Name, (*instant)(&s.First), document{"dropped facts", &s.Dropped})
		seen[s.ID] = s
		return err
	}, `SELECT campaign_id, name, first_at, dropped FROM campaign_seen`)
	return seen, db.fail("read the campaigns that exposures name", err)
}

// ReachOf implements [campaign.ReachStore].
func (db *DB) ReachOf(ctx context.Context, id string) ([]campaign.Reach, error) {
	var list []campaign.Reach
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var r campaign.Reach
		err := rows.Scan(&r.Day, &r.Segment, &r.Customers, &r.Contacts)
		list = append(list, r)
		return err
	}, `SELECT day, segment, customers, contacts FROM campaign_reach WHERE campaign_id = $1 ORDER BY day, segment`, id)
	return list, db.fail("read the reach of a campaign", err)
}

// Reached implements [watch.Reaches].
func (db *DB) Reached(ctx context.Context) (map[string]int, error) {
	reached := make(map[string]int)
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var id string
		var n int
		err := rows.Scan(&id, &n)
		reached[id] = n
		return err
	}, `SELECT campaign_id, SUM(customers) FROM campaign_reach WHERE segment = '' GROUP BY campaign_id`)
	return reached, db.fail("count whom campaigns reached", err)
}

// RecordReach implements [campaign.ReachStore].
func (db *DB) RecordReach(ctx context.Context, batch int64, counts []campaign.Recount) error {
	rows := 1
	for i := range counts {
		rows += len(counts[i].Days) + 1
	}
	return db.fail("store the reach of campaigns", db.writer.submit(ctx, rows, func(ctx context.Context, tx *sql.Tx) error {
		for i := range counts {
			if err := recount(ctx, tx, &counts[i]); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE campaign_marks SET reached_batch = $1 WHERE id = 1`, batch)
		return err
	}))
}

func recount(ctx context.Context, tx *sql.Tx, r *campaign.Recount) error {
	id := clean(r.Seen.ID)
	if _, err := tx.ExecContext(ctx, `DELETE FROM campaign_reach WHERE campaign_id = $1 AND day >= $2`, id, r.From); err != nil {
		return err
	}
	for _, fact := range r.Seen.Dropped {
		_, err := tx.ExecContext(ctx, `DELETE FROM campaign_reach WHERE campaign_id = $1 AND SUBSTR(segment, 1, CAST($2 AS INTEGER)) = $3`,
			id, len([]rune(clean(fact)))+1, clean(fact)+"=")
		if err != nil {
			return err
		}
	}
	rows := make([][]any, len(r.Days))
	for i, d := range r.Days {
		rows[i] = []any{id, d.Day, clean(d.Segment), d.Customers, d.Contacts}
	}
	if _, err := insertRows(ctx, tx, `INSERT INTO campaign_reach (campaign_id, day, segment, customers, contacts)`, rows, ""); err != nil {
		return err
	}
	return seeCampaign(ctx, tx, &r.Seen)
}

// seeCampaign stores what exposures tell of a campaign. A new one, or a new name,
// is a change of the campaigns: complaints can be about it now.
func seeCampaign(ctx context.Context, tx *sql.Tx, s *campaign.Seen) error {
	var dropped string
	if len(s.Dropped) > 0 {
		var err error
		if dropped, err = encodeJSON("dropped", s.Dropped); err != nil {
			return err
		}
	}
	res, err := tx.ExecContext(ctx, `UPDATE campaign_seen SET first_at = $1, dropped = $2 WHERE campaign_id = $3 AND name = $4`,
		instant(s.First), clean(dropped), clean(s.ID), clean(s.Name))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO campaign_seen (campaign_id, name, first_at, dropped) VALUES ($1, $2, $3, $4)
		ON CONFLICT (campaign_id) DO UPDATE SET name = excluded.name, first_at = excluded.first_at, dropped = excluded.dropped`,
		clean(s.ID), clean(s.Name), instant(s.First), clean(dropped))
	if err != nil {
		return err
	}
	return reviseCampaigns(ctx, tx)
}
