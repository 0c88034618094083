package nlp

import "unicode/utf8"

// phraseTrie finds the longest known phrase that starts at a place of a text.
type phraseTrie struct {
	edges   map[trieEdge]int32
	phrases []phrase // by node; the zero phrase where none ends
}

type trieEdge struct {
	node int32
	r    rune
}

// phrase is a known string: what it announces, and what it stands for.
type phrase struct {
	cue   cue
	value string
}

func newPhraseTrie() *phraseTrie {
	return &phraseTrie{edges: map[trieEdge]int32{}, phrases: make([]phrase, 1)}
}

// add enters s; an earlier phrase with the same letters is replaced.
func (t *phraseTrie) add(s string, p phrase) {
	node := int32(0)
	for _, r := range s {
		next, ok := t.edges[trieEdge{node, r}]
		if !ok {
			next = int32(len(t.phrases))
			t.edges[trieEdge{node, r}] = next
			t.phrases = append(t.phrases, phrase{})
		}
		node = next
	}
	t.phrases[node] = p
}

// longest returns the longest phrase that starts at text[i:] and its end; the
// cue is cueNone when there is none.
func (t *phraseTrie) longest(text string, i int) (best phrase, end int) {
	node := int32(0)
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		next, ok := t.edges[trieEdge{node, r}]
		if !ok {
			break
		}
		node = next
		i += size
		if p := t.phrases[node]; p.cue != cueNone {
			best, end = p, i
		}
	}
	return best, end
}
