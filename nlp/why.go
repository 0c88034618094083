package nlp

import (
	"math"
	"slices"
)

// maxCueReasons is how many words are given for a demand or a style.
const maxCueReasons = 4

// demandReasons are the words in which the demand is voiced; where there are
// none, the model chose it by the whole text and says so.
func demandReasons(c *cues, d Demand) []Reason {
	for _, row := range demandCues {
		if row.demand == d && c.has(row.kind) {
			return c.reasons(cueAsk, row.kind)
		}
	}
	if d == DemandNone && !c.has(cueAsk) {
		return []Reason{{Text: "rule:nothing_asked", Weight: 1}}
	}
	return []Reason{{Text: "rule:whole_text", Weight: 1}}
}

// styleReasons are the words that judgeStyle went by.
func styleReasons(c *cues, s Style) []Reason {
	switch s {
	case StylePrepared:
		return c.reasons(cueStatute, cueEvidence, cueLaw)
	case StyleStubborn:
		return c.reasons(cueInsist, cueRepeat)
	case StyleEmotional:
		if found := c.reasons(cueAnger); len(found) > 0 {
			return found
		}
		return []Reason{{Text: "rule:intensity", Weight: 1}}
	case StyleCalm:
	}
	return []Reason{{Text: "rule:no_sign_of_anger_or_insistence", Weight: 1}}
}

// reasons are the distinct words of some kinds, in equal parts of the whole.
func (c *cues) reasons(kinds ...cueKind) []Reason {
	found := []Reason{}
	for _, k := range kinds {
		for _, h := range c.hits[k] {
			word := c.text[h.start:h.end]
			if len(found) < maxCueReasons && !slices.ContainsFunc(found, func(r Reason) bool { return r.Text == word }) {
				found = append(found, Reason{Text: word})
			}
		}
	}
	for i := range found {
		found[i].Weight = math.Round(1000/float64(len(found))) / 1000
	}
	return found
}
