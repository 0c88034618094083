package segment

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-ego/gse"
)

const (
	// minFreq trims the main dictionary. Segmentation quality is flat between
	// 4 and 50; 10 keeps 109 000 of 352 000 words.
	minFreq = 10
	// defaultFreq lets a word win against any two words but the few dozen most
	// frequent ones of the language, without winning against longer words.
	defaultFreq = 1000
)

// Word is a domain word that is to be cut as one.
type Word struct {
	// Text is the word in normalised form: half-width, lower case, without
	// spaces and sentence punctuation.
	Text string
	// Freq is the word's frequency on the scale of the main dictionary (服务
	// 13 036, 充值 22), which it replaces for words listed there. A word is cut
	// out of its parts when the parts' frequencies, multiplied, stay below
	// 5e7 times its own. 0 means 1000: right for compounds of domain words.
	Freq float64
}

// Segmenter cuts text into words. It is immutable and safe for concurrent
// use; to change its words, build another one and swap it.
type Segmenter struct {
	gse         gse.Segmenter
	fingerprint string
}

// New loads the main dictionary and the given words; it takes about half a
// second and 40 MB. Of a word given twice the first counts; words of one
// character change nothing. The error names the word that could never be cut
// as one.
func New(words []Word) (*Segmenter, error) {
	s := &Segmenter{gse: gse.Segmenter{
		Dict:         gse.NewDict(),
		MinTokenFreq: minFreq,
		NotLoadHMM:   true,
		SkipLog:      true,
	}}
	s.gse.Init()
	// gse ignores a word it already knows, so ours go first; distances are
	// calculated once, at the end of LoadDictEmbed.
	for i, w := range words {
		if err := s.add(w); err != nil {
			return nil, fmt.Errorf("segment: word %d: %w", i+1, err)
		}
	}
	if err := s.gse.LoadDictEmbed("zh_s"); err != nil {
		return nil, fmt.Errorf("segment: load the main dictionary: %w", err)
	}
	s.fingerprint = fingerprint(&s.gse, words)
	return s, nil
}

// Fingerprint identifies the dictionary and the rules of this segmenter: two
// segmenters with one fingerprint cut every text alike. What was made with
// another fingerprint (an index, a trained model) has to be made again.
func (s *Segmenter) Fingerprint() string { return s.fingerprint }

// Version names the main dictionary and the rules for chunks and parts; it is
// raised when either changes.
const Version = "gse-0.80.3/1"

func fingerprint(g *gse.Segmenter, words []Word) string {
	h := sha256.New()
	fmt.Fprintln(h, Version, g.Dict.NumTokens(), g.Dict.TotalFreq())
	for _, w := range words {
		fmt.Fprintln(h, w.Text, w.Freq)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func (s *Segmenter) add(w Word) error {
	switch {
	case w.Text == "":
		return fmt.Errorf("empty text")
	case !utf8.ValidString(w.Text):
		return fmt.Errorf("%q is not valid UTF-8", w.Text)
	case strings.ContainsFunc(w.Text, isSeparator):
		return fmt.Errorf("%q contains a space or punctuation, where every text is cut", w.Text)
	case utf8.RuneCountInString(w.Text) > maxWordRunes:
		return fmt.Errorf("%q is longer than %d characters", w.Text, maxWordRunes)
	case w.Freq < 0:
		return fmt.Errorf("%q has the negative frequency %v", w.Text, w.Freq)
	case utf8.RuneCountInString(w.Text) == 1:
		return nil // is cut anyway, unless it belongs to a longer word
	}
	freq := w.Freq
	if freq == 0 {
		freq = defaultFreq
	}
	if err := s.gse.AddToken(w.Text, freq); err != nil {
		return fmt.Errorf("add %q: %w", w.Text, err)
	}
	return nil
}

// Default returns the segmenter without domain words. It is loaded on first
// use and shared by all callers.
var Default = sync.OnceValue(func() *Segmenter {
	s, err := New(nil)
	if err != nil {
		// The dictionary is part of the binary: this build is broken.
		panic(err)
	}
	return s
})
