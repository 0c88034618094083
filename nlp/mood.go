package nlp

import (
	"math"
	"slices"
	"strconv"
)

// Levels of intensity.
const (
	intensityCalm = iota
	intensityUnhappy
	intensityAngry
	intensityEscalating
	intensityLevels
)

// ruleIntensity judges intensity by words alone and says why. It is the whole
// judgement where no model is at hand, and evidence beside the model where one
// is.
func ruleIntensity(c *cues) (level int, reasons []Reason) {
	if why, found := escalation(c); found {
		return intensityEscalating, []Reason{why}
	}
	reasons = []Reason{}
	anger := 0
	for _, h := range c.hits[cueAnger] {
		if !c.negated(h) {
			anger++
			reasons = withReason(reasons, c.text[h.start:h.end], 1)
		}
	}
	if marks := exclamations(c.text); marks >= 3 {
		anger++
		reasons = withReason(reasons, "rule:exclamations", 0.5)
	}
	if anger >= 2 || (anger == 1 && c.count(cueRepeat) >= 2) {
		return intensityAngry, reasons
	}
	for _, h := range c.hits[cueDissatisfied] {
		reasons = withReason(reasons, c.text[h.start:h.end], 0.5)
	}
	if anger > 0 || len(c.hits[cueDissatisfied]) > 0 {
		return intensityUnhappy, reasons
	}
	return intensityCalm, reasons
}

// withReason adds a reason once, up to maxReasons.
func withReason(reasons []Reason, text string, weight float64) []Reason {
	r := Reason{Text: text, Weight: weight}
	if len(reasons) == maxReasons || slices.Contains(reasons, r) {
		return reasons
	}
	return append(reasons, r)
}

// escalation says whether the customer announces, or has already taken, a step
// above the company: regulator, media, law, collective action.
func escalation(c *cues) (Reason, bool) {
	const reach = 36 // bytes: about twelve characters
	for _, target := range []cueKind{cueRegulator, cueMedia, cueLaw, cueCollective} {
		if c.near(cueAnnounce, target, reach) && !c.negated(c.hits[target][0]) {
			return Reason{Text: c.first(target), Weight: 2}, true
		}
	}
	return Reason{}, false
}

func exclamations(text string) int {
	n := 0
	for _, r := range text {
		if r == '!' {
			n++
		}
	}
	return n
}

// escalationOdds is how much more likely level 3 becomes when the rule for it
// fires, and less likely when it does not.
const escalationOdds = 12.0

// blendIntensity joins the model's distribution over "0".."3" with the rules:
// escalation is rare in any training set, so its rule counts as evidence of
// its own.
func blendIntensity(d Distribution, c *cues) (int, []Reason) {
	level, reasons := ruleIntensity(c)
	if len(d.P) == 0 {
		return level, reasons
	}
	best, top := level, -1.0
	for i, label := range d.Labels {
		l, err := strconv.Atoi(label)
		if err != nil || l < intensityCalm || l >= intensityLevels {
			continue // a model from elsewhere
		}
		p := d.P[i]
		if l == intensityEscalating {
			if level == intensityEscalating {
				p *= escalationOdds
			} else {
				p /= escalationOdds
			}
		}
		if p > top {
			best, top = l, p
		}
	}
	return best, reasons
}

// neutralBand is the half-width around 0 in which a score says nothing.
const neutralBand = 0.05

// judgeSentiment turns the polarity model's answer, or the cue words where
// there is no model, into label and score.
func judgeSentiment(d Distribution, c *cues, intensity int) Sentiment {
	s := Sentiment{Intensity: intensity}
	if len(d.P) > 0 {
		for i, label := range d.Labels {
			switch Polarity(label) {
			case Positive:
				s.Score += d.P[i]
			case Negative:
				s.Score -= d.P[i]
			case Neutral:
			}
		}
		s.Label = Polarity(d.Labels[d.Best()])
	} else {
		s.Score = math.Tanh(float64(c.count(cuePraise)-c.count(cueDissatisfied)-2*c.count(cueAnger)) / 2)
		s.Label = Neutral
		if s.Score > neutralBand {
			s.Label = Positive
		} else if s.Score < -neutralBand {
			s.Label = Negative
		}
	}
	if intensity >= intensityAngry && s.Label != Negative {
		s.Label, s.Score = Negative, min(s.Score, -0.5)
	}
	return s
}
