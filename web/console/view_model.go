package console

import (
	"html/template"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/learn"
)

// learningView is how the model does and how it came about.
type learningView struct {
	Fixed   bool
	Manages bool // the reader may learn and roll back
	Active  int64
	Models  []modelRow
	Curve   *curveView // nil without one
	Report  *reportView
	Opinion *cascade.Figures
	// Cost is that of the opinions.
	Cost string
}

// modelRow is one run of learning.
type modelRow struct {
	learn.Model
	When string
	Who  string
	// Back says that the reader may go back to it.
	Back bool
}

// curveView is a curve with the numbers behind it.
type curveView struct {
	Picture template.HTML
	Rows    []curveRow
}

type curveRow struct {
	Label   string
	Trained int
	Share   evidence.Share
}

// reportView is the nightly report in words and pictures.
type reportView struct {
	learn.Report
	AsOf     string
	ByType   []countRow
	Live     *curveView
	Weeks    []weekRow
	Coverage *curveView
	Confused []confusedRow
	Shares   []shareRow
}

type countRow struct {
	Name string
	N    int
}

type weekRow struct {
	From string
	learn.Week
	// Sureness is the share of cases that needed no review.
	Sureness float64
}

type confusedRow struct {
	True, Given string
	N           int
}

type shareRow struct {
	Name           string
	Before, Recent float64
}

func (c *Console) learningView(v *visit, pack string) (*learningView, error) {
	d, ctx := c.d.Learning, v.r.Context()
	view := &learningView{Fixed: d.Fixed, Manages: v.may(access.ModelManage) && !d.Fixed}
	list, err := d.Models.Models(ctx, pack, modelsShown)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		if m.State == learn.StateActive {
			view.Active = m.ID
		}
		view.Models = append(view.Models, modelRow{
			Model: m, When: c.when(m.At), Who: v.lang.label("actor", m.By),
			Back: view.Manages && m.State != learn.StateActive && !m.UsedFrom.IsZero(),
		})
		if view.Curve == nil && len(m.Curve) > 0 {
			if view.Curve, err = learningCurve(v.lang, m.Curve); err != nil {
				return nil, err
			}
		}
	}
	report, err := d.Models.Report(ctx, pack)
	switch {
	case err == nil:
		if view.Report, err = c.reportView(v.lang, report); err != nil {
			return nil, err
		}
	case triage.CodeOf(err) != triage.CodeNotFound:
		return nil, err
	}
	if d.Opinions == nil {
		return view, nil
	}
	figures, err := d.Opinions.Figures(ctx)
	view.Opinion, view.Cost = &figures, strconv.FormatFloat(figures.Cost, 'f', 2, 64)
	return view, err
}

func (c *Console) reportView(l language, r learn.Report) (*reportView, error) {
	view := &reportView{Report: r, AsOf: c.when(r.At)}
	types := c.d.Cases.Catalogue()
	name := func(code string) string {
		if t, known := triage.FindType(types, code); known {
			return nameIn(l, t)
		}
		return code
	}
	for _, t := range types.Types() {
		view.ByType = append(view.ByType, countRow{nameIn(l, t), r.Types[t.Code]})
	}
	for _, w := range r.Weeks {
		row := weekRow{From: w.From.In(c.d.Zone).Format(time.DateOnly), Week: w}
		if w.Cases > 0 {
			row.Sureness = float64(w.Sure) / float64(w.Cases)
		}
		view.Weeks = append(view.Weeks, row)
	}
	for _, p := range r.Pairs {
		view.Confused = append(view.Confused, confusedRow{name(p.True), name(p.Given), p.N})
	}
	for _, s := range r.Drift.Shares {
		view.Shares = append(view.Shares, shareRow{name(s.Type), s.Before, s.Recent})
	}
	var err error
	if view.Live, err = liveCurve(l, view.Weeks); err != nil {
		return nil, err
	}
	view.Coverage, err = coverageCurve(l, &r)
	return view, err
}
