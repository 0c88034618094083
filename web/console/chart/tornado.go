package chart

import (
	"html/template"
	"math"
)

// Swing is one bar of a Tornado: what the low and the high of one thing make of
// the whole.
type Swing struct {
	Label     string
	Low, High float64
	// LowText and HighText are the figures at the ends.
	LowText, HighText string
}

// Tornado shows which of several things matters most, the widest first.
type Tornado struct {
	Title, Desc string
	// Base is the value when everything is as expected.
	Base   float64
	Swings []Swing
}

const (
	tornadoWidth = 760.0
	tornadoLeft  = 250.0
	tornadoRight = 660.0
	tornadoRow   = 24.0
)

// SVG draws the bars on one scale. A swing that is no number has no bar.
func (t Tornado) SVG() template.HTML {
	height := 10 + tornadoRow*float64(len(t.Swings)) + 8
	c := begin("chart-tornado", tornadoWidth, height, t.Title, t.Desc)
	low, high := t.Base, t.Base
	for _, s := range t.Swings {
		for _, v := range []float64{s.Low, s.High} {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if high == low {
		high = low + 1
	}
	at := func(v float64) float64 { return tornadoLeft + (v-low)/(high-low)*(tornadoRight-tornadoLeft) }
	for i, s := range t.Swings {
		y := 10 + tornadoRow*float64(i)
		from, to := s.Low, s.High
		fromText, toText := s.LowText, s.HighText
		if from > to {
			from, to, fromText, toText = to, from, toText, fromText
		}
		c.text("chart-label", "start", inkText, 0, y+15, s.Label)
		if width := at(to) - at(from); width >= 0 && !math.IsInf(width, 0) {
			c.rect("chart-bar", inkAccent, fromText+" – "+toText, at(from), y+4, max(width, 1), tornadoRow-8)
			c.text("chart-figure", "end", inkText, at(from)-4, y+15, fromText)
			c.text("chart-figure", "start", inkText, at(to)+4, y+15, toText)
		}
	}
	c.line("chart-zero", inkText, at(t.Base), 4, at(t.Base), height-4, "stroke-width", "1")
	return c.end()
}
