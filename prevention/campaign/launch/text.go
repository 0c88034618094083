package launch

import (
	"regexp"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
)

// text is a copy, or rules, in the form that the rules work on. Spans are byte
// offsets of the normal text.
type text struct {
	nlp.Normalized
	part      Part
	original  []rune
	sentences []span
}

// span is a part of a text, in bytes.
type span struct{ start, end int }

func (s span) overlaps(o span) bool { return s.start < o.end && o.start < s.end }

var sentence = regexp.MustCompile(`[^。!?;\n]+[。!?;\n]*`)

func newText(part Part, s string) *text {
	t := &text{Normalized: nlp.Normalize(s), part: part, original: []rune(s)}
	for _, m := range sentence.FindAllStringIndex(t.Text, -1) {
		t.sentences = append(t.sentences, span{m[0], m[1]})
	}
	return t
}

// spans returns the places that re matches; a nil re matches nothing.
func (t *text) spans(re *regexp.Regexp) []span {
	if re == nil {
		return nil
	}
	var list []span
	for _, m := range re.FindAllStringIndex(t.Text, -1) {
		list = append(list, span{m[0], m[1]})
	}
	return list
}

// finding makes a finding of a span, without the punctuation around it.
func (t *text) finding(k *kindRules, s span, advice string) Finding {
	const around = " ,。!?;:、\n"
	words := t.Text[s.start:s.end]
	s.start += len(words) - len(strings.TrimLeft(words, around))
	s.end -= len(words) - len(strings.TrimRight(words, around))
	s.end = max(s.start, s.end)
	from, to := t.Span(s.start, s.end)
	if s.start == s.end { // something is missing: it has no place
		from, to = 0, 0
	}
	return Finding{
		Kind: k.kind, Severity: k.severity, In: t.part, Text: string(t.original[from:to]), Start: from, End: to,
		Advice: advice, Law: k.law,
	}
}
