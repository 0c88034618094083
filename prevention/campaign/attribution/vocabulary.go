package attribution

import (
	"hash/maphash"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
)

// seed makes hashes of words; it lives as long as the process, as counts do.
var seed = maphash.MakeSeed()

func hash(w string) uint64 { return maphash.String(seed, w) }

// counts is how many complaints of some kind there were, and in how many each
// word is.
type counts struct {
	texts int
	words map[uint64]int32
}

// memory is how many complaints counts hold before they forget half: words and
// what they are said about change.
const memory = 200_000

func (c *counts) add(words []uint64) {
	if c.words == nil {
		c.words = make(map[uint64]int32)
	}
	c.texts++
	for _, w := range words {
		c.words[w]++
	}
	if c.texts >= memory {
		c.halve()
	}
}

func (c *counts) halve() {
	c.texts /= 2
	for w, n := range c.words {
		if n /= 2; n == 0 {
			delete(c.words, w)
		} else {
			c.words[w] = n
		}
	}
}

// share is how often a word is among the complaints, a little above 0 for one
// that was never seen.
func (c *counts) share(w uint64) float64 {
	return (float64(c.words[w]) + 0.5) / (float64(c.texts) + 1)
}

// lift is the natural logarithm of how many times more often a word is here than
// its share elsewhere lets expect, drawn towards 0 by prior expected complaints
// (the posterior mean under a gamma prior of that many).
func (c *counts) lift(w uint64, share, prior float64) float64 {
	return math.Log((float64(c.words[w]) + prior) / (float64(c.texts)*share + prior))
}

// rose says whether a word is here more often than chance explains: three and a
// half standard deviations above what its share elsewhere lets expect, because
// many words are looked at. A word that one in twenty complaints has is no topic.
func (c *counts) rose(w uint64, share float64) bool {
	const deviations, topical = 3.5, 0.05
	expected := float64(c.texts) * share
	return share < topical && float64(c.words[w])-expected > deviations*math.Sqrt(expected+1)
}

// rarity is the factor by which a word's weight counts: 1 for a word in one of
// 400 complaints, less for commoner ones. Before a few hundred complaints are
// known it stays near 1.
func (c *counts) rarity(w string) float64 {
	const typical, enough = 6.0, 300.0
	known := float64(c.texts) / (float64(c.texts) + enough)
	factor := min(1.2, max(0.3, -math.Log(c.share(hash(w)))/typical))
	return 1 - known + known*factor
}

// word is a distinct word of a text and where it is for the first time.
type word struct {
	hash     uint64
	from, to int // in norm.Text
}

// wordsOf returns the distinct words of two characters and more, without
// numbers. Neighbouring single characters, of which neither is a particle, are
// words, too: the dictionary lacks many names of products.
func (e *Engine) wordsOf(f *folded) ([]word, []uint64) {
	text := f.norm.Text
	e.tokens = e.d.Tokenizer.SearchTokens(e.tokens[:0], text)
	seen := make(map[uint64]bool, len(e.tokens))
	words := make([]word, 0, len(e.tokens))
	hashes := make([]uint64, 0, len(e.tokens))
	add := func(from, to int) {
		if h := hash(text[from:to]); !seen[h] {
			seen[h] = true
			words = append(words, word{h, from, to})
			hashes = append(hashes, h)
		}
	}
	loose := nlp.Token{Start: -1, End: -1}
	for _, t := range e.tokens {
		w := text[t.Start:t.End]
		switch {
		case w[0] < utf8.RuneSelf && (w[0] < 'a' || w[0] > 'z'):
		case utf8.RuneCountInString(w) >= 2:
			add(t.Start, t.End)
		case w[0] < utf8.RuneSelf || strings.Contains(particles, w):
		default:
			if loose.End == t.Start {
				add(loose.Start, t.End)
			}
			loose = t
		}
	}
	return words, hashes
}

// particles are single characters that make no word with a neighbour.
const particles = "的了是我你他她它们在有和与或及也都就又还很太再才只不没未这那哪个一二三四五六七八九十百千万两几每各次月年日天时分元块第把被给对从向到去来说讲问叫办搞做要能会可以用上下里中内外前后为因所等着过得地吧吗呢啊呀嘛哦，。、"

// piecesOf returns the numbers and the folded words of a text, by which the parts
// of names are weighed.
func (f *folded) piecesOf() []uint64 {
	var list []uint64
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			list = append(list, hash(s))
		}
	}
	for i := 0; i < len(f.text); {
		if n := digitsAt(f.text, i); n != "" {
			add(n)
			i += len(n)
			continue
		}
		r, size := utf8.DecodeRuneInString(f.text[i:])
		if strings.ContainsRune(verbs, r) {
			add(f.text[i : i+size])
		}
		i += size
	}
	return list
}
