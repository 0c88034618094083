package nlp

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/qianyi-dev/qianyi/nlp/linear"
)

// Task names one question a model answers.
type Task string

// The tasks of the shipped model; a model trained by the user has one.
const (
	TaskType      Task = "type"
	TaskSubtype   Task = "subtype"
	TaskIntensity Task = "intensity"
	TaskDemand    Task = "demand"
	TaskSentiment Task = "sentiment"
)

// Model is a trained classifier: for each task two linear views over shared
// vocabularies, their probabilities multiplied. It holds weights and figures,
// no text. A Model is immutable and safe for concurrent use.
type Model struct {
	Card  Card
	tasks []task
	views [viewCount]viewModel
	pool  sync.Pool
}

// task is the part of the header that belongs to one task.
type task struct {
	Name   Task     `json:"name"`
	Labels []string `json:"labels"`
	// Temperature scales the scores of each view, Final the product of both.
	Temperature [viewCount]float64 `json:"temperature"`
	Final       float64            `json:"final"`
	// Prior is added to the log probability of each label; it undoes class
	// balancing and sampling. Empty means none.
	Prior []float64 `json:"prior,omitempty"`
	// Support counts the training examples of each label.
	Support []int `json:"support"`
}

// viewModel is one view over all tasks. Outputs are numbered through all
// tasks' labels in order; row f of weights holds every output of feature f.
type viewModel struct {
	vocabulary *vocabulary
	idf        []float32 // per feature
	gain       []float32 // per feature and task: the supervised weight (IGM)
	weights    []int8    // per feature and output, gain included
	scale      []float32 // per output: what one step of weights is worth
}

// Distribution is the answer to one task: labels with calibrated
// probabilities, in the order of the model's labels.
type Distribution struct {
	Labels []string
	P      []float64
}

// Best returns the index of the most likely label, -1 for an empty answer.
func (d Distribution) Best() int {
	best := -1
	for i, p := range d.P {
		if best < 0 || p > d.P[best] {
			best = i
		}
	}
	return best
}

// Tasks returns the names of the model's tasks.
func (m *Model) Tasks() []Task {
	names := make([]Task, len(m.tasks))
	for i, t := range m.tasks {
		names[i] = t.Name
	}
	return names
}

// Labels returns the labels of a task and whether the model has it.
func (m *Model) Labels(name Task) ([]string, bool) {
	for _, t := range m.tasks {
		if t.Name == name {
			return t.Labels, true
		}
	}
	return nil, false
}

// Support returns how many training examples each label of a task had.
func (m *Model) Support(name Task) map[string]int {
	support := map[string]int{}
	for _, t := range m.tasks {
		if t.Name == name {
			for i, l := range t.Labels {
				support[l] = t.Support[i]
			}
		}
	}
	return support
}

// reading is a text turned into features of both views, shared by all models
// that judge it.
type reading struct {
	tokens []Token
	views  [viewCount][]occurrence
}

// fill reads normalised text. Time is linear in its length.
func (r *reading) fill(text string, tokenizer Tokenizer) {
	r.tokens = tokenizer.SearchTokens(r.tokens[:0], text)
	r.views[viewWord] = wordFeatures(r.views[viewWord][:0], text, r.tokens)
	r.views[viewChar] = charFeatures(r.views[viewChar][:0], text)
}

// scratch is the working memory of one judgement.
type scratch struct {
	counts  []uint16 // by feature number, zero between uses
	touched []int32
	scores  []float64 // by output
	norms   []float64 // by task
}

// Judge answers every task of the model for one reading.
func (m *Model) Judge(r *reading) []Distribution {
	s, _ := m.pool.Get().(*scratch)
	if s == nil {
		s = &scratch{norms: make([]float64, len(m.tasks)), scores: make([]float64, m.outputs())}
	}
	defer m.pool.Put(s)
	answers := make([]Distribution, len(m.tasks))
	for i, t := range m.tasks {
		answers[i] = Distribution{Labels: t.Labels, P: make([]float64, len(t.Labels))}
	}
	for v := range m.views {
		m.views[v].score(r.views[v], s, m.tasks)
		at := 0
		for i, t := range m.tasks {
			addLogSoftmax(answers[i].P, s.scores[at:at+len(t.Labels)], t.Temperature[v])
			at += len(t.Labels)
		}
	}
	for i, t := range m.tasks {
		for k, prior := range t.Prior {
			answers[i].P[k] += prior
		}
		linear.Softmax(answers[i].P, t.Final)
	}
	return answers
}

func (m *Model) outputs() int {
	n := 0
	for _, t := range m.tasks {
		n += len(t.Labels)
	}
	return n
}

// score fills s.scores with the view's raw scores for the occurrences.
func (v *viewModel) score(found []occurrence, s *scratch, tasks []task) {
	if len(s.counts) < len(v.idf) {
		s.counts = make([]uint16, len(v.idf))
	}
	s.touched = s.touched[:0]
	for _, o := range found {
		if f := v.vocabulary.find(o.hash); f >= 0 {
			if s.counts[f] == 0 {
				s.touched = append(s.touched, f)
			}
			if s.counts[f] < math.MaxUint16 {
				s.counts[f]++
			}
		}
	}
	clear(s.scores)
	clear(s.norms)
	outputs := len(s.scores)
	for _, f := range s.touched {
		x := termWeight(s.counts[f]) * v.idf[f]
		s.counts[f] = 0
		for t, g := range v.gain[int(f)*len(tasks) : (int(f)+1)*len(tasks)] {
			s.norms[t] += float64(x * x * g * g)
		}
		row := v.weights[int(f)*outputs : (int(f)+1)*outputs]
		for o, w := range row {
			s.scores[o] += float64(x * float32(w))
		}
	}
	o := 0
	for t := range tasks {
		norm := 0.0
		if s.norms[t] > 0 {
			norm = 1 / math.Sqrt(s.norms[t])
		}
		for range tasks[t].Labels {
			s.scores[o] *= float64(v.scale[o]) * norm
			o++
		}
	}
}

// termWeight is the sub-linear term frequency 1 + ln(n).
func termWeight(n uint16) float32 {
	if n == 1 {
		return 1
	}
	return 1 + float32(math.Log(float64(n)))
}

// addLogSoftmax adds half of log softmax(scores/t) to dst: two views together
// make the geometric mean of their probabilities.
func addLogSoftmax(dst, scores []float64, t float64) {
	top := math.Inf(-1)
	for _, s := range scores {
		top = max(top, s)
	}
	var sum float64
	for _, s := range scores {
		sum += math.Exp((s - top) / t)
	}
	log := math.Log(sum)
	for i, s := range scores {
		dst[i] += ((s-top)/t - log) / viewCount
	}
}

// evidence returns the words of the reading with their part in the score of
// one label of a task: tf·idf·weight of the word view.
func (m *Model) evidence(name Task, label string, r *reading) []mark {
	output, outputs := -1, 0
	for _, t := range m.tasks {
		if k := slices.Index(t.Labels, label); k >= 0 && t.Name == name {
			output = outputs + k
		}
		outputs += len(t.Labels)
	}
	if output < 0 {
		return nil
	}
	v := &m.views[viewWord]
	part := map[[2]int32]float64{}
	for _, o := range r.views[viewWord] {
		if f := v.vocabulary.find(o.hash); f >= 0 {
			w := v.idf[f] * v.scale[output] * float32(v.weights[int(f)*outputs+output])
			part[[2]int32{o.start, o.end}] += float64(w)
		}
	}
	marks := make([]mark, 0, len(part))
	for span, w := range part {
		marks = append(marks, mark{label: label, start: int(span[0]), end: int(span[1]), weight: w})
	}
	slices.SortFunc(marks, func(a, b mark) int { return a.start - b.start })
	return marks
}

// Relabel returns a model that names the labels of a task otherwise. Weights
// are shared with m. Two labels may not become one.
func (m *Model) Relabel(name Task, to map[string]string) (*Model, error) {
	renamed := &Model{Card: m.Card, views: m.views, tasks: slices.Clone(m.tasks)}
	for i, t := range renamed.tasks {
		if t.Name != name {
			continue
		}
		labels := make([]string, len(t.Labels))
		for k, l := range t.Labels {
			labels[k] = to[l]
			if slices.Contains(labels[:k], to[l]) {
				return nil, fmt.Errorf("two labels mean %q", to[l])
			}
		}
		renamed.tasks[i].Labels = labels
	}
	return renamed, nil
}
