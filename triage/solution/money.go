package solution

import (
	"strconv"
	"strings"
)

// Money is a sum in fen, a hundredth of a yuan (CNY).
type Money int64

// maxYuan keeps sums far from the end of the numbers.
const maxYuan = 1_000_000_000

// Yuan returns a sum of whole yuan.
func Yuan(n int64) Money { return Money(n * 100) }

// ParseMoney reads yuan with at most two decimals, such as 12, 12.5 or 1,200;
// ok is false for anything else, signs included.
func ParseMoney(s string) (m Money, ok bool) {
	whole, part, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), ",", ""), ".")
	if len(part) > 2 {
		return 0, false
	}
	yuan, err := strconv.ParseUint(whole, 10, 63)
	if err != nil || yuan > maxYuan {
		return 0, false
	}
	fen, err := strconv.ParseUint((part + "00")[:2], 10, 63)
	return Money(yuan*100 + fen), err == nil
}

// String writes yuan without needless zeros: 12, 12.50.
func (m Money) String() string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	whole := sign + strconv.FormatInt(int64(m/100), 10)
	if m%100 == 0 {
		return whole
	}
	return whole + "." + strconv.FormatInt(int64(m%100)+100, 10)[1:]
}
