package learn

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/evidence"
)

// Drift compares the cases of the last weeks with those of the weeks before.
type Drift struct {
	// Before and Recent count the cases compared.
	Before int `json:"before"`
	Recent int `json:"recent"`
	// Types is the change of the shares of the types, Confidence that of the
	// tenths of the confidence.
	Types      evidence.Shift `json:"types"`
	Confidence evidence.Shift `json:"confidence"`
	Words      NewWords       `json:"words"`
	// Shares are the types' shares, in the order of the pack.
	Shares []TypeShare `json:"shares"`
}

// TypeShare is the share of a type among all cases, before and recently.
type TypeShare struct {
	Type   string  `json:"type"`
	Before float64 `json:"before"`
	Recent float64 `json:"recent"`
}

// NewWords is the share of words that no case of one half of the earlier weeks
// has: in the other half, and in the last weeks.
type NewWords struct {
	Before  float64 `json:"before"`
	Recent  float64 `json:"recent"`
	Unusual bool    `json:"unusual"`
}

const (
	// minDrift is how many cases each side needs for a comparison.
	minDrift = 50
	// moreNewWords is the ratio from which new words are unusual: half as many
	// again.
	moreNewWords = 1.5
	confidences  = 10
)

// drift compares the arrivals from a time on with those before it.
func drift(arrivals []Arrival, from time.Time, tokenizer nlp.Tokenizer, types []string) Drift {
	at, _ := slices.BinarySearchFunc(arrivals, from, func(a Arrival, t time.Time) int { return a.At.Compare(t) })
	before, recent := arrivals[:at], arrivals[at:]
	d := Drift{Before: len(before), Recent: len(recent)}
	was, is := typeCounts(before, types), typeCounts(recent, types)
	for i, t := range types {
		d.Shares = append(d.Shares, TypeShare{Type: t, Before: share(was[i], len(before)), Recent: share(is[i], len(recent))})
	}
	if len(before) < minDrift || len(recent) < minDrift {
		return d
	}
	d.Types = evidence.ShiftBetween(was, is)
	d.Confidence = evidence.ShiftBetween(confidenceCounts(before), confidenceCounts(recent))
	d.Words = newWords(before, recent, tokenizer)
	return d
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

func typeCounts(arrivals []Arrival, types []string) []int {
	n := make([]int, len(types))
	for _, a := range arrivals {
		if i := slices.Index(types, a.Type); i >= 0 {
			n[i]++
		}
	}
	return n
}

func confidenceCounts(arrivals []Arrival) []int {
	n := make([]int, confidences)
	for _, a := range arrivals {
		n[min(max(int(a.Confidence*confidences), 0), confidences-1)]++
	}
	return n
}

func newWords(before, recent []Arrival, tokenizer nlp.Tokenizer) NewWords {
	known := map[string]bool{}
	var others []Arrival
	for i, a := range before {
		if i%2 == 1 {
			others = append(others, a)
			continue
		}
		for _, w := range wordsOf(a.Text, tokenizer) {
			known[w] = true
		}
	}
	n := NewWords{Before: shareOfNew(others, known, tokenizer), Recent: shareOfNew(recent, known, tokenizer)}
	n.Unusual = n.Recent > moreNewWords*n.Before && n.Recent > 0
	return n
}

func shareOfNew(arrivals []Arrival, known map[string]bool, tokenizer nlp.Tokenizer) float64 {
	fresh, all := 0, 0
	for _, a := range arrivals {
		for _, w := range wordsOf(a.Text, tokenizer) {
			all++
			if !known[w] {
				fresh++
			}
		}
	}
	return share(fresh, all)
}

// wordsOf returns the words of two characters or more.
func wordsOf(text string, tokenizer nlp.Tokenizer) []string {
	n := nlp.Normalize(text)
	var words []string
	for _, t := range tokenizer.SearchTokens(nil, n.Text) {
		if w := n.Text[t.Start:t.End]; utf8.RuneCountInString(w) > 1 {
			words = append(words, w)
		}
	}
	return words
}
