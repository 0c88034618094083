package web

import (
	"net/url"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// improvementInput is what clients say of an improvement.
type improvementInput struct {
	_          struct{} `additionalProperties:"false"`
	Title      string   `json:"title"`
	Scope      string   `json:"scope" doc:"Filter of figures as a query, such as type=billing&product=A; its days do not count"`
	Control    string   `json:"control,omitempty" doc:"What the scope is compared with: some of its conditions; empty is all other complaints"`
	Cause      string   `json:"cause,omitempty"`
	Department string   `json:"department"`
	Owner      string   `json:"owner,omitempty"`
	Due        string   `json:"due" doc:"Day, such as 2026-03-01"`
	Target     float64  `json:"target,omitempty" minimum:"-0.99" maximum:"0" doc:"Change of the rate that is hoped for, such as -0.3"`
	Cluster    string   `json:"cluster,omitempty" doc:"Where a new one comes from"`
	Version    int64    `json:"version,omitempty" doc:"Of the improvement that was read; needed for a change"`
	Started    string   `json:"started,omitempty" doc:"For a change: first day of what has begun; empty keeps it"`
	Done       string   `json:"done,omitempty" doc:"For a change: last day of what is done; empty keeps it"`
}

// write puts the input into a, its filters as the viewer may count them.
func (in *improvementInput) write(a *improve.Improvement, w improve.Viewer) (err error) {
	scope, control := a.Scope, a.Control
	a.Title, a.Cause, a.Department, a.Owner, a.Target = in.Title, in.Cause, in.Department, in.Owner, in.Target
	if a.Scope, err = filterIn("scope", in.Scope); err != nil {
		return err
	}
	if a.Control, err = filterIn("control", in.Control); err != nil {
		return err
	}
	if a.Scope, err = w.Narrow("scope", a.Scope, scope); err != nil {
		return err
	}
	if a.Control, err = w.Narrow("control", a.Control, control); err != nil {
		return err
	}
	a.Due, err = dayOf("due", in.Due)
	return err
}

func filterIn(field, query string) (fact.Filter, error) {
	q, err := url.ParseQuery(query)
	if err != nil {
		return fact.Filter{}, triage.FieldErrorf(field, "is no query: %v", err)
	}
	f, err := fact.FilterOf(q)
	if err != nil {
		return fact.Filter{}, triage.FieldErrorf(field, "%v", err)
	}
	return f.Between(0, 0), nil
}

// dayOf reads a day; "" is 0.
func dayOf(field, value string) (fact.Day, error) {
	if value == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return 0, triage.FieldErrorf(field, "is not a day such as 2026-03-01")
	}
	return fact.Date(t.Date()), nil
}

// improvementView is one improvement.
type improvementView struct {
	ID         int64              `json:"id"`
	Version    int64              `json:"version"`
	Title      string             `json:"title"`
	Scope      string             `json:"scope" doc:"Filter of figures, as a query"`
	Control    string             `json:"control"`
	Cluster    string             `json:"cluster"`
	Cause      string             `json:"cause"`
	Department string             `json:"department"`
	Owner      string             `json:"owner"`
	Due        string             `json:"due"`
	Target     float64            `json:"target"`
	Started    string             `json:"started" doc:"Empty before"`
	Done       string             `json:"done"`
	Status     improve.Status     `json:"status" enum:"planned,doing,done,verified,failed,closed"`
	CopyOf     int64              `json:"copy_of" doc:"The improvement that was used again; 0 for none"`
	CreatedAt  *time.Time         `json:"created_at"`
	CreatedBy  string             `json:"created_by"`
	UpdatedAt  *time.Time         `json:"updated_at"`
	Effect     *improvementEffect `json:"effect,omitempty" doc:"The last that was stored; missing before"`
	EffectAt   *time.Time         `json:"effect_at"`
	History    []remarkView       `json:"history,omitempty" doc:"Oldest first; with one improvement only"`
}

type remarkView struct {
	At     *time.Time     `json:"at"`
	By     string         `json:"by"`
	Status improve.Status `json:"status"`
	Text   string         `json:"text"`
}

// improvementEffect is what came of an improvement. Ratios are of the rate of
// complaints after to what it would have been.
type improvementEffect struct {
	Verdict     improve.Verdict `json:"verdict" enum:"works,no_effect,worse,too_early,too_few"`
	Ratio       float64         `json:"ratio"`
	Low         float64         `json:"low" doc:"Low to high is the 95 % interval; 1000 is no upper end"`
	High        float64         `json:"high"`
	WithPeak    *float64        `json:"with_peak" doc:"The ratio when the peak before the start counts; null when nothing was left out"`
	WeeksBefore int             `json:"weeks_before"`
	WeeksAfter  int             `json:"weeks_after"`
	Before      int             `json:"before" doc:"Complaints in the scope"`
	After       int             `json:"after"`
	Expected    float64         `json:"expected" doc:"After, without the improvement"`
	Avoided     float64         `json:"avoided"`
	AvoidedLow  float64         `json:"avoided_low"`
	AvoidedHigh float64         `json:"avoided_high"`
	Dispersion  float64         `json:"dispersion"`
	Weeks       []effectWeek    `json:"weeks"`
}

type effectWeek struct {
	Monday   string       `json:"monday"`
	Scope    int          `json:"scope"`
	Control  int          `json:"control"`
	Expected float64      `json:"expected"`
	Low      float64      `json:"low"`
	High     float64      `json:"high"`
	Part     improve.Part `json:"part" enum:"before,peak,change,after,next" doc:"next: after the change, counted with the next look (5, 8 and 12 weeks after)"`
}

func (s *Server) improvementView(a *improve.Improvement, remarks []improve.Remark) improvementView {
	v := improvementView{
		ID: a.ID, Version: a.Version, Title: s.d.Mask(a.Title), Scope: s.d.Mask(a.Scope.Query().Encode()), Control: s.d.Mask(a.Control.Query().Encode()),
		Cluster: string(a.Cluster), Cause: s.d.Mask(a.Cause), Department: a.Department, Owner: a.Owner, Due: dayText(a.Due), Target: a.Target,
		Started: dayText(a.Started), Done: dayText(a.Done), Status: a.Status, CopyOf: a.CopyOf, CreatedAt: s.local(a.CreatedAt),
		CreatedBy: a.CreatedBy, UpdatedAt: s.local(a.UpdatedAt), EffectAt: s.local(a.EffectAt),
	}
	if a.Effect != nil {
		v.Effect = new(improvementEffectOf(a.Effect))
	}
	for _, r := range remarks {
		v.History = append(v.History, remarkView{s.local(r.At), r.By, r.Status, s.d.Mask(r.Text)})
	}
	return v
}

func dayText(d fact.Day) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func improvementEffectOf(e *improve.Effect) improvementEffect {
	v := improvementEffect{
		Verdict: e.Verdict, Ratio: e.Ratio.Value, Low: e.Ratio.Low, High: e.Ratio.High, WeeksBefore: e.WeeksBefore, WeeksAfter: e.WeeksAfter,
		Before: e.Before, After: e.After, Expected: e.Expected, Avoided: e.Avoided, AvoidedLow: e.AvoidedLow, AvoidedHigh: e.AvoidedHigh,
		Dispersion: e.Dispersion, Weeks: make([]effectWeek, len(e.Points)),
	}
	if e.WithPeak != nil {
		v.WithPeak = &e.WithPeak.Value
	}
	for i, p := range e.Points {
		v.Weeks[i] = effectWeek{p.Day.String(), p.Scope, p.Control, p.Expected, p.Low, p.High, p.Part}
	}
	return v
}
