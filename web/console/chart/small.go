package chart

import (
	"html/template"
	"slices"
)

const (
	sparkWidth  = 112.0
	sparkHeight = 26.0
)

// Sparkline draws counts as small bars; those from the index raised on are in
// the colour of alarms, none with an index behind the end.
func Sparkline(title string, counts []int, raised int) template.HTML {
	c := begin("chart-spark", sparkWidth, sparkHeight, title, "")
	if len(counts) == 0 {
		return c.end()
	}
	width := sparkWidth / float64(len(counts))
	scale := (sparkHeight - 1) / float64(max(slices.Max(counts), 3)) // so that a single one does not look like a peak
	for i, n := range counts {
		class, ink := "chart-bar", inkAccent
		if i >= raised {
			class, ink = "chart-bar chart-raised", inkAlarm
		}
		height := max(float64(max(n, 0))*scale, 1)
		c.rect(class, ink, "", float64(i)*width, sparkHeight-height, max(width-1, 0.5), height)
	}
	return c.end()
}

// Part is one section of a Stack.
type Part struct {
	Label string
	Count int
	// Class is the class of the section, such as "part-sent".
	Class string
}

const (
	stackWidth  = 600.0
	stackHeight = 14.0
)

// Stack draws the parts of a whole as one bar that fills any width. A part that is not empty can
// always be seen.
func Stack(title string, parts []Part) template.HTML {
	c := begin("chart-stack", stackWidth, stackHeight, title, "", "preserveAspectRatio", "none")
	total := 0
	for _, p := range parts {
		total += max(p.Count, 0)
	}
	c.rect("chart-ground", "#eef0f3", "", 0, 0, stackWidth, stackHeight)
	const least = 3.0
	x := 0.0
	for _, p := range parts {
		if p.Count <= 0 {
			continue
		}
		width := min(max(stackWidth*float64(p.Count)/float64(total), least), stackWidth-x)
		c.rect("chart-part "+p.Class, inkAccent, p.Label, x, 0, width, stackHeight)
		x += width
	}
	return c.end()
}
