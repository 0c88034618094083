package cohort_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
)

// world is a company of a hundred days in which nothing is wrong, and one
// trouble: those whom it exposes, and since when.
type world struct {
	r         *rand.Rand
	customers []triage.Customer
	exposures []triage.Exposure
	exposed   map[triage.CustomerID]time.Time
	now       time.Time
}

const (
	worldDays      = 100
	worldCustomers = 6000
)

var worldStart = time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC)

func worldDay(d float64) time.Time { return worldStart.Add(time.Duration(d * 24 * float64(time.Hour))) }

// newWorld makes customers in ten regions of unequal size, of whom one in
// twenty has no records, and their ordinary life.
func newWorld(seed uint64) *world {
	w := &world{r: rand.New(rand.NewPCG(seed, 11)), exposed: map[triage.CustomerID]time.Time{}, now: worldDay(worldDays)}
	for i := range worldCustomers {
		region := fmt.Sprintf("R%d", min(w.r.IntN(10), w.r.IntN(10)))
		w.customers = append(w.customers, triage.Customer{ID: triage.CustomerID(fmt.Sprintf("K%05d", i)), Region: region})
	}
	for i := range w.customers {
		if w.r.Float64() >= 0.05 {
			w.live(&w.customers[i])
		}
	}
	return w
}

// live gives a customer five or so ordinary exposures.
func (w *world) live(c *triage.Customer) {
	for range w.r.IntN(4) {
		w.add(c.ID, "order", fmt.Sprintf("item-%d", min(w.r.IntN(30), w.r.IntN(30))), w.r.Float64()*worldDays, map[string]any{
			"lot": fmt.Sprintf("L%d", w.r.IntN(20)), "paid_by": fmt.Sprintf("way-%d", w.r.IntN(4)), "sum": float64(10 * (1 + w.r.IntN(500))),
		})
	}
	for range w.r.IntN(6) {
		state := "done"
		if w.r.Float64() < 0.03 {
			state = "broken"
		}
		w.add(c.ID, "ride", fmt.Sprintf("line-%d", w.r.IntN(9)), w.r.Float64()*worldDays, map[string]any{"state": state, "class": float64(1 + w.r.IntN(2))})
	}
	w.add(c.ID, "app", fmt.Sprintf("v%d", w.r.IntN(6)), w.r.Float64()*worldDays, map[string]any{"os": fmt.Sprintf("os-%d", w.r.IntN(2))})
	if w.r.Float64() < 0.3 {
		w.add(c.ID, "mailing", fmt.Sprintf("letter-%d", w.r.IntN(4)), w.r.Float64()*worldDays, map[string]any{"by": fmt.Sprintf("path-%d", w.r.IntN(4))})
	}
}

func (w *world) add(id triage.CustomerID, kind, key string, day float64, attrs map[string]any) {
	w.exposures = append(w.exposures, triage.Exposure{CustomerID: id, Kind: kind, Key: key, At: worldDay(day), Attrs: attrs})
}

// some returns n customers for whom keep holds.
func (w *world) some(n int, keep func(*triage.Customer) bool) []*triage.Customer {
	var list []*triage.Customer
	for _, i := range w.r.Perm(len(w.customers)) {
		if c := &w.customers[i]; len(list) < n && keep(c) {
			list = append(list, c)
		}
	}
	return list
}

func anybody(*triage.Customer) bool { return true }

// expose marks everybody who has an exposure that fits, at the latest one.
func (w *world) expose(fits func(c *triage.Customer, e *triage.Exposure) bool) {
	byID := map[triage.CustomerID]*triage.Customer{}
	for i := range w.customers {
		byID[w.customers[i].ID] = &w.customers[i]
	}
	for i := range w.exposures {
		if e := &w.exposures[i]; fits(byID[e.CustomerID], e) && e.At.After(w.exposed[e.CustomerID]) {
			w.exposed[e.CustomerID] = e.At
		}
	}
}

// trouble is an incident: what it adds to the records, and whom it exposes.
type trouble struct {
	plant  func(w *world)
	expose func(w *world)
}

// troubles are the incidents of the table, by name.
var troubles = map[string]trouble{
	// One lot of one item, among twenty.
	"lot": {
		plant: func(w *world) {
			for _, c := range w.some(150, anybody) {
				w.add(c.ID, "order", "item-7", 60+w.r.Float64()*30, map[string]any{"lot": "L3", "paid_by": fmt.Sprintf("way-%d", w.r.IntN(4)), "sum": float64(10 * (1 + w.r.IntN(500)))})
			}
		},
		expose: func(w *world) {
			w.expose(func(_ *triage.Customer, e *triage.Exposure) bool {
				return e.Kind == "order" && e.Key == "item-7" && e.Attrs["lot"] == "L3"
			})
		},
	},
	// Rides break on one line; some always did, but not so many.
	"broken since": {
		plant: func(w *world) {
			for _, c := range w.some(400, anybody) {
				w.add(c.ID, "ride", "line-4", 80+w.r.Float64()*20, map[string]any{"state": "broken", "class": float64(1 + w.r.IntN(2))})
			}
		},
		expose: func(w *world) {
			w.expose(func(_ *triage.Customer, e *triage.Exposure) bool {
				return e.Kind == "ride" && e.Key == "line-4" && e.Attrs["state"] == "broken" && !e.At.Before(worldDay(80))
			})
		},
	},
	// A mailing that promised too much, by one of its ways only.
	"mailing by path": {
		plant: func(w *world) {
			for _, c := range w.some(1200, anybody) {
				w.add(c.ID, "mailing", "letter-9", 75+w.r.Float64()*15, map[string]any{"by": fmt.Sprintf("path-%d", w.r.IntN(4))})
			}
		},
		expose: func(w *world) {
			w.expose(func(_ *triage.Customer, e *triage.Exposure) bool {
				return e.Key == "letter-9" && e.Attrs["by"] == "path-2"
			})
		},
	},
	// One item in one region: the warehouse there.
	"item in region": {
		plant: func(w *world) {
			for _, c := range w.some(500, anybody) {
				w.add(c.ID, "order", "item-5", w.r.Float64()*95, map[string]any{"lot": fmt.Sprintf("L%d", w.r.IntN(20)), "paid_by": fmt.Sprintf("way-%d", w.r.IntN(4)), "sum": float64(10 * (1 + w.r.IntN(500)))})
			}
		},
		expose: func(w *world) {
			w.expose(func(c *triage.Customer, e *triage.Exposure) bool { return e.Key == "item-5" && c.Region == "R1" })
		},
	},
	// Two things at once: a new version of the app and one line.
	"version and line": {
		plant: func(*world) {},
		expose: func(w *world) {
			both := map[triage.CustomerID]int{}
			for i := range w.exposures {
				switch e := &w.exposures[i]; {
				case e.Kind == "app" && e.Key == "v2":
					both[e.CustomerID] |= 1
				case e.Kind == "ride" && e.Key == "line-6":
					both[e.CustomerID] |= 2
				}
			}
			w.expose(func(_ *triage.Customer, e *triage.Exposure) bool {
				return both[e.CustomerID] == 3 && (e.Kind == "app" || e.Key == "line-6" && e.Kind == "ride")
			})
		},
	},
}

// cluster draws n complaints of the exposed, the part noise of them about other things. A
// customer complains some days after the exposure.
func (w *world) cluster(exposed map[triage.CustomerID]time.Time, n int, noise float64) []cohort.Complainant {
	ids := make([]triage.CustomerID, 0, len(exposed))
	for i := range w.customers {
		if _, ok := exposed[w.customers[i].ID]; ok {
			ids = append(ids, w.customers[i].ID)
		}
	}
	w.r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	var list []cohort.Complainant
	for len(list) < n {
		if w.r.Float64() < noise {
			list = append(list, w.foreign(1)...)
			continue
		}
		at := exposed[ids[0]].Add(time.Duration(w.r.ExpFloat64() * 3 * 24 * float64(time.Hour)))
		if at.Before(w.now) {
			list = append(list, cohort.Complainant{Customer: ids[0], At: at})
		}
		ids = ids[1:]
	}
	return list
}

// foreign draws n complaints about anything in the last three weeks.
func (w *world) foreign(n int) []cohort.Complainant {
	list := make([]cohort.Complainant, n)
	for i := range list {
		list[i] = cohort.Complainant{Customer: w.customers[w.r.IntN(len(w.customers))].ID, At: worldDay(worldDays - 21*w.r.Float64())}
	}
	return list
}

// lose takes away the part missing of all records; those who have none left
// of what exposed them cannot be found any more.
func (w *world) lose(missing float64) {
	w.exposures = slices.DeleteFunc(w.exposures, func(triage.Exposure) bool { return w.r.Float64() < missing })
}

func (w *world) sources() cohort.Sources {
	exposures := w.exposures
	m := cohort.NewMemory(exposures, w.customers)
	return cohort.Sources{Exposures: m, Customers: m}
}
