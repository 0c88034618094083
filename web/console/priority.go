package console

import (
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// priorityWords say in a few words why an open case stands where it does in the
// order: 紧急·VIP·已等 5时.
func (c *Console) priorityWords(l language, k *triage.Case) string {
	if !k.Status.Open() {
		return ""
	}
	var words []string
	switch level := k.Assessment.Urgency.Level; level {
	case nlp.UrgencyCritical, nlp.UrgencyHigh:
		words = append(words, l.label("urgency", level))
	}
	if tier := k.Work.Tier; tier != "" && tier != triage.TierOrdinary {
		words = append(words, l.label("tier", tier))
	}
	return strings.Join(append(words, l.label("why", "age")+l.span(c.age(k))), "·")
}

func (c *Console) age(k *triage.Case) time.Duration {
	at := k.At
	if at.IsZero() {
		at = k.ReceivedAt
	}
	return max(c.d.Now().Sub(at), 0)
}

// maxTimes is the weight from which a number says nothing more.
const maxTimes = 1000

// priorityReasons are the factors of the priority with their weights.
func (c *Console) priorityReasons(l language, k *triage.Case) []string {
	if !k.Status.Open() {
		return nil
	}
	var all []string
	for _, r := range life.Priority(k, c.d.Now()).Reasons {
		text := l.label("why", r.Factor)
		switch r.Factor {
		case "urgency", "tier":
			text += l.label(r.Factor, r.Value)
		case "age":
			text += l.span(c.age(k))
		}
		if r.Factor != "harm" && r.Times < maxTimes {
			text += " ×" + strconv.FormatFloat(r.Times, 'g', 3, 64)
		}
		all = append(all, text)
	}
	return all
}
