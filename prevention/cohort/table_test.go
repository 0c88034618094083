package cohort_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
)

// cell sums up repetitions of one row of the table.
type cell struct {
	runs, found       int
	precision, recall float64
}

func (c *cell) String() string {
	n := float64(max(c.found, 1))
	return fmt.Sprintf("%.2f, %.2f/%.2f", float64(c.found)/float64(c.runs), c.precision/n, c.recall/n)
}

// TestTable finds troubles of five sorts under noise and loss; go test -v
// prints the table: part found, precision/recall of those found against the
// exposed who have records and stayed silent.
func TestTable(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: hundreds of searches")
	}
	const runs = 2
	for _, name := range slices.Sorted(maps.Keys(troubles)) {
		for _, missing := range []float64{0, 0.2} {
			w := newWorld(3)
			troubles[name].plant(w)
			troubles[name].expose(w)
			complaining := w.exposed
			w.lose(missing)
			w.exposed = map[triage.CustomerID]time.Time{}
			troubles[name].expose(w)
			src := w.sources()
			for _, noise := range []float64{0, 0.1, 0.3} {
				row := fmt.Sprintf("%-16s noise %.1f missing %.1f:", name, noise, missing)
				for _, n := range []int{5, 8, 12} {
					c := &cell{}
					for range runs {
						w.measure(t, src, w.cluster(complaining, n, noise), c)
					}
					row += fmt.Sprintf("  n=%d %s", n, c)
					if n == 12 && noise < 0.3 && missing == 0 && (c.found < runs || c.precision < 0.85*runs || c.recall < 0.85*runs) {
						t.Errorf("%s, noise %.1f, n=12: %s, want 0.85/0.85", name, noise, c)
					}
				}
				t.Log(row)
			}
		}
	}
}

func (w *world) measure(t *testing.T, src cohort.Sources, people []cohort.Complainant, c *cell) {
	t.Helper()
	c.runs++
	f, err := cohort.Find(t.Context(), src, people, cohort.Options{Now: w.now})
	if err != nil {
		t.Fatal(err)
	}
	if !f.Found {
		return
	}
	ex := cohort.Exclusions{Complained: map[triage.CustomerID]time.Time{}}
	for _, p := range people {
		ex.Complained[p.Customer] = p.At
	}
	got, err := cohort.Select(t.Context(), src, f.Rule, ex, w.now)
	if err != nil {
		t.Fatal(err)
	}
	silent, hits := 0, 0
	for id := range w.exposed {
		if _, ok := ex.Complained[id]; !ok {
			silent++
		}
	}
	for _, x := range got.Customers {
		if _, ok := w.exposed[x.Customer]; ok {
			hits++
		}
	}
	c.found++
	c.precision += float64(hits) / float64(max(1, len(got.Customers)))
	c.recall += float64(hits) / float64(silent)
}

// TestBackground looks for rules where there are none.
func TestBackground(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: hundreds of searches")
	}
	w := newWorld(5)
	w.lose(0.1)
	src := w.sources()
	found, runs := 0, 0
	for _, n := range []int{5, 8, 12, 30} {
		for range 25 {
			runs++
			f, err := cohort.Find(t.Context(), src, w.foreign(n), cohort.Options{Now: w.now})
			if err != nil {
				t.Fatal(err)
			}
			if f.Found {
				found++
				t.Logf("n=%d: %d of %d, LLR %.1f: %s", n, f.Explained, f.Known, f.LLR, cohort.Words(f.Rule))
			}
		}
	}
	t.Logf("%d of %d background clusters have a rule", found, runs)
	if found > runs/100 {
		t.Errorf("%d of %d background clusters have a rule, want at most 1 in 100", found, runs)
	}
}
