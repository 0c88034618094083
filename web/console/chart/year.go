package chart

import (
	"html/template"
	"time"
)

// Date is one day of a Year.
type Date struct {
	Warm
	// Peak days stand out, Off days are not worked.
	Peak, Off bool
}

// Band is a span of days with a name, such as a campaign: From <= day < To,
// counted from the first day of the year, 0.
type Band struct {
	Label    string
	From, To int
}

// Year is the days of a year, a column for each week from Monday to Sunday.
type Year struct {
	Title, Desc string
	Year        int
	// Dates begin on the first of January.
	Dates []Date
	// Weekdays has Monday to Sunday, Months January to December.
	Weekdays [7]string
	Months   [12]string
	Bands    []Band
}

const (
	yearCell = 16.0
	yearLeft = 34.0
	yearTop  = 20.0
	bandRow  = 15.0
	// maxBands are drawn, so that a picture stays a picture.
	maxBands = 8
	// shortBand is the least width of one, so that a single day can be seen.
	shortBand = 4.0
)

// SVG draws the year.
func (v Year) SVG() template.HTML {
	bands := v.Bands[:min(len(v.Bands), maxBands)]
	height := yearTop + 7*yearCell + 6 + bandRow*float64(len(bands))
	c := begin("chart-year", yearLeft+54*yearCell, height, v.Title, v.Desc)
	first := time.Date(v.Year, time.January, 1, 0, 0, 0, 0, time.UTC)
	offset := (int(first.Weekday()) + 6) % 7
	top := 0
	for i := range v.Dates {
		top = max(top, v.Dates[i].Count)
	}
	for i := 0; i < 7; i += 2 {
		c.text("chart-label", "end", inkText, yearLeft-6, yearTop+float64(i)*yearCell+12, v.Weekdays[i])
	}
	column := func(day int) float64 { return yearLeft + float64((day+offset)/7)*yearCell }
	for m, label := range v.Months {
		day := time.Date(v.Year, time.Month(m+1), 1, 0, 0, 0, 0, time.UTC).YearDay() - 1
		c.text("chart-label", "start", inkText, column(day+6-(day+offset)%7), yearTop-7, label)
	}
	for i := range v.Dates {
		v.date(c, &v.Dates[i], top, column(i), yearTop+float64((i+offset)%7)*yearCell)
	}
	for i, b := range bands {
		from, to := min(max(b.From, 0), 366), min(max(b.To, 0), 366)
		x, y := column(from), yearTop+7*yearCell+6+float64(i)*bandRow
		c.rect("chart-event", inkBand, b.Label, x, y, max(column(max(to-1, from))+yearCell-x, shortBand), bandRow-3)
		c.text("chart-label", "start", inkText, x+3, y+bandRow-5, b.Label)
	}
	return c.end()
}

func (v Year) date(c *canvas, d *Date, top int, x, y float64) {
	warm(c, d.Warm, top, x+1, y+1, yearCell-2, yearCell-2)
	if d.Off {
		c.rect("chart-off", inkText, "", x+yearCell-6, y+2, 3, 3)
	}
	if d.Peak {
		c.element("rect", "chart-peak", d.Hint, "x", number(x+1), "y", number(y+1), "width", number(yearCell-2), "height", number(yearCell-2),
			"fill", "none", "stroke", inkAlarm, "stroke-width", "2", "pointer-events", "all")
	}
}
