package nlp

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// mark is a piece of evidence in the normalised text.
type mark struct {
	id         int // of the lexicon entry
	label      string
	start, end int
	weight     float64
}

// evidence returns the words of the reading with their part in the score of
// one label of a task: idf·weight in the word view, one mark per token.
func (m *Model) evidence(name Task, label string, r *reading) []mark {
	output, outputs := -1, 0
	for _, t := range m.tasks {
		if k := slices.Index(t.Labels, label); k >= 0 && t.Name == name {
			output = outputs + k
		}
		outputs += len(t.Labels)
	}
	if output < 0 {
		return nil
	}
	v := &m.views[viewWord]
	marks := make([]mark, 0, len(r.tokens))
	for _, o := range r.views[viewWord] {
		f := v.vocabulary.find(o.hash)
		if f < 0 {
			continue
		}
		idf, _, weights := v.row(int(f), len(m.tasks))
		weight := float64(idf * v.scale[output] * float32(weights[output]))
		start, end := int(o.start), int(o.end)
		// The two features of one token follow each other.
		if n := len(marks); n > 0 && marks[n-1].start == start && marks[n-1].end == end {
			marks[n-1].weight += weight
			continue
		}
		marks = append(marks, mark{label: label, start: start, end: end, weight: weight})
	}
	return marks
}

// maxReasons is how much evidence a reader takes in at a glance.
const maxReasons = 6

// typeReasons names the words that spoke for the type, those of the model and
// those of the pack, strongest first. A word inside one already named is left
// out.
func (a *Analyzer) typeReasons(w *work, typ string, marks []mark) []Reason {
	var found []mark
	switch {
	case a.c.Trained != nil:
		found = a.c.Trained.evidence(TaskType, typ, &w.reading)
	case a.c.General != nil && a.c.Meaning == nil:
		found = a.c.General.evidence(TaskType, typ, &w.reading)
	}
	text := w.normal.Text
	words := slices.DeleteFunc(slices.Clone(marks), func(m mark) bool { return m.label != typ })
	found, words = speaking(text, found), speaking(text, words)
	switch {
	case len(words) == 0:
		found = shares(found, 1)
	case len(found) == 0:
		found = shares(words, 1)
	default:
		found = append(shares(found, modelShare), shares(words, 1-modelShare)...)
	}
	slices.SortStableFunc(found, func(a, b mark) int { return cmp.Compare(b.weight, a.weight) })
	reasons := []Reason{}
	for _, m := range found {
		if len(reasons) == maxReasons {
			break
		}
		if word := text[m.start:m.end]; !mentioned(reasons, word) {
			reasons = append(reasons, Reason{Text: word, Weight: math.Round(m.weight*1000) / 1000})
		}
	}
	return reasons
}

// modelShare is how much of the reasons a trained model gets beside the pack's
// own words.
const modelShare = 0.7

// speaking keeps the words of two characters and more that speak for the type.
func speaking(text string, found []mark) []mark {
	return slices.DeleteFunc(found, func(m mark) bool {
		return m.weight <= 0 || utf8.RuneCountInString(text[m.start:m.end]) < 2
	})
}

// shares turns weights into parts of a total, so that evidence of different
// kinds can be compared.
func shares(found []mark, total float64) []mark {
	var sum float64
	for _, m := range found {
		sum += m.weight
	}
	for i := range found {
		found[i].weight *= total / sum
	}
	return found
}

func mentioned(reasons []Reason, word string) bool {
	return slices.ContainsFunc(reasons, func(r Reason) bool {
		return strings.Contains(r.Text, word) || strings.Contains(word, r.Text)
	})
}
