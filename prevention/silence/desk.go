package silence

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Store keeps every version of the assumptions.
type Store interface {
	// Assumptions returns the latest version; Number is 0 when there is none.
	Assumptions(ctx context.Context) (Version, error)
	// AssumptionHistory returns the latest versions, newest first.
	AssumptionHistory(ctx context.Context, limit int) ([]Version, error)
	// PutAssumptions stores the version after v.Number, with its audit entry;
	// CodeConflict when that is not the latest.
	PutAssumptions(ctx context.Context, v Version, e triage.AuditEntry) error
}

// Source tells what has prevented complaints so far. A measure without a result
// is left out.
type Source func(ctx context.Context) ([]Prevented, error)

// Desk is where people look at the cost of silence and change what it assumes.
// It is safe for concurrent use.
type Desk struct {
	Store  Store
	Source Source
	Now    func() time.Time
}

// Current returns the assumptions in force.
func (d *Desk) Current(ctx context.Context) (Version, error) {
	v, err := d.Store.Assumptions(ctx)
	if err != nil {
		return v, err
	}
	if v.Number == 0 {
		v.Assumptions = Defaults()
	}
	return v, nil
}

// History returns the versions that people made, newest first.
func (d *Desk) History(ctx context.Context, limit int) ([]Version, error) {
	return d.Store.AssumptionHistory(ctx, limit)
}

// Worth works out what has been prevented under the assumptions in force.
func (d *Desk) Worth(ctx context.Context) (Version, Result, error) {
	v, err := d.Current(ctx)
	if err != nil {
		return v, Result{}, err
	}
	parts, err := d.Source(ctx)
	if err != nil {
		return v, Result{}, err
	}
	return v, Of(v.Assumptions, parts), nil
}

const maxWhy = 500

// Change makes a new version after the one of a number. What differs from the
// source documents is marked as edited. Errors are those of Check and, when
// somebody was faster, of CodeConflict.
func (d *Desk) Change(ctx context.Context, number int64, list []Assumption, why, by string) error {
	list, err := Check(list)
	if err != nil {
		return err
	}
	for i, known := range Defaults() {
		list[i].Source = known.Source
		if list[i] != known {
			list[i].Source = SourceEdited
		}
	}
	why = strings.TrimSpace(why)
	if why == "" || len([]rune(why)) > maxWhy {
		return triage.FieldErrorf("why", "want 1 to %d characters", maxWhy)
	}
	v := Version{Number: number, Assumptions: list, By: by, At: d.Now(), Why: why}
	return d.Store.PutAssumptions(ctx, v, triage.AuditEntry{At: v.At, Actor: by, Action: "assumptions", Object: "silence", Detail: detailOf(list)})
}

// Reset makes a new version of the figures of the sources.
func (d *Desk) Reset(ctx context.Context, number int64, why, by string) error {
	return d.Change(ctx, number, Defaults(), why, by)
}

// detailOf names what is not as in the sources.
func detailOf(list []Assumption) string {
	changed := map[Key][3]float64{}
	for _, a := range list {
		if a.Source == SourceEdited {
			changed[a.Key] = [3]float64{a.Low, a.Likely, a.High}
		}
	}
	b, err := json.Marshal(changed)
	if err != nil {
		return "" // cannot happen: Check lets only finite numbers through
	}
	return string(b)
}
