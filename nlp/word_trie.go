package nlp

import "unicode/utf8"

// wordTrie maps words to values and finds all words that begin a text.
type wordTrie[V any] struct {
	next  map[rune]*wordTrie[V]
	value V
	set   bool
}

func newWordTrie[V any]() *wordTrie[V] { return &wordTrie[V]{} }

// update sets the value of a word from its present one.
func (t *wordTrie[V]) update(word string, change func(V) V) {
	for _, r := range word {
		if t.next == nil {
			t.next = map[rune]*wordTrie[V]{}
		}
		child := t.next[r]
		if child == nil {
			child = &wordTrie[V]{}
			t.next[r] = child
		}
		t = child
	}
	t.value, t.set = change(t.value), true
}

// longestFirst calls found for every word that text begins with, the longest
// first, with its size in bytes.
func (t *wordTrie[V]) longestFirst(text string, found func(size int, value V)) {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 || t.next == nil {
		return
	}
	child := t.next[r]
	if child == nil {
		return
	}
	child.descend(text, size, found)
}

func (t *wordTrie[V]) descend(text string, at int, found func(int, V)) {
	if t.next != nil && at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if child := t.next[r]; child != nil {
			child.descend(text, at+size, found)
		}
	}
	if t.set {
		found(at, t.value)
	}
}

// each calls visit for every word, in no particular order.
func (t *wordTrie[V]) each(prefix string, visit func(word string, value V)) {
	if t.set {
		visit(prefix, t.value)
	}
	for r, child := range t.next {
		child.each(prefix+string(r), visit)
	}
}
