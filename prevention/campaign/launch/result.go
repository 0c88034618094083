package launch

import (
	"context"

	"github.com/qianyi-dev/qianyi/triage"
)

// Result is a check with everything that is known of it now.
type Result struct {
	Kept
	Verdict Verdict
	// Open are the findings that nobody accepted.
	Open []Finding
	// Before is the check of the wording before and Change what became of its
	// findings; nil without one.
	Before *Kept
	Change *Change
	// Forecast is nil without a planned reach or without past campaigns; Risky
	// says that its interval at 80 % lies above what campaigns usually bring.
	Forecast *Forecast
	Risky    bool
	// Earlier are complaints that similar statements brought. Unsearched says
	// that they could not be looked up just now.
	Earlier    []Earlier
	Unsearched bool
}

// Result gathers what is known of a kept check.
func (k *Desk) Result(ctx context.Context, id int64) (Result, error) {
	kept, err := k.d.Store.LaunchCheck(ctx, id)
	if err != nil {
		return Result{}, err
	}
	r := Result{Kept: kept, Open: kept.Open()}
	if kept.Previous != 0 {
		before, err := k.d.Store.LaunchCheck(ctx, kept.Previous)
		if err != nil {
			return Result{}, err
		}
		change := Compare(before.Report.Findings, kept.Report.Findings)
		r.Before, r.Change = &before, &change
	}
	if err := k.foresee(ctx, &r); err != nil {
		return Result{}, err
	}
	r.Verdict = VerdictOf(r.Open)
	if r.Risky && r.Verdict == Go {
		r.Verdict = Fix
	}
	return r, nil
}

// foresee adds the forecast and the earlier complaints. An index that cannot
// answer does not keep the check from being read.
func (k *Desk) foresee(ctx context.Context, r *Result) error {
	if r.Draft.Reach > 0 {
		past, err := k.d.History.PastCampaigns(ctx, k.d.Now().Add(-settled))
		if err != nil {
			return err
		}
		if f, ok := Predict(&r.Draft, others(past, r.Campaign)); ok {
			r.Forecast, r.Risky = &f, float64(f.Interval.Low) > f.Usual && !f.Few()
		}
	}
	if k.d.Earlier == nil {
		return nil
	}
	var err error
	r.Earlier, err = k.d.Earlier.Find(ctx, &r.Draft)
	if triage.CodeOf(err) == triage.CodeUnavailable {
		r.Unsearched, err = true, nil
	}
	return err
}

// others are the past campaigns without the one that is checked.
func others(past []Past, id string) []Past {
	var list []Past
	for _, p := range past {
		if id == "" || p.ID != id {
			list = append(list, p)
		}
	}
	return list
}
