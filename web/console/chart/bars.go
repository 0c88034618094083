package chart

import (
	"cmp"
	"html/template"
	"slices"
)

// Day is one bar with what was expected of it.
type Day struct {
	// Label stands under the axis; Hint is read when the pointer rests on the
	// bar.
	Label, Hint string
	Count       int
	// Low to High is the expected band.
	Low, High float64
	// Raised days are part of what the alarm counted.
	Raised bool
}

// Mark is an upright line at the beginning of a day.
type Mark struct {
	Day   int // index of the day
	Label string
	// Alarm is drawn in the colour of alarms, all others in that of good news.
	Alarm bool
}

// Bars is a count per day against its expected band.
type Bars struct {
	Title, Desc string
	Days        []Day
	Marks       []Mark
	// Width and Height are the size in pixels, 0 is 760 × 220.
	Width, Height float64
}

const (
	barsLeft   = 30.0
	barsTop    = 26.0
	barsBottom = 22.0
	// labelRoom is what one label under the axis needs.
	labelRoom = 52.0
)

// SVG draws the bars.
func (b Bars) SVG() template.HTML {
	if b.Width <= 0 {
		b.Width = 760
	}
	if b.Height <= 0 {
		b.Height = 220
	}
	c := begin("chart-bars", b.Width, b.Height, b.Title, b.Desc)
	top := 1.0
	for _, d := range b.Days {
		top = max(top, float64(d.Count), d.High)
	}
	ticks := steps(top)
	scale := (b.Height - barsTop - barsBottom) / ticks[len(ticks)-1]
	ground := b.Height - barsBottom
	width := (b.Width - barsLeft) / float64(max(len(b.Days), 1))
	for _, t := range ticks {
		y := ground - t*scale
		c.line("chart-grid", inkFaint, barsLeft, y, b.Width, y, "stroke-width", "0.5")
		c.text("chart-label", "end", inkText, barsLeft-6, y+4, number(t))
	}
	b.band(c, ground, scale, width)
	b.bars(c, ground, scale, width)
	b.marks(c, ground, width)
	return c.end()
}

// band draws days of the same expectation as one piece, so that no seams show.
func (b Bars) band(c *canvas, ground, scale, width float64) {
	for i := 0; i < len(b.Days); {
		d, first := b.Days[i], i
		for i < len(b.Days) && b.Days[i].Low == d.Low && b.Days[i].High == d.High {
			i++
		}
		i = max(i, first+1) // what is no number is not even equal to itself
		c.rect("chart-band", inkBand, "", barsLeft+float64(first)*width, ground-d.High*scale, float64(i-first)*width, max((d.High-d.Low)*scale, 0))
	}
}

func (b Bars) bars(c *canvas, ground, scale, width float64) {
	every := max(1, int(labelRoom/width+0.999))
	gap := min(width*0.2, 3)
	for i, d := range b.Days {
		x := barsLeft + float64(i)*width
		class, ink := "chart-bar", inkAccent
		if d.Raised {
			class, ink = "chart-bar chart-raised", inkAlarm
		}
		if d.Count > 0 {
			c.rect(class, ink, "", x+gap/2, ground-float64(d.Count)*scale, width-gap, float64(d.Count)*scale)
		}
		// An empty day has a hint as well: the whole column takes the pointer.
		c.rect("chart-hit", "none", d.Hint, x, barsTop, width, ground-barsTop)
		if i%every == 0 && i+every/2 <= len(b.Days) {
			c.text("chart-label", "start", inkText, x, b.Height-6, d.Label)
		}
	}
}

// marks draws the lines in order of time. A label stands on the side with more
// room, in one of two rows above the bars, so that neighbours do not cross it.
func (b Bars) marks(c *canvas, ground, width float64) {
	marks := slices.SortedStableFunc(slices.Values(b.Marks), func(x, y Mark) int { return cmp.Compare(x.Day, y.Day) })
	for i, m := range marks {
		class, ink := "chart-mark chart-told", inkGood
		if m.Alarm {
			class, ink = "chart-mark chart-alarm", inkAlarm
		}
		x := barsLeft + float64(min(max(m.Day, 0), len(b.Days)))*width
		anchor, side, row := "start", 5.0, i%2
		if x > b.Width/2 {
			anchor, side, row = "end", -5, (len(marks)-1-i)%2
		}
		y := 11 + float64(row)*12
		c.line(class, ink, x, y-9, x, ground, "stroke-width", "1.5", "stroke-dasharray", "4 3")
		c.text(class, anchor, ink, x+side, y, m.Label)
	}
}
