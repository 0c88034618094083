package linear

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
)

// Problem is a training set: one vector and one class number per example.
type Problem struct {
	X []Vector
	// Y holds class numbers 0..Classes-1.
	Y       []int
	Classes int
	// Features is one more than the highest index in X.
	Features int
}

// Options steer Train. The zero value is not useful; start from DefaultOptions.
type Options struct {
	// C is the cost of an error before class balancing.
	C float64
	// Balance is the power to which N/(Classes*N_k) enters the cost of an
	// example of class k: 0 none, 1 full balancing.
	Balance float64
	// Epochs bounds the passes over the data.
	Epochs int
	// Tolerance ends training when the projected gradient varies less.
	Tolerance float64
	Seed      uint64
}

// DefaultOptions returns usual settings for short texts. Cost and balance are
// chosen by the caller; the tolerance stops well before accuracy changes.
func DefaultOptions() Options {
	return Options{C: 1, Balance: 1, Epochs: 60, Tolerance: 0.05, Seed: 1}
}

// Train fits one L2-regularised squared-hinge SVM per class against the rest
// by dual coordinate descent (Hsieh et al., "A Dual Coordinate Descent Method
// for Large-scale Linear SVM", ICML 2008) and returns the weights as
// [class][feature]. Classes are fitted in parallel; the result depends on the
// seed only. Time is O(epochs * non-zeros * classes).
func Train(p Problem, o Options) [][]float32 {
	counts := make([]int, p.Classes)
	for _, y := range p.Y {
		counts[y]++
	}
	cost := make([]float64, len(p.X))
	for i, y := range p.Y {
		cost[i] = o.C * math.Pow(float64(len(p.X))/float64(p.Classes*counts[y]), o.Balance)
	}
	norms := make([]float64, len(p.X))
	for i, x := range p.X {
		for _, v := range x.Value {
			norms[i] += float64(v) * float64(v)
		}
	}
	weights := make([][]float32, p.Classes)
	limit := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for class := range p.Classes {
		limit <- struct{}{}
		wg.Go(func() {
			defer func() { <-limit }()
			weights[class] = trainOne(p, class, cost, norms, o)
		})
	}
	wg.Wait()
	return weights
}

// trainOne solves the dual of class against the rest.
func trainOne(p Problem, class int, cost, norms []float64, o Options) []float32 {
	rng := rand.New(rand.NewPCG(o.Seed, uint64(class)))
	w := make([]float32, p.Features)
	alpha := make([]float64, len(p.X))
	active := make([]int, 0, len(p.X))
	for i := range p.X {
		if norms[i] > 0 && cost[i] > 0 {
			active = append(active, i)
		}
	}
	for range o.Epochs {
		rng.Shuffle(len(active), func(i, j int) { active[i], active[j] = active[j], active[i] })
		low, high := math.Inf(1), math.Inf(-1)
		for _, i := range active {
			y := -1.0
			if p.Y[i] == class {
				y = 1
			}
			diag := 0.5 / cost[i]
			gradient := y*p.X[i].Dot(w) - 1 + diag*alpha[i]
			projected := gradient
			if alpha[i] == 0 {
				projected = min(gradient, 0)
			}
			low, high = min(low, projected), max(high, projected)
			if math.Abs(projected) < 1e-12 {
				continue
			}
			old := alpha[i]
			alpha[i] = max(0, old-gradient/(norms[i]+diag))
			p.X[i].addTo(w, (alpha[i]-old)*y)
		}
		if high-low < o.Tolerance {
			break
		}
	}
	return w
}
