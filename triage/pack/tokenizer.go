package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/nlp/segment"
)

// Tokenizer is the segmenter all models of this program share: the main
// dictionary with the domain words of every pack in the binary, and on top the
// words of the pack in use. Words that a user adds change a few cuts, not the
// meaning of a model's weights, so they do not enter the fingerprint.
type Tokenizer struct {
	*segment.Segmenter
	fingerprint string
}

// normalizerVersion changes whenever normalisation or features do.
const normalizerVersion = "1"

// Fingerprint identifies the dictionary and the features; a model trained with
// another one is refused.
func (t *Tokenizer) Fingerprint() string { return t.fingerprint }

// NewTokenizer loads the dictionary; it takes half a second. p may be nil.
func NewTokenizer(p *Pack) (*Tokenizer, error) {
	core, err := coreWords()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(normalizerVersion + "\n" + segment.Version + "\n" + strings.Join(core, "\n")))
	words := core
	if p != nil {
		words = append(slices.Clip(core), clean(p.Dictionary)...)
	}
	list := make([]segment.Word, len(words))
	for i, w := range words {
		list[i].Text = w
	}
	s, err := segment.New(list)
	if err != nil {
		return nil, err
	}
	return &Tokenizer{Segmenter: s, fingerprint: hex.EncodeToString(sum[:8])}, nil
}

// coreWords are the domain words of all packs in the binary.
func coreWords() ([]string, error) {
	var words []string
	for _, code := range Codes("") {
		p, err := Load("", code)
		if err != nil {
			return nil, err
		}
		words = append(words, clean(p.Dictionary)...)
	}
	slices.Sort(words)
	return slices.Compact(words), nil
}

func clean(words []string) []string {
	list := make([]string, len(words))
	for i, w := range words {
		n := nlp.Normalize(w)
		list[i] = n.Text
	}
	return list
}
