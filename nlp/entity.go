package nlp

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// EntityLexicon holds the names that a pack and the store know. Case, width and
// script do not matter; names of one character are ignored.
type EntityLexicon struct {
	Products  []string
	Campaigns []string
	Places    []string
}

// EntityFinder finds entities. It is immutable and safe for concurrent use.
type EntityFinder struct {
	phrases *phraseTrie
}

// builtinPhrases holds the cue words and places that need no lexicon.
var builtinPhrases = sync.OnceValue(func() *phraseTrie {
	t := newPhraseTrie()
	addEntityCueWords(t)
	addPlaces(t, placeData)
	return t
})

// NewEntityFinder compiles the lexicon.
func NewEntityFinder(lex EntityLexicon) *EntityFinder {
	base := builtinPhrases()
	t := &phraseTrie{edges: maps.Clone(base.edges), phrases: slices.Clone(base.phrases)}
	for _, group := range []struct {
		names []string
		cue   cue
	}{{lex.Places, cuePlace}, {lex.Campaigns, cueCampaign}, {lex.Products, cueProduct}} {
		for _, name := range group.names {
			n := Normalize(name)
			if utf8.RuneCountInString(n.Text) > 1 {
				t.add(n.Text, phrase{cue: group.cue, value: strings.TrimSpace(name)})
			}
		}
	}
	return &EntityFinder{phrases: t}
}

// Find returns the entities of the text in the order of their start, without
// overlaps; where two readings overlap the more specific kind wins. It takes
// linear time on any input.
func (f *EntityFinder) Find(n *Normalized) []Entity {
	s := scanner{text: n.Text, phrases: f.phrases, found: make([]candidate, 0, 16)}
	s.run()
	return n.entities(withoutOverlaps(s.found))
}

// candidate is a possible entity, in byte offsets of the normal text.
type candidate struct {
	kind       EntityKind
	rank       rank
	start, end int
	value      string
}

// rank orders readings of the same text; the lower wins.
type rank uint8

const (
	rankWeb rank = iota
	rankID
	rankPhone
	rankOrder
	rankLexicon
	rankTime
	rankName
	rankAmount
	rankPlace
)

// withoutOverlaps sorts the candidates by start and keeps of overlapping ones
// the one of the lower rank, or the earlier and longer one of the same rank.
func withoutOverlaps(found []candidate) []candidate {
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.rank, b.rank), cmp.Compare(b.end, a.end))
	})
	kept := found[:0]
	for _, c := range found {
		last := len(kept) - 1
		switch {
		case last < 0 || c.start >= kept[last].end:
			kept = append(kept, c)
		case c.rank < kept[last].rank:
			kept[last] = c
		}
	}
	return kept
}

// entities gives the candidates their place and wording in the original.
func (n *Normalized) entities(found []candidate) []Entity {
	if len(found) == 0 {
		return nil
	}
	entities := make([]Entity, 0, len(found))
	walk := runeWalk{s: n.source}
	fold := loadFolding()
	for _, c := range found {
		from, to := n.Span(c.start, c.end)
		text := n.source[walk.to(from):walk.to(to)]
		for text != "" { // characters without a normal form belong to nobody
			r, size := utf8.DecodeLastRuneInString(text)
			if f := fold.rune(r); f != 0 && f != ' ' && f != '\n' {
				break
			}
			text = text[:len(text)-size]
			to--
		}
		entities = append(entities, Entity{Kind: c.kind, Text: text, Start: from, End: to, Value: c.value})
	}
	return entities
}

// runeWalk turns growing rune offsets into byte offsets.
type runeWalk struct {
	s     string
	runes int
	bytes int
}

// to returns the byte offset of a rune offset, len(s) when it lies beyond the
// end. The offset must not be lower than at the call before.
func (w *runeWalk) to(rune int) int {
	for w.runes < rune && w.bytes < len(w.s) {
		_, size := utf8.DecodeRuneInString(w.s[w.bytes:])
		w.bytes += size
		w.runes++
	}
	return w.bytes
}
