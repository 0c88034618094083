package nlp

import (
	"context"
	"errors"
	"runtime"
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
	// Balance is the power of class balancing, 0 none to 1 full.
	Balance float64
	// Folds of the cross-validation that sets temperatures, 2 at least;
	// default 5.
	Folds int
	// MinCount drops features that occur in fewer texts; default 2.
	MinCount [sparseViews]int
	// MaxFeatures keeps the features with the largest weights; 0 keeps all.
	MaxFeatures [sparseViews]int
	// Progress is told about work done out of total; may be nil.
	Progress func(done, total int)
}

func (o TrainOptions) withDefaults() TrainOptions {
	if o.C == [viewCount]float64{} {
		o.C = [viewCount]float64{1, 1, 1}
	}
	if o.Folds < 2 {
		o.Folds = 5
	}
	if o.MinCount == [sparseViews]int{} {
		o.MinCount = [sparseViews]int{2, 2}
	}
	if o.Background != nil && o.Background.dimensions == 0 {
		o.Background = nil
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
// model's card are not flattered by them. The same input gives the same model,
// byte for byte on one architecture. An end of ctx is noticed between fits.
func Train(ctx context.Context, examples []Example, tokenizer Tokenizer, o TrainOptions) (*Model, error) {
	o = o.withDefaults()
	if len(examples) == 0 {
		return nil, errors.New("train: no examples")
	}
	if len(o.Tasks) == 0 {
		return nil, errors.New("train: no tasks to learn")
	}
	t := &trainer{options: o, views: sparseViews}
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
		f, err := t.fit(ctx, name, examples)
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
