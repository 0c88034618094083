package search

import "github.com/qianyi-dev/qianyi/nlp/segment"

// Span is a stretch of a text in runes of the original, End exclusive.
type Span struct {
	Start, End int
}

// Highlight returns the words of text that also occur in query, in order and
// without overlap. Width, case and the traditional script make no difference;
// the spans are right for the text as it was written.
func Highlight(seg *segment.Segmenter, text, query string) []Span {
	r := termReader{seg: seg}
	wanted := make(map[string]bool)
	for _, t := range r.read(query) {
		wanted[t.text] = true
	}
	var spans []Span
	covered := 0 // bytes of the normalised text
	for _, t := range r.read(text) {
		if !wanted[t.text] || t.start < covered {
			continue
		}
		start, end := r.norm.Span(t.start, t.end)
		if n := len(spans); n > 0 && spans[n-1].End == start && t.start == covered {
			spans[n-1].End = end
		} else {
			spans = append(spans, Span{Start: start, End: end})
		}
		covered = t.end
	}
	return spans
}
