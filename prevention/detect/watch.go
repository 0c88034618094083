package detect

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	day = 24 * time.Hour
	// memory is how far back the past of a cell reaches, before its windows.
	memory = 180 * day
	// quiet is how long nothing may join an alarm for it to count as resolved.
	quiet = 14 * day
	// cellHits bounds what a cell remembers one by one. A theme that fills it
	// faster than a window is long is too big and steady to be scanned there.
	cellHits = 512
	// leastCustomers is the smallest group that may alarm.
	leastCustomers = 3
	// leastPast is the number of complaints of any kind before the first alarm:
	// without a past everything is new.
	leastPast = 200
)

// windows are the scanned lengths in days.
var windows = []int{1, 2, 3, 5, 7, 10, 14, 21, 28}

// Event is one complaint as the watch sees it.
type Event struct {
	ID       triage.ComplaintID
	Customer triage.CustomerID
	At       time.Time
	// Theme is what the complaint is about: the finest type known. Facts are
	// attributes of the record such as region or product.
	Theme string
	Facts map[string]string
}

// Fact is one attribute of an alarm. Lift is how many times as many customers
// the whole combination has as its past explains, the same for all its facts;
// Share is the part of the members that have the fact.
type Fact struct {
	Field string  `json:"field"`
	Value string  `json:"value"`
	Lift  float64 `json:"lift"`
	Share float64 `json:"share"`
}

// Alarm says that a combination of facts brings more customers than its past
// explains. Nothing later than At was used.
type Alarm struct {
	Cluster string
	At      time.Time
	Theme   string
	Facts   []Fact
	// Score is -log10 of PValue, the largest over all windows; Days is the
	// length of that window, Baseline the customers expected in it.
	Score, PValue, Baseline float64
	Days                    int
	Count, Customers        int
	Members                 []triage.ComplaintID
}

// Change is what one event did: an alarm it raised, an alarm it was added to,
// and the alarms that ended.
type Change struct {
	Raised   *Alarm
	Joined   string // cluster the event was added to
	Resolved []string
}

// Watch scans cells as complaints come in, in order of time. A cell is a theme,
// or a theme with one or two facts. Time per complaint does not depend on the
// length of history: O(cells touched × cellHits + members of open alarms).
// Memory grows with the number of different cells. It is not safe for
// concurrent use.
type Watch struct {
	// Threshold is the surprise that alarms. At 6, ordinary streams of 40
	// complaints a day alarm less than once in six weeks (the tests bound it).
	Threshold float64

	clock  counter
	themes map[string]float64
	values map[string]float64
	cells  map[string]*cell
	recent []*raised
	raised int
}

// NewWatch makes a Watch with the usual threshold.
func NewWatch() *Watch {
	return &Watch{Threshold: 6, themes: map[string]float64{}, values: map[string]float64{}, cells: map[string]*cell{}}
}

// raised is an alarm that goes on, or has ended while its complaints are still
// inside a window and must not be told of again.
type raised struct {
	cluster string
	key     key
	ended   bool
	members map[triage.ComplaintID]bool
	last    time.Time
}

// Observe takes the next complaint. One that is older than the one before
// counts where the clock stands: late arrivals never alarm for the past.
func (w *Watch) Observe(e Event) Change {
	var change Change
	e.At = w.clock.add(e.At)
	change.Resolved = w.resolve(e.At)
	w.themes[e.Theme]++
	for field, value := range e.Facts {
		w.values[field+"="+value]++
	}
	var found []candidate
	for _, k := range keys(e) {
		c := w.cells[k.name]
		if c == nil {
			c = &cell{key: k}
			w.cells[k.name] = c
		}
		c.add(e)
		if a := w.scan(c, e.At); a != nil {
			found = append(found, candidate{a, k})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.alarm.Score, a.alarm.Score) })
	for _, f := range found {
		r := w.known(f.alarm)
		switch {
		case r == nil:
			change.Raised = w.raise(f, e.At)
			return change
		case !r.ended && change.Joined == "" && r.key.covers(e):
			change.Joined, r.last, r.members[e.ID] = r.cluster, e.At, true
		}
	}
	return change
}

// candidate is an alarm that a cell deserves and that may be known already.
type candidate struct {
	alarm *Alarm
	key   key
}

func (w *Watch) raise(c candidate, now time.Time) *Alarm {
	w.raised++
	c.alarm.Cluster = "K" + strconv.Itoa(w.raised)
	r := &raised{cluster: c.alarm.Cluster, key: c.key, members: map[triage.ComplaintID]bool{}, last: now}
	for _, id := range c.alarm.Members {
		r.members[id] = true
	}
	w.recent = append(w.recent, r)
	return c.alarm
}

// scan returns the alarm that a cell deserves now, nil for none.
func (w *Watch) scan(c *cell, now time.Time) *Alarm {
	share := w.share(c.key)
	var best *Alarm
	for _, days := range windows {
		since := now.Add(-time.Duration(days) * day)
		if len(c.hits) == cellHits && c.hits[0].at.After(since) {
			break
		}
		customers, members := c.within(since)
		if customers < leastCustomers {
			continue
		}
		s := sample{
			customers: float64(customers), clock: w.clock.since(since),
			pastComplaints: c.past.before(since), pastTime: w.clock.before(since),
		}
		if s.pastTime < leastPast {
			continue
		}
		score := surprise(s, share)
		if score < w.Threshold || (best != nil && score <= best.Score) {
			continue
		}
		best = c.alarm(now, score, days, s, share, members)
		best.Customers = customers
	}
	return best
}

// share is what a cell would have of all complaints if theme and facts were
// independent.
func (w *Watch) share(k key) float64 {
	total := w.clock.total
	share := (w.themes[k.theme] + 1) / (total + 10)
	for _, f := range k.facts {
		share *= (w.values[f.field+"="+f.value] + 1) / (total + 10)
	}
	return max(share, 1e-6)
}

// known returns the first alarm that has half of the members or more already,
// nil when there is none: neighbouring cells tell of the same problem once.
func (w *Watch) known(a *Alarm) *raised {
	for _, r := range w.recent {
		common := 0
		for _, id := range a.Members {
			if r.members[id] {
				common++
			}
		}
		if 2*common >= len(a.Members) {
			return r
		}
	}
	return nil
}

// resolve ends the alarms that have been silent, forgets those whose complaints
// have left every window, and returns the names of the former.
func (w *Watch) resolve(now time.Time) []string {
	var ended []string
	for _, r := range w.recent {
		if !r.ended && now.Sub(r.last) >= quiet {
			r.ended = true
			ended = append(ended, r.cluster)
		}
	}
	longest := time.Duration(windows[len(windows)-1]) * day
	w.recent = slices.DeleteFunc(w.recent, func(r *raised) bool { return r.ended && now.Sub(r.last) > longest })
	return ended
}

// keys lists the cells an event touches, in a fixed order.
func keys(e Event) []key {
	var facts []fact
	for field, value := range e.Facts {
		if value != "" {
			facts = append(facts, fact{field, value})
		}
	}
	slices.SortFunc(facts, func(a, b fact) int { return cmp.Compare(a.field, b.field) })
	list := []key{newKey(e.Theme)}
	for i, f := range facts {
		list = append(list, newKey(e.Theme, f))
		for _, g := range facts[i+1:] {
			list = append(list, newKey(e.Theme, f, g))
		}
	}
	return list
}
