package cohort_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
)

func find(t *testing.T, w *world, people []cohort.Complainant, now time.Time) cohort.Finding {
	t.Helper()
	f, err := cohort.Find(t.Context(), w.sources(), people, cohort.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFindNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(2)
	for name, people := range map[string][]cohort.Complainant{
		"nobody":             nil,
		"two":                w.foreign(2),
		"one, many times":    {{Customer: "K00001", At: worldDay(90)}, {Customer: "K00001", At: worldDay(91)}, {Customer: "K00001", At: worldDay(92)}},
		"without a name":     {{At: worldDay(90)}, {At: worldDay(91)}, {At: worldDay(92)}},
		"without records":    {{Customer: "U1", At: worldDay(90)}, {Customer: "U2", At: worldDay(91)}, {Customer: "U3", At: worldDay(92)}},
		"not complained yet": {{Customer: "K00001", At: w.now}, {Customer: "K00002", At: w.now}, {Customer: "K00003", At: w.now}},
	} {
		f := find(t, w, people, w.now)
		if f.Found || len(f.Rule.Conditions) > 0 || f.PValue != 1 {
			t.Errorf("%s: got %+v", name, f)
		}
	}
}

// What comes after a complaint, or after now, cannot have caused it.
func TestFindLooksOnlyBack(t *testing.T) {
	t.Parallel()
	w := newWorld(2)
	people := w.foreign(10)
	for _, p := range people {
		at := p.At.Add(time.Minute)
		w.exposures = append(w.exposures, triage.Exposure{CustomerID: p.Customer, Kind: "callback", Key: "agent", At: at})
	}
	if f := find(t, w, people, w.now); f.Found {
		t.Errorf("found %s", cohort.Words(f.Rule))
	}
}

// Of two attributes that most have to have at once both are kept, and none
// that says nothing.
func TestFindKeepsWhatNarrows(t *testing.T) {
	t.Parallel()
	w := newWorld(6)
	var people []cohort.Complainant
	add := func(n int, fault, cause string) {
		for _, c := range w.some(n, anybody) {
			day := 70 + 29*w.r.Float64()
			w.add(c.ID, "parcel", "depot", day, map[string]any{"fault": fault, "cause": cause, "size": "small", "number": float64(w.r.IntN(9000))})
			if fault == "lost" && cause == "belt" && len(people) < 12 {
				people = append(people, cohort.Complainant{Customer: c.ID, At: worldDay(day).Add(time.Hour)})
			}
		}
	}
	add(200, "lost", "belt")
	add(500, "lost", "street")
	add(500, "late", "belt")
	f := find(t, w, people, w.now)
	if diff := cmp.Diff([]prevention.Condition{{Kind: "parcel", Key: "depot", Attrs: map[string]string{"fault": "lost", "cause": "belt"}}}, f.Rule.Conditions); diff != "" || len(f.Rule.Regions) > 0 {
		t.Errorf("regions %v (-want +got):\n%s", f.Rule.Regions, diff)
	}
	if f.Explained != 12 || f.Known != 12 || f.PValue > 1e-6 || len(f.Evidence) != 3 {
		t.Errorf("got %+v", f)
	}
	for _, e := range f.Evidence {
		if e.With != 12 || e.Lift < 4 || e.PValue > 1e-6 {
			t.Errorf("evidence %+v", e)
		}
	}
}

// What frequent complainers use anyway explains nothing once it is known who
// they are.
func TestFindWeighsComplainers(t *testing.T) {
	t.Parallel()
	w := newWorld(8)
	often := map[triage.CustomerID]bool{}
	for _, c := range w.some(600, anybody) {
		often[c.ID] = true
		w.add(c.ID, "club", "gold", 5+w.r.Float64(), nil)
	}
	var people []cohort.Complainant
	for _, c := range w.some(8, func(c *triage.Customer) bool { return often[c.ID] }) {
		people = append(people, cohort.Complainant{Customer: c.ID, At: worldDay(90)})
	}
	weight := func(id triage.CustomerID) float64 {
		if often[id] {
			return 50
		}
		return 1
	}
	for name, o := range map[string]cohort.Options{"plain": {Now: w.now}, "weighted": {Now: w.now, Weight: weight}} {
		f, err := cohort.Find(t.Context(), w.sources(), people, o)
		if err != nil || f.Found != (name == "plain") {
			t.Errorf("%s: got %+v, %v", name, f, err)
		}
	}
}

// An incident that ended gets an end, one that goes on does not.
func TestFindClosesWhatIsOver(t *testing.T) {
	t.Parallel()
	for _, over := range []bool{false, true} {
		w := newWorld(7)
		var people []cohort.Complainant
		for i, c := range w.some(2000, anybody) {
			day := 50 + 49*w.r.Float64()
			w.add(c.ID, "lift", "tower", day, nil)
			if i%10 == 0 && day > 60 && (!over || day < 70) && len(people) < 30 {
				people = append(people, cohort.Complainant{Customer: c.ID, At: worldDay(day).Add(6 * time.Hour)})
			}
		}
		f := find(t, w, people, w.now)
		if !f.Found {
			t.Fatalf("over %v: found nothing", over)
		}
		got := f.Rule.Conditions[0]
		if got.From.Before(worldDay(58)) || got.From.After(worldDay(60.5)) {
			t.Errorf("over %v: it began %v, want %v", over, got.From, worldDay(60))
		}
		if got.To.IsZero() == over || over && (got.To.Before(worldDay(69)) || got.To.After(worldDay(72))) {
			t.Errorf("over %v: it ended %v, want %v", over, got.To, worldDay(70))
		}
	}
}

func TestFindIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	w := newWorld(3)
	troubles["item in region"].plant(w)
	troubles["item in region"].expose(w)
	people := w.cluster(w.exposed, 12, 0.1)
	first := find(t, w, people, w.now)
	for range 3 {
		w.r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		w.r.Shuffle(len(w.exposures), func(i, j int) { w.exposures[i], w.exposures[j] = w.exposures[j], w.exposures[i] })
		if diff := cmp.Diff(first, find(t, w, people, w.now)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}
