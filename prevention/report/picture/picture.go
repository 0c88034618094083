// Package picture draws the pictures of a report as PNG, for mails: on pages
// they are SVG. The font that comes with the charts has no Chinese, so that a
// picture holds digits and Latin letters only and its caption stands beside it:
// types are numbered in the order of the table below the picture.
package picture

import (
	"fmt"
	"strconv"

	"github.com/go-analyze/charts"

	"github.com/qianyi-dev/qianyi/prevention/report"
)

const (
	width, height = 640, 240
	// typesShown are the types in the second picture.
	typesShown = 10
)

// Trend draws the cases of the last weeks.
func Trend(r *report.Report) ([]byte, error) {
	var values []float64
	var labels []string
	for _, b := range r.Trend {
		values = append(values, b.Cases.Value)
		labels = append(labels, fmt.Sprintf("W%02d", b.Week.Number))
	}
	return bars("trend", labels, nil, values)
}

// Shown returns the changes of types that the picture of types has, in its
// order.
func Shown(r *report.Report) []report.Change {
	var list []report.Change
	for _, c := range r.Changes {
		if c.Dim == "type" && len(list) < typesShown {
			list = append(list, c)
		}
	}
	return list
}

// Types draws the types of the report, this week beside a usual one where there
// is one to compare with. It is nil when there are no types.
func Types(r *report.Report) ([]byte, error) {
	list := Shown(r)
	if len(list) == 0 {
		return nil, nil
	}
	var labels []string
	now, usual := make([]float64, len(list)), make([]float64, len(list))
	compared := false
	for i, c := range list {
		labels = append(labels, strconv.Itoa(i+1))
		now[i] = c.Count.Value
		if c.Usual != nil {
			usual[i], compared = c.Usual.Value, true
		}
	}
	if !compared {
		return bars("types", labels, nil, now)
	}
	return bars("types", labels, []string{"now", "usual"}, now, usual)
}

func bars(name string, labels, legend []string, values ...[]float64) ([]byte, error) {
	if len(labels) == 0 {
		return nil, nil
	}
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: width, Height: height})
	o := charts.NewBarChartOptionWithData(values)
	o.Theme = charts.GetTheme(charts.ThemeLight)
	o.CategoryAxis.Labels = labels
	o.Legend.SeriesNames = legend
	o.ValueFormatter = func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	for i := range o.SeriesList {
		o.SeriesList[i].Label.Show = new(len(labels)*len(values) <= 16)
	}
	if err := p.BarChart(o); err != nil {
		return nil, fmt.Errorf("picture %s: %w", name, err)
	}
	png, err := p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("picture %s: %w", name, err)
	}
	return png, nil
}
