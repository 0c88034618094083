package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// counted adds captures of one kind to the counts of a campaign; reasons are
// codes with commas.
func counted(r *campaign.Reaction, attitude campaign.Attitude, reasons string, n int) {
	if r.Count == nil {
		r.Count, r.Reasons = map[campaign.Attitude]int{}, map[string]int{}
	}
	r.Count[attitude] += n
	for _, reason := range splitList(reasons) {
		r.Reasons[reason] += n
	}
}

// Reactions implements [counter.Counts].
func (k *Counter) Reactions(ctx context.Context, id string, from, to time.Time) (r campaign.Reaction, err error) {
	err = collect(ctx, k.db.read, func(rows *sql.Rows) error {
		var attitude campaign.Attitude
		var reasons string
		var n int
		err := rows.Scan(&attitude, &reasons, &n)
		counted(&r, attitude, reasons, n)
		return err
	}, `SELECT attitude, reasons, COUNT(*) FROM captures WHERE NOT undone AND campaign_id = $1 AND at >= $2 AND at < $3
		GROUP BY attitude, reasons`, id, instant(from), instant(to))
	return r, k.db.fail("count captures", err)
}

// ReactionDays implements [counter.Counts].
func (k *Counter) ReactionDays(ctx context.Context, id string, from, to time.Time) (days []counter.DayReaction, err error) {
	err = collect(ctx, k.db.read, func(rows *sql.Rows) error {
		var day fact.Day
		var attitude campaign.Attitude
		var reasons string
		var n int
		err := rows.Scan(&day, &attitude, &reasons, &n)
		if len(days) == 0 || days[len(days)-1].Day != day {
			days = append(days, counter.DayReaction{Day: day})
		}
		counted(&days[len(days)-1].Reaction, attitude, reasons, n)
		return err
	}, `SELECT day, attitude, reasons, COUNT(*) FROM captures WHERE NOT undone AND campaign_id = $1 AND at >= $2 AND at < $3
		GROUP BY day, attitude, reasons ORDER BY day`, id, instant(from), instant(to))
	return days, k.db.fail("count captures by day", err)
}

// AllReactions implements [counter.Counts].
func (k *Counter) AllReactions(ctx context.Context, from, to time.Time) (map[string]campaign.Reaction, error) {
	all := make(map[string]campaign.Reaction)
	err := collect(ctx, k.db.read, func(rows *sql.Rows) error {
		var id, reasons string
		var attitude campaign.Attitude
		var n int
		err := rows.Scan(&id, &attitude, &reasons, &n)
		r := all[id]
		counted(&r, attitude, reasons, n)
		all[id] = r
		return err
	}, // The sign keeps the index of times out: that of campaigns has all columns.
		`SELECT campaign_id, attitude, reasons, COUNT(*) FROM captures WHERE NOT undone AND +at >= $1 AND +at < $2
		GROUP BY campaign_id, attitude, reasons`, instant(from), instant(to))
	return all, k.db.fail("count captures by campaign", err)
}
