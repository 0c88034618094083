package chart

import (
	"html/template"
	"math"
)

// Estimate is one line of a forest plot: a difference with its interval.
type Estimate struct {
	Label string
	// Text says the figures in words, at the right.
	Text             string
	Value, Low, High float64
	// Total is drawn as a diamond instead of a point.
	Total bool
}

// Forest compares differences with nothing at all: an interval that leaves out
// the zero line is sure.
type Forest struct {
	Title, Desc string
	Rows        []Estimate
	// Better and Worse stand left and right of the zero line.
	Better, Worse string
}

const (
	forestWidth = 640.0
	forestLeft  = 130.0
	forestRight = 400.0
	forestRow   = 28.0
)

// SVG draws the plot. The axis is symmetric and as long as the widest interval
// that is finite.
func (f Forest) SVG() template.HTML {
	height := 26 + forestRow*float64(len(f.Rows)) + 8
	c := begin("chart-forest", forestWidth, height, f.Title, f.Desc)
	reach := 0.0
	for _, r := range f.Rows {
		for _, v := range []float64{r.Value, r.Low, r.High} {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				reach = max(reach, math.Abs(v))
			}
		}
	}
	if reach == 0 {
		reach = 1
	}
	middle := (forestLeft + forestRight) / 2
	half := (forestRight - forestLeft) / 2
	at := func(v float64) float64 {
		if math.IsNaN(v) {
			v = 0
		}
		return middle + min(max(v/reach/1.05, -1), 1)*half
	}
	c.text("chart-label", "end", inkGood, middle-8, 14, f.Better)
	c.text("chart-label", "start", inkAlarm, middle+8, 14, f.Worse)
	c.line("chart-zero", inkText, middle, 20, middle, height-4, "stroke-width", "1")
	for i, r := range f.Rows {
		y := 26 + forestRow*float64(i) + forestRow/2
		class, ink := "forest-open", inkText
		switch {
		case r.High < 0:
			class, ink = "forest-better", inkGood
		case r.Low > 0:
			class, ink = "forest-worse", inkAlarm
		}
		c.text("chart-label", "end", inkText, forestLeft-8, y+4, r.Label)
		c.line("forest-range "+class, ink, at(r.Low), y, at(r.High), y, "stroke-width", "2")
		x := at(r.Value)
		if r.Total {
			c.element("path", "forest-point "+class, "", "fill", ink,
				"d", "M"+number(x-7)+" "+number(y)+" L"+number(x)+" "+number(y-6)+" L"+number(x+7)+" "+number(y)+" L"+number(x)+" "+number(y+6)+" Z")
		} else {
			c.rect("forest-point "+class, ink, "", x-4, y-4, 8, 8)
		}
		c.text("chart-figure", "start", inkText, forestRight+12, y+4, r.Text)
	}
	return c.end()
}
