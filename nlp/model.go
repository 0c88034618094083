package nlp

import (
	"crypto/sha256"
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

// Model is a trained classifier: for each task three linear views (words,
// characters, background), their probabilities multiplied. It holds weights
// and figures, no text. A Model is immutable once it is attached to its
// background, and safe for concurrent use.
type Model struct {
	Card  Card
	tasks []task
	views [sparseViews]viewModel
	// dense holds the weights of the background view, [output][dimension];
	// empty for a model without background.
	dense      [][]float32
	background *Background
	sum        [sha256.Size]byte // of the file it was read from
	pool       sync.Pool
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
// tasks' labels in order. A feature is one row of bytes, so that a look-up
// touches one or two cache lines: its idf, its gain for each task, its weight
// for each output.
type viewModel struct {
	vocabulary *vocabulary
	rows       []int8
	scale      []float32 // per output: what one step of weight is worth
}

// Steps of the bytes in a row.
const (
	idfSteps  = 16.0 // per unit of idf, unsigned: up to 15.9
	gainSteps = 64.0 // per unit of supervised weight: up to 1.98
)

func (v *viewModel) features() int { return len(v.vocabulary.hashes) }

// row returns idf, gains and weights of a feature.
func (v *viewModel) row(feature, tasks int) (idf float32, gains, weights []int8) {
	stride := 1 + tasks + len(v.scale)
	r := v.rows[feature*stride:][:stride]
	return float32(uint8(r[0])) / idfSteps, r[1 : 1+tasks], r[1+tasks:]
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

// reading is a text turned into features, shared by all models that judge it.
type reading struct {
	text   string // normalised
	tokens []Token
	views  [sparseViews][]occurrence
	cues   cues
	// judged keeps the answers of models, which other models may build on.
	judged []judged
}

type judged struct {
	model   *Model
	answers []Distribution
}

// fill reads normalised text. Time is linear in its length.
func (r *reading) fill(text string, tokenizer Tokenizer) {
	r.text, r.judged = text, r.judged[:0]
	r.tokens = tokenizer.SearchTokens(r.tokens[:0], text)
	r.views[viewWord] = wordFeatures(r.views[viewWord][:0], text, r.tokens)
	r.cues = findCues(text)
	r.views[viewChar] = charFeatures(r.views[viewChar][:0], text)
}

// scratch is the working memory of one judgement.
type scratch struct {
	counts  []uint16 // by feature number, zero between uses
	touched []int32
	sums    []int32   // by output, raw
	scores  []float64 // by output
	norms   []float32 // by task
}

// judge answers every task of the model for one reading.
func (m *Model) judge(r *reading) []Distribution {
	for _, j := range r.judged {
		if j.model == m {
			return j.answers
		}
	}
	s, _ := m.pool.Get().(*scratch)
	if s == nil {
		n := m.outputs()
		s = &scratch{norms: make([]float32, len(m.tasks)), sums: make([]int32, n), scores: make([]float64, n)}
	}
	defer m.pool.Put(s)
	answers := make([]Distribution, len(m.tasks))
	for i, t := range m.tasks {
		answers[i] = Distribution{Labels: t.Labels, P: make([]float64, len(t.Labels))}
	}
	for v := range m.views {
		m.views[v].score(r.views[v], s, m.tasks)
		m.add(answers, s.scores, v)
	}
	if m.background != nil {
		x := m.background.describe(r)
		for o, w := range m.dense {
			s.scores[o] = dot(x, w)
		}
		m.add(answers, s.scores, viewBackground)
	}
	for i, t := range m.tasks {
		for k, prior := range t.Prior {
			answers[i].P[k] += prior
		}
		linear.Softmax(answers[i].P, t.Final)
	}
	r.judged = append(r.judged, judged{m, answers})
	return answers
}

// add adds one view's opinion to the answers.
func (m *Model) add(answers []Distribution, scores []float64, view int) {
	at := 0
	for i, t := range m.tasks {
		addLogSoftmax(answers[i].P, scores[at:at+len(t.Labels)], t.Temperature[view])
		at += len(t.Labels)
	}
}

func dot(x, w []float32) float64 {
	var sum float32
	for i, v := range x {
		sum += v * w[i]
	}
	return float64(sum)
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
	if len(s.counts) < v.features() {
		s.counts = make([]uint16, v.features())
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
	clear(s.sums)
	clear(s.norms)
	for _, f := range s.touched {
		idf, gains, weights := v.row(int(f), len(tasks))
		x := termWeight(s.counts[f]) * idf
		s.counts[f] = 0
		for t, g := range gains {
			y := x * (1 + float32(g)/gainSteps)
			s.norms[t] += y * y
		}
		addScaled(s.sums, weights, int32(x*fixedPoint))
	}
	o := 0
	for t := range tasks {
		norm := 0.0
		if s.norms[t] > 0 {
			norm = 1 / math.Sqrt(float64(s.norms[t]))
		}
		for range tasks[t].Labels {
			s.scores[o] = float64(s.sums[o]) / fixedPoint * float64(v.scale[o]) * norm
			o++
		}
	}
}

// fixedPoint is what 1 stands for in the integer sums: fine enough to change
// no judgement, coarse enough that a million features cannot overflow them.
const fixedPoint = 16

// addScaled adds x times each weight; four at a time, for this loop is half of
// the work of understanding a text.
func addScaled(sums []int32, weights []int8, x int32) {
	for len(sums) >= 4 && len(weights) >= 4 {
		sums[0] += x * int32(weights[0])
		sums[1] += x * int32(weights[1])
		sums[2] += x * int32(weights[2])
		sums[3] += x * int32(weights[3])
		sums, weights = sums[4:], weights[4:]
	}
	for o := range sums {
		sums[o] += x * int32(weights[o])
	}
}

// termWeight is the sub-linear term frequency 1 + ln(n).
func termWeight(n uint16) float32 {
	if n == 1 {
		return 1
	}
	return 1 + float32(math.Log(float64(n)))
}

// addLogSoftmax adds a view's share of log softmax(scores/t) to dst: all views
// together make the geometric mean of their probabilities.
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
	marks := make([]mark, 0, len(r.tokens))
	for _, o := range r.views[viewWord] {
		f := v.vocabulary.find(o.hash)
		if f < 0 {
			continue
		}
		idf, _, weights := v.row(int(f), len(m.tasks))
		weight := float64(idf * v.scale[output] * float32(weights[output]))
		start, end := int(o.start), int(o.end)
		// The two features of one token follow each other.
		if n := len(marks); n > 0 && marks[n-1].start == start && marks[n-1].end == end {
			marks[n-1].weight += weight
			continue
		}
		marks = append(marks, mark{label: label, start: start, end: end, weight: weight})
	}
	return marks
}

// Relabel returns a model that names the labels of a task otherwise. Weights
// are shared with m. Two labels may not become one.
func (m *Model) Relabel(name Task, to map[string]string) (*Model, error) {
	renamed := &Model{
		Card: m.Card, tasks: slices.Clone(m.tasks), views: m.views, dense: m.dense, background: m.background,
	}
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
