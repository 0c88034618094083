// Package chart draws the pictures of the console as SVG: pure functions from
// figures to text, without scripts and inline styles, so that a strict content
// security policy lets them through. Every element has a class for the style
// sheet of the page and presentation attributes for a picture saved to a file.
// Words come from the caller, in the reader's language; they are escaped here.
package chart

import (
	"encoding/xml"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// The colours of a saved picture; a style sheet replaces them on a page.
const (
	inkText   = "#4e5969"
	inkFaint  = "#c9cdd4"
	inkAccent = "#2b5fd9"
	inkAlarm  = "#c8272d"
	inkBand   = "#dfe7f7"
	inkGood   = "#1a7a45"
)

const fontStack = `"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif`

// canvas collects the elements of one picture.
type canvas struct{ b strings.Builder }

// begin opens a picture that says title to those who cannot see it, and desc
// when they want more.
// Further attributes are pairs of name and value.
func begin(class string, width, height float64, title, desc string, more ...string) *canvas {
	c := &canvas{}
	c.b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" role="img"`)
	c.attr("class", "chart "+class)
	c.attr("viewBox", "0 0 "+number(width)+" "+number(height))
	c.attr("width", number(width))
	c.attr("height", number(height))
	c.attr("font-family", fontStack)
	c.attr("font-size", "11")
	for i := 0; i+1 < len(more); i += 2 {
		c.attr(more[i], more[i+1])
	}
	c.b.WriteString(">")
	c.title(title)
	if desc != "" {
		c.b.WriteString("<desc>")
		c.escape(desc)
		c.b.WriteString("</desc>")
	}
	return c
}

func (c *canvas) end() template.HTML {
	c.b.WriteString("</svg>")
	return template.HTML(c.b.String()) //nolint:gosec // every text went through escape
}

// escape writes a text so that it is neither markup nor a character that XML
// forbids.
func (c *canvas) escape(s string) {
	_ = xml.EscapeText(&c.b, []byte(s)) // a Builder does not fail
}

func (c *canvas) attr(name, value string) {
	c.b.WriteString(" " + name + `="`)
	c.escape(value)
	c.b.WriteString(`"`)
}

func (c *canvas) title(s string) {
	if s == "" {
		return
	}
	c.b.WriteString("<title>")
	c.escape(s)
	c.b.WriteString("</title>")
}

// element writes one element; attrs are pairs of name and value, hint is what
// a pointer that rests on it gets to read.
func (c *canvas) element(name, class, hint string, attrs ...string) {
	c.b.WriteString("<" + name)
	c.attr("class", class)
	for i := 0; i+1 < len(attrs); i += 2 {
		c.attr(attrs[i], attrs[i+1])
	}
	if hint == "" {
		c.b.WriteString("/>")
		return
	}
	c.b.WriteString(">")
	c.title(hint)
	c.b.WriteString("</" + name + ">")
}

func (c *canvas) rect(class, fill, hint string, x, y, width, height float64) {
	c.element("rect", class, hint, "x", number(x), "y", number(y), "width", number(width), "height", number(height), "fill", fill)
}

func (c *canvas) line(class, stroke string, x1, y1, x2, y2 float64, more ...string) {
	c.element("line", class, "", append([]string{
		"x1", number(x1), "y1", number(y1), "x2", number(x2), "y2", number(y2), "stroke", stroke,
	}, more...)...)
}

// text writes words; anchor is start, middle or end.
func (c *canvas) text(class, anchor, fill string, x, y float64, words string) {
	c.b.WriteString("<text")
	c.attr("class", class)
	c.attr("x", number(x))
	c.attr("y", number(y))
	c.attr("text-anchor", anchor)
	c.attr("fill", fill)
	c.b.WriteString(">")
	c.escape(words)
	c.b.WriteString("</text>")
}

// number writes a length with one decimal at most; what is no number is 0.
func number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// steps returns round values from 0 to at least top, about three of them.
func steps(top float64) []float64 {
	if !(top > 0) || math.IsInf(top, 0) {
		top = 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(top/3)))
	for _, m := range []float64{1, 2, 5, 10} {
		if unit*m >= top/3 {
			unit *= m
			break
		}
	}
	unit = max(unit, 1)
	var all []float64
	for i := 0; ; i++ {
		all = append(all, float64(i)*unit)
		if float64(i)*unit >= top {
			return all
		}
	}
}
