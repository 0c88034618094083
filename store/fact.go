package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Facts is the part of the store that rolls cases up into the days that figures
// are counted from.
//
// What has changed makes days stale (fact_stale, in one transaction with the
// mark of how far the changes were read), and stale days are built anew from
// their cases, each stored in a transaction of its own that also takes it off
// the list, unless it has become stale again meanwhile. So a run can be killed
// anywhere, several processes can run at once, and nothing is ever counted
// twice.
type Facts struct {
	db   *DB
	zone *time.Location
	mark fact.Marker
}

var _ fact.DaySource = (*Facts)(nil)

// Facts returns the roll-ups by the days of a zone; mark judges replies and may
// be nil.
func (db *DB) Facts(zone *time.Location, mark fact.Marker) *Facts {
	return &Facts{db: db, zone: zone, mark: mark}
}

// factMark is the row of fact_mark.
type factMark struct {
	generation, building int64
	through              int64
	form                 int64
	zone                 string
}

func (f *Facts) readMark(ctx context.Context) (m factMark, err error) {
	err = f.db.read.QueryRowContext(ctx, `SELECT generation, building, through, form, zone FROM fact_mark WHERE id = 1`).
		Scan(&m.generation, &m.building, &m.through, &m.form, &m.zone)
	return m, err
}

// fits says whether what is being built is of our form and zone.
func (f *Facts) fits(m factMark) bool {
	return m.building != 0 && m.form == fact.Format && m.zone == f.zone.String()
}

// RollUp brings the days up to date with the cases; in another zone or form than
// the stored ones it rolls up all of them anew, while the old ones can still be
// read. Days of a newer form are refused with an error that says what to do.
func (f *Facts) RollUp(ctx context.Context) (fact.Rolled, error) {
	r, err := f.rollUp(ctx)
	return r, f.db.fail("roll up figures", err)
}

func (f *Facts) rollUp(ctx context.Context) (r fact.Rolled, err error) {
	m, err := f.readMark(ctx)
	if err != nil {
		return r, err
	}
	if m.form > fact.Format {
		return r, triage.Errorf(triage.CodeUnavailable, "the figures are of form %d, this program knows %d: %v", m.form, fact.Format, fact.ErrNewer)
	}
	if !f.fits(m) {
		if err := f.begin(ctx, m); err != nil {
			return r, err
		}
	}
	if m, err = f.follow(ctx); err != nil {
		return r, err
	}
	if r, err = f.buildStale(ctx, m.building); err != nil {
		return r, err
	}
	r.Anew = m.generation != m.building
	return r, f.publish(ctx, m)
}

// Rebuild makes the next RollUp roll up all days anew.
func (f *Facts) Rebuild(ctx context.Context) error {
	m, err := f.readMark(ctx)
	if err == nil {
		err = f.begin(ctx, m)
	}
	return f.db.fail("begin to roll up all figures", err)
}

// begin makes all days stale in a new generation, unless somebody else has begun
// one since the mark was read. What an unfinished one has left is taken away by
// publish.
func (f *Facts) begin(ctx context.Context, seen factMark) error {
	through, err := f.db.LastChange(ctx) // before the days, so that no new day is missed
	if err != nil {
		return err
	}
	days, err := f.allDays(ctx)
	if err != nil {
		return err
	}
	return f.db.writer.submit(ctx, len(days)+1, func(ctx context.Context, tx *sql.Tx) error {
		var building, version int64
		err := tx.QueryRowContext(ctx, `UPDATE fact_mark SET building = building + 1, version = version + 1, through = $1, form = $2, zone = $3
			WHERE id = 1 AND building = $4 RETURNING building, version`, through, fact.Format, f.zone.String(), seen.building).Scan(&building, &version)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM fact_stale`); err != nil {
			return err
		}
		return markStale(ctx, tx, building, version, days)
	})
}

// allDays lists the days that have cases, a look at the index for each.
func (f *Facts) allDays(ctx context.Context) (map[fact.Day]bool, error) {
	days := make(map[fact.Day]bool)
	for from := (instant{}); ; {
		var first sql.NullInt64
		err := f.db.read.QueryRowContext(ctx, `SELECT MIN(effective_at) FROM cases WHERE effective_at >= $1`, from).Scan(&first)
		if err != nil || !first.Valid {
			return days, err
		}
		day := fact.DayOf(time.UnixMilli(first.Int64), f.zone)
		days[day] = true
		from = instant((day + 1).In(f.zone))
	}
}

func markStale(ctx context.Context, tx *sql.Tx, generation, version int64, days map[fact.Day]bool) error {
	rows := make([][]any, 0, len(days))
	for day := range days {
		rows = append(rows, []any{generation, int64(day), version})
	}
	_, err := insertRows(ctx, tx, `INSERT INTO fact_stale (generation, day, version)`, rows,
		`ON CONFLICT (generation, day) DO UPDATE SET version = excluded.version`)
	return err
}

// publish lets figures come from the generation that was built, once nothing in
// it is stale, and takes away all others, some days at a time.
func (f *Facts) publish(ctx context.Context, m factMark) error {
	if m.generation == m.building {
		return nil
	}
	err := f.db.writer.submit(ctx, 1, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE fact_mark SET generation = building WHERE id = 1 AND building = $1
			AND NOT EXISTS (SELECT 1 FROM fact_stale WHERE generation = $1)`, m.building)
		return err
	})
	const portion = 32
	for err == nil {
		var n int64
		err = f.db.writer.submit(ctx, portion, func(ctx context.Context, tx *sql.Tx) error {
			res, err := tx.ExecContext(ctx, `DELETE FROM fact_days WHERE (generation, day) IN (SELECT d.generation, d.day FROM fact_days d
				JOIN fact_mark m ON d.generation <> m.generation AND d.generation <> m.building LIMIT $1)`, portion)
			if err != nil {
				return err
			}
			n, err = res.RowsAffected()
			return err
		})
		if n == 0 {
			break
		}
	}
	return err
}

// Days implements [fact.DaySource].
func (f *Facts) Days(ctx context.Context, after fact.Position, limit int) (days []fact.StoredDay, generation int64, err error) {
	err = collect(ctx, f.db.read, func(rows *sql.Rows) error {
		var day, version sql.NullInt64
		var body []byte
		if err := rows.Scan(&generation, &day, &version, &body); err != nil || !day.Valid {
			return err
		}
		days = append(days, fact.StoredDay{Day: fact.Day(day.Int64), Version: version.Int64, Body: body})
		return nil
	}, `SELECT m.generation, d.day, d.version, d.body FROM fact_mark m LEFT JOIN fact_days d ON d.generation = m.generation
		AND d.version > CASE WHEN m.generation = $1 THEN CAST($2 AS BIGINT) ELSE 0 END ORDER BY d.version`+limited(limit),
		after.Generation, after.Version)
	return days, generation, f.db.fail("read figures", err)
}
