package console

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// clockFace is how people read a time; dayFace and inputFace are the forms of
// the date and time fields of a page.
const (
	clockFace = "2006-01-02 15:04"
	dayFace   = "2006-01-02"
	inputFace = "2006-01-02T15:04"
)

// when writes a time in the zone of the console, "" for the zero time.
func (c *Console) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(c.d.Zone).Format(clockFace)
}

// percent writes a share (0..1) as whole percents.
func percent(share float64) string {
	return strconv.Itoa(int(math.Round(clamp(share)*100))) + "%"
}

// score writes a satisfaction of 0..100 without needless decimals.
func score(s float64) string { return strconv.FormatFloat(math.Round(s*10)/10, 'f', -1, 64) }

func clamp(share float64) float64 {
	if math.IsNaN(share) {
		return 0
	}
	return min(max(share, 0), 1)
}

// span writes a length of time in its two largest units: 35分, 3时20分, 2天4时;
// from ten days on in days alone.
func (l language) span(d time.Duration) string {
	units := [languageCount][3]string{{"天", "时", "分"}, {"d", "h", "m"}}[l]
	minutes := int(d.Abs() / time.Minute)
	days, hours, minutes := minutes/(24*60), minutes/60%24, minutes%60
	switch {
	case days > 0 && days < 10 && hours > 0:
		return fmt.Sprint(days, units[0], hours, units[1])
	case days > 0:
		return fmt.Sprint(days, units[0])
	case hours > 0 && minutes > 0:
		return fmt.Sprint(hours, units[1], minutes, units[2])
	case hours > 0:
		return fmt.Sprint(hours, units[1])
	}
	return fmt.Sprint(minutes, units[2])
}

// oneLine joins the lines of a text with single blanks and cuts it to limit
// runes.
func oneLine(text string, limit int) string {
	return cut(strings.Join(strings.Fields(text), " "), limit)
}

// cut shortens a text to limit runes and marks that it did.
func cut(text string, limit int) string {
	n := 0
	for i := range text {
		if n == limit {
			return text[:i] + "…"
		}
		n++
	}
	return text
}
