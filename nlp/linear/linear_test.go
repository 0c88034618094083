package linear_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp/linear"
)

// clouds draws points of two features around (1,0) for class 0 and around
// (0,1) for class 1, with a constant third feature as bias.
func clouds(counts [2]int, spread float64, seed uint64) linear.Problem {
	rng := rand.New(rand.NewPCG(seed, seed))
	p := linear.Problem{Classes: 2, Features: 3}
	for class, n := range counts {
		for range n {
			x := []float32{float32(rng.NormFloat64() * spread), float32(rng.NormFloat64() * spread), 1}
			x[class]++
			p.X = append(p.X, linear.Vector{Index: []int32{0, 1, 2}, Value: x})
			p.Y = append(p.Y, class)
		}
	}
	return p
}

// recall is the share of a class's points that its weights win.
func recall(p linear.Problem, weights [][]float32, class int) float64 {
	right, all := 0, 0
	for i, x := range p.X {
		if p.Y[i] != class {
			continue
		}
		all++
		if x.Dot(weights[class]) > x.Dot(weights[1-class]) {
			right++
		}
	}
	return float64(right) / float64(all)
}

func TestTrainSeparatesWhatIsSeparable(t *testing.T) {
	t.Parallel()
	p := clouds([2]int{100, 100}, 0.1, 1)
	w := linear.Train(p, linear.DefaultOptions())
	for class := range 2 {
		if got := recall(p, w, class); got != 1 {
			t.Errorf("recall of class %d = %v, want 1", class, got)
		}
	}
}

func TestTrainDependsOnItsSeedOnly(t *testing.T) {
	t.Parallel()
	p := clouds([2]int{150, 150}, 0.8, 2)
	o := linear.DefaultOptions()
	first := linear.Train(p, o)
	if diff := cmp.Diff(first, linear.Train(p, o)); diff != "" {
		t.Errorf("two runs with one seed (-first +second):\n%s", diff)
	}
	o.Seed = 2
	other := linear.Train(p, o)
	if cmp.Equal(first, other) {
		t.Error("another seed changed nothing")
	}
	for class := range 2 {
		if a, b := recall(p, first, class), recall(p, other, class); math.Abs(a-b) > 0.03 {
			t.Errorf("recall of class %d = %v with one seed and %v with another", class, a, b)
		}
	}
}

func TestTrainBalancesRareClasses(t *testing.T) {
	t.Parallel()
	p := clouds([2]int{950, 50}, 0.6, 3)
	o := linear.DefaultOptions()
	o.Balance = 0
	plain := recall(p, linear.Train(p, o), 1)
	o.Balance = 1
	balanced := recall(p, linear.Train(p, o), 1)
	if plain > 0.7 || balanced < 0.8 {
		t.Errorf("recall of the rare class = %v, balanced %v; want balancing to help", plain, balanced)
	}
}

func TestTrainWithoutExamples(t *testing.T) {
	t.Parallel()
	empty := linear.Vector{}
	want := [][]float32{{0, 0}, {0, 0}}
	for name, p := range map[string]linear.Problem{
		"nothing":       {Classes: 2, Features: 2},
		"empty vectors": {Classes: 2, Features: 2, X: []linear.Vector{empty, empty}, Y: []int{0, 1}},
	} {
		if diff := cmp.Diff(want, linear.Train(p, linear.DefaultOptions())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := linear.Train(linear.Problem{}, linear.DefaultOptions()); len(got) != 0 {
		t.Errorf("weights of no classes = %v", got)
	}
}

func TestVector(t *testing.T) {
	t.Parallel()
	v := linear.CountVector([]int32{5, 1, 5, 3, 5})
	if diff := cmp.Diff(linear.Vector{Index: []int32{1, 3, 5}, Value: []float32{1, 1, 3}}, v); diff != "" {
		t.Errorf("CountVector (-want +got):\n%s", diff)
	}
	if got := v.Dot([]float32{9, 1, 9, 2, 9, 3}); got != 12 {
		t.Errorf("Dot = %v, want 12", got)
	}
	v.Normalize()
	if got := v.Dot([]float32{0, v.Value[0], 0, v.Value[1], 0, v.Value[2]}); math.Abs(got-1) > 1e-6 {
		t.Errorf("length after Normalize = %v, want 1", got)
	}
	zero := linear.Vector{Index: []int32{1}, Value: []float32{0}}
	zero.Normalize()
	if zero.Value[0] != 0 {
		t.Errorf("a zero vector became %v", zero.Value)
	}
	if got := linear.CountVector(nil); len(got.Index) != 0 {
		t.Errorf("CountVector of nothing = %v", got)
	}
}

func TestSoftmax(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		scores      []float64
		temperature float64
		want        []float64
	}{
		{"none", nil, 1, nil},
		{"one", []float64{-7}, 1, []float64{1}},
		{"equal", []float64{2, 2}, 0.01, []float64{.5, .5}},
		{"by hand", []float64{math.Log(3), 0}, 1, []float64{.75, .25}},
		{"warmer", []float64{2 * math.Log(3), 0}, 2, []float64{.75, .25}},
		{"far apart", []float64{1e300, -1e300}, 1, []float64{1, 0}},
		{"far below zero", []float64{-1e300, -1e300}, 1, []float64{.5, .5}},
		{"cold", []float64{800, 799}, 0.01, []float64{1, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			linear.Softmax(tt.scores, tt.temperature)
			for i, got := range tt.scores {
				if math.Abs(got-tt.want[i]) > 1e-12 {
					t.Fatalf("probabilities %v, want %v", tt.scores, tt.want)
				}
			}
		})
	}
}

// Labels are drawn from the probabilities at a known temperature; the fit must
// find it again.
func TestFitTemperatureFindsTheTrueOne(t *testing.T) {
	t.Parallel()
	for _, want := range []float64{0.3, 1, 2.5} {
		rng := rand.New(rand.NewPCG(4, 4))
		scores := make([][]float64, 8000)
		y := make([]int, len(scores))
		for i := range scores {
			scores[i] = []float64{rng.NormFloat64() * 2, rng.NormFloat64() * 2, rng.NormFloat64() * 2}
			p := append([]float64(nil), scores[i]...)
			linear.Softmax(p, want)
			u := rng.Float64()
			for u > p[y[i]] && y[i] < 2 {
				u -= p[y[i]]
				y[i]++
			}
		}
		if got := linear.FitTemperature(scores, y); math.Abs(got/want-1) > 0.06 {
			t.Errorf("temperature %v, want %v", got, want)
		}
	}
	if got := linear.FitTemperature(nil, nil); got != 1 {
		t.Errorf("temperature of nothing = %v, want 1", got)
	}
}
