package console

import (
	"maps"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
)

// maxOptions bounds the values that the filter bar offers of a dimension.
const maxOptions = 200

// bar is a page with all that stands above its figures.
func (q *qualityQuery) bar(tab qualityTab) *qualityView {
	p := q.period()
	view := &qualityView{
		Path: tab.path, From: p.From.String(), To: (p.To - 1).String(), Range: q.days(p), Clear: tab.path, Compared: q.compared(),
	}
	if _, _, ok := q.book.Days(); !ok {
		view.Empty, view.Reading = true, !q.book.Ready()
	} else if p.From > q.last || p.To <= q.first {
		view.Latest = q.between(quality.Period{From: q.last - usualDays + 1, To: q.last + 1}).link(tab.path)
	}
	for _, t := range qualityTabs {
		view.Tabs = append(view.Tabs, clusterTab{Name: t.key, Href: q.link(t.path), Count: -1, Active: t.name == tab.name})
	}
	for _, o := range presets(q.today, q.first) {
		view.Presets = append(view.Presets, segment{q.between(o.period).link(tab.path), q.t(o.key), o.period == p})
	}
	for _, b := range quality.Bases {
		s := q.qualityState
		s.base = b
		view.Bases = append(view.Bases, segment{s.link(tab.path), q.v.lang.label("qbase", b), b == q.base})
	}
	step := q.step()
	for _, u := range units {
		s := q.qualityState
		s.unit = u
		view.Units = append(view.Units, segment{s.link(tab.path), q.v.lang.label("qunit", u), u == step})
	}
	q.fields(view)
	return view
}

// compared says what the period is compared with.
func (q *qualityQuery) compared() string {
	c := &q.comparison
	switch c.State {
	case quality.Unfinished:
		return q.t("quality.unfinished.why")
	case quality.NoData:
		return q.t("quality.nodata.line", q.days(c.Then), q.first.String())
	}
	if c.Now.To < q.filter.To {
		return q.t("quality.compared.part", q.days(c.Now), q.days(c.Then))
	}
	return q.t("quality.compared", q.days(c.Then))
}

// fields are the lists of the bar, and the conditions it has no list for.
func (q *qualityQuery) fields(view *qualityView) {
	for _, d := range qualityDims {
		if d == fact.Department && q.v.department() != "" {
			continue
		}
		if f := q.field(d); len(f.Options) > 0 {
			view.Fields = append(view.Fields, f)
		}
	}
	for i, is := range q.qualityState.filter.Is {
		if !slices.Contains(qualityDims, is.Dim) {
			s := q.qualityState
			s.filter.Is = slices.Delete(slices.Clone(s.filter.Is), i, i+1)
			view.Chips = append(view.Chips, chip{q.dim(is.Dim) + " " + q.value(is.Dim, is.Value), s.link(view.Path)})
		}
	}
	own := []string{"from", "to"}
	for _, d := range qualityDims {
		own = append(own, d.String())
	}
	view.Hidden = q.hidden(own...)
}

func (q *qualityQuery) field(d fact.Dim) qualityField {
	f := qualityField{Name: d.String(), Label: q.dim(d)}
	chosen := q.query()[d.String()]
	for _, value := range q.valuesOf(d) {
		selected := slices.Contains(chosen, value)
		if value != "" && (len(f.Options) < maxOptions || selected) {
			f.Options = append(f.Options, option{Value: value, Label: q.value(d, value), Selected: selected})
		}
	}
	return f
}

// valuesOf are the values that a visitor may learn of: of owners only those of
// the own department.
func (q *qualityQuery) valuesOf(d fact.Dim) []string {
	if d != fact.Owner || q.v.department() == "" {
		return q.book.Values(d)
	}
	var names []string
	for _, n := range q.book.Counts(q.v.ownFigures(fact.Filter{}), d)[0] {
		names = append(names, n.Value)
	}
	return names
}

// hidden are the parameters of the address that a form does not have itself.
func (q *qualityQuery) hidden(own ...string) []hiddenField {
	var all []hiddenField
	query := q.query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(own, name) {
			for _, value := range query[name] {
				all = append(all, hiddenField{name, value})
			}
		}
	}
	return all
}
