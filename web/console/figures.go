package console

import (
	"math"
	"strconv"
	"time"
)

// times writes how many times as many: one decimal below ten, none above.
func times(ratio float64) string {
	if ratio >= 10 {
		return strconv.FormatFloat(math.Round(ratio), 'f', 0, 64)
	}
	return decimal(ratio)
}

// decimal writes a figure with one decimal, two where one would be nothing.
func decimal(x float64) string {
	precision := 10.0
	if x != 0 && math.Abs(x) < 0.1 {
		precision = 100
	}
	return strconv.FormatFloat(math.Round(x*precision)/precision, 'f', -1, 64)
}

// chance says how likely it is that chance alone brought what was seen, rounded
// up to a power of ten.
func (l language) chance(p float64) string {
	if math.IsNaN(p) || p >= 0.01 {
		return "≈ " + percent(p)
	}
	power := 8
	if p > 0 {
		power = min(int(math.Floor(-math.Log10(p))), power)
	}
	if l == english {
		return "< 1 in " + [9]string{2: "100", 3: "1,000", 4: "10,000", 5: "100,000", 6: "1,000,000", 7: "10,000,000", 8: "100,000,000"}[power]
	}
	return "< 1/" + [9]string{2: "100", 3: "1000", 4: "1 万", 5: "10 万", 6: "100 万", 7: "1000 万", 8: "1 亿"}[power]
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
