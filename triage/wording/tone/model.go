package tone

import (
	_ "embed"
	"math"
	"slices"
	"sync"
)

// Model scores sentences. It is immutable and safe for concurrent use.
type Model struct {
	kinds []string
	// hashes are sorted; a feature's number is its place.
	hashes []uint32
	// rarity of a feature: its weight in the vector of a sentence before that is
	// scaled to length 1.
	rarity []float32
	// weights by feature, then kind, in steps of scale by kind.
	weights []int8
	scale   []float32
	bias    []float32
}

//go:embed sentences.model
var shipped []byte

// Shipped returns the model of the binary, learnt from testdata/sentences.
var Shipped = sync.OnceValues(func() (*Model, error) { return Read(shipped) })

// Kinds names what the model knows, in the order of the scores.
func (m *Model) Kinds() []string { return slices.Clone(m.kinds) }

// Scores returns for every kind how far on its side of the border the sentence
// is: 1 is the example that decides, -1 the counter-example. Time is linear in
// the length of the sentence, of which the first 400 characters count.
func (m *Model) Scores(sentence string) []float64 {
	scores := make([]float64, len(m.kinds))
	var norm float64
	for _, h := range features(nil, sentence) {
		i, ok := slices.BinarySearch(m.hashes, h)
		if !ok {
			continue
		}
		x := float64(m.rarity[i])
		norm += x * x
		for k, w := range m.weights[i*len(m.kinds):][:len(m.kinds)] {
			scores[k] += x * float64(w)
		}
	}
	norm = math.Sqrt(max(norm, 1e-9))
	for k := range scores {
		scores[k] = scores[k]*float64(m.scale[k])/norm + float64(m.bias[k])
	}
	return scores
}
