package tone

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp/linear"
)

// Example is a sentence and the mistakes that it is, none for a proper one.
type Example struct {
	Text  string
	Kinds []string
}

const (
	// minCount is in how many sentences a feature must occur.
	minCount = 2
	// constant is the value of the feature that every sentence has.
	constant = 0.3
	// shortest clause of a proper sentence that is an example of its own.
	shortest = 4
)

// Train learns from examples, one support vector machine per kind. The clauses
// of a proper sentence are proper too and are learnt beside it; of a mistake
// nobody knows which clause it is. The same examples give the same model.
func Train(examples []Example) *Model {
	examples = withClauses(examples)
	m := newVocabulary(examples)
	problem := linear.Problem{Classes: 2, Features: len(m.hashes) + 1}
	for _, e := range examples {
		problem.X = append(problem.X, m.vector(e.Text))
	}
	m.weights = make([]int8, len(m.hashes)*len(m.kinds))
	options := linear.DefaultOptions()
	options.Balance = 0.5 // chosen on the looked-at half of the replies
	for k, kind := range m.kinds {
		problem.Y = problem.Y[:0]
		for _, e := range examples {
			y := 0
			if slices.Contains(e.Kinds, kind) {
				y = 1
			}
			problem.Y = append(problem.Y, y)
		}
		m.keep(k, linear.Train(problem, options)[1])
	}
	return m
}

func withClauses(examples []Example) []Example {
	all := slices.Clone(examples)
	for _, e := range examples {
		if len(e.Kinds) > 0 {
			continue
		}
		clauses := strings.FieldsFunc(e.Text, func(r rune) bool { return strings.ContainsRune(",，。;；!！?？:：", r) })
		for _, c := range clauses {
			if len(clauses) > 1 && utf8.RuneCountInString(c) >= shortest {
				all = append(all, Example{Text: c})
			}
		}
	}
	return all
}

// newVocabulary makes a model of the features and kinds, without weights.
func newVocabulary(examples []Example) *Model {
	kinds, count := map[string]bool{}, map[uint32]int{}
	var list []uint32
	for _, e := range examples {
		for _, k := range e.Kinds {
			kinds[k] = true
		}
		list = features(list[:0], e.Text)
		for _, h := range list {
			count[h]++
		}
	}
	maps.DeleteFunc(count, func(_ uint32, n int) bool { return n < minCount })
	m := &Model{kinds: slices.Sorted(maps.Keys(kinds)), hashes: slices.Sorted(maps.Keys(count))}
	for _, h := range m.hashes {
		m.rarity = append(m.rarity, float32(math.Log(1+float64(len(examples))/float64(count[h]))))
	}
	m.scale, m.bias = make([]float32, len(m.kinds)), make([]float32, len(m.kinds))
	return m
}

func (m *Model) vector(sentence string) linear.Vector {
	var v linear.Vector
	for _, h := range features(nil, sentence) {
		if i, ok := slices.BinarySearch(m.hashes, h); ok {
			v.Index = append(v.Index, int32(i))
			v.Value = append(v.Value, m.rarity[i])
		}
	}
	v.Normalize()
	v.Index = append(v.Index, int32(len(m.hashes)))
	v.Value = append(v.Value, constant)
	return v
}

// keep rounds the weights of a kind to 127 steps on either side of 0.
func (m *Model) keep(kind int, weights []float32) {
	last := len(m.hashes)
	m.bias[kind] = weights[last] * constant
	top := slices.MaxFunc(weights[:last], func(a, b float32) int { return cmp.Compare(abs(a), abs(b)) })
	m.scale[kind] = max(abs(top), 1e-9) / math.MaxInt8
	for i, w := range weights[:last] {
		m.weights[i*len(m.kinds)+kind] = int8(math.Round(float64(w / m.scale[kind])))
	}
}

func abs(x float32) float32 { return float32(math.Abs(float64(x))) }
