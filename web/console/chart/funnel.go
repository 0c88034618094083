package chart

import (
	"html/template"
	"math"
)

// Spot is one point of a Funnel.
type Spot struct {
	Label, Hint string
	// N is how many cases it comes from, Value the ratio.
	N     int
	Value float64
	// Raised spots stand out, and have their label beside them.
	Raised bool
}

// Limit is the two pairs of limits at a number of cases.
type Limit struct{ Low95, High95, Low998, High998 float64 }

// Funnel is a ratio, 1 for what is usual, against the number of cases it comes
// from, within the limits that chance keeps.
type Funnel struct {
	Title, Desc string
	AxisN       string // what N counts
	Spots       []Spot
	// Limits are those at a number of cases.
	Limits func(n int) Limit
}

const (
	funnelWidth  = 760.0
	funnelHeight = 300.0
	funnelLeft   = 46.0
	funnelTop    = 12.0
	funnelBottom = 36.0
	funnelSteps  = 60
	// funnelMost is the largest ratio that the scale shows; spots beyond stand on
	// its edge.
	funnelMost = 4.0
)

// SVG draws the funnel.
func (f Funnel) SVG() template.HTML {
	c := begin("chart-funnel", funnelWidth, funnelHeight, f.Title, f.Desc)
	n, top := 10, 1.4
	for _, s := range f.Spots {
		n = max(n, s.N)
		top = max(top, finite(s.Value)*1.05)
	}
	top = min(top, funnelMost)
	ground := funnelHeight - funnelBottom
	y := func(v float64) float64 { return ground - min(max(finite(v), 0), top)/top*(ground-funnelTop) }
	x := func(cases float64) float64 {
		return funnelLeft + cases/(1.04*float64(n))*(funnelWidth-funnelLeft)
	}
	for v := 0.0; v <= top; v += 0.5 {
		c.line("chart-grid", inkFaint, funnelLeft, y(v), funnelWidth, y(v), "stroke-width", "0.5")
		c.text("chart-label", "end", inkText, funnelLeft-6, y(v)+4, number(v))
	}
	c.line("chart-zero", inkText, funnelLeft, y(1), funnelWidth, y(1), "stroke-width", "1")
	for _, t := range steps(float64(n)) {
		if t > 0 && t <= 1.04*float64(n) {
			c.text("chart-label", "middle", inkText, x(t), ground+15, number(t))
		}
	}
	c.text("chart-label", "end", inkText, funnelWidth, funnelHeight-4, f.AxisN)
	f.limits(c, n, x, y)
	for _, s := range f.Spots {
		class, ink := "chart-dot", inkAccent
		if s.Raised {
			class, ink = "chart-dot chart-raised", inkAlarm
			f.label(c, s, x(float64(s.N)), y(s.Value))
		}
		c.element("circle", class, s.Hint, "cx", number(x(float64(s.N))), "cy", number(y(s.Value)), "r", "4", "fill", ink)
	}
	return c.end()
}

// label names a spot on the side with more room.
func (f Funnel) label(c *canvas, s Spot, x, y float64) {
	anchor, side := "start", 7.0
	if x > funnelWidth*0.8 {
		anchor, side = "end", -7
	}
	c.text("chart-label", anchor, inkText, x+side, y+4, s.Label)
}

// limits draws the four lines of the funnel.
func (f Funnel) limits(c *canvas, n int, x, y func(float64) float64) {
	if f.Limits == nil {
		return
	}
	// Equal steps of the square root, as the lines are steep where there are few.
	at := func(i int) int { return max(1, int(math.Round(float64(n)*math.Pow(float64(i)/funnelSteps, 2)))) }
	last, lastLimit := at(1), f.Limits(at(1))
	for i := 2; i <= funnelSteps; i++ {
		now := at(i)
		if now == last {
			continue
		}
		l := f.Limits(now)
		for _, line := range []struct {
			class, dash string
			from, to    float64
		}{
			{"chart-limit", "4 3", lastLimit.Low95, l.Low95}, {"chart-limit", "4 3", lastLimit.High95, l.High95},
			{"chart-limit chart-far", "none", lastLimit.Low998, l.Low998}, {"chart-limit chart-far", "none", lastLimit.High998, l.High998},
		} {
			if y(line.from) > funnelTop || y(line.to) > funnelTop { // not along the edge
				c.line(line.class, inkText, x(float64(last)), y(line.from), x(float64(now)), y(line.to), "stroke-dasharray", line.dash)
			}
		}
		last, lastLimit = now, l
	}
}

// finite brings what is no number to 1.
func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 1
	}
	return v
}
