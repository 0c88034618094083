package chart

import (
	"html/template"
	"math"
)

// Score is one score of a row of them.
type Score struct {
	// Hint is read when the pointer rests on the score.
	Hint  string
	Value float64 // 0..100; anything else is drawn at the nearer end
}

const (
	scoresHeight = 92.0
	scoresLeft   = 30.0
	scoresTop    = 8.0
	scoresBottom = 8.0
	scoresStep   = 34.0
	// scoresShown is how many scores have room.
	scoresShown = 9
	scoresWidth = scoresLeft + scoresStep*scoresShown
)

// Scores draws scores of 0 to 100 as dots joined by a line, the earliest
// first. Those below low are in the colour of alarms, and a dashed line marks
// low itself. It shows the latest that have room, nine of them.
func Scores(title, desc string, marks []Score, low float64) template.HTML {
	marks = marks[max(len(marks)-scoresShown, 0):]
	c := begin("chart-scores", scoresWidth, scoresHeight, title, desc)
	y := func(v float64) float64 {
		if math.IsNaN(v) {
			v = 0
		}
		return scoresTop + (100-min(max(v, 0), 100))/100*(scoresHeight-scoresTop-scoresBottom)
	}
	for _, t := range []float64{0, 50, 100} {
		c.line("chart-grid", inkFaint, scoresLeft, y(t), scoresWidth, y(t), "stroke-width", "0.5")
		c.text("chart-label", "end", inkText, scoresLeft-6, y(t)+4, number(t))
	}
	c.line("chart-low", inkAlarm, scoresLeft, y(low), scoresWidth, y(low), "stroke-width", "1", "stroke-dasharray", "4 3")
	at := func(i int) float64 { return scoresLeft + scoresStep*(float64(i)+0.5) }
	for i := 1; i < len(marks); i++ {
		c.line("chart-line", inkAccent, at(i-1), y(marks[i-1].Value), at(i), y(marks[i].Value), "stroke-width", "1.5")
	}
	for i, m := range marks {
		class, ink := "chart-dot", inkAccent
		if m.Value < low {
			class, ink = "chart-dot chart-raised", inkAlarm
		}
		c.element("circle", class, m.Hint, "cx", number(at(i)), "cy", number(y(m.Value)), "r", "4", "fill", ink)
	}
	return c.end()
}
