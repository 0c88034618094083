package detect

import (
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
)

// incident is a cluster that was raised, open or over.
type incident struct {
	cluster prevention.Cluster
	issues  []cluster.ID // whose complaints belong to it
	cell    cellKey      // zero when wording found it
	members map[triage.ComplaintID]bool
	persons map[triage.CustomerID]bool
	via     map[triage.Channel]map[triage.CustomerID]bool
	marked  map[uint32]int // complaints by what their customers had to do with
	counts  counts         // distinct customers by the bucket of their first complaint

	open      bool
	dismissed bool
	named     bool    // by a person
	since     int32   // bucket of the latest resolution; windows begin after it
	opened    int32   // bucket of the first member of the latest rise
	alarmed   int32   // bucket of the latest alarm
	usual     float64 // customers per complaint of any kind before the rise
	told      float64
	toldScore float64
	facts     []uint32 // in which it concentrates beyond doubt
}

// add takes in a complaint and says whether it was new.
func (x *incident) add(r *record, now int32) bool {
	if x.members[r.id] {
		return false
	}
	x.members[r.id] = true
	for _, f := range r.held {
		x.marked[f]++
	}
	c := &x.cluster
	c.Complaints++
	if r.copied {
		c.Copies++
	}
	if r.customer == "" || !x.persons[r.customer] {
		c.Customers++
		x.counts = x.counts.add(r.bucket, 1, now)
	}
	if r.customer != "" {
		x.persons[r.customer] = true
		if x.via[r.channel] == nil {
			x.via[r.channel] = map[triage.CustomerID]bool{}
		}
		x.via[r.channel][r.customer] = true
	}
	if c.FirstAt.IsZero() || r.at.Before(c.FirstAt) {
		c.FirstAt = r.at
	}
	c.LastAt = later(c.LastAt, r.at)
	return true
}

// over says whether an open incident is back at its baseline: the customers of
// the latest days are too few for the rate it rose with (Poisson, 1 %) and not
// much more than its past before the rise leads to expect.
func (x *incident) over(clock *series, now int32) bool {
	if x.cluster.Complaints == 0 {
		return false // a person's, still empty
	}
	last := bucketOf(x.cluster.LastAt)
	if now-last >= longest {
		return true
	}
	rise := clock.between(x.opened-1, x.alarmed)
	if now-x.alarmed < leastQuiet || rise <= 0 {
		return false
	}
	rate := x.counts.between(x.opened-1, x.alarmed) / rise
	for w := int32(leastQuiet); w <= min(longest, now-x.alarmed); w += perDay {
		n, messages := x.counts.between(now-w, now), clock.between(now-w, now)
		if poissonAtMost(n, rate*messages) <= 0.01 && n <= max(0.2*rate, 1.3*x.usual)*messages {
			return true
		}
	}
	return false
}

// leastQuiet is how long, in buckets, nobody may have joined for an incident to
// be over.
const leastQuiet = 5 * perDay

// leastMarked is the part of an incident's complaints that have a fact for the
// incident to be about it.
const leastMarked = 0.3

// about says whether a fair part of the incident's complaints have a fact.
func (x *incident) about(fact uint32) bool {
	return float64(x.marked[fact]) >= leastMarked*float64(x.cluster.Complaints)
}

func member(r *record) prevention.Member {
	return prevention.Member{Complaint: r.id, Customer: r.customer, At: r.at, Copy: r.copied}
}

func newIncident(id prevention.ClusterID, path prevention.Path, at time.Time) *incident {
	return &incident{
		cluster: prevention.Cluster{ID: id, Path: path, Stage: prevention.StageCandidate, CreatedAt: at, StageAt: at},
		members: map[triage.ComplaintID]bool{}, persons: map[triage.CustomerID]bool{}, marked: map[uint32]int{},
		via:  map[triage.Channel]map[triage.CustomerID]bool{},
		open: true,
	}
}
