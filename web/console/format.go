package console

import (
	"fmt"
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

// date writes a day without its year, 5月6日, and with it when it is not that
// of now.
func (c *Console) date(l language, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(c.d.Zone)
	if t.Year() != c.d.Now().In(c.d.Zone).Year() {
		return t.Format(dayFace)
	}
	if l == english {
		return t.Format("2 January")
	}
	return t.Format("1月2日")
}

// inputTime is the value of a date and time field, to the second where there
// are seconds.
func (c *Console) inputTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(c.d.Zone)
	if t.Second() != 0 {
		return t.Format(inputFace + ":05")
	}
	return t.Format(inputFace)
}

// readInputTime reads such a field; "" is the zero time.
func (c *Console) readInputTime(s string) (t time.Time, err error) {
	if s == "" {
		return t, nil
	}
	for _, face := range []string{inputFace, inputFace + ":05", dayFace} {
		if t, err = time.ParseInLocation(face, s, c.d.Zone); err == nil {
			return t, nil
		}
	}
	return t, err
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
