// Package linear trains and judges linear classifiers over sparse vectors:
// one-vs-rest support vector machines, temperature-scaled probabilities, and
// the figures by which a classifier is judged.
package linear

import (
	"math"
	"slices"
)

// Vector is a sparse vector: strictly increasing indices and their values.
type Vector struct {
	Index []int32
	Value []float32
}

// Normalize scales the vector to length 1; a zero vector stays as it is.
func (v Vector) Normalize() {
	var sum float64
	for _, x := range v.Value {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v.Value {
		v.Value[i] *= scale
	}
}

// Dot is the scalar product with a dense vector.
func (v Vector) Dot(w []float32) float64 {
	var sum float64
	for k, i := range v.Index {
		sum += float64(v.Value[k]) * float64(w[i])
	}
	return sum
}

func (v Vector) addTo(w []float32, scale float64) {
	for k, i := range v.Index {
		w[i] += float32(scale * float64(v.Value[k]))
	}
}

// CountVector turns a list of feature numbers into a sorted vector of their
// counts. The argument is sorted in place.
func CountVector(features []int32) Vector {
	slices.Sort(features)
	var v Vector
	for i := 0; i < len(features); {
		j := i + 1
		for j < len(features) && features[j] == features[i] {
			j++
		}
		v.Index = append(v.Index, features[i])
		v.Value = append(v.Value, float32(j-i))
		i = j
	}
	return v
}
