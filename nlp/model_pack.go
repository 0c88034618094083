package nlp

import (
	"cmp"
	"math"
	"slices"
)

// pack lays out the weights of all tasks feature by feature, in one byte each.
// Eight bits suffice: on telecom, full and packed weights choose the same type
// for 997 texts in 1 000, with the same accuracy.
func (v *viewModel) pack(tasks []fittedTask, view int, idf []float32) {
	features := len(idf)
	outputs := 0
	for _, t := range tasks {
		outputs += len(t.task.Labels)
	}
	stride := 1 + len(tasks) + outputs
	v.rows = make([]int8, features*stride)
	v.scale = make([]float32, outputs)
	for f := range features {
		v.rows[f*stride] = int8(uint8(min(math.Round(float64(idf[f])*idfSteps), math.MaxUint8)))
	}
	o := 0
	for i, t := range tasks {
		for f, g := range t.gain[view] {
			v.rows[f*stride+1+i] = int8(math.Round(float64(g-1) * gainSteps))
		}
		for _, w := range t.weights[view] {
			v.scale[o] = v.quantize(stride, 1+len(tasks)+o, w, t.gain[view])
			o++
		}
	}
}

// quantize writes one column of the rows and returns the worth of one step.
func (v *viewModel) quantize(stride, column int, w, gain []float32) float32 {
	var top float32
	for f, x := range w {
		top = max(top, float32(math.Abs(float64(x*gain[f]))))
	}
	if top == 0 {
		return 0
	}
	step := top / math.MaxInt8
	for f, x := range w {
		v.rows[f*stride+column] = int8(math.Round(float64(x * gain[f] / step)))
	}
	return step
}

// prune keeps the limit features whose largest weight counts most; 0 keeps all.
func (v *viewModel) prune(limit, tasks int) {
	features := v.features()
	if limit == 0 || features <= limit {
		return
	}
	strength := make([]float32, features)
	order := make([]int, features)
	for f := range strength {
		order[f] = f
		idf, _, weights := v.row(f, tasks)
		for o, w := range weights {
			strength[f] = max(strength[f], float32(math.Abs(float64(w)))*v.scale[o]*idf)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(strength[b], strength[a]) })
	kept := order[:limit]
	slices.Sort(kept)
	stride := 1 + tasks + len(v.scale)
	small := viewModel{scale: v.scale}
	hashes := make([]uint32, 0, limit)
	for _, f := range kept {
		hashes = append(hashes, v.vocabulary.hashes[f])
		small.rows = append(small.rows, v.rows[f*stride:][:stride]...)
	}
	small.vocabulary = newVocabulary(hashes)
	*v = small
}
