package detect

import (
	"cmp"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
)

// critical is how far the score must be above the threshold for the alarm to be
// critical; so it is from ten customers on.
const (
	critical          = 2.5
	criticalCustomers = 10
)

// raiseIssue makes a cluster of an issue.
func (d *Detector) raiseIssue(issue cluster.ID, v verdict) ([]Change, error) {
	id, err := d.o.NextID()
	if err != nil {
		return nil, err
	}
	x := newIncident(id, prevention.PathText, d.latest)
	x.issues = []cluster.ID{issue}
	d.byIssue[issue] = x
	d.register(x)
	members := d.absorb(x, v.rising)
	d.alarm(x, v.finding, v.score, d.level.Words, v.members)
	d.explain(x, v.members)
	return []Change{{Kind: Raised, At: d.latest, Cluster: x.cluster, Members: members}}, nil
}

func (d *Detector) register(x *incident) {
	d.incidents = append(d.incidents, x)
	d.byID[x.cluster.ID] = x
}

// issueRecords lists the remembered complaints of an issue.
func (d *Detector) issueRecords(issue cluster.ID) []uint32 {
	g := d.scan.groups[issue]
	if g == nil {
		return nil
	}
	return d.scan.within(g, d.scan.now-memory)
}

// absorb puts complaints into an incident and returns those that are new to it.
// What is in another incident stays there.
func (d *Detector) absorb(x *incident, seqs []uint32) []prevention.Member {
	var members []prevention.Member
	for _, q := range seqs {
		r := d.scan.journal.record(q)
		if r == nil || d.freed[r.id] || d.of[r.id] != nil && d.of[r.id] != x {
			continue
		}
		if x.add(r, d.scan.now) {
			d.of[r.id] = x
			members = append(members, member(r))
		}
	}
	return members
}

// alarm writes down why an incident was raised.
func (d *Detector) alarm(x *incident, f finding, score, least float64, members []uint32) {
	low, high := f.band()
	a := prevention.Alarm{
		At: d.latest, Score: score, PValue: probability(score), Days: int((f.buckets + perDay - 1) / perDay),
		Baseline: f.mean(), Low: low, High: high, Severity: prevention.SeverityAlert, Complaints: len(members),
	}
	persons := map[any]bool{}
	x.opened, x.alarmed = d.scan.now, d.scan.now
	x.usual = f.mean() / max(d.scan.total.between(d.scan.now-f.buckets, d.scan.now), 1)
	for _, q := range members {
		r := d.scan.journal.record(q)
		x.opened = min(x.opened, r.bucket)
		if r.copied {
			a.Copies++
		}
		if r.customer == "" || !persons[r.customer] {
			a.Customers++
		}
		persons[r.customer] = true
	}
	if score >= least+critical || a.Customers >= criticalCustomers {
		a.Severity = prevention.SeverityCritical
	}
	x.cluster.Alarm = a
	x.rose(x.opened)
	x.told, x.toldScore = float64(a.Customers), score
}

// bind makes an issue a part of an incident that is known.
func (d *Detector) bind(x *incident, issue cluster.ID, v verdict) []Change {
	x.issues = append(x.issues, issue)
	d.byIssue[issue] = x
	members := d.absorb(x, v.rising)
	if x.cluster.Path == prevention.PathFacts {
		x.cluster.Path = prevention.PathText
	}
	d.explain(x, v.members)
	changes := []Change{{Kind: Updated, At: d.latest, Cluster: x.cluster, Members: members}}
	return append(changes, d.follow(x, v, d.level.Words)...)
}

// follow escalates an open incident and opens one again that rises anew.
func (d *Detector) follow(x *incident, v verdict, least float64) []Change {
	if v.buckets == 0 || v.score < least {
		return nil
	}
	kind := Escalated
	if !x.open {
		kind = Reopened
		x.open = true
		x.cluster.Stage, x.cluster.StageAt = prevention.StageCandidate, d.latest
	} else if v.n < 2*x.told || v.n < criticalCustomers {
		return nil
	} else {
		x.cluster.Escalations++
	}
	opened := x.opened
	d.alarm(x, v.finding, v.score, least, v.members)
	if kind == Escalated {
		x.rose(min(x.opened, opened))
	}
	d.explain(x, v.members)
	return []Change{{Kind: kind, At: d.latest, Cluster: x.cluster}}
}

// joinCell puts a complaint into the open incident that was found by the facts
// it has.
func (d *Detector) joinCell(seq uint32) []Change {
	r := d.scan.journal.record(seq)
	for _, x := range d.incidents {
		if x.open && !x.dismissed && x.cell != (cellKey{}) && len(x.issues) == 0 && x.cell.covers(r) {
			return d.enter(x, seq)
		}
	}
	return nil
}

// byFacts judges the cells that a complaint surprised in.
func (d *Detector) byFacts(seq uint32, found []cellFinding) ([]Change, error) {
	for _, f := range found {
		if f.n < f.cell.judged*1.25+1 {
			continue
		}
		if x := d.about(f.key); x != nil {
			f.cell.judged = f.n
			return d.updated(x, d.absorb(x, d.scan.gather(f.key, d.scan.now-f.buckets))), nil
		}
		members := d.scan.gather(f.key, d.scan.now-f.buckets)
		rest := f.finding
		var parts []uint32
		for _, q := range members {
			r := d.scan.journal.record(q)
			if x := d.of[r.id]; x != nil && d.explains(x, f.key) {
				rest.n -= float64(r.weight())
				continue
			}
			parts = append(parts, q)
		}
		if rest.score = rest.surprise(); rest.n < leastCount || rest.score < d.level.Facts {
			f.cell.judged = f.n
			continue
		}
		return d.raiseCell(f.key, rest, parts)
	}
	return nil, nil
}

// about returns the open incident that is about the facts of a cell already:
// about something that customers had to do with, whatever the theme, or about the
// same facts of the record. Complaints of it that wording has put elsewhere are
// no second incident.
func (d *Detector) about(k cellKey) *incident {
	for _, x := range d.incidents {
		if !x.open || x.dismissed {
			continue
		}
		for _, f := range [...]uint32{k.first, k.second} {
			if f != 0 && d.scan.held[f] && (x.cell.first == f || x.cell.second == f || slices.Contains(x.facts, f)) {
				return x
			}
		}
		if x.cell.first == k.first && x.cell.second == k.second {
			return x
		}
	}
	return nil
}

// explains says whether being in an incident accounts for being in a cell. What
// customers had to do with says more than wording does: an incident that is not
// about it leaves the cell to be judged.
func (d *Detector) explains(x *incident, k cellKey) bool {
	for _, f := range [...]uint32{k.first, k.second} {
		if f != 0 && d.scan.held[f] && !x.about(f) {
			return false
		}
	}
	return true
}

func (d *Detector) raiseCell(key cellKey, rest finding, members []uint32) ([]Change, error) {
	id, err := d.o.NextID()
	if err != nil {
		return nil, err
	}
	x := newIncident(id, prevention.PathFacts, d.latest)
	x.cell, x.cluster.Explanation.Combination = key, d.combination(key)
	d.register(x)
	joined := d.absorb(x, members)
	d.alarm(x, rest, rest.score, d.level.Facts, members)
	d.explain(x, members)
	return []Change{{Kind: Raised, At: d.latest, Cluster: x.cluster, Members: joined}}, nil
}

// mergeIssues follows the clustering when it joins two issues.
func (d *Detector) mergeIssues(into, from cluster.ID, at time.Time) []Change {
	d.scan.merge(into, from)
	x, y := d.byIssue[into], d.byIssue[from]
	delete(d.byIssue, from)
	if y == nil || y == x {
		return nil
	}
	y.issues = slices.DeleteFunc(y.issues, func(i cluster.ID) bool { return i == from })
	if x == nil {
		y.issues = append(y.issues, into)
		d.byIssue[into] = y
		return d.updated(y, d.absorb(y, d.issueRecords(into)))
	}
	if slices.Index(d.incidents, y) < slices.Index(d.incidents, x) {
		x, y = y, x
	}
	return d.mergeIncidents(x, y, at)
}

// mergeIncidents puts all of y into x.
func (d *Detector) mergeIncidents(x, y *incident, at time.Time) []Change {
	for _, i := range y.issues {
		d.byIssue[i] = x
	}
	for _, i := range append(slices.Clone(y.issues), x.issues...) {
		d.byIssue[i] = x
		if !slices.Contains(x.issues, i) {
			x.issues = append(x.issues, i)
		}
	}
	var seqs []uint32
	for i := range d.scan.journal.records {
		if d.of[d.scan.journal.records[i].id] == y {
			delete(d.of, d.scan.journal.records[i].id)
			seqs = append(seqs, d.scan.journal.first+uint32(i))
		}
	}
	members := d.absorb(x, seqs)
	if y.open {
		x.open, x.cluster.Alarm.EndedAt = true, time.Time{}
	}
	y.open = false
	y.cluster.MergedInto = x.cluster.ID
	y.cluster.Stage, y.cluster.StageAt = prevention.StageClosed, at
	d.incidents = slices.DeleteFunc(d.incidents, func(z *incident) bool { return z == y })
	return []Change{
		{Kind: Merged, At: at, Cluster: y.cluster, Into: x.cluster.ID},
		{Kind: Updated, At: at, Cluster: x.cluster, Members: members},
	}
}

func (d *Detector) updated(x *incident, members []prevention.Member) []Change {
	if len(members) == 0 {
		return nil
	}
	return []Change{{Kind: Updated, At: d.latest, Cluster: x.cluster, Members: members}}
}

// rounds ends the incidents that are back at their baseline.
func (d *Detector) rounds(at time.Time) []Change {
	d.checked = bucketOf(at)
	d.study()
	var changes []Change
	for _, x := range d.incidents {
		if !x.open || !x.over(&d.scan.total, d.checked) {
			continue
		}
		x.open, x.since = false, d.checked
		x.cluster.Stage, x.cluster.StageAt, x.cluster.Alarm.EndedAt = prevention.StageClosed, at, at
		changes = append(changes, Change{Kind: Resolved, At: at, Cluster: x.cluster})
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(len(a.Cluster.ID), len(b.Cluster.ID)) })
	return changes
}
