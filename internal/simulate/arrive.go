package simulate

import (
	"fmt"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// arrive puts the complaints in the order in which they come in, numbers them,
// and notes them in the truth.
func (g *generator) arrive(w *World) {
	r := g.stream(partArrival)
	for i := range g.reports {
		if r.Float64() < g.Background.Late {
			g.reports[i].arrives = g.reports[i].At.Add(day + time.Duration(r.Int64N(int64(9*day))))
		}
	}
	slices.SortStableFunc(g.reports, func(a, b report) int { return a.arrives.Compare(b.arrives) })
	for n := range g.reports {
		rep := &g.reports[n]
		rep.ID = triage.ComplaintID(fmt.Sprintf("K%07d", n+1))
		w.Complaints = append(w.Complaints, rep.Complaint)
		if rep.outcome != none {
			g.outcomes[rep.outcome].complaint = n
		}
		switch {
		case rep.owner > nobody:
			w.Truth.Incidents[rep.owner].add(rep)
		case rep.owner < nobody:
			d := &w.Truth.Disturbances[nobody-1-rep.owner]
			d.ComplaintIDs = append(d.ComplaintIDs, rep.ID)
		}
	}
}

func (p *Planted) add(rep *report) {
	p.ComplaintIDs = append(p.ComplaintIDs, rep.ID)
	p.Complaints++
	if p.FirstComplaint == nil || rep.At.Before(p.FirstComplaint.Time) {
		p.FirstComplaint = &LocalTime{rep.At}
	}
}
