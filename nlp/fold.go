package nlp

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

//go:embed t2s.txt
var t2sData string

// folding says for every character of the basic plane what it becomes; 0 drops it.
type folding [0x10000]uint16

// loadFolding builds the table once, on first use.
var loadFolding = sync.OnceValue(func() *folding {
	f := new(folding)
	for i := range f {
		f[i] = uint16(i)
	}
	f.drop(unicode.Cc)
	f.drop(unicode.Cf)
	f.drop(unicode.Variation_Selector)
	f.drop(unicode.Other_Default_Ignorable_Code_Point)
	f[unicode.ReplacementChar] = 0
	for _, r := range unicode.White_Space.R16 {
		for c := uint32(r.Lo); c <= uint32(r.Hi); c += uint32(r.Stride) {
			f[c] = ' '
		}
	}
	for _, c := range "\n\r\u0085\u2028\u2029" {
		f[c] = '\n'
	}
	for _, c := range "‐‑‒–−" {
		f[c] = '-'
	}
	for c := '！'; c <= '～'; c++ {
		f[c] = uint16(c - '！' + '!')
	}
	f['￥'] = '¥'
	f.addPairs(t2sData)
	for c := 'A'; c <= 'Z'; c++ {
		f[c] = uint16(c - 'A' + 'a')
		f[c-'!'+'！'] = f[c]
	}
	return f
})

func (f *folding) drop(table *unicode.RangeTable) {
	for _, r := range table.R16 {
		for c := uint32(r.Lo); c <= uint32(r.Hi); c += uint32(r.Stride) {
			f[c] = 0
		}
	}
}

// addPairs reads the lines of t2s.txt: characters "from to", '#' for comments.
func (f *folding) addPairs(data string) {
	for line := range strings.Lines(data) {
		if line[0] == '#' {
			continue
		}
		from := rune(-1)
		for _, c := range strings.TrimSpace(line) {
			if from < 0 {
				from = c
				continue
			}
			f[from] = uint16(c)
			from = -1
		}
	}
}

// rune folds one character; 0 drops it.
func (f *folding) rune(r rune) rune {
	switch {
	case r < 0x10000:
		return rune(f[r])
	case r >= 0x1D400 && r < 0x1D6A4: // mathematical letters, alphabet after alphabet
		return 'a' + (r-0x1D400)%26
	case r >= 0x1D7CE && r < 0x1D800: // mathematical digits
		return '0' + (r-0x1D7CE)%10
	case r >= 0xE0000 && r < 0xE1000: // invisible tags and variation selectors
		return 0
	}
	return r
}
