package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Told answers what would have happened if customers had been told of their
// problem at a time: it returns the complaints about incidents after that
// time, oldest first, one at most per customer and incident, without those who
// come back.
//
// Whoever was affected and would complain later on does so with a probability
// of rr times that of the untold, at most 1; rr is 1 for a notice without
// effect, below 1 for one that helps. The draws of the told depend on the
// seed; the untold do what they do in the World, under the same ids. Added
// complaints have ids that begin with the incident's. Complaints after the end
// of the scenario are left out.
//
// Told may be called from several goroutines.
func (w *World) Told(customers []triage.CustomerID, at time.Time, rr float64, seed uint64) []triage.Complaint {
	told := make(map[triage.CustomerID]bool, len(customers))
	for _, id := range customers {
		told[id] = true
	}
	g, r := w.played, rand.New(rand.NewPCG(seed, 0))
	var list []triage.Complaint
	for i, o := range g.outcomes {
		complains, later := o.complain, o.at.After(at)
		if later && told[g.customers[o.customer].ID] {
			complains = r.Float64() < o.risk*rr
		}
		switch {
		case !later, !complains, !o.at.Before(g.end):
		case o.complaint != none:
			list = append(list, w.Complaints[o.complaint])
		default:
			words := rand.New(rand.NewPCG(seed, uint64(1+i)))
			c := g.incidentComplaint(words, o.incident, o.customer, o.at)
			c.ID = triage.ComplaintID(fmt.Sprintf("%s-told-%d", g.incidents[o.incident].ID, i+1))
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b triage.Complaint) int { return a.At.Compare(b.At) })
	return list
}
