package detect

import (
	"maps"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
)

// Know tells of a cluster that is stored. A detector that goes on where another
// one stopped is told of all clusters, then of all corrections (Correct), then
// of the complaints (Restore), and observes after that.
func (d *Detector) Know(c prevention.Cluster) {
	if d.byID[c.ID] != nil {
		return
	}
	x := newIncident(c.ID, c.Path, c.CreatedAt)
	x.cluster = c
	x.cluster.Complaints, x.cluster.Customers, x.cluster.Copies = 0, 0, 0
	x.dismissed = c.Stage == prevention.StageDismissed
	x.open = !x.dismissed && c.Alarm.EndedAt.IsZero()
	x.alarmed, x.opened = bucketOf(c.Alarm.At), bucketOf(c.Alarm.SinceAt)
	if !c.Alarm.EndedAt.IsZero() {
		x.since = bucketOf(c.Alarm.EndedAt)
	}
	x.told, x.toldScore = float64(c.Alarm.Customers), c.Alarm.Score
	x.cell = d.cellOf(c.Explanation.Combination)
	if c.MergedInto != "" {
		d.byID[c.ID] = x // only as another name
		return
	}
	d.register(x)
}

// rose notes the bucket in which the latest rise began.
func (x *incident) rose(bucket int32) {
	x.opened = bucket
	x.cluster.Alarm.SinceAt = timeOf(bucket - 1).UTC()
}

// known returns the incident of a cluster, or of the one that took it in; nil is
// none.
func (d *Detector) known(id prevention.ClusterID) *incident {
	x := d.byID[id]
	for x != nil && x.cluster.MergedInto != "" {
		x = d.byID[x.cluster.MergedInto]
	}
	return x
}

// Restore takes in a complaint that was observed before, in the order in which
// it came, and the cluster it is in, "" for none. It raises and changes nothing.
func (d *Detector) Restore(e Event, in prevention.ClusterID) {
	e = d.clean(e)
	d.learning = true
	x := d.known(in)
	p := d.place(e, x)
	seq := d.count(e, p)
	for _, from := range p.Merged {
		d.rebind(p.Issue, from)
	}
	d.scan.join(seq)
	d.scan.cross(seq, d.level.Facts, 1)
	if x == nil {
		return
	}
	r := d.scan.journal.record(seq)
	if x.add(r, d.scan.now) {
		d.of[r.id] = x
	}
}

// place puts a restored complaint where it was. One about which a person has
// spoken goes there whatever it says; else the first one of a cluster shows by
// its words which issue the cluster is, and the others follow.
func (d *Detector) place(e Event, x *incident) cluster.Placement {
	w, spoken := d.awaited[e.ID]
	delete(d.awaited, e.ID)
	switch {
	case spoken:
		return d.placeByHand(e, x, w)
	case x == nil || x.cluster.Path == prevention.PathFacts:
		return d.stream.Add(doc(e))
	case len(x.issues) > 0:
		return d.stream.Restore(doc(e), x.issues[0])
	case len(d.left[x]) > 0: // it would follow what was taken out
		p := d.stream.Restore(doc(e), 0)
		d.own(x, p.Issue)
		for _, issue := range d.left[x] {
			_ = d.stream.Part(p.Issue, issue) // one that is forgotten joins nothing
		}
		return p
	}
	p := d.stream.Add(doc(e))
	if d.byIssue[p.Issue] == nil {
		d.own(x, p.Issue)
	}
	return p
}

// own makes an issue the first one of an incident.
func (d *Detector) own(x *incident, issue cluster.ID) {
	x.issues = []cluster.ID{issue}
	d.byIssue[issue] = x
	if x.dismissed {
		_ = d.stream.Dismiss(issue) // it is remembered: a complaint came just now
	}
}

// rebind follows the clustering when it joins two issues while restoring. No
// complaint changes its cluster; issues of two clusters are never joined then.
func (d *Detector) rebind(into, from cluster.ID) {
	d.scan.merge(into, from)
	x := d.byIssue[from]
	delete(d.byIssue, from)
	if x == nil {
		return
	}
	x.issues = slices.DeleteFunc(x.issues, func(i cluster.ID) bool { return i == from || i == into })
	x.issues = append(x.issues, into)
	d.byIssue[into] = x
}

// learned ends the restoring: it finds again what the store does not keep.
func (d *Detector) learned() {
	if !d.learning {
		return
	}
	d.learning = false
	clear(d.left)
	d.checked = bucketOf(d.latest)
	for _, x := range d.incidents {
		if x.cluster.Path == prevention.PathHand && x.told == 0 {
			x.countFromHand()
			continue
		}
		before := x.alarmed - int32(x.cluster.Alarm.Days)*perDay
		x.usual = x.cluster.Alarm.Baseline / max(d.scan.total.between(before, x.alarmed), 1)
		x.facts = d.doubtless(x.cluster.Explanation.Attributes)
	}
}

// doubtless returns the attributes in which an incident concentrates beyond
// doubt, of those that customers had to do with.
func (d *Detector) doubtless(list []prevention.Attribute) []uint32 {
	var facts []uint32
	for _, a := range list {
		f, ok := d.scan.facts.of[Fact{a.Field, a.Value}]
		if ok && d.scan.held[f] && a.PValue <= probability(certain) && a.Share < rare*a.Lift && a.Share >= 0.5 {
			facts = append(facts, f)
		}
	}
	return facts
}

// combination says a cell in words that can be stored.
func (d *Detector) combination(k cellKey) *prevention.Combination {
	c := &prevention.Combination{Type: d.scan.kinds.values[k.theme], Facts: map[string]string{}}
	for _, f := range [...]uint32{k.first, k.second} {
		if f != 0 {
			c.Facts[d.scan.facts.values[f].Field] = d.scan.facts.values[f].Value
		}
	}
	return c
}

// cellOf is the cell of a combination; none for nil.
func (d *Detector) cellOf(c *prevention.Combination) (k cellKey) {
	if c == nil {
		return k
	}
	k.theme = d.scan.kinds.number(c.Type)
	facts := make([]uint32, 2) // in the order in which a record has them
	for i, field := range slices.Sorted(maps.Keys(c.Facts)) {
		if i < len(facts) {
			facts[i] = d.scan.facts.number(Fact{field, c.Facts[field]})
		}
	}
	k.first, k.second = facts[0], facts[1]
	return k
}
