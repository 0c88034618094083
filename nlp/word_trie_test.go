package nlp

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// wordsAt lists the words that text begins with, the longest first, by looking
// at every word.
func wordsAt(words []string, text string) []string {
	var found []string
	for _, w := range words {
		if w != "" && strings.HasPrefix(text, w) {
			found = append(found, w)
		}
	}
	slices.SortFunc(found, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(found)
}

func FuzzWordTrie(f *testing.F) {
	f.Add("话费 话费充值 充值 费", "查话费充值的话费")
	f.Add("a ab abc b", "ababcab")
	f.Add("😀 😀😀", "x😀😀😀")
	f.Add("", "话费")
	f.Fuzz(func(t *testing.T, list, text string) {
		words := strings.Fields(list)
		if !utf8.ValidString(list) || !utf8.ValidString(text) || len(words) > maxNested {
			return
		}
		trie := newWordTrie[int]()
		for _, w := range words {
			trie.update(w, func(n int) int { return n + 1 })
		}
		trie.freeze()
		for i := range text {
			var got []string
			trie.longestFirst(text[i:], func(size, value int) {
				got = append(got, text[i:i+size])
				if want := count(words, text[i:i+size]); value != want {
					t.Fatalf("%q was added %d times, want %d", text[i:i+size], value, want)
				}
			})
			if diff := cmp.Diff(wordsAt(words, text[i:]), got); diff != "" {
				t.Fatalf("words of %q at %q (-want +got):\n%s", words, text[i:], diff)
			}
		}
		all := []string{}
		trie.each(func(w string, value int) {
			all = append(all, w)
			if trie.find(w) != value {
				t.Errorf("find(%q) = %d, want %d", w, trie.find(w), value)
			}
		})
		slices.Sort(all)
		slices.Sort(words)
		if diff := cmp.Diff(slices.Compact(words), all); diff != "" {
			t.Errorf("all words (-want +got):\n%s", diff)
		}
	})
}

func count(words []string, word string) int {
	n := 0
	for _, w := range words {
		if w == word {
			n++
		}
	}
	return n
}

func TestWordTrieFindsWholeWordsOnly(t *testing.T) {
	t.Parallel()
	trie := newWordTrie[int]()
	trie.update("话费充值", func(int) int { return 7 })
	trie.freeze()
	for word, want := range map[string]int{"话费充值": 7, "话费": 0, "话费充值卡": 0, "": 0} {
		if got := trie.find(word); got != want {
			t.Errorf("find(%q) = %d, want %d", word, got, want)
		}
	}
}
