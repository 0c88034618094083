package console

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
)

// whyNot says one reason in words.
func (c *Console) whyNot(l language, w *counter.Why) string {
	words := l.label("whynot", string(w.Code))
	unknown := l.label("whynot", "unknown")
	var args []any
	switch w.Code {
	case counter.OpenComplaint, counter.AskedOften, counter.TooNew, counter.TooOld:
		args = []any{w.N}
	case counter.Complained, counter.ComplainedHard:
		args = []any{c.day(w.At), c.day(w.Until)}
	case counter.Declined:
		args = []any{c.day(w.At), l.label("attitude", w.Is), c.day(w.Until)}
	case counter.NotStarted:
		args = []any{c.day(w.Until)}
	case counter.Ended:
		args = []any{c.day(w.At)}
	case counter.OtherChannel:
		args = []any{c.masked(strings.Join(w.Want, l.comma()), nil)}
	case counter.WrongTier:
		args = []any{l.tiers(w.Want), l.label("tier", w.Is)}
	case counter.WrongRegion:
		args = []any{c.masked(strings.Join(w.Want, l.comma()), nil), cmp.Or(c.masked(w.Is, nil), unknown)}
	case counter.MissingRecord, counter.ExcludedRecord:
		args = []any{c.recordWords(l, w.Record)}
	case counter.Stopped:
		args = []any{cmp.Or(c.masked(w.Text, nil), unknown)}
	}
	if len(args) == 0 {
		return words
	}
	return fmt.Sprintf(words, args...)
}

// comma parts the entries of a list.
func (l language) comma() string {
	if l == english {
		return ", "
	}
	return "、"
}

func (l language) tiers(codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = l.label("tier", code)
	}
	return strings.Join(names, l.comma())
}

// recordWords names records of a customer: the kind, and what it is of.
func (c *Console) recordWords(l language, r triage.RecordOf) string {
	kind := l.label("exposure", r.Kind)
	if r.Key == "" {
		return kind
	}
	return kind + " " + c.maskedLine(r.Key)
}

// conditions says the rules of a campaign in plain words.
func (c *Console) conditions(l language, e *triage.Eligibility) (list []string) {
	add := func(code string, args ...any) { list = append(list, fmt.Sprintf(l.label("condition", code), args...)) }
	if len(e.Tiers) > 0 {
		codes := make([]string, len(e.Tiers))
		for i, t := range e.Tiers {
			codes[i] = string(t)
		}
		add("tiers", l.tiers(codes))
	}
	if len(e.Regions) > 0 {
		add("regions", c.masked(strings.Join(e.Regions, l.comma()), nil))
	}
	if e.MinMonths > 0 {
		add("min_months", e.MinMonths)
	}
	if e.MaxMonths > 0 {
		add("max_months", e.MaxMonths)
	}
	for _, r := range e.Needs {
		add("needs", c.recordWords(l, r))
	}
	for _, r := range e.Excludes {
		add("excludes", c.recordWords(l, r))
	}
	if !e.Repeatable {
		list = append(list, l.label("condition", "once"))
	}
	return list
}

// grounds says why a campaign suits, or does not.
func (c *Console) grounds(l language, f *counter.Fit) (list []string) {
	if f.Liked != "" {
		list = append(list, fmt.Sprintf(l.label("ground", "liked"), c.maskedLine(f.Liked)))
	}
	if f.ForTier {
		list = append(list, l.label("ground", "tier"))
	}
	if f.Disliked != "" {
		list = append(list, fmt.Sprintf(l.label("ground", "disliked"), c.maskedLine(f.Disliked)))
	}
	return list
}
