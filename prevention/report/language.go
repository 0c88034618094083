package report

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// Language is one of those that reports are written in.
type Language string

// The languages; any other is taken for Chinese.
const (
	Chinese Language = "zh"
	English Language = "en"
)

// wording is a text in both languages.
type wording [2]string

func (w wording) in(l Language) string {
	if l == English {
		return w[1]
	}
	return w[0]
}

// units are the words around a number of each unit.
var units = map[Unit]wording{
	Cases: {"件", ""}, WeekUnit: {"周", " weeks"}, Times: {"倍", "×"}, Points: {"分", " points"},
	ReplyUnit: {"次", ""}, Problems: {"个", ""}, Steps: {"项", ""}, Campaigns: {"个", ""}, Rate: {"件", ""},
	Part: {"", ""},
}

// Text writes the figure with its unit and interval, as exactly as it can be
// trusted.
func (f *Figure) Text(l Language) string {
	text := f.number(f.Value) + units[f.Unit].in(l)
	if f.Unit == Minutes {
		return duration(f.Value, l)
	}
	if f.Low == nil || f.High == nil {
		return text
	}
	around := f.number(*f.Low) + wording{" 至 ", " to "}.in(l) + f.number(*f.High)
	level := strconv.Itoa(int(math.Round(cmp.Or(f.Level, Level) * 100)))
	return text + wording{"（", " ("}.in(l) + level + wording{"% 区间 ", "% interval "}.in(l) + around + wording{"）", ")"}.in(l)
}

// number writes a value without its unit.
func (f *Figure) number(v float64) string {
	switch f.Unit {
	case Part:
		return percent(v)
	case Times, Rate:
		return decimal(v, 1)
	case Points:
		return decimal(v, 1)
	}
	if f.Measure == Weekly && v < 100 {
		return decimal(v, 1)
	}
	return grouped(v)
}

// percent writes a share as whole percents, a small one with a decimal.
func percent(share float64) string {
	if share > 0 && share < 0.1 {
		return decimal(share*100, 1) + "%"
	}
	return decimal(share*100, 0) + "%"
}

// decimal writes a number with so many decimals at most, large ones without.
func decimal(v float64, places int) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return "∞"
	}
	if math.Abs(v) >= 100 {
		return grouped(v)
	}
	scale := math.Pow(10, float64(places))
	return strconv.FormatFloat(math.Round(v*scale)/scale+0, 'f', -1, 64)
}

// grouped writes a whole number with a comma at the thousands.
func grouped(v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return "∞"
	}
	digits := strconv.FormatFloat(math.Abs(math.Round(v)), 'f', 0, 64)
	var b strings.Builder
	if v <= -0.5 {
		b.WriteByte('-')
	}
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// duration writes minutes in the unit that reads best.
func duration(minutes float64, l Language) string {
	switch {
	case minutes < 60:
		return decimal(minutes, 0) + wording{"分钟", " minutes"}.in(l)
	case minutes < 48*60:
		return decimal(minutes/60, 1) + wording{"小时", " hours"}.in(l)
	default:
		return decimal(minutes/60/24, 1) + wording{"天", " days"}.in(l)
	}
}
