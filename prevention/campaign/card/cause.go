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
	Planning    Cause = "planning"     // 策划不周: stock, hands, limits were not thought of
	Changing    Cause = "changing"     // 规则变更: rules were changed while it ran
	Unfair      Cause = "unreasonable" // 规则不合理: rules that customers find unfair
	Unclear     Cause = "unclear"      // 宣传不清: what was said, or left out
	RandomSMS   Cause = "random_sms"   // 乱发短信: unwanted messages and calls
	SystemsLag  Cause = "systems_lag"  // 系统滞后: what was promised did not arrive
	OtherCause  Cause = "other"
	minEvidence       = 1.0
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

// cue is a pattern that speaks for a cause. A cue of weight 1 is enough alone.
type cue struct {
	cause   Cause
	weight  float64
	pattern *regexp.Regexp
}

var cues = slices.Concat(faults, stories)

// maxRead bounds how much of a complaint is read, in bytes: the cues take 7 ms
// for each kB, and nobody comes to the point after thousands of characters.
const maxRead = 30_000

// CauseOf says what a complaint about a campaign is caused by, and by which
// words. A text without cues, or with none that is strong enough, is OtherCause.
// Of causes that are alike supported, the one listed first among [Causes] wins.
func CauseOf(text string) (Cause, []string) {
	text = strings.ToValidUTF8(text[:min(len(text), maxRead)], "")
	var sums [7]float64
	var words [7][]string
	for _, c := range cues {
		if found := c.pattern.FindString(text); found != "" {
			i := slices.Index(Causes, c.cause)
			sums[i] += c.weight
			words[i] = append(words[i], found)
		}
	}
	best := len(Causes) - 1
	for i, s := range sums {
		if s >= minEvidence && s > sums[best] {
			best = i
		}
	}
	return Causes[best], words[best]
}
