package nlp

import (
	"cmp"
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/nlp/linear"
)

// read extracts features and numbers those that occur often enough.
func (t *trainer) read(examples []Example, tokenizer Tokenizer) {
	readings := make([]reading, len(examples))
	parallel(len(examples), func(i int) {
		n := Normalize(examples[i].Text)
		readings[i].fill(n.Text, tokenizer)
	})
	t.grams = make([][]uint32, len(examples))
	if t.views > viewBackground {
		t.counts[viewBackground] = make([]linear.Vector, len(examples))
		parallel(len(examples), func(i int) {
			t.counts[viewBackground][i] = denseVector(t.options.Background.describe(&readings[i]))
		})
	}
	for v := range sparseViews {
		df := map[uint32]int{}
		for i := range readings {
			seen := make(map[uint32]bool, len(readings[i].views[v]))
			for _, f := range readings[i].views[v] {
				if !seen[f.hash] {
					seen[f.hash] = true
					df[f.hash]++
				}
			}
		}
		var hashes []uint32
		for h, n := range df {
			if n >= t.options.MinCount[v] {
				hashes = append(hashes, h)
			}
		}
		slices.Sort(hashes)
		t.vocabularies[v] = newVocabulary(hashes)
		t.idf[v] = make([]float32, len(hashes))
		for i, h := range hashes {
			t.idf[v][i] = float32(math.Log(float64(len(examples)+1)/float64(df[h]+1)) + 1)
		}
		t.counts[v] = make([]linear.Vector, len(examples))
		parallel(len(examples), func(i int) { t.counts[v][i] = countFeatures(readings[i].views[v], t.vocabularies[v]) })
	}
	parallel(len(examples), func(i int) { t.grams[i] = sketch(readings[i].views[viewChar]) })
}

// denseVector holds every dimension, zeros too.
func denseVector(x []float32) linear.Vector {
	v := linear.Vector{Index: make([]int32, len(x)), Value: x}
	for i := range x {
		v.Index[i] = int32(i)
	}
	return v
}

func countFeatures(found []occurrence, vocabulary *vocabulary) linear.Vector {
	features := make([]int32, 0, len(found))
	for _, o := range found {
		if f := vocabulary.find(o.hash); f >= 0 {
			features = append(features, f)
		}
	}
	return linear.CountVector(features)
}

// vector weighs the counts of an example and scales them to length 1.
func (t *trainer) vector(view, example int, gain []float32) linear.Vector {
	counts := t.counts[view][example]
	if view == viewBackground {
		return counts
	}
	x := linear.Vector{Index: counts.Index, Value: make([]float32, len(counts.Value))}
	for k, f := range counts.Index {
		x.Value[k] = termWeight(uint16(min(counts.Value[k], math.MaxUint16))) * t.idf[view][f] * gain[f]
	}
	x.Normalize()
	return x
}

func (t *trainer) features(view int) int {
	if view == viewBackground {
		return t.options.Background.dimensions
	}
	return len(t.idf[view])
}

// igmLambda is the strength of the supervised term weight 1 + lambda*IGM.
const igmLambda = 1

// gain returns 1 + lambda*IGM for every feature: how much its occurrences
// concentrate in few labels. The background has no gain.
func (t *trainer) gain(view int, rows, y []int, classes int) []float32 {
	if view == viewBackground {
		return nil
	}
	size := make([]float64, classes)
	df := make([]float32, len(t.idf[view])*classes)
	for k, i := range rows {
		size[y[k]]++
		for _, f := range t.counts[view][i].Index {
			df[int(f)*classes+y[k]]++
		}
	}
	gain := make([]float32, len(t.idf[view]))
	share := make([]float64, classes)
	for f := range gain {
		for c := range share {
			share[c] = 0
			if size[c] > 0 {
				share[c] = float64(df[f*classes+c]) / size[c]
			}
		}
		slices.SortFunc(share, func(a, b float64) int { return cmp.Compare(b, a) })
		var gravity float64
		for r, s := range share {
			gravity += s * float64(r+1)
		}
		gain[f] = 1
		if gravity > 0 {
			gain[f] += float32(igmLambda * share[0] / gravity)
		}
	}
	return gain
}
