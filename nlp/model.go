package nlp

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
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

// Relabel returns a model that names the labels of a task otherwise. Weights
// are shared with m. It is an error when the model does not know the task, when
// a label gets no name, and when two labels become one.
func (m *Model) Relabel(name Task, to map[string]string) (*Model, error) {
	at := slices.IndexFunc(m.tasks, func(t task) bool { return t.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("relabel: the model has no task %q", name)
	}
	labels := make([]string, len(m.tasks[at].Labels))
	for i, old := range m.tasks[at].Labels {
		labels[i] = to[old]
		if labels[i] == "" {
			return nil, fmt.Errorf("relabel: label %q gets no name", old)
		}
		if k := slices.Index(labels[:i], labels[i]); k >= 0 {
			return nil, fmt.Errorf("relabel: %q and %q both mean %q", m.tasks[at].Labels[k], old, labels[i])
		}
	}
	renamed := &Model{
		Card: m.Card, tasks: slices.Clone(m.tasks), views: m.views, dense: m.dense, background: m.background,
	}
	renamed.tasks[at].Labels = labels
	return renamed, nil
}
