package chart

import "html/template"

// Range is one line of Ranges: a value, with an interval unless High is 0.
type Range struct {
	Label string
	// Text says the figures in words, at the right.
	Text      string
	Value     float64
	Low, High float64
	// WideLow and WideHigh are a wider interval, drawn thinner.
	WideLow, WideHigh float64
	// Total is the line that the others explain.
	Total bool
}

// Ranges compares values of one measure that start at nothing.
type Ranges struct {
	Title, Desc string
	Rows        []Range
}

const (
	rangesWidth = 640.0
	rangesLeft  = 150.0
	rangesRight = 440.0
	rangesRow   = 26.0
)

// SVG draws the lines on one axis from 0.
func (r Ranges) SVG() template.HTML {
	height := 22 + rangesRow*float64(len(r.Rows)) + 4
	c := begin("chart-ranges", rangesWidth, height, r.Title, r.Desc)
	top := 0.0
	for _, row := range r.Rows {
		for _, v := range []float64{row.Value, row.High, row.WideHigh} {
			top = max(top, finite(v))
		}
	}
	ticks := steps(top)
	top = ticks[len(ticks)-1]
	at := func(v float64) float64 {
		return rangesLeft + min(max(finite(v)/top, 0), 1)*(rangesRight-rangesLeft)
	}
	for _, tick := range ticks {
		c.line("chart-grid", inkFaint, at(tick), 18, at(tick), height-4, "stroke-width", "1")
		c.text("chart-label", "middle", inkText, at(tick), 12, number(tick))
	}
	for i, row := range r.Rows {
		y := 22 + rangesRow*(float64(i)+0.5)
		class, ink, size := "chart-bar", inkFaint, 6.0
		if row.Total {
			class, ink, size = "chart-bar chart-total", inkAccent, 10
		}
		c.text("chart-label", "end", inkText, rangesLeft-8, y+4, row.Label)
		if row.WideHigh > 0 {
			c.rect("chart-band", inkBand, row.Text, at(row.WideLow), y-3, max(at(row.WideHigh)-at(row.WideLow), 1), 6)
		}
		if row.High > 0 {
			c.rect("chart-range", inkAccent, row.Text, at(row.Low), y-3, max(at(row.High)-at(row.Low), 1), 6)
		}
		c.rect(class, ink, row.Text, at(row.Value)-size/2, y-size/2, size, size)
		c.text("chart-figure", "start", inkText, rangesRight+12, y+4, row.Text)
	}
	return c.end()
}
