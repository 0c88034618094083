package learn

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// folds is how often the candidate is trained without a part of its labels to
// be judged on that part.
const folds = 5

// curveSizes are the labels per type of the learning curve's points.
var curveSizes = []int{10, 25, 50, 100, 150}

// minCurveTests is how many test cases a learning curve needs.
const minCurveTests = 20

// trial compares a candidate with the model in use.
type trial struct {
	base    *pack.Analyzer
	current *pack.Analyzer
	placed  *placed
	// looks is how often the model in use has been tested against before.
	looks int
}

// run trains the candidate and judges it, and the model in use, on every case
// that neither has seen: the candidate on cases for testing, and, trained
// without their fold, on those for training that the model in use did not
// learn from. content is the candidate's file.
func (t *trial) run(ctx context.Context, current Model, minTests int) (m Model, content []byte, err error) {
	train := t.placed.in(PartTrain)
	learned, err := t.train(ctx, train)
	if err != nil {
		return Model{}, nil, err
	}
	learned.Card.Name = t.base.PackCode()
	if content, err = fileOf(learned); err != nil {
		return Model{}, nil, err
	}
	m.Card = learned.Card
	m.Trial.Trained, m.Trial.Current = len(train), current.ID
	candidate, err := t.base.WithModel(content)
	if err != nil {
		return Model{}, nil, fmt.Errorf("learn: the candidate: %w", err)
	}
	if m.Curve, err = t.curve(ctx, candidate, train); err != nil {
		return Model{}, nil, err
	}
	unseen := t.placed.unseen(current.Through)
	right := map[int]bool{}
	if err := t.judgeFolds(ctx, unseen, train, right); err != nil {
		return Model{}, nil, err
	}
	for _, i := range unseen {
		if t.placed.samples[i].Part == PartTest {
			right[i] = t.right(candidate, i)
		}
	}
	t.compare(&m.Trial, unseen, right, minTests)
	return m, content, nil
}

// train learns from samples.
func (t *trial) train(ctx context.Context, numbers []int) (*nlp.Model, error) {
	examples := make([]nlp.Example, len(numbers))
	for k, i := range numbers {
		s := &t.placed.samples[i]
		examples[k] = nlp.Example{Text: s.Text, Labels: map[nlp.Task]string{nlp.TaskType: s.Type}}
	}
	return t.base.Train(ctx, examples)
}

// trained is the analyser with a model of these samples.
func (t *trial) trained(ctx context.Context, numbers []int) (*pack.Analyzer, error) {
	m, err := t.train(ctx, numbers)
	if err != nil {
		return nil, err
	}
	content, err := fileOf(m)
	if err != nil {
		return nil, err
	}
	return t.base.WithModel(content)
}

func (t *trial) right(a *pack.Analyzer, i int) bool {
	s := &t.placed.samples[i]
	return a.Assess(&triage.Complaint{Text: s.Text}).Type == s.Type
}

// judgeFolds writes for every unseen sample for training whether a candidate
// that was trained without its group judges it right. A fold that cannot be
// trained on, with one type left, judges nothing.
func (t *trial) judgeFolds(ctx context.Context, unseen, train []int, right map[int]bool) error {
	fold := func(i int) uint64 {
		return mix(stable(t.placed.samples[t.placed.group[i]].Case)+1) % folds
	}
	for f := range uint64(folds) {
		out := slices.DeleteFunc(slices.Clone(unseen), func(i int) bool {
			return t.placed.samples[i].Part != PartTrain || fold(i) != f
		})
		if len(out) == 0 {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(train), func(i int) bool { return fold(i) == f })
		if t.types(rest) < 2 {
			continue
		}
		a, err := t.trained(ctx, rest)
		if err != nil {
			return err
		}
		for _, i := range out {
			right[i] = t.right(a, i)
		}
	}
	return nil
}

func (t *trial) types(numbers []int) int {
	types := map[string]bool{}
	for _, i := range numbers {
		types[t.placed.samples[i].Type] = true
	}
	return len(types)
}

// compare fills the counts and decides. Cases that the candidate was not judged
// on count for neither.
func (t *trial) compare(r *Trial, unseen []int, right map[int]bool, minTests int) {
	var old, candidate, count int
	for _, i := range unseen {
		now, judged := right[i]
		if !judged {
			continue
		}
		count++
		before := t.right(t.current, i)
		switch {
		case now && before:
			old, candidate = old+1, candidate+1
		case now:
			r.Won, candidate = r.Won+1, candidate+1
		case before:
			r.Lost, old = r.Lost+1, old+1
		}
	}
	r.Old, r.New = evidence.ShareOf(old, count), evidence.ShareOf(candidate, count)
	r.P = evidence.ByChance(r.Won, r.Lost)
	if count < minTests {
		r.Decision = DecisionTooFew
		return
	}
	// The same cases are tested on again and again, with candidates much alike:
	// each test may only use up a part of the chance.
	r.Look = t.looks + 1
	r.Level, r.Decision = evidence.Spend(significance, r.Look), DecisionChance
	if r.P < r.Level {
		r.Decision = DecisionBetter
	}
}

// curve judges models of growing parts of the labels on the test cases, from
// none to all; nil while there are too few test cases.
func (t *trial) curve(ctx context.Context, candidate *pack.Analyzer, train []int) ([]Point, error) {
	tests := t.placed.in(PartTest)
	if len(tests) < minCurveTests {
		return nil, nil
	}
	point := func(a *pack.Analyzer, perType, trained int) Point {
		right := 0
		for _, i := range tests {
			if t.right(a, i) {
				right++
			}
		}
		return Point{PerType: perType, Trained: trained, Accuracy: evidence.ShareOf(right, len(tests))}
	}
	points := []Point{point(t.base, 0, 0)}
	order := slices.Clone(train)
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(stable(t.placed.samples[a].Case), stable(t.placed.samples[b].Case))
	})
	most := 0
	for _, n := range t.support(train) {
		most = max(most, n)
	}
	for _, size := range curveSizes {
		if size >= most {
			break
		}
		part := t.atMost(order, size)
		a, err := t.trained(ctx, part)
		if err != nil {
			return nil, err
		}
		points = append(points, point(a, size, len(part)))
	}
	return append(points, point(candidate, most, len(train))), nil
}

func (t *trial) support(numbers []int) map[string]int {
	n := map[string]int{}
	for _, i := range numbers {
		n[t.placed.samples[i].Type]++
	}
	return n
}

// atMost returns the first size samples of each type.
func (t *trial) atMost(numbers []int, size int) []int {
	had := map[string]int{}
	var list []int
	for _, i := range numbers {
		if typ := t.placed.samples[i].Type; had[typ] < size {
			had[typ]++
			list = append(list, i)
		}
	}
	return list
}
