package detect

import (
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
)

// Know tells of a cluster that is stored, before its complaints are restored.
// Merged ones are known by the cluster that took them in.
func (d *Detector) Know(c prevention.Cluster) {
	if c.MergedInto != "" || d.byID[c.ID] != nil {
		return
	}
	x := newIncident(c.ID, c.Path, c.CreatedAt)
	x.cluster = c
	x.cluster.Complaints, x.cluster.Customers, x.cluster.Copies = 0, 0, 0
	x.dismissed = c.Stage == prevention.StageDismissed
	x.open = c.Stage.Active()
	x.alarmed = bucketOf(c.Alarm.At)
	x.opened = x.alarmed - int32(c.Alarm.Days)*perDay
	if !x.open {
		x.since = bucketOf(c.StageAt)
	}
	x.told, x.toldScore = float64(c.Alarm.Customers), c.Alarm.Score
	d.register(x)
}

// Restore takes in a complaint that was observed before, in the order in which
// it came, and the cluster it is in, "" for none. It raises nothing; what the
// clustering merges on the way is told by the next Observe.
func (d *Detector) Restore(e Event, in prevention.ClusterID) {
	e = d.clean(e)
	d.learning = true
	x := d.byID[in]
	p := d.place(e, x)
	seq := d.count(e, p)
	for _, from := range p.Merged {
		d.pending = append(d.pending, d.mergeIssues(p.Issue, from, e.At)...)
	}
	d.scan.join(seq)
	d.scan.cross(seq, d.level.Facts)
	if x == nil {
		return
	}
	r := d.scan.journal.record(seq)
	if x.add(r, d.scan.now) {
		d.of[r.id] = x
	}
}

// place puts a restored complaint where it was: with the words of its cluster,
// if wording holds that together, else where it would go by itself.
func (d *Detector) place(e Event, x *incident) cluster.Placement {
	if x == nil || x.cluster.Path == prevention.PathFacts {
		return d.stream.Add(doc(e))
	}
	var issue cluster.ID
	if len(x.issues) > 0 {
		issue = x.issues[0]
	}
	p := d.stream.Restore(doc(e), issue)
	if len(x.issues) == 0 {
		x.issues = []cluster.ID{p.Issue}
		d.byIssue[p.Issue] = x
	}
	return p
}

// learned ends the restoring: it finds again what the store does not keep, and
// returns what has changed meanwhile.
func (d *Detector) learned() []Change {
	if !d.learning {
		return nil
	}
	d.learning = false
	d.checked = bucketOf(d.latest)
	for _, x := range d.incidents {
		x.usual = x.cluster.Alarm.Baseline / max(d.scan.total.between(x.opened, x.alarmed), 1)
		if x.cluster.Path == prevention.PathFacts && x.open {
			x.cell = d.cellOf(x)
		}
		// The end of one that people work on was told before, if it has ended; that
		// of a candidate closes it.
		if x.open && x.cluster.Stage != prevention.StageCandidate && x.over(&d.scan.total, d.checked) {
			x.open, x.since = false, d.checked
		}
	}
	changes := d.pending
	d.pending = nil
	return changes
}

// cellOf is the narrowest cell that covers most of an incident's complaints.
func (d *Detector) cellOf(x *incident) cellKey {
	covered := map[cellKey]int{}
	all := 0
	for i := range d.scan.journal.records {
		r := &d.scan.journal.records[i]
		if d.of[r.id] != x {
			continue
		}
		all++
		for _, k := range r.cellsOf(nil) {
			covered[k]++
		}
	}
	var best cellKey
	for k, n := range covered {
		if 10*n < 9*all {
			continue
		}
		if d.rarer(k, best) {
			best = k
		}
	}
	return best
}

// rarer says whether a cell has fewer complaints than another; ties are broken
// by the numbers, so that the answer does not depend on the order of a map.
func (d *Detector) rarer(a, b cellKey) bool {
	if b == (cellKey{}) {
		return true
	}
	size := func(k cellKey) float64 {
		if c := d.scan.cells[k]; c != nil {
			return c.counts.between(d.scan.now-horizon, d.scan.now)
		}
		return 0
	}
	if m, n := size(a), size(b); m != n {
		return m < n
	}
	if a.theme != b.theme {
		return a.theme < b.theme
	}
	if a.first != b.first {
		return a.first < b.first
	}
	return a.second < b.second
}
