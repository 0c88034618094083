package nlp

import (
	"context"
	"fmt"
	"slices"

	"github.com/qianyi-dev/qianyi/nlp/linear"
)

// fittedTask is what fit learned for one task.
type fittedTask struct {
	task    task
	figures Figures
	gain    [viewCount][]float32
	weights [viewCount][][]float32 // by label and feature, gain not included
}

// fit learns one task from the examples that carry its label.
func (t *trainer) fit(ctx context.Context, name Task, examples []Example) (fittedTask, error) {
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
	scores, err := t.outOfFold(ctx, rows, y, len(number))
	if err != nil {
		return f, err
	}
	f.calibrate(scores, y)
	for v := range t.views {
		if err := ctx.Err(); err != nil {
			return f, fmt.Errorf("train: %w", err)
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
func (t *trainer) outOfFold(ctx context.Context, rows, y []int, classes int) ([viewCount][][]float64, error) {
	var scores [viewCount][][]float64
	for v := range t.views {
		scores[v] = make([][]float64, len(rows))
		for fold := range t.options.Folds {
			if err := ctx.Err(); err != nil {
				return scores, fmt.Errorf("train: %w", err)
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
		hedge(p)
		best := Distribution{P: p}.Best()
		predictions[k] = linear.Prediction{True: y[k], Predicted: best, Confidence: p[best]}
	}
	r := linear.Judge(predictions, len(f.task.Labels))
	f.figures = Figures{Task: f.task.Name, Examples: len(y), Accuracy: r.Accuracy, MacroF1: r.MacroF1, ECE: r.ECE}
}
