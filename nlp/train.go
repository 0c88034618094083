package nlp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/qianyi-dev/qianyi/nlp/linear"
)

// Example is one labelled text. A task that is missing or "" is not learned
// from it.
type Example struct {
	Text   string
	Labels map[Task]string
}

// TrainOptions steer Train; the zero value of a field means its default.
type TrainOptions struct {
	// Tasks are learned in this order; each needs two labels at least.
	Tasks []Task
	// Background is what the model may build on; nil for nothing.
	Background *Background
	// C is the SVM's cost by view; default 1.
	C [viewCount]float64
	// Balance is the power of class balancing, 0..1; default 0.5.
	Balance float64
	// Folds of the cross-validation that sets temperatures; default 5.
	Folds int
	// MinCount drops features that occur in fewer texts; default 2.
	MinCount [sparseViews]int
	// MaxFeatures keeps the features with the largest weights; 0 keeps all.
	MaxFeatures [sparseViews]int
	// Progress is told about work done out of total; may be nil.
	Progress func(done, total int)
}

// igmLambda is the strength of the supervised term weight 1 + lambda*IGM.
const igmLambda = 1

func (o TrainOptions) withDefaults() TrainOptions {
	if o.C == [viewCount]float64{} {
		o.C = [viewCount]float64{1, 1, 1}
	}
	if o.Folds == 0 {
		o.Folds = 5
	}
	if o.MinCount == [sparseViews]int{} {
		o.MinCount = [sparseViews]int{2, 2}
	}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	return o
}

// Train learns a model: per task and view a class-balanced linear SVM on
// tf·idf·(1+IGM) vectors (Chen et al., "Turning from TF-IDF to TF-IGM",
// Expert Systems with Applications 66, 2016), with temperatures from
// out-of-fold scores. Near-copies stay in one fold, so that the figures in the
// model's card are not flattered by them. The same input gives the same model.
func Train(ctx context.Context, examples []Example, tokenizer Tokenizer, o TrainOptions) (*Model, error) {
	o = o.withDefaults()
	if len(examples) == 0 {
		return nil, errors.New("train: no examples")
	}
	t := &trainer{ctx: ctx, options: o, views: sparseViews}
	if o.Background != nil {
		t.views = viewCount
	}
	t.total = len(o.Tasks)*(o.Folds+1)*t.views + 1
	t.read(examples, tokenizer)
	t.folds = foldNumbers(t.grams, o.Folds)
	t.advance()
	m := &Model{Card: Card{Tokenizer: tokenizer.Fingerprint(), Examples: len(examples)}, background: o.Background}
	if o.Background != nil {
		m.Card.Background = o.Background.fingerprint
	}
	for v := range sparseViews {
		m.views[v].vocabulary = t.vocabularies[v]
	}
	fitted := make([]fittedTask, len(o.Tasks))
	for i, name := range o.Tasks {
		f, err := t.fit(name, examples)
		if err != nil {
			return nil, err
		}
		fitted[i] = f
		m.tasks = append(m.tasks, f.task)
		m.Card.Figures = append(m.Card.Figures, f.figures)
	}
	if o.Background != nil {
		for _, f := range fitted {
			m.dense = append(m.dense, f.weights[viewBackground]...)
		}
	}
	for v := range sparseViews {
		m.views[v].pack(fitted, v, t.idf[v])
		m.views[v].prune(o.MaxFeatures[v], len(o.Tasks))
	}
	return m, nil
}

// trainer holds the training texts as feature counts.
type trainer struct {
	ctx          context.Context
	options      TrainOptions
	vocabularies [sparseViews]*vocabulary
	idf          [sparseViews][]float32
	views        int                        // how many are in use
	counts       [viewCount][]linear.Vector // by example
	grams        [][]uint32                 // by example, for grouping near-copies
	folds        []int
	done, total  int
}

func (t *trainer) advance() {
	t.done++
	t.options.Progress(t.done, t.total)
}

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

// fittedTask is what fit learned for one task.
type fittedTask struct {
	task    task
	figures Figures
	gain    [viewCount][]float32
	weights [viewCount][][]float32 // by label and feature, gain not included
}

// fit learns one task from the examples that carry its label.
func (t *trainer) fit(name Task, examples []Example) (fittedTask, error) {
	f := fittedTask{task: task{Name: name}}
	var rows []int
	number := map[string]int{}
	for i, e := range examples {
		if l := e.Labels[name]; l != "" {
			rows = append(rows, i)
			number[l] = 0
		}
	}
	if len(number) < 2 {
		return f, fmt.Errorf("train: task %q needs two different labels at least, found %d", name, len(number))
	}
	for l := range number {
		f.task.Labels = append(f.task.Labels, l)
	}
	slices.Sort(f.task.Labels)
	for i, l := range f.task.Labels {
		number[l] = i
	}
	f.task.Support = make([]int, len(f.task.Labels))
	y := make([]int, len(rows))
	for k, i := range rows {
		y[k] = number[examples[i].Labels[name]]
		f.task.Support[y[k]]++
	}
	scores, err := t.outOfFold(rows, y, len(number))
	if err != nil {
		return f, err
	}
	f.calibrate(scores, y)
	for v := range t.views {
		if err := t.ctx.Err(); err != nil {
			return f, err
		}
		f.gain[v] = t.gain(v, rows, y, len(number))
		f.weights[v] = linear.Train(t.problem(v, rows, y, len(number), f.gain[v]), t.svm(v))
		t.advance()
	}
	return f, nil
}

func (t *trainer) svm(view int) linear.Options {
	o := linear.DefaultOptions()
	o.C, o.Balance = t.options.C[view], t.options.Balance
	return o
}

// outOfFold scores every row by a model that has not seen its fold.
func (t *trainer) outOfFold(rows, y []int, classes int) ([viewCount][][]float64, error) {
	var scores [viewCount][][]float64
	for v := range t.views {
		scores[v] = make([][]float64, len(rows))
		for fold := range t.options.Folds {
			if err := t.ctx.Err(); err != nil {
				return scores, err
			}
			var inRows, inY, out []int
			for k, i := range rows {
				if t.folds[i] == fold {
					out = append(out, k)
				} else {
					inRows, inY = append(inRows, i), append(inY, y[k])
				}
			}
			gain := t.gain(v, inRows, inY, classes)
			weights := linear.Train(t.problem(v, inRows, inY, classes, gain), t.svm(v))
			for _, k := range out {
				x := t.vector(v, rows[k], gain)
				scores[v][k] = make([]float64, classes)
				for c, w := range weights {
					scores[v][k][c] = x.Dot(w)
				}
			}
			t.advance()
		}
	}
	return scores, nil
}

func (t *trainer) problem(view int, rows, y []int, classes int, gain []float32) linear.Problem {
	p := linear.Problem{Y: y, Classes: classes, Features: t.features(view), X: make([]linear.Vector, len(rows))}
	for k, i := range rows {
		p.X[k] = t.vector(view, i, gain)
	}
	return p
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
		slices.SortFunc(share, func(a, b float64) int {
			if a > b {
				return -1
			}
			if a < b {
				return 1
			}
			return 0
		})
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

// calibrate sets the temperatures from out-of-fold scores and states the
// figures that these scores give.
func (f *fittedTask) calibrate(scores [viewCount][][]float64, y []int) {
	for v := range scores {
		f.task.Temperature[v] = 1
		if scores[v] != nil {
			f.task.Temperature[v] = linear.FitTemperature(scores[v], y)
		}
	}
	joint := make([][]float64, len(y))
	for k := range joint {
		joint[k] = make([]float64, len(f.task.Labels))
		for v := range scores {
			if scores[v] != nil {
				addLogSoftmax(joint[k], scores[v][k], f.task.Temperature[v])
			}
		}
	}
	f.task.Final = linear.FitTemperature(joint, y)
	predictions := make([]linear.Prediction, len(y))
	for k, p := range joint {
		linear.Softmax(p, f.task.Final)
		best := Distribution{P: p}.Best()
		predictions[k] = linear.Prediction{True: y[k], Predicted: best, Confidence: p[best]}
	}
	r := linear.Judge(predictions, len(f.task.Labels))
	f.figures = Figures{Task: f.task.Name, Examples: len(y), Accuracy: r.Accuracy, MacroF1: r.MacroF1, ECE: r.ECE}
}

// parallel calls do for 0..n-1 on all cores and waits.
func parallel(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
}
