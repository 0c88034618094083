package nlp

import (
	"math"
	"slices"
)

// pack lays out the weights of all tasks feature by feature, in one byte each.
// Eight bits lose nothing that can be measured (docs/performance.md).
func (v *viewModel) pack(tasks []fittedTask, view int) {
	features := len(v.idf)
	outputs := 0
	for _, t := range tasks {
		outputs += len(t.task.Labels)
	}
	v.gain = make([]float32, features*len(tasks))
	v.weights = make([]int8, features*outputs)
	v.scale = make([]float32, outputs)
	o := 0
	for i, t := range tasks {
		for f := range features {
			v.gain[f*len(tasks)+i] = t.gain[view][f]
		}
		for _, w := range t.weights[view] {
			v.scale[o] = quantize(v.weights, o, outputs, w, t.gain[view])
			o++
		}
	}
}

// quantize writes the column o of weights and returns the worth of one step.
func quantize(weights []int8, o, outputs int, w, gain []float32) float32 {
	var top float32
	for f, x := range w {
		top = max(top, float32(math.Abs(float64(x*gain[f]))))
	}
	if top == 0 {
		return 0
	}
	step := top / math.MaxInt8
	for f, x := range w {
		weights[f*outputs+o] = int8(math.Round(float64(x * gain[f] / step)))
	}
	return step
}

// prune keeps the limit features whose largest weight counts most; 0 keeps all.
func (v *viewModel) prune(limit int) {
	features := len(v.idf)
	if limit == 0 || features <= limit {
		return
	}
	outputs, tasks := len(v.scale), len(v.gain)/features
	strength := make([]float32, features)
	for f := range strength {
		for o, w := range v.weights[f*outputs : (f+1)*outputs] {
			strength[f] = max(strength[f], float32(math.Abs(float64(w)))*v.scale[o]*v.idf[f])
		}
	}
	order := make([]int, features)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case strength[a] > strength[b]:
			return -1
		case strength[a] < strength[b]:
			return 1
		}
		return 0
	})
	kept := order[:limit]
	slices.Sort(kept)
	small := viewModel{scale: v.scale}
	hashes := make([]uint32, 0, limit)
	for _, f := range kept {
		hashes = append(hashes, v.vocabulary.hashes[f])
		small.idf = append(small.idf, v.idf[f])
		small.gain = append(small.gain, v.gain[f*tasks:(f+1)*tasks]...)
		small.weights = append(small.weights, v.weights[f*outputs:(f+1)*outputs]...)
	}
	small.vocabulary = newVocabulary(hashes)
	*v = small
}
