package detect

import (
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
)

// Correct takes in the word of a person, which holds for ever: the machine
// neither merges what was parted nor takes back what was moved. Corrections
// that are stored already may be repeated after Restore. What is no longer
// remembered is left alone.
func (d *Detector) Correct(c prevention.Correction) {
	switch c.Kind {
	case prevention.CorrectMove:
		d.moveTo(d.byID[c.Target], c.Complaints)
	case prevention.CorrectSplit, prevention.CorrectPropose:
		x := d.byID[c.Target]
		if x == nil {
			x = newIncident(c.Target, prevention.PathHand, c.At)
			x.cluster.Title, x.named = c.Title, c.Title != ""
			d.register(x)
		}
		d.moveTo(x, c.Complaints)
	case prevention.CorrectMerge:
		d.mergeByHand(d.byID[c.Target], d.byID[c.Cluster])
	case prevention.CorrectDismiss:
		d.dismiss(d.byID[c.Cluster])
	}
}

func (d *Detector) dismiss(x *incident) {
	if x == nil {
		return
	}
	x.dismissed, x.open = true, false
	x.cluster.Stage = prevention.StageDismissed
	for _, issue := range x.issues {
		_ = d.stream.Dismiss(issue) // one that is forgotten needs no mark
	}
}

func (d *Detector) mergeByHand(into, from *incident) {
	if into == nil || from == nil || into == from {
		return
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
	d.byID[from.cluster.ID] = into
}

// moveTo puts complaints into an incident, or, with nil, into none.
func (d *Detector) moveTo(to *incident, complaints []triage.ComplaintID) {
	for i := range d.scan.journal.records {
		r := &d.scan.journal.records[i]
		if !slices.Contains(complaints, r.id) || to != nil && d.of[r.id] == to {
			continue
		}
		if from := d.of[r.id]; from != nil {
			from.remove(r)
		}
		delete(d.of, r.id)
		d.reissue(d.scan.journal.first+uint32(i), to)
		if to != nil && to.add(r, d.scan.now) {
			d.of[r.id] = to
		}
	}
}

// reissue gives a complaint to the issue of an incident, or to one of its own.
func (d *Detector) reissue(seq uint32, to *incident) {
	r := d.scan.journal.record(seq)
	var issue cluster.ID
	if to != nil && len(to.issues) > 0 {
		issue = to.issues[0]
	}
	moved, err := d.stream.Move(r.id, issue)
	if err != nil {
		return // forgotten: only the incident remembers it
	}
	d.scan.leave(seq)
	r.issue = moved
	d.scan.join(seq)
	if to != nil && len(to.issues) == 0 && d.byIssue[moved] == nil {
		to.issues = []cluster.ID{moved}
		d.byIssue[moved] = to
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

// remove takes a complaint out. That its customer said it elsewhere in the
// incident, too, is not looked for.
func (x *incident) remove(r *record) {
	if !x.members[r.id] {
		return
	}
	delete(x.members, r.id)
	for _, f := range r.held {
		x.marked[f]--
	}
	x.cluster.Complaints--
	x.cluster.Customers--
	if r.copied {
		x.cluster.Copies--
	}
	delete(x.persons, r.customer)
	x.counts = x.counts.add(r.bucket, -1, r.bucket)
}
