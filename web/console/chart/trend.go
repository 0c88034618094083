package chart

import (
	"html/template"
	"math"
	"strconv"
	"unicode/utf8"
)

// Series is one row of figures under a label. What is no number is left out.
type Series struct {
	Label  string
	Values []float64
	// Dashed draws a line that is only compared with.
	Dashed bool
}

// Trend is figures side by side: columns that stand on each other, lines over
// them, and shares on a scale of their own at the right.
type Trend struct {
	Title, Desc string
	// Labels stand below the columns, as many as have room; Hints are read when
	// the pointer rests on one.
	Labels, Hints []string
	Columns       []Series
	Lines         []Series
	Shares        []Series // 0 to 1
	// Mark is a share at which a line is drawn, 0 for none.
	Mark float64
	// Open is how many columns at the end are not complete yet.
	Open int
	// Floor is where the scale of the lines begins, of use where there are no
	// columns.
	Floor float64
}

// inks are the colours of series in a saved picture, in their order.
var inks = [...]string{"#2b5fd9", "#d9822b", "#1a7a45", "#8a4fc0", "#0b7d8a", "#c8272d", "#78828f", "#a3661f"}

const (
	trendWidth  = 960.0
	trendHeight = 230.0
	trendLeft   = 46.0
	trendTop    = 28.0
	trendBottom = 24.0
	// widest is how wide a column may be.
	widest = 72.0
	// letter is the width of a Chinese character.
	letter = 11.0
	// shareRoom is what the scale of shares needs at the right.
	shareRoom = 38.0
)

// frame is where a trend is drawn.
type frame struct {
	right, ground, width float64 // width of one column
	low, scale           float64
}

func (f frame) x(i int) float64 { return trendLeft + (float64(i)+0.5)*f.width }
func (f frame) y(v float64) float64 {
	if math.IsNaN(v) {
		v = f.low
	}
	return min(max(f.ground-(v-f.low)*f.scale, trendTop), f.ground)
}
func (f frame) share(v float64) float64 { return f.ground - within(v)*(f.ground-trendTop) }

// SVG draws the trend.
func (t Trend) SVG() template.HTML {
	c := begin("chart-trend", trendWidth, trendHeight, t.Title, t.Desc)
	ticks := steps(t.top() - t.Floor)
	f := frame{right: trendWidth, ground: trendHeight - trendBottom, low: t.Floor}
	if len(t.Shares) > 0 {
		f.right -= shareRoom
	}
	f.scale = (f.ground - trendTop) / ticks[len(ticks)-1]
	f.width = (f.right - trendLeft) / float64(max(len(t.Labels), 1))
	for _, v := range ticks {
		y := f.y(v + t.Floor)
		c.line("chart-grid", inkFaint, trendLeft, y, f.right, y, "stroke-width", "0.5")
		c.text("chart-label", "end", inkText, trendLeft-6, y+4, number(v+t.Floor))
	}
	t.columns(c, f)
	for k, s := range t.Lines {
		drawLine(c, f.x, f.y, s, len(t.Columns)+k)
	}
	t.shares(c, f)
	t.labels(c, f)
	t.legend(c)
	return c.end()
}

// top is the highest figure of columns and lines.
func (t Trend) top() float64 {
	top := t.Floor + 1
	for i := range t.Labels {
		sum := 0.0
		for _, s := range t.Columns {
			sum += s.at(i)
		}
		top = max(top, sum)
	}
	for _, s := range t.Lines {
		for _, v := range s.Values {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				top = max(top, v)
			}
		}
	}
	return min(top, 1e12)
}

// at returns a figure that can be drawn as a column.
func (s Series) at(i int) float64 {
	if i >= len(s.Values) || !(s.Values[i] > 0) || math.IsInf(s.Values[i], 0) {
		return 0
	}
	return s.Values[i]
}

func (t Trend) columns(c *canvas, f frame) {
	gap := max(min(f.width*0.25, 12), f.width-widest)
	for i := range t.Labels {
		x, base := trendLeft+float64(i)*f.width+gap/2, 0.0
		for k, s := range t.Columns {
			v := s.at(i)
			if v == 0 {
				continue
			}
			class := "chart-fill " + seriesClass(k)
			if i >= len(t.Labels)-t.Open {
				class += " chart-open"
			}
			from, to := f.y(base), f.y(base+v)
			c.rect(class, inks[k%len(inks)], "", x, to, f.width-gap, from-to)
			base += v
		}
	}
}

func seriesClass(k int) string { return "chart-s" + strconv.Itoa(k%len(inks)) }

// drawLine joins neighbouring figures; one without neighbours is a dot alone.
func drawLine(c *canvas, x func(int) float64, y func(float64) float64, s Series, k int) {
	ink, class := inks[k%len(inks)], seriesClass(k)
	dashes := "none"
	if s.Dashed {
		dashes = "5 4"
	}
	missing := func(i int) bool {
		return i < 0 || i >= len(s.Values) || math.IsNaN(s.Values[i]) || math.IsInf(s.Values[i], 0)
	}
	for i := range s.Values {
		if missing(i) {
			continue
		}
		if !missing(i - 1) {
			c.line("chart-line "+class, ink, x(i-1), y(s.Values[i-1]), x(i), y(s.Values[i]), "stroke-width", "1.8", "stroke-dasharray", dashes)
		} else if missing(i + 1) {
			c.element("circle", "chart-fill "+class, "", "cx", number(x(i)), "cy", number(y(s.Values[i])), "r", "2.5", "fill", ink)
		}
	}
}

func (t Trend) shares(c *canvas, f frame) {
	if len(t.Shares) == 0 {
		return
	}
	for i := range 6 {
		v := float64(i) / 5
		c.text("chart-label", "start", inkText, f.right+6, f.share(v)+4, number(v*100)+"%")
	}
	if t.Mark > 0 {
		c.line("chart-limit", inkAlarm, trendLeft, f.share(t.Mark), f.right, f.share(t.Mark), "stroke-width", "1", "stroke-dasharray", "4 3")
	}
	for k, s := range t.Shares {
		drawLine(c, f.x, f.share, s, len(t.Columns)+len(t.Lines)+k)
	}
}

// labels writes what has room; a column always takes the pointer as a whole.
func (t Trend) labels(c *canvas, f frame) {
	longest := 1
	for _, l := range t.Labels {
		longest = max(longest, utf8.RuneCountInString(l))
	}
	room := min(float64(longest), 6) * letter
	every := max(1, int(math.Ceil(room/f.width)))
	for i, l := range t.Labels {
		hint := ""
		if i < len(t.Hints) {
			hint = t.Hints[i]
		}
		c.rect("chart-hit", "none", hint, trendLeft+float64(i)*f.width, trendTop, f.width, f.ground-trendTop)
		if i%every == 0 {
			c.text("chart-label", "middle", inkText, min(max(f.x(i), trendLeft+room/2-8), f.right-room/2+8), trendHeight-8, short(l, int(f.width*float64(every)/letter)))
		}
	}
}

// short cuts a label to what has room.
func short(label string, runes int) string {
	runes = max(runes, 6)
	n := 0
	for i := range label {
		if n == runes-1 && utf8.RuneCountInString(label) > runes {
			return label[:i] + "…"
		}
		n++
	}
	return label
}

// legend names the series when there is more than one.
func (t Trend) legend(c *canvas) {
	all := append(append(append([]Series{}, t.Columns...), t.Lines...), t.Shares...)
	if len(all) < 2 {
		return
	}
	x := trendLeft
	for k, s := range all {
		c.rect("chart-fill "+seriesClass(k), inks[k%len(inks)], "", x, 8, 10, 8)
		c.text("chart-label", "start", inkText, x+14, 16, s.Label)
		x += 26 + width(s.Label)
	}
}

// width estimates the width of a label.
func width(label string) float64 {
	w := 0.0
	for _, r := range label {
		if r < 0x2000 {
			w += letter * 0.58
		} else {
			w += letter
		}
	}
	return w
}
