package chart

import (
	"html/template"
	"math"
	"strconv"
)

// Heat is counts in rows and columns, each the darker the higher.
type Heat struct {
	Title, Desc string
	Rows        []string
	Columns     []string
	// Cells are by row; missing ones are empty.
	Cells [][]Warm
}

// Warm is one cell.
type Warm struct {
	Count int
	// Text stands in the cell, Hint is read when the pointer rests on it.
	Text, Hint string
}

const (
	heatLeft   = 52.0
	heatTop    = 18.0
	heatWidth  = 36.0
	heatHeight = 24.0
	// faintest is the opacity of the lowest count that is not 0.
	faintest = 0.08
)

// SVG draws the cells; a column label without words takes no room.
func (h Heat) SVG() template.HTML {
	width := heatLeft + heatWidth*float64(len(h.Columns))
	c := begin("chart-heat", width, heatTop+heatHeight*float64(len(h.Rows))+4, h.Title, h.Desc)
	top := 0
	for _, row := range h.Cells {
		for _, cell := range row {
			top = max(top, cell.Count)
		}
	}
	for k, label := range h.Columns {
		c.text("chart-label", "middle", inkText, heatLeft+(float64(k)+0.5)*heatWidth, heatTop-6, label)
	}
	for i, label := range h.Rows {
		y := heatTop + float64(i)*heatHeight
		c.text("chart-label", "end", inkText, heatLeft-8, y+heatHeight/2+4, label)
		for k := range h.Columns {
			var cell Warm
			if i < len(h.Cells) && k < len(h.Cells[i]) {
				cell = h.Cells[i][k]
			}
			x := heatLeft + float64(k)*heatWidth
			warm(c, cell, top, x+1, y+1, heatWidth-2, heatHeight-2)
			if cell.Count > 0 {
				class := "chart-figure"
				if 2*cell.Count > top {
					class = "chart-figure chart-on"
				}
				c.text(class, "middle", onInk(cell.Count, top), x+heatWidth/2, y+heatHeight/2+4, cell.Text)
			}
		}
	}
	return c.end()
}

// warm draws a cell over the ground.
func warm(c *canvas, cell Warm, top int, x, y, width, height float64) {
	c.rect("chart-ground", "#eef0f3", "", x, y, width, height)
	opacity := 0.0
	if cell.Count > 0 && top > 0 {
		opacity = faintest + (1-faintest)*float64(cell.Count)/float64(top)
	}
	c.element("rect", "chart-warm", cell.Hint, "x", number(x), "y", number(y), "width", number(width), "height", number(height),
		"fill", inkAccent, "fill-opacity", opacityOf(opacity))
}

func opacityOf(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

func onInk(count, top int) string {
	if 2*count > top {
		return "#ffffff"
	}
	return inkText
}
