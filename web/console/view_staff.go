package console

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage/staff"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// staffRow is one agent or department in the comparison.
type staffRow struct {
	Name, Href string
	Cases      staffCell
	Mix        string
	Cells      []staffCell
}

// staffCell is one figure with the cases behind it.
type staffCell struct{ Text, Title, Href, Tone string }

// staffMeasureRow is one measure on a card.
type staffMeasureRow struct {
	Measure                   staff.Measure
	N, Own                    staffCell
	Expected, House           string
	Raw, Ratio                string
	Adjusted, Interval, Trust string
	Verdict                   staff.Verdict
	Compared                  bool
}

// staffMark is one spot of the funnel in figures.
type staffMark struct {
	Name, Href                string
	N                         int
	Raw, Ratio, Low95, High95 string
	Adjusted, Interval        string
	Verdict                   staff.Verdict
}

func (c *Console) staffRows(l language, s staffState, h *staff.House) []staffRow {
	rows := make([]staffRow, len(h.Cards))
	for i := range h.Cards {
		k := &h.Cards[i]
		rows[i] = staffRow{Name: k.Name, Href: s.of(s.card(k.Name)), Cases: staffCell{Text: count(k.Cases), Href: casesPath(k.Filter)}, Mix: staffMix(l, k)}
		for m := range staff.Measures {
			rows[i].Cells = append(rows[i].Cells, staffFigure(l, k, m))
		}
	}
	return rows
}

// staffFigure is what is observed, with the comparison for the pointer.
func staffFigure(l language, k *staff.Card, m staff.Measure) staffCell {
	r := &k.Results[m]
	if r.N == 0 {
		return staffCell{Text: "—"}
	}
	_, bad, _ := m.Behind(k.Filter)
	cell := staffCell{Text: staffValue(l, m, r.Observed), Href: casesPath(bad), Tone: string(r.Verdict)}
	verdict := l.label("staffverdict", r.Verdict)
	if staffJudged(r.Verdict) {
		cell.Title = l.fill("staff.cell", r.N, staffValue(l, m, r.Expected), staffRatio(r.Adjusted), staffRatio(r.Low), staffRatio(r.High), verdict)
	} else {
		cell.Title = l.fill("staff.cell.few", r.N, verdict)
	}
	return cell
}

func (c *Console) staffMeasureRows(l language, h *staff.House, k *staff.Card) []staffMeasureRow {
	rows := make([]staffMeasureRow, staff.Measures)
	for m := range staff.Measures {
		r := &k.Results[m]
		all, bad, _ := m.Behind(k.Filter)
		row := staffMeasureRow{Measure: m, Verdict: r.Verdict, Compared: staffJudged(r.Verdict), N: staffCell{Text: count(r.N)}, Own: staffCell{Text: "—"}}
		if h.Measures[m].N > 0 {
			row.House = staffValue(l, m, h.Measures[m].Mean)
		}
		if r.N > 0 {
			row.N.Href = casesPath(all)
			row.Own = staffCell{Text: staffValue(l, m, r.Observed), Href: casesPath(bad), Tone: string(r.Verdict)}
			row.Expected, row.Raw, row.Ratio = staffValue(l, m, r.Expected), staffRatio(r.Raw), staffRatio(r.Ratio)
		}
		if row.Compared {
			row.Adjusted, row.Interval, row.Trust = staffRatio(r.Adjusted), staffRatio(r.Low)+" – "+staffRatio(r.High), percent(r.Weight)
		}
		rows[m] = row
	}
	return rows
}

// staffJudged says whether there was a comparison.
func staffJudged(v staff.Verdict) bool {
	return v == staff.Better || v == staff.Same || v == staff.Worse
}

// staffValue writes a mean of a measure.
func staffValue(l language, m staff.Measure, x float64) string {
	switch {
	case m.Kind() == staff.Time:
		return l.span(time.Duration(x * float64(time.Minute)))
	case m == staff.Wording:
		return staffRatio(x)
	default:
		return decimal(100*x) + "%"
	}
}

// staffMix says whose cases are harder than whose; "" when that is unknown.
func staffMix(l language, k *staff.Card) string {
	if k.Hardness == 0 {
		return ""
	}
	return l.fill("staff.mix", percent(k.Harder), staffRatio(k.Hardness))
}

// staffDiffer says how far apart subjects really are, "" for not at all.
func staffDiffer(h *staff.House, m staff.Measure) string {
	if d := h.Measures[m].Differ; d > 0 {
		return decimal(100*d) + "%"
	}
	return ""
}

// funnel draws one measure of all, and lists it.
func (c *Console) funnel(l language, s staffState, h *staff.House) (template.HTML, []staffMark, error) {
	title, err := l.text("staff.funnel")
	if err != nil {
		return "", nil, err
	}
	desc, err := l.text("staff.funnel.line")
	if err != nil {
		return "", nil, err
	}
	f := chart.Funnel{
		Title: title + " · " + l.label("staffmeasure", s.Measure), Desc: desc, AxisN: l.label("staffaxis", "n"),
		Limits: func(n int) chart.Limit { return chart.Limit(h.Limits(s.Measure, n)) },
	}
	var marks []staffMark
	for i := range h.Cards {
		k := &h.Cards[i]
		r := &k.Results[s.Measure]
		if r.N == 0 || r.Verdict == staff.NoPeers {
			continue
		}
		verdict := l.label("staffverdict", r.Verdict)
		f.Spots = append(f.Spots, chart.Spot{
			Label: k.Name, Hint: strings.Join([]string{k.Name, count(r.N), staffRatio(r.Ratio), verdict}, " · "), N: r.N, Value: r.Ratio,
			Raised: r.Verdict == staff.Better || r.Verdict == staff.Worse,
		})
		limits := h.Limits(s.Measure, r.N)
		mark := staffMark{
			Name: k.Name, Href: s.of(s.card(k.Name)), N: r.N, Raw: staffRatio(r.Raw), Ratio: staffRatio(r.Ratio),
			Low95: staffRatio(limits.Low95), High95: staffRatio(limits.High95), Verdict: r.Verdict,
		}
		if staffJudged(r.Verdict) {
			mark.Adjusted, mark.Interval = staffRatio(r.Adjusted), staffRatio(r.Low)+" – "+staffRatio(r.High)
		}
		marks = append(marks, mark)
	}
	return f.SVG(), marks, nil
}

// staffRatio writes a ratio or a mark with two decimals.
func staffRatio(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// fill is a phrase with its verbs filled, for what is put together from several.
func (l language) fill(key string, args ...any) string {
	text, err := l.text(key, args...)
	if err != nil {
		return key
	}
	return text
}
