package verdict

import (
	"strings"
	"unicode"

	"github.com/qianyi-dev/qianyi/triage"
)

// The parts of Likeness.
const (
	sameChannel    = 0.35
	sameDepartment = 0.25
	sameWords      = 0.4
)

// Likeness is how like two campaigns are, 0 to 1: by channel, by department, and
// by the pairs of characters that their names and rules share (L. Dice's
// coefficient, 1945).
func Likeness(a, b *triage.Campaign) float64 {
	l := 0.0
	if a.Channel != "" && a.Channel == b.Channel {
		l += sameChannel
	}
	if a.Department != "" && a.Department == b.Department {
		l += sameDepartment
	}
	x, y := pairs(a.Name+" "+a.Rules), pairs(b.Name+" "+b.Rules)
	shared := 0
	for p := range x {
		if y[p] {
			shared++
		}
	}
	if n := len(x) + len(y); n > 0 {
		l += sameWords * 2 * float64(shared) / float64(n)
	}
	return l
}

func pairs(text string) map[[2]rune]bool {
	set := make(map[[2]rune]bool)
	var last rune
	for _, r := range strings.ToLower(text) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			last = 0
			continue
		}
		if last != 0 {
			set[[2]rune{last, r}] = true
		}
		last = r
	}
	return set
}
