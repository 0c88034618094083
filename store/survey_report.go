package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// Surveys returns one page, latest first.
func (s *Surveys) Surveys(ctx context.Context, f survey.Filter) (survey.List, error) {
	var w where
	if !f.From.IsZero() {
		w.add("s.created_at >=", instant(f.From))
	}
	if !f.To.IsZero() {
		w.add("s.created_at <", instant(f.To))
	}
	if f.State != "" {
		w.add("s.state =", string(f.State))
	}
	if f.Customer != "" {
		w.add("s.customer_id =", string(f.Customer))
	}
	if f.Case != "" {
		w.add("s.case_id =", string(f.Case))
	}
	if f.Below > 0 {
		w.add("s.score <", f.Below)
	}
	if f.Reason != "" {
		w.args = append(w.args, ","+string(f.Reason)+",")
		n := strconv.Itoa(len(w.args))
		w.conditions = append(w.conditions, "s.score IS NOT NULL AND REPLACE(',' || s.reasons || ',', $"+n+", '') <> ',' || s.reasons || ','")
	}
	if err := w.behind("(s.created_at, s.id) <", f.Cursor); err != nil {
		return survey.List{}, err
	}
	limit := pageSize(f.Limit)
	list, err := s.list(ctx, w.String()+` ORDER BY s.created_at DESC, s.id DESC`+limited(limit+1), w.args...)
	if err != nil {
		return survey.List{}, s.db.fail("list surveys", err)
	}
	page := cutPage(list, limit, func(v *survey.Survey) string { return numberPlace(v.CreatedAt, v.ID) })
	return survey.List{Surveys: page.Rows, Next: page.Next}, nil
}

// Figures sums up the surveys created at from <= t < to; low is the score below
// which one counts as low.
func (s *Surveys) Figures(ctx context.Context, from, to time.Time, low float64) (survey.Figures, error) {
	f := survey.Figures{Reasons: map[survey.Reason]int{}, States: map[survey.State]int{}}
	var sum float64
	err := collect(ctx, s.db.read, func(rows *sql.Rows) error {
		var state survey.State
		var letters int
		var score sql.NullFloat64
		var reasons string
		if err := rows.Scan(&state, &letters, &score, &reasons); err != nil {
			return err
		}
		f.States[state]++
		if letters > 0 || score.Valid {
			f.Asked++
		}
		if !score.Valid {
			return nil
		}
		f.Answered++
		sum += score.Float64
		f.Bands[min(int(score.Float64/20), len(f.Bands)-1)]++
		if score.Float64 < low {
			f.Low++
		}
		for _, r := range splitList(reasons) {
			f.Reasons[survey.Reason(r)]++
		}
		return nil
	}, `SELECT state, letters, score, reasons FROM surveys WHERE created_at >= $1 AND created_at < $2`, instant(from), instant(to))
	if f.Asked > 0 {
		f.Rate = float64(f.Answered) / float64(f.Asked)
	}
	if f.Answered > 0 {
		f.Mean = new(sum / float64(f.Answered))
	}
	return f, s.db.fail("sum up surveys", err)
}

var (
	_ customer.Store   = (*Care)(nil)
	_ customer.Notices = (*Care)(nil)
	_ survey.Store     = (*Surveys)(nil)
)
