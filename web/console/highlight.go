package console

import (
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
)

// fragment is a stretch of a text with the marks that cover all of it.
type fragment struct {
	Text string
	// Entity is the kind of the entity it belongs to, "" for none.
	Entity nlp.EntityKind
	// Reason is set when it is among the words behind the decision.
	Reason bool
}

// Marked reports whether anything covers the fragment.
func (f fragment) Marked() bool { return f.Entity != "" || f.Reason }

// stretch marks runes start to end, end exclusive.
type stretch struct {
	start, end int
}

// maxOccurrences bounds how often one word is marked in a text.
const maxOccurrences = 200

// fragments cuts a text wherever a mark begins or ends. Joined they are the
// text; marks that overlap share the fragments in the middle, and those that
// do not fit the text are ignored.
func fragments(body []rune, entities []nlp.Entity, reasons []stretch) []fragment {
	entity := make([]nlp.EntityKind, len(body))
	reason := make([]bool, len(body))
	for _, e := range entities {
		for i := max(e.Start, 0); i < min(e.End, len(body)); i++ {
			entity[i] = e.Kind
		}
	}
	for _, s := range reasons {
		for i := max(s.start, 0); i < min(s.end, len(body)); i++ {
			reason[i] = true
		}
	}
	var all []fragment
	for start, i := 0, 1; i <= len(body); i++ {
		if i < len(body) && entity[i] == entity[start] && reason[i] == reason[start] {
			continue
		}
		all = append(all, fragment{Text: string(body[start:i]), Entity: entity[start], Reason: reason[start]})
		start = i
	}
	return all
}

// reasonStretches finds the words of the reasons in the original text, however
// they are written there.
func reasonStretches(text string, reasons []nlp.Reason) []stretch {
	n := nlp.Normalize(text)
	var found []stretch
	for _, r := range reasons {
		word := nlp.Normalize(r.Text).Text
		if word == "" || isRule(r.Text) {
			continue
		}
		at := 0
		for range maxOccurrences {
			i := strings.Index(n.Text[at:], word)
			if i < 0 {
				break
			}
			start, end := n.Span(at+i, at+i+len(word))
			found = append(found, stretch{start: start, end: end})
			at += i + len(word)
		}
	}
	return found
}

const rulePrefix = "rule:"

func isRule(reason string) bool { return strings.HasPrefix(reason, rulePrefix) }

// reasonBar is one reason with its weight against the strongest.
type reasonBar struct {
	Text    string
	Rule    bool
	Against bool
	// Width is 0..100.
	Width int
	// Weight is signed, with two decimals.
	Weight float64
}

// maxReasons is how many reasons a person reads.
const maxReasons = 8

func reasonBars(reasons []nlp.Reason) []reasonBar {
	sorted := slices.Clone(reasons)
	slices.SortStableFunc(sorted, func(a, b nlp.Reason) int {
		switch x, y := abs(a.Weight), abs(b.Weight); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	sorted = sorted[:min(len(sorted), maxReasons)]
	var bars []reasonBar
	for _, r := range sorted {
		width := 100
		if top := abs(sorted[0].Weight); top > 0 {
			width = int(clamp(abs(r.Weight)/top)*100 + 0.5)
		}
		bars = append(bars, reasonBar{
			Text: strings.TrimPrefix(r.Text, rulePrefix), Rule: isRule(r.Text), Against: r.Weight < 0,
			Width: width, Weight: r.Weight,
		})
	}
	return bars
}

func abs(f float64) float64 { return max(f, -f) }
