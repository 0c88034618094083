package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// factPortion bounds the changes that are read at a time.
const factPortion = 20_000

// factNews is what has happened since the mark, or the first part of it.
type factNews struct {
	through int64
	touched []int64 // ids of fact_touched
	days    map[fact.Day]bool
}

// follow makes the days stale whose cases have changed, and returns the mark
// behind the last change.
func (f *Facts) follow(ctx context.Context) (factMark, error) {
	for {
		m, err := f.readMark(ctx)
		if err != nil {
			return m, err
		}
		news, err := f.news(ctx, m)
		if err != nil || len(news.days) == 0 {
			return m, err
		}
		err = f.db.writer.submit(ctx, len(news.days)+1, func(ctx context.Context, tx *sql.Tx) error {
			var version int64
			err := tx.QueryRowContext(ctx, `UPDATE fact_mark SET version = version + 1, through = $1
				WHERE id = 1 AND building = $2 AND through = $3 RETURNING version`, news.through, m.building, m.through).Scan(&version)
			if errors.Is(err, sql.ErrNoRows) {
				return nil // another process was faster; the next turn reads its mark
			}
			if err != nil {
				return err
			}
			if err := forgetTouched(ctx, tx, news.touched); err != nil {
				return err
			}
			return markStale(ctx, tx, m.building, version, news.days)
		})
		if err != nil {
			return m, err
		}
	}
}

func (f *Facts) news(ctx context.Context, m factMark) (factNews, error) {
	news := factNews{through: m.through, days: make(map[fact.Day]bool)}
	add := func(number *int64) func(*sql.Rows) error {
		return func(rows *sql.Rows) error {
			var at int64
			err := rows.Scan(number, &at)
			news.days[fact.DayOf(time.UnixMilli(at), f.zone)] = true
			return err
		}
	}
	err := collect(ctx, f.db.read, add(&news.through), `SELECT change, effective_at FROM cases WHERE change > $1 ORDER BY change`+
		limited(factPortion), m.through)
	if err != nil {
		return news, err
	}
	var id int64
	scan := add(&id)
	err = collect(ctx, f.db.read, func(rows *sql.Rows) error {
		err := scan(rows)
		news.touched = append(news.touched, id)
		return err
	}, `SELECT t.id, c.effective_at FROM fact_touched t JOIN cases c ON c.seq = t.case_seq ORDER BY t.id`+limited(factPortion))
	return news, err
}

func forgetTouched(ctx context.Context, tx *sql.Tx, ids []int64) error {
	for part := range slices.Chunk(ids, listIDs) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM fact_touched WHERE id IN `+placeholders(1, len(part)), args...); err != nil { //nolint:gosec // placeholders only
			return err
		}
	}
	return nil
}

// touchFigures notes that the figures of the cases of a condition (on cases c)
// have changed, where the cases themselves have not. It belongs into the
// transaction of the change.
func touchFigures(ctx context.Context, tx *sql.Tx, condition string, args ...any) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO fact_touched (case_seq) SELECT c.seq FROM cases c WHERE `+condition, args...) //nolint:gosec // conditions of our own
	return err
}

// staleDay is a day and the version at which it became stale.
type staleDay struct {
	day     fact.Day
	version int64
}

// buildStale builds the stale days of a generation, the latest first.
func (f *Facts) buildStale(ctx context.Context, generation int64) (r fact.Rolled, err error) {
	var stale []staleDay
	err = collect(ctx, f.db.read, func(rows *sql.Rows) error {
		var s staleDay
		err := rows.Scan(&s.day, &s.version)
		stale = append(stale, s)
		return err
	}, `SELECT day, version FROM fact_stale WHERE generation = $1 ORDER BY day DESC`, generation)
	if err != nil {
		return r, err
	}
	for _, s := range stale {
		rows, marked, err := f.rowsOf(ctx, s.day)
		if err != nil {
			return r, err
		}
		stored, err := f.storeDay(ctx, generation, s, rows, marked)
		if err != nil {
			return r, err
		}
		if stored {
			r.Days, r.Cases = r.Days+1, r.Cases+len(rows)
		}
	}
	return r, nil
}

// storeDay says whether the day was still as stale as when it was built. The
// marks of replies are kept in any case: a text never changes, and marking it
// takes a thousand times as long as reading its mark.
func (f *Facts) storeDay(ctx context.Context, generation int64, s staleDay, rows []fact.Row, marked []fact.Reply) (stored bool, err error) {
	body, err := fact.EncodeDay(rows)
	if err != nil {
		return false, err
	}
	err = f.db.writer.submit(ctx, 2+len(marked), func(ctx context.Context, tx *sql.Tx) error {
		// The mark goes first: its lock puts versions in the order of commits.
		var version int64
		err := tx.QueryRowContext(ctx, `UPDATE fact_mark SET version = version + 1 WHERE id = 1 RETURNING version`).Scan(&version)
		if err != nil {
			return err
		}
		for _, r := range marked {
			_, err := tx.ExecContext(ctx, `UPDATE case_messages SET mark = $1, mark_form = $2 WHERE id = $3`, r.Mark, fact.Format, r.ID)
			if err != nil {
				return err
			}
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM fact_stale WHERE generation = $1 AND day = $2 AND version = $3`, generation, int64(s.day), s.version)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if stored = n > 0; err != nil || !stored {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO fact_days (generation, day, version, cases, body) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (generation, day) DO UPDATE SET version = excluded.version, cases = excluded.cases, body = excluded.body`,
			generation, int64(s.day), version, len(rows), body)
		return err
	})
	return stored && err == nil, err
}
