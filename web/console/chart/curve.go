package chart

import (
	"html/template"
	"math"
)

// Step is one point of a Curve.
type Step struct {
	Label string // below the axis; "" for none
	Hint  string
	// Value, Low and High are shares from 0 to 1, the interval around Value.
	Value, Low, High float64
}

// Curve is a share that was measured step by step, each with its interval.
type Curve struct {
	Title, Desc string
	Steps       []Step
}

const (
	curveWidth  = 460.0
	curveHeight = 170.0
	curveLeft   = 40.0
	curveTop    = 10.0
	curveBottom = 24.0
	// curveLabels is how many labels have room below the axis.
	curveLabels = 9
)

// SVG draws the curve; its scale runs up to 1 from the last tenth below all
// intervals.
func (v Curve) SVG() template.HTML {
	c := begin("chart-curve", curveWidth, curveHeight, v.Title, v.Desc)
	low := v.floor()
	ground := curveHeight - curveBottom
	y := func(share float64) float64 {
		return curveTop + (1-(within(share)-low)/(1-low))*(ground-curveTop)
	}
	for i := range 5 {
		share := low + (1-low)*float64(i)/4
		c.line("chart-grid", inkFaint, curveLeft, y(share), curveWidth, y(share), "stroke-width", "0.5")
		c.text("chart-label", "end", inkText, curveLeft-6, y(share)+4, number(share*100)+"%")
	}
	width := (curveWidth - curveLeft) / float64(max(len(v.Steps), 1))
	x := func(i int) float64 { return curveLeft + width*(float64(i)+0.5) }
	every := (len(v.Steps) + curveLabels - 1) / curveLabels
	for i, s := range v.Steps {
		c.line("chart-whisker", inkAccent, x(i), y(s.Low), x(i), y(s.High), "stroke-width", "1")
		if i > 0 {
			c.line("chart-line", inkAccent, x(i-1), y(v.Steps[i-1].Value), x(i), y(s.Value), "stroke-width", "1.5")
		}
		if i%every == 0 {
			c.text("chart-label", "middle", inkText, x(i), curveHeight-7, s.Label)
		}
	}
	for i, s := range v.Steps {
		c.element("circle", "chart-dot", s.Hint, "cx", number(x(i)), "cy", number(y(s.Value)), "r", "3.5", "fill", inkAccent)
	}
	return c.end()
}

// floor is where the scale begins: a tenth from 0 to 0.8.
func (v Curve) floor() float64 {
	low := 1.0
	for _, s := range v.Steps {
		low = min(low, within(s.Low), within(s.Value))
	}
	return min(math.Floor(low*10)/10, 0.8)
}

// within brings any number into the range of a share.
func within(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return min(max(v, 0), 1)
}
