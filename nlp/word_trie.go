package nlp

import (
	"slices"
	"unicode/utf8"
)

// wordTrie maps words to values and finds all words that begin a text. Words
// are added first; freeze makes it fast to read, and read-only.
type wordTrie[V any] struct {
	nodes []trieNode[V]
	// first leads from the first rune of a word to its node; 0 means no word
	// begins so. Runes beyond the table are found among the root's edges.
	first []int32
}

type trieNode[V any] struct {
	edges []trieLink // sorted by rune once frozen
	value V
	set   bool
}

type trieLink struct {
	r    rune
	node int32
}

// firstRunes covers the plane in which nearly all text lives.
const firstRunes = 1 << 16

func newWordTrie[V any]() *wordTrie[V] {
	return &wordTrie[V]{nodes: make([]trieNode[V], 1)}
}

// update sets the value of a word from its present one.
func (t *wordTrie[V]) update(word string, change func(V) V) {
	at := int32(0)
	for _, r := range word {
		next := t.step(at, r)
		if next == 0 {
			next = int32(len(t.nodes))
			t.nodes = append(t.nodes, trieNode[V]{})
			t.nodes[at].edges = append(t.nodes[at].edges, trieLink{r, next})
		}
		at = next
	}
	t.nodes[at].value, t.nodes[at].set = change(t.nodes[at].value), true
}

// freeze ends the adding of words.
func (t *wordTrie[V]) freeze() {
	for i := range t.nodes {
		slices.SortFunc(t.nodes[i].edges, func(a, b trieLink) int { return int(a.r) - int(b.r) })
	}
	t.first = make([]int32, firstRunes)
	for _, e := range t.nodes[0].edges {
		if e.r < firstRunes {
			t.first[e.r] = e.node
		}
	}
}

// step returns the node that r leads to, 0 for none.
func (t *wordTrie[V]) step(at int32, r rune) int32 {
	for _, e := range t.nodes[at].edges {
		if e.r == r {
			return e.node
		}
	}
	return 0
}

// find returns the value of exactly this word, the zero value if it has none.
func (t *wordTrie[V]) find(word string) V {
	at := int32(0)
	for _, r := range word {
		if at = t.step(at, r); at == 0 {
			var none V
			return none
		}
	}
	return t.nodes[at].value
}

// maxNested is how many words that begin one another can be told apart.
const maxNested = 32

// longestFirst calls found for every word that text begins with, the longest
// first, with its size in bytes. Of more than maxNested the longest are left
// out. Only for a frozen trie.
func (t *wordTrie[V]) longestFirst(text string, found func(size int, value V)) {
	r, size := utf8.DecodeRuneInString(text)
	var at int32
	if r < firstRunes {
		at = t.first[r]
	} else {
		at = t.step(0, r)
	}
	if at == 0 {
		return
	}
	var ends [maxNested]struct {
		size int
		node int32
	}
	n := 0
	for at != 0 {
		if t.nodes[at].set && n < len(ends) {
			ends[n].size, ends[n].node = size, at
			n++
		}
		if size >= len(text) {
			break
		}
		r, width := utf8.DecodeRuneInString(text[size:])
		at = t.step(at, r)
		size += width
	}
	for n--; n >= 0; n-- {
		found(ends[n].size, t.nodes[ends[n].node].value)
	}
}

// each calls visit for every word, in no particular order.
func (t *wordTrie[V]) each(visit func(word string, value V)) {
	var walk func(at int32, word string)
	walk = func(at int32, word string) {
		if t.nodes[at].set {
			visit(word, t.nodes[at].value)
		}
		for _, e := range t.nodes[at].edges {
			walk(e.node, word+string(e.r))
		}
	}
	walk(0, "")
}
