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

// vector is a text, or a sum of texts, as features sorted by term.
type vector []feature

// byWeight puts the heaviest first; equal weights are ordered by term, so that
// the order never depends on chance.
func byWeight(a, b feature) int {
	return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term))
}

// heaviest returns a copy of the n heaviest features, heaviest first.
func heaviest(v vector, n int) []feature {
	list := slices.Clone(v)
	slices.SortFunc(list, byWeight)
	return list[:min(n, len(list))]
}

// trim keeps the n heaviest features, in place, and returns them by term.
func trim(v vector, n int) vector {
	if len(v) > n {
		slices.SortFunc(v, byWeight)
		v = v[:n]
	}
	slices.SortFunc(v, func(a, b feature) int { return cmp.Compare(a.term, b.term) })
	return v
}

func (v vector) scale(k float32) {
	for i := range v {
		v[i].weight *= k
	}
}

// normalise brings a vector to length 1, unless it is empty.
func (v vector) normalise() {
	if length := v.length(); length > 0 {
		v.scale(1 / length)
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

// addScaled returns a + k·b as a new vector, without what is not positive.
func addScaled(a, b vector, k float32) vector {
	sum := make(vector, 0, len(a)+len(b))
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		var f feature
		switch {
		case j == len(b) || i < len(a) && a[i].term < b[j].term:
			f = a[i]
			i++
		case i == len(a) || a[i].term > b[j].term:
			f = feature{b[j].term, k * b[j].weight}
			j++
		default:
			f = feature{a[i].term, a[i].weight + k*b[j].weight}
			i++
			j++
		}
		if f.weight > 0 {
			sum = append(sum, f)
		}
	}
	return sum
}
