package main

import (
	"hash/fnv"
	"unicode"

	"github.com/qianyi-dev/qianyi/nlp"
)

// han keeps the Chinese characters of a text: what is left when numbers and
// masks are taken away.
func han(text string) string {
	var kept []rune
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			kept = append(kept, r)
		}
	}
	return string(kept)
}

// group numbers the examples so that texts whose Han trigrams overlap by half
// (Jaccard) share a number; the number of a group is a hash of its first text.
func group(examples []nlp.Example) []int {
	grams := make([]map[string]bool, len(examples))
	for i, e := range examples {
		runes := []rune(han(e.Text))
		grams[i] = map[string]bool{}
		for k := 0; k+3 <= len(runes); k++ {
			grams[i][string(runes[k:k+3])] = true
		}
	}
	groups := make([]int, len(examples))
	for i := range examples {
		h := fnv.New32a()
		h.Write([]byte(han(examples[i].Text)))
		groups[i] = int(h.Sum32() >> 1)
		for j := range i {
			if jaccard(grams[i], grams[j]) >= 0.5 {
				groups[i] = groups[j]
				break
			}
		}
	}
	return groups
}

func jaccard(a, b map[string]bool) float64 {
	if len(a) == 0 || len(b) == 0 || len(a) > 2*len(b) || len(b) > 2*len(a) {
		return 0
	}
	common := 0
	for g := range a {
		if b[g] {
			common++
		}
	}
	return float64(common) / float64(len(a)+len(b)-common)
}
