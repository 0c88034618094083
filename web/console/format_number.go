package console

import (
	"math"
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/report"
)

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

// percentOf writes any share as whole percents; percent knows only 0 to 1.
func percentOf(share float64) string {
	return strconv.FormatFloat(math.Round(share*100)+0, 'f', -1, 64) + "%"
}

// percent1 writes a share with one decimal.
func percent1(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) + "%" }

// signed writes a number with its sign.
func signed(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if zero := strconv.FormatFloat(0, 'f', decimals, 64); text == zero || text == "-"+zero {
		return zero
	}
	if x > 0 {
		return "+" + text
	}
	return text
}

// compact writes a number from 100 000 on in units of ten thousand; Title has
// it in full then.
func (l language) compact(n int) (text, full string) {
	full = strconv.Itoa(n)
	switch {
	case n < 100_000:
		return full, ""
	case l == english:
		return decimal(float64(n)/1000) + " k", full
	}
	return decimal(float64(n)/10_000) + " 万", full
}

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

// rounded writes three digits at most.
func rounded(x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return ""
	case x >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 1:
		return strconv.FormatFloat(x, 'f', 1, 64)
	default:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
}

// quantity writes a number of things: whole from ten on, with commas.
func quantity(v float64) string {
	if math.Abs(v) < 10 {
		return decimal(v)
	}
	f := report.Figure{Value: v}
	return f.Text(report.English)
}

// money writes yuan no more exactly than an estimate is.
func money(l language, yuan float64) string {
	switch {
	case l == english:
		if yuan < 0 {
			return "-¥" + quantity(-yuan)
		}
		return "¥" + quantity(yuan)
	case math.Abs(yuan) >= 1e8:
		return decimal(yuan/1e8) + " 亿元"
	case math.Abs(yuan) >= 1e4:
		return decimal(yuan/1e4) + " 万元"
	}
	return quantity(yuan) + " 元"
}
