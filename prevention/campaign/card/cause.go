package card

import (
	"regexp"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// Cause is what a campaign did wrong in the eyes of a customer who complains
// about it.
type Cause string

// The causes.
const (
	Planning   Cause = "planning"     // 策划不周: stock, hands, limits were not thought of
	Changing   Cause = "changing"     // 规则变更: rules were changed while it ran
	Unfair     Cause = "unreasonable" // 规则不合理: rules that customers find unfair
	Unclear    Cause = "unclear"      // 宣传不清: what was said, or left out
	RandomSMS  Cause = "random_sms"   // 乱发短信: unwanted messages and calls
	SystemsLag Cause = "systems_lag"  // 系统滞后: what was promised did not arrive
	OtherCause Cause = "other"
)

// Causes lists every cause in the order the console shows them.
var Causes = []Cause{Planning, Changing, Unfair, Unclear, RandomSMS, SystemsLag, OtherCause}

// Judged is the cause of one complaint.
type Judged struct {
	Complaint triage.ComplaintID
	Cause     Cause
	// Words are those of the text that speak for it.
	Words []string
	// By is who said so, "" for the machine.
	By string
}

// cue is a pattern that speaks for a cause.
type cue struct {
	cause   Cause
	weight  float64
	pattern string
	// begins matches the pattern at the begin of a text.
	begins *regexp.Regexp
}

var cues = slices.Concat(faults, stories)

const (
	// cueTrust is what a cue of weight 1 adds to the score of the model.
	cueTrust = 0.3
	// leastScore is what a cause must score: below it the text is like nothing
	// that was learnt. Both were chosen by TestSentencesLeftOut.
	leastScore = -0.6
)

// maxRead bounds how much of a complaint is read, in bytes: the cues take about
// 0.5 ms for each kB, and nobody comes to the point after thousands of characters.
const maxRead = 30_000

// CauseOf says what a complaint about a campaign is caused by, and by which
// words: those of the cues, else the clause that speaks most for it. The shipped
// model scores the first 1000 characters, cues add to it; a text that scores
// more as OtherCause, or little as anything, is OtherCause, without words. Of
// causes that are alike supported, the one listed first among [Causes] wins.
func CauseOf(text string) (Cause, []string) { return causeBy(shipped(), text) }

func causeBy(m *model, text string) (Cause, []string) {
	text = strings.ToValidUTF8(text[:min(len(text), maxRead)], "")
	scores := m.scores(text)
	var words [causeCount][]string
	for n, found := range hear(text) {
		if found != "" {
			i := slices.Index(Causes, cues[n].cause)
			scores[i] += cueTrust * cues[n].weight
			words[i] = append(words[i], found)
		}
	}
	const other = causeCount - 1
	best := other
	for i, s := range scores {
		if s > leastScore && s > scores[best] {
			best = i
		}
	}
	if best != other && len(words[best]) == 0 {
		words[best] = []string{m.reason(text, best)}
	}
	return Causes[best], words[best]
}
