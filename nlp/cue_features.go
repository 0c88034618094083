package nlp

import (
	"math"
	"slices"
	"unicode/utf8"
)

// cueKinds lists all kinds of the cue file, sorted: the order of features.
var cueKinds = []cueKind{
	cueAnger, cueAnnounce, cueAsk, cueChurn, cueCollective, cueDeadline,
	"demand_apology", "demand_explain", "demand_fix", "demand_refund", "demand_replace",
	cueDissatisfied, cueEvidence, cueInsist, cueLaw, cueMedia, cueMoney, cueOutage, cuePraise,
	cueRegulator, cueRepeat, cueSafety, cueStatute, cueVulnerable,
}

// cueFeatures is the number of values that features returns.
var cueFeatures = len(cueKinds) + 2*len(demandCues) + 5

// askReach is how far behind a word of asking, in bytes, its object may stand:
// about twenty characters.
const askReach = 60

// features describes the cues as numbers for a model to learn from: which
// kinds occur and how often, which demands are asked for, which is asked last,
// whether a step above the company is announced, marks of emotion, length.
func (c *cues) features(x []float32) []float32 {
	for _, k := range cueKinds {
		x = append(x, float32(math.Log1p(float64(c.count(k)))))
	}
	last, lastAt := -1, -1
	for i, d := range demandCues {
		asked := c.near(cueAsk, d.kind, askReach)
		x = append(x, flag(asked))
		if hits := c.hits[d.kind]; len(hits) > 0 && hits[len(hits)-1].start > lastAt {
			last, lastAt = i, hits[len(hits)-1].start
		}
	}
	for i := range demandCues {
		x = append(x, flag(i == last))
	}
	_, escalates := escalation(c)
	marks := exclamations(c.text)
	length := math.Log1p(float64(utf8.RuneCountInString(c.text))) / 6
	return append(x, flag(escalates), flag(marks > 0), flag(marks > 2), float32(length), flag(c.record()))
}

// record says whether the text is written about the customer, as call-centre
// staff do, and not by the customer.
func (c *cues) record() bool {
	return slices.ContainsFunc(recordWords, c.contains)
}

func flag(b bool) float32 {
	if b {
		return 1
	}
	return 0
}
