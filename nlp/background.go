package nlp

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
)

// Background is what is known before the first label: the words of packs, the
// answers of models trained elsewhere, vectors of words that occur together. A
// model that builds on it needs few labels (docs/performance.md has the
// figures). It is immutable and safe for concurrent use.
type Background struct {
	lexicons    []*Lexicon
	models      []*Model
	vectors     *Vectors
	cues        bool
	dimensions  int
	fingerprint string
}

// NewBackground joins its parts; vectors may be nil, cues says whether the cue
// words behind the rules are part of it. Models must be attached to their own
// backgrounds before.
func NewBackground(lexicons []*Lexicon, models []*Model, vectors *Vectors, cues bool) *Background {
	b := &Background{lexicons: lexicons, models: models, vectors: vectors, cues: cues}
	h := sha256.New()
	if cues {
		b.dimensions += cueFeatures
		fmt.Fprintln(h, cueFile)
	}
	for _, l := range lexicons {
		b.dimensions += len(l.labels)
		l.digest(h)
	}
	for _, m := range models {
		b.dimensions += m.outputs()
		m.digest(h)
	}
	if vectors != nil {
		b.dimensions += vectors.dimensions
		vectors.digest(h)
	}
	b.fingerprint = hex.EncodeToString(h.Sum(nil)[:8])
	return b
}

// Attach gives a model the background that it was trained on. The error says
// so when it is another one. b may be nil for a model without background.
func (m *Model) Attach(b *Background) error {
	here := ""
	if b != nil {
		here = b.fingerprint
	}
	if m.Card.Background == "" {
		return nil
	}
	if here != m.Card.Background || len(m.dense) == 0 || len(m.dense[0]) != b.dimensions {
		return &BackgroundError{Model: m.Card.Background, Here: here}
	}
	m.background = b
	return nil
}

// BackgroundError says that a model was trained on another background, as
// after an upgrade of the shipped model or packs. Here is "" for none.
type BackgroundError struct {
	Model, Here string
}

// Error says what to do.
func (e *BackgroundError) Error() string {
	return fmt.Sprintf("the model was trained with background %s, this program has %s: train it again with qianyi train",
		e.Model, cmp.Or(e.Here, "none"))
}

// describe returns the background's opinion of a text: square roots of
// probabilities (so that every part has length 1) and the mean word vector,
// the whole scaled to length 1.
func (b *Background) describe(r *reading) []float32 {
	x := make([]float32, 0, b.dimensions)
	if b.cues {
		x = scaleFrom(r.cues.features(x), 0)
	}
	for _, l := range b.lexicons {
		d, _ := r.words(l)
		x = appendRoots(x, d.P)
	}
	for _, m := range b.models {
		for _, d := range m.judge(r) {
			x = appendRoots(x, d.P)
		}
	}
	if b.vectors != nil {
		x = b.vectors.appendMean(x, r)
	}
	return scaleFrom(x, 0)
}

// scaleFrom scales x[at:] to length 1.
func scaleFrom(x []float32, at int) []float32 {
	var sum float64
	for _, v := range x[at:] {
		sum += float64(v) * float64(v)
	}
	if sum > 0 {
		scale := float32(1 / math.Sqrt(sum))
		for i := range x[at:] {
			x[at+i] *= scale
		}
	}
	return x
}

func appendRoots(x []float32, p []float64) []float32 {
	for _, v := range p {
		x = append(x, float32(math.Sqrt(v)))
	}
	return x
}

// digest writes what identifies the model: the checksum of its file, or all
// its weights while it has none.
func (m *Model) digest(w io.Writer) {
	if m.sum != [sha256.Size]byte{} {
		_, _ = w.Write(m.sum[:])
		return
	}
	// Writing a model to a hash cannot fail.
	_, _ = m.WriteTo(w)
}

// digest writes everything that changes the lexicon's judgement.
func (l *Lexicon) digest(w io.Writer) {
	fmt.Fprintln(w, l.labels)
	for _, word := range l.all() {
		for _, e := range l.entries.find(word) {
			fmt.Fprintln(w, word, e.label, e.weight)
		}
	}
}
