package simulate

import (
	"fmt"
	"math/rand/v2"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/qianyi-dev/qianyi/triage"
)

// generator plays one scenario. Each part draws from a stream of its own, so
// that a change of one leaves the others as they were.
type generator struct {
	*Scenario
	lib        *content
	begin, end time.Time

	customers []triage.Customer
	// unrecorded marks the customers whose exposures are not written down.
	unrecorded []bool
	inRegion   map[string][]int
	kinds      []*kind
	incidents  []incident
	exposures  []contact
	reports    []report
	outcomes   []outcome
}

// contact is an exposure of the customer with that index.
type contact struct {
	customer int
	triage.Exposure
}

// report is a complaint on its way in. Owner is the index of its incident, or,
// counted from -2 downwards, of its disturbance.
type report struct {
	triage.Complaint
	arrives time.Time
	owner   int
	// outcome is the index of the one it comes of, none for the others.
	outcome int
}

const (
	// nobody owns the background.
	nobody = -1
	none   = -1
)

// part names a stream of random numbers.
type part uint64

const (
	partCustomers part = 1 + iota
	partOrdinary
	partIncidents       // and one more for each incident
	partBackground part = 1000 + iota
	partDisturbances
	partArrival
)

func (g *generator) stream(p part) *rand.Rand { return rand.New(rand.NewPCG(g.Seed, uint64(p))) }

// Generate plays the scenario. An error is about a value of the scenario and
// names its field.
func (s *Scenario) Generate() (*World, error) {
	scenario := *s
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
	}
	begin, err := s.start()
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
	}
	g := &generator{
		Scenario: &scenario, lib: library(), begin: begin, end: begin.AddDate(0, 0, s.Days),
		kinds: library().kindsOf(s.Industries),
	}
	g.makeCustomers()
	g.makeIncidents()
	g.makeOrdinary()
	for i := range g.incidents {
		if err := g.plant(i); err != nil {
			return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
		}
	}
	g.sortExposures()
	planted := make([]Planted, len(g.incidents))
	for i := range g.incidents {
		planted[i] = g.happen(i)
	}
	g.makeBackground()
	g.disturb()
	w := &World{
		Scenario: *s, Customers: g.customers, played: g,
		Truth: Truth{Scenario: s.Name, Incidents: planted, Disturbances: make([]Disturbed, len(s.Disturbances))},
	}
	for i, d := range s.Disturbances {
		w.Truth.Disturbances[i] = Disturbed{Disturbance: d, ComplaintIDs: []triage.ComplaintID{}}
	}
	for _, e := range g.exposures {
		if !g.unrecorded[e.customer] {
			w.Exposures = append(w.Exposures, e.Exposure)
		}
	}
	g.arrive(w)
	g.exposures, g.reports = nil, nil
	return w, nil
}

// poisson draws a count with the given mean.
func poisson(r *rand.Rand, mean float64) int {
	if mean <= 0 {
		return 0
	}
	return int(distuv.Poisson{Lambda: mean, Src: r}.Rand())
}
