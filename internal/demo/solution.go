package demo

import (
	"fmt"
	"math"

	"github.com/qianyi-dev/qianyi/triage"
)

// makeSolutions fills the library. How often a solution was used and how
// content the customers were is invented, with the spread of a real library.
func (f *founder) makeSolutions() {
	r := f.stream(partSolutions)
	count := map[string]int{}
	for _, s := range f.content.Solutions {
		typ := typeOf(s.Subtype)
		count[typ]++
		sol := triage.Solution{
			ID:   fmt.Sprintf("FA-%s-%02d", typ, count[typ]),
			Type: typ, Subtype: s.Subtype, Title: s.Title, Text: s.Text,
		}
		if r.Float64() < .85 {
			sol.Uses = int(math.Round(3 + 60*math.Pow(r.Float64(), 2)))
			score := math.Round(68 + 24*r.Float64())
			sol.Satisfaction = &score
		}
		f.solutions = append(f.solutions, sol)
	}
}
