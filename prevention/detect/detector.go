package detect

import (
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// late is the age from which a complaint counts for its own time only and
	// alarms nobody.
	late = 48 * time.Hour
	// warmUp is the number of complaints before the first alarm: without a past
	// everything is new.
	warmUp = 150
)

// Detector finds clusters in a stream of complaints. It is not safe for
// concurrent use. Time per complaint does not depend on the length of history;
// memory is bounded by Options.
type Detector struct {
	o       Options
	stream  *cluster.Stream
	scan    *scanner
	level   Thresholds
	seen    int
	latest  time.Time
	checked int32 // bucket in which open incidents were last looked at
	studied int32 // bucket of the latest calibration

	incidents []*incident // in order of their raising
	byID      map[prevention.ClusterID]*incident
	byIssue   map[cluster.ID]*incident
	of        map[triage.ComplaintID]*incident

	learning bool // restored complaints are coming in
	words         // of people
}

// New returns a Detector that has seen nothing.
func New(o Options) *Detector {
	o = o.withDefaults()
	d := &Detector{
		o:       o,
		scan:    newScanner(newNumbers[string](), newNumbers[Fact](), o.Exposures),
		level:   o.Thresholds,
		byID:    map[prevention.ClusterID]*incident{},
		byIssue: map[cluster.ID]*incident{},
		of:      map[triage.ComplaintID]*incident{},
		words:   newWords(),
	}
	d.stream = cluster.New(cluster.Options{Tokenizer: o.Tokenizer, MemoryDays: o.MemoryDays, MaxDocs: o.MaxEvents, Apart: d.apart})
	return d
}

// Thresholds returns those in force.
func (d *Detector) Thresholds() Thresholds { return d.level }

// Observe takes the next complaint and returns what it changed, in order. One
// that is more than two days older than the latest counts for its own time,
// joins the cluster it belongs to, and raises nothing.
func (d *Detector) Observe(e Event) ([]Change, error) {
	e = d.clean(e)
	d.learned()
	var changes []Change
	if bucketOf(e.At) > d.checked {
		changes = append(changes, d.rounds(e.At)...)
	}
	if w, spoken := d.awaited[e.ID]; spoken {
		return append(changes, d.observeByHand(e, w)...), nil
	}
	p := d.stream.Add(doc(e))
	if d.o.Placed != nil {
		d.o.Placed(e, p)
	}
	seq := d.count(e, p)
	for _, from := range p.Merged {
		changes = append(changes, d.mergeIssues(p.Issue, from, e.At)...)
	}
	d.scan.join(seq)
	quiet := d.latest.Sub(e.At) > late || d.seen <= warmUp
	raised, err := d.byWords(seq, quiet)
	changes = append(changes, raised...)
	if err != nil {
		return changes, err
	}
	found := d.scan.cross(seq, d.level.Facts, 1)
	if d.of[e.ID] == nil {
		changes = append(changes, d.joinCell(seq)...)
	}
	if !quiet && len(raised) == 0 {
		raised, err = d.byFacts(seq, found)
		changes = append(changes, raised...)
	}
	return changes, err
}

// clean makes the time of a complaint usable.
func (d *Detector) clean(e Event) Event {
	if d.o.Now != nil {
		if now := d.o.Now(); e.At.After(now) {
			e.At = now
		}
	}
	if e.At.IsZero() {
		e.At = d.latest
	}
	return e
}

func doc(e Event) cluster.Doc {
	return cluster.Doc{ID: e.ID, Customer: e.Customer, At: e.At, Title: e.Title, Text: e.Text, Channel: string(e.Channel)}
}

// count brings a complaint on every clock.
func (d *Detector) count(e Event, p cluster.Placement) uint32 {
	d.seen++
	d.latest = later(d.latest, e.At)
	s := d.scan
	r := record{
		id: e.ID, customer: e.Customer, channel: e.Channel, at: e.At, bucket: bucketOf(e.At), issue: p.Issue, copied: p.Copy,
		kind: s.kinds.number(e.Type), subkind: s.kinds.number(e.Subtype),
	}
	slices.SortFunc(e.Facts, compareFacts)
	for _, f := range e.Facts {
		if f.Value != "" {
			r.own = append(r.own, s.facts.number(f))
		}
	}
	if d.o.Exposures != nil && e.Customer != "" {
		for _, f := range d.o.Exposures.FactsAt(e.Customer, e.At) {
			n := s.facts.number(f)
			s.held[n] = true
			r.held = append(r.held, n)
		}
	}
	for _, gone := range p.Evicted {
		delete(s.groups, gone)
		delete(d.byIssue, gone)
	}
	return s.take(r, d.o.MaxEvents)
}

// byWords judges the issue that a complaint joined.
func (d *Detector) byWords(seq uint32, quiet bool) ([]Change, error) {
	r := d.scan.journal.record(seq)
	x := d.byIssue[r.issue]
	if x != nil && x.dismissed {
		return d.enter(x, seq), nil
	}
	var since int32
	if x != nil {
		since = x.since
	}
	least := d.level.Words
	v := d.scan.judge(r.issue, since, least)
	if x != nil {
		changes := d.enter(x, seq)
		if quiet {
			return changes, nil
		}
		return append(changes, d.follow(x, v, least)...), nil
	}
	if quiet || v.buckets == 0 || v.score < least {
		return nil, nil
	}
	if y := d.sameIncident(v); y != nil {
		return d.bind(y, r.issue, v), nil
	}
	if part, key, ok := d.factPart(v); ok {
		if y := d.about(key); y != nil {
			return d.updated(y, d.absorb(y, part)), nil
		}
		return d.raiseCell(key, finding{v.sample, v.score, v.buckets}, part)
	}
	return d.raiseIssue(r.issue, v)
}

// factPart returns the complaints that make up the rise when they are a minor
// part of a bigger issue and one fact marks them off, and their cell.
func (d *Detector) factPart(v verdict) (part []uint32, key cellKey, ok bool) {
	if len(v.common) == 0 || !d.scan.held[v.common[0].fact] {
		return nil, key, false
	}
	c := v.common[0]
	if c.score < certain || c.share > rare || 3*c.with >= 2*len(v.members) || c.with < 3 {
		return nil, key, false
	}
	for _, q := range v.members {
		if r := d.scan.journal.record(q); r.has(c.fact) {
			part = append(part, q)
		}
	}
	return part, cellKey{d.scan.kinds.of[d.typeOf(part)], c.fact, 0}, true
}

// enter puts a complaint into an incident.
func (d *Detector) enter(x *incident, seq uint32) []Change {
	r := d.scan.journal.record(seq)
	if !x.add(r, d.scan.now) {
		return nil
	}
	d.of[r.id] = x
	return []Change{{Kind: Updated, At: r.at, Cluster: x.cluster, Members: []prevention.Member{member(r)}}}
}

// sameIncident returns the incident that a new alarm is another part of: it has
// half of the complaints already, or both concentrate beyond doubt in the same
// rare fact.
func (d *Detector) sameIncident(v verdict) *incident {
	if x, n := d.owner(v.members); 2*n >= len(v.members) {
		return x
	}
	for _, x := range d.incidents {
		if x.dismissed || d.latest.Sub(x.cluster.LastAt) > time.Duration(longest)*grain {
			continue
		}
		for _, c := range v.common {
			if c.score >= 2 && 2*c.with >= c.known && slices.Contains(x.facts, c.fact) {
				return x
			}
		}
	}
	return nil
}

// owner returns the incident that most of the complaints are in, and how many.
func (d *Detector) owner(seqs []uint32) (best *incident, most int) {
	n := map[*incident]int{}
	for _, q := range seqs {
		x := d.of[d.scan.journal.record(q).id]
		if x == nil {
			continue
		}
		if n[x]++; n[x] > most {
			best, most = x, n[x]
		}
	}
	return best, most
}

// ClusterOf returns the cluster that an issue belongs to, and whether it ever
// alarmed.
func (d *Detector) ClusterOf(issue cluster.ID) (prevention.ClusterID, bool) {
	x := d.byIssue[issue]
	if x == nil {
		return "", false
	}
	return x.cluster.ID, true
}

// Remembered is the number of complaints that are held in memory.
func (d *Detector) Remembered() int { return len(d.scan.journal.records) }
