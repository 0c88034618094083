package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Verify counts all cases once more, by another way than that of the roll-up,
// and compares every field of every case with the stored days. What is changed
// while it runs may differ; roll up first. CodeConflict says that nothing has
// been rolled up yet.
func (f *Facts) Verify(ctx context.Context) (fact.Verified, error) {
	v, err := f.verify(ctx)
	return v, f.db.fail("verify figures", err)
}

func (f *Facts) verify(ctx context.Context) (v fact.Verified, err error) {
	m, err := f.readMark(ctx)
	if err != nil {
		return v, err
	}
	if m.generation == 0 {
		return v, triage.Errorf(triage.CodeConflict, "no figures have been rolled up yet; run \"qianyi figures rebuild\"")
	}
	days, err := f.allDays(ctx)
	if err != nil {
		return v, err
	}
	err = collect(ctx, f.db.read, func(rows *sql.Rows) error {
		var day fact.Day
		err := rows.Scan(&day)
		days[day] = true
		return err
	}, `SELECT day FROM fact_days WHERE generation = $1`, m.generation)
	if err != nil {
		return v, err
	}
	list := make([]fact.Day, 0, len(days))
	for day := range days {
		list = append(list, day)
	}
	slices.Sort(list)
	for _, day := range list {
		d, n, err := f.verifyDay(ctx, m.generation, day)
		if err != nil {
			return v, err
		}
		v.Days, v.Cases = v.Days+1, v.Cases+n
		if d != nil {
			v.Differ = append(v.Differ, *d)
		}
	}
	return v, nil
}

// verifyDay returns nil for a day that is right, and how many cases it has.
func (f *Facts) verifyDay(ctx context.Context, generation int64, day fact.Day) (*fact.DayDiffers, int, error) {
	want, err := f.recount(ctx, day)
	if err != nil {
		return nil, 0, err
	}
	var body []byte
	err = f.db.read.QueryRowContext(ctx, `SELECT body FROM fact_days WHERE generation = $1 AND day = $2`, generation, int64(day)).Scan(&body)
	var got []fact.Row
	if err == nil {
		if got, err = fact.DecodeDay(day, body); err != nil {
			return &fact.DayDiffers{Day: day.String(), Unreadable: err.Error()}, len(want), nil
		}
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, 0, err
	}
	return fact.Compare(day, got, want), len(want), nil
}
