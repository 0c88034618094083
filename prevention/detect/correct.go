package detect

import (
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
)

// words are what people said, for ever.
type words struct {
	// awaited were said about complaints that have not come yet.
	awaited map[triage.ComplaintID]word
	// freed complaints are in no cluster.
	freed map[triage.ComplaintID]bool
	// parted are pairs of clusters that the machine must not join.
	parted [][2]prevention.ClusterID
	// left are the issues of restored complaints that were taken out of an incident
	// of which no complaint has been restored yet.
	left map[*incident][]cluster.ID
}

// word is where a person put a complaint: out of a cluster and into another; ""
// is none.
type word struct{ from, to prevention.ClusterID }

func newWords() words {
	return words{awaited: map[triage.ComplaintID]word{}, freed: map[triage.ComplaintID]bool{}, left: map[*incident][]cluster.ID{}}
}

// Correct takes in the word of a person, which holds for ever: the machine
// neither merges what was parted nor takes back what was moved. It returns what
// the clusters look like then; who is in them is known already. Saying the same
// again changes nothing, and so does a word about what is forgotten; one about
// complaints that have not come yet waits for them.
func (d *Detector) Correct(c prevention.Correction) []Change {
	x := d.known(c.Cluster)
	switch c.Kind {
	case prevention.CorrectMove, prevention.CorrectSplit, prevention.CorrectPropose:
		return d.moveByHand(c)
	case prevention.CorrectMerge:
		return d.mergeByHand(d.known(c.Target), x)
	case prevention.CorrectDismiss:
		d.dismiss(x, true)
	case prevention.CorrectRestore:
		d.dismiss(x, false)
	}
	return nil
}

// looked returns incidents as they are.
func (d *Detector) looked(c prevention.Correction, list ...*incident) []Change {
	var changes []Change
	for _, x := range list {
		changes = append(changes, Change{Kind: Updated, At: c.At, Cluster: x.cluster})
	}
	return changes
}

// dismiss closes an incident for good, or takes that back: then it is open until
// it turns out to be over.
func (d *Detector) dismiss(x *incident, yes bool) {
	if x == nil || x.dismissed == yes {
		return
	}
	x.dismissed, x.open = yes, !yes
	x.cluster.Stage = prevention.StageDismissed
	mark := d.stream.Dismiss
	if !yes {
		x.cluster.Stage = prevention.StageCandidate
		x.cluster.Alarm.EndedAt = time.Time{}
		mark = d.stream.Recall
	}
	for _, issue := range x.issues {
		_ = mark(issue) // one that is forgotten needs no mark
	}
}

func (d *Detector) mergeByHand(into, from *incident) []Change {
	if into == nil || from == nil || into == from {
		return nil
	}
	for _, issue := range from.issues {
		if len(into.issues) == 0 {
			break
		}
		if d.stream.Merge(into.issues[0], issue) == nil {
			d.scan.merge(into.issues[0], issue)
		}
	}
	d.mergeIncidents(into, from, d.latest)
	d.explainAll(into)
	return []Change{{Kind: Updated, At: d.latest, Cluster: into.cluster}}
}

// moveByHand puts complaints into a cluster, which is a new one where it is not
// known, or into none.
func (d *Detector) moveByHand(c prevention.Correction) []Change {
	to := d.known(c.Target)
	if to == nil && c.Target != "" {
		to = newIncident(c.Target, prevention.PathHand, c.At)
		to.cluster.Stage = prevention.StageConfirmed
		to.cluster.Alarm = prevention.Alarm{At: c.At, Severity: prevention.SeverityAlert}
		to.cluster.Title, to.named = c.Title, c.Title != ""
		to.alarmed = bucketOf(c.At)
		d.register(to)
	}
	if pair := [2]prevention.ClusterID{c.Cluster, c.Target}; c.Cluster != "" && c.Target != "" && !slices.Contains(d.parted, pair) {
		d.parted = append(d.parted, pair)
	}
	wanted := make(map[triage.ComplaintID]bool, len(c.Complaints))
	for _, id := range c.Complaints {
		wanted[id] = true
	}
	var left []*incident
	for i := range d.scan.journal.records {
		r := &d.scan.journal.records[i]
		if !wanted[r.id] {
			continue
		}
		delete(wanted, r.id)
		if from := d.move(d.scan.journal.first+uint32(i), to); from != nil && !slices.Contains(left, from) {
			left = append(left, from)
		}
	}
	for id := range wanted {
		d.awaited[id] = word{c.Cluster, c.Target}
		d.free(id, c.Target == "")
	}
	if to != nil {
		if to.cluster.Path == prevention.PathHand {
			to.countFromHand()
		}
		left = append(left, to)
	}
	left = slices.DeleteFunc(left, func(x *incident) bool { return len(x.members) == 0 })
	for _, x := range left {
		d.explainAll(x)
	}
	return d.looked(c, left...)
}

func (d *Detector) free(id triage.ComplaintID, yes bool) {
	if yes {
		d.freed[id] = true
	} else {
		delete(d.freed, id)
	}
}

// move puts a complaint into an incident, or, with nil, into none, and returns
// the one that it left.
func (d *Detector) move(seq uint32, to *incident) (from *incident) {
	r := d.scan.journal.record(seq)
	if from = d.of[r.id]; to != nil && from == to || to == nil && d.freed[r.id] {
		return nil
	}
	if from != nil {
		d.release(from, r)
	}
	delete(d.of, r.id)
	d.free(r.id, to == nil)
	d.reissue(seq, to)
	if to != nil && to.add(r, d.scan.now) {
		d.of[r.id] = to
	}
	return from
}

// reissue gives a complaint to the issue of an incident, or to one of its own.
func (d *Detector) reissue(seq uint32, to *incident) {
	r := d.scan.journal.record(seq)
	var issue cluster.ID
	if to != nil && len(to.issues) > 0 {
		issue = to.issues[0]
	}
	moved, err := d.stream.Move(r.id, issue)
	if err != nil || moved == r.issue {
		return // forgotten: only the incident remembers it
	}
	d.scan.leave(seq)
	if g := d.scan.groups[r.issue]; g != nil && len(g.recent) == 0 {
		d.emptied(r.issue)
	}
	r.issue = moved
	d.scan.join(seq)
	if to != nil && len(to.issues) == 0 && d.byIssue[moved] == nil {
		d.own(to, moved)
	}
}

// emptied lets go of an issue that the clustering has forgotten with its last
// complaint.
func (d *Detector) emptied(issue cluster.ID) {
	if _, remembered := d.stream.Issue(issue); remembered {
		return
	}
	if x := d.byIssue[issue]; x != nil {
		x.issues = slices.DeleteFunc(x.issues, func(i cluster.ID) bool { return i == issue })
	}
	delete(d.byIssue, issue)
	delete(d.scan.groups, issue)
}

// placeByHand puts a complaint into the issue of an incident, or, with nil, into
// one of its own, which the machine does not join with the one it was taken
// from.
func (d *Detector) placeByHand(e Event, to *incident, w word) cluster.Placement {
	if to != nil && len(to.issues) > 0 {
		return d.stream.Restore(doc(e), to.issues[0])
	}
	p := d.stream.Restore(doc(e), 0)
	if to != nil && to.cluster.Path != prevention.PathFacts {
		d.own(to, p.Issue)
	}
	switch from := d.known(w.from); {
	case from == nil || from == to:
	case len(from.issues) > 0:
		_ = d.stream.Part(p.Issue, from.issues[0]) // one that is forgotten joins nothing
	case d.learning:
		d.left[from] = append(d.left[from], p.Issue)
	}
	return p
}

// observeByHand takes in a complaint about which a person spoke before it came.
func (d *Detector) observeByHand(e Event, w word) []Change {
	delete(d.awaited, e.ID)
	to := d.known(w.to)
	seq := d.count(e, d.placeByHand(e, to, w))
	d.scan.join(seq)
	d.scan.cross(seq, d.level.Facts, 1)
	if to == nil {
		return nil
	}
	return d.enter(to, seq)
}

// apart says that two issues belong to clusters which the machine must not join:
// a person has made one or parted them, or they are being restored as they were.
func (d *Detector) apart(a, b cluster.ID) bool {
	x, y := d.byIssue[a], d.byIssue[b]
	if x == nil || y == nil || x == y {
		return false
	}
	byHand := x.cluster.Path == prevention.PathHand || y.cluster.Path == prevention.PathHand
	return d.learning || byHand || slices.ContainsFunc(d.parted, func(p [2]prevention.ClusterID) bool {
		one, other := d.known(p[0]), d.known(p[1])
		return one == x && other == y || one == y && other == x
	})
}

// explainAll explains an incident by all its complaints.
func (d *Detector) explainAll(x *incident) {
	var members []uint32
	for i := range d.scan.journal.records {
		if d.of[d.scan.journal.records[i].id] == x {
			members = append(members, d.scan.journal.first+uint32(i))
		}
	}
	if len(members) > 0 {
		d.explain(x, members)
	}
}

// leave takes a complaint out of the group of its issue.
func (s *scanner) leave(seq uint32) {
	r := s.journal.record(seq)
	g := s.groups[r.issue]
	if g == nil {
		return
	}
	if i := slices.Index(g.recent, seq); i >= 0 {
		g.recent = slices.Delete(g.recent, i, i+1)
		g.counts = g.counts.add(r.bucket, -r.weight(), s.now)
	}
}

// release takes a complaint out of an incident. A customer who said it more than
// once stays.
func (d *Detector) release(x *incident, r *record) {
	if !x.members[r.id] {
		return
	}
	delete(x.members, r.id)
	for _, f := range r.held {
		x.marked[f]--
	}
	c := &x.cluster
	c.Complaints--
	if r.copied {
		c.Copies--
	}
	stays := slices.ContainsFunc(d.scan.journal.customers[r.customer], func(q uint32) bool {
		o := d.scan.journal.record(q)
		return o != nil && o.id != r.id && x.members[o.id]
	})
	if stays {
		return
	}
	c.Customers--
	delete(x.persons, r.customer)
	x.counts = x.counts.add(r.bucket, -1, r.bucket)
}

// countFromHand lets an incident that a person made count from the moment of
// that: what was in it then is what people know of.
func (x *incident) countFromHand() {
	x.opened = bucketOf(x.cluster.FirstAt)
	x.told = x.counts.between(x.opened-1, x.alarmed)
}
