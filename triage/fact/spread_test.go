package fact_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// The ranks are those of a sorted list, whatever the order and however many
// times are equal.
func TestSpreadIsThatOfASortedList(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	for name, draw := range map[string]func(i int) int32{
		"random":     func(int) int32 { return int32(r.IntN(1e6)) },
		"few values": func(int) int32 { return int32(r.IntN(3)) },
		"one value":  func(int) int32 { return 7 },
		"rising":     func(i int) int32 { return int32(i) },
		"falling":    func(i int) int32 { return int32(50_000 - i) },
		"long tail":  func(int) int32 { return int32(math.Exp(20 * r.Float64())) },
	} {
		for _, n := range []int{1, 2, 3, 10, 49, 50, 1000, 20_001} {
			rows := make([]fact.Row, n)
			sorted := make([]int32, n)
			for i := range rows {
				rows[i] = fact.Row{Day: 1, Respond: draw(i), Verify: fact.None, Resolve: fact.None}
				sorted[i] = rows[i].Respond
			}
			slices.Sort(sorted)
			b := fact.NewBook()
			b.Put(1, rows)
			got, _ := b.Timing(fact.Filter{}, fact.Respond)
			half := 1.959963984540054 * math.Sqrt(float64(n)) / 2
			at := func(rank float64) int32 { return sorted[min(max(int(rank), 1), n)-1] }
			want := fact.Spread{
				Times: fact.Times{N: n, Median: at(math.Ceil(float64(n) / 2)), P90: at(math.Ceil(float64(n*9) / 10)), Mean: got.Mean},
				Low:   at(math.Floor(float64(n)/2 - half)), High: at(math.Ceil(float64(n)/2+half) + 1),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %d times (-sorted +got):\n%s", name, n, diff)
			}
		}
	}
}
