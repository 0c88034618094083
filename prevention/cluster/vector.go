package cluster

import (
	"cmp"
	"math"
	"slices"
)

// feature is one term of a text with its weight.
type feature struct {
	term   uint32
	weight float32
}

// vector is a text as features sorted by term, of length 1 or empty.
type vector []feature

func byTerm(a, b feature) int { return cmp.Compare(a.term, b.term) }

// byWeight puts the heaviest first; equal weights are ordered by term, so that
// the order never depends on chance.
func byWeight(a, b feature) int {
	return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term))
}

// trim keeps the n heaviest features and returns them by term.
func trim(v []feature, n int) vector {
	if len(v) > n {
		slices.SortFunc(v, byWeight)
		v = v[:n]
	}
	slices.SortFunc(v, byTerm)
	return v
}

func (v vector) normalise() {
	length := v.length()
	if length == 0 {
		return
	}
	for i := range v {
		v[i].weight /= length
	}
}

func (v vector) length() float32 {
	var sum float64
	for _, f := range v {
		sum += float64(f.weight) * float64(f.weight)
	}
	return float32(math.Sqrt(sum))
}

// dot is the sum over common terms of the product of weights.
func dot(a, b vector) float32 {
	var sum float32
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].term < b[j].term:
			i++
		case a[i].term > b[j].term:
			j++
		default:
			sum += a[i].weight * b[j].weight
			i++
			j++
		}
	}
	return sum
}
