package chart

import (
	"html/template"
	"math"
	"slices"
	"strings"
)

// Iceberg shows those who complained above the water and the silent below it.
type Iceberg struct {
	Title, Desc string
	// Above is the part of the affected who complained, 0..1: so much of the
	// berg's area is above the water line.
	Above float64
	// Low and High are the ends of the interval as multiples of the estimate;
	// the dotted outlines are bergs of that area.
	Low, High float64
	// AboveLabel and BelowLabel stand beside the parts, each a figure and a line.
	AboveLabel, BelowLabel [2]string
}

const (
	bergWidth  = 340.0
	bergHeight = 210.0
	bergX      = 118.0 // middle of the berg
	bergTop    = 14.0
	bergTall   = 182.0
)

// outline is the right side of the berg as half widths at heights from 0 (tip)
// to 1 (foot), in parts of the berg's height; the left side is its reflection
// with other dents.
var outline = []struct{ y, right, left float64 }{
	{0, 0, 0.02}, {0.06, 0.07, 0.06}, {0.13, 0.11, 0.13}, {0.22, 0.2, 0.17}, {0.34, 0.3, 0.33},
	{0.47, 0.39, 0.4}, {0.6, 0.42, 0.46}, {0.73, 0.38, 0.41}, {0.86, 0.22, 0.3}, {1, 0.04, 0.02},
}

// SVG draws the iceberg.
func (b Iceberg) SVG() template.HTML {
	c := begin("chart-iceberg", bergWidth, bergHeight, b.Title, b.Desc)
	above := b.Above
	if !(above >= 0) {
		above = 0
	}
	line := waterLine(min(above, 1))
	surface := bergTop + line*bergTall
	c.rect("berg-sea", "#e8f1fb", "", 0, surface, bergWidth, bergHeight-surface)
	for _, size := range []float64{b.Low, b.High} {
		if size > 0 && !math.IsInf(size, 0) && line < 1 {
			scale := math.Sqrt(min(size, 2.2)) // the picture ends somewhere; the words have the figure
			c.element("path", "berg-range", "", "d", bergPath(line, 1, scale), "fill", "none", "stroke", inkAccent, "stroke-dasharray", "3 3")
		}
	}
	if line < 1 {
		c.element("path", "berg-below", "", "d", bergPath(line, 1, 1), "fill", "#9dbdf0")
	}
	if line > 0 {
		c.element("path", "berg-above", "", "d", bergPath(0, line, 1), "fill", inkAlarm)
	}
	c.line("berg-water", inkAccent, 0, surface, bergWidth, surface, "stroke-width", "1.5")
	const words = 222
	up := max(surface-20, 18)
	c.text("berg-number berg-up", "start", inkAlarm, words, up, b.AboveLabel[0])
	c.text("chart-label", "start", inkText, words, up+14, b.AboveLabel[1])
	down := min(max(surface+44, 96), bergHeight-26)
	c.text("berg-number berg-down", "start", inkAccent, words, down, b.BelowLabel[0])
	c.text("chart-label", "start", inkText, words, down+15, b.BelowLabel[1])
	return c.end()
}

// waterLine returns the height below which the part 1-above of the area lies.
func waterLine(above float64) float64 {
	switch {
	case above <= 0:
		return 0
	case above >= 1:
		return 1
	}
	low, high := 0.0, 1.0
	all := areaAbove(1)
	for range 40 {
		middle := (low + high) / 2
		if areaAbove(middle)/all < above {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// areaAbove is the area of the berg from its tip to a height.
func areaAbove(y float64) float64 {
	area := 0.0
	for i := 1; i < len(outline); i++ {
		a, b := outline[i-1], outline[i]
		if y <= a.y {
			break
		}
		end := min(y, b.y)
		part := (end - a.y) / (b.y - a.y)
		first := a.right + a.left
		last := first + (b.right+b.left-first)*part
		area += (first + last) / 2 * (end - a.y)
	}
	return area
}

// widthsAt returns the half widths at a height.
func widthsAt(y float64) (right, left float64) {
	for i := 1; i < len(outline); i++ {
		a, b := outline[i-1], outline[i]
		if y <= b.y {
			part := (y - a.y) / (b.y - a.y)
			return a.right + (b.right-a.right)*part, a.left + (b.left-a.left)*part
		}
	}
	return 0, 0
}

// bergPath is the outline between two heights, scaled from the upper one's
// middle.
func bergPath(from, to, scale float64) string {
	type point struct{ x, y float64 }
	var right, left []point
	add := func(y float64) {
		r, l := widthsAt(y)
		at := bergTop + (from+(y-from)*scale)*bergTall
		right = append(right, point{bergX + r*scale*bergTall, at})
		left = append(left, point{bergX - l*scale*bergTall, at})
	}
	add(from)
	for _, o := range outline {
		if o.y > from && o.y < to {
			add(o.y)
		}
	}
	add(to)
	var b strings.Builder
	for i, p := range right {
		step := " L"
		if i == 0 {
			step = "M"
		}
		b.WriteString(step + number(p.x) + " " + number(p.y))
	}
	for _, p := range slices.Backward(left) {
		b.WriteString(" L" + number(p.x) + " " + number(p.y))
	}
	b.WriteString(" Z")
	return b.String()
}
