package cluster

import (
	"cmp"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Doc is one complaint as clustering sees it.
type Doc struct {
	ID       triage.ComplaintID
	Customer triage.CustomerID
	At       time.Time
	Title    string
	Text     string
	Channel  string
}

// Options set the bounds of a stream. Zero values mean the defaults.
type Options struct {
	// Tokenizer cuts texts into words. It is required.
	Tokenizer Tokenizer
	// MemoryDays is how long a complaint is remembered after the latest one;
	// default 180.
	MemoryDays int
	// MaxDocs is how many complaints are remembered at most; default 1 000 000.
	MaxDocs int
	// Tau is the least similarity, 0..1, for joining an issue; default 0.15.
	Tau float64
}

// Placement says where a complaint went.
type Placement struct {
	Issue ID
	// New says that the complaint started the issue.
	New bool
	// Similarity to the issue, 0..1; 0 when new.
	Similarity float64
	// Copy marks a near-copy of another customer's text, Repeat a further
	// complaint of a customer who is already in the issue.
	Copy, Repeat bool
	// Merged are the issues that were absorbed by Issue now, Evicted those
	// that were forgotten to stay within bounds.
	Merged, Evicted []ID
}

// Stream groups complaints into issues. It is not safe for concurrent use.
type Stream struct {
	options Options
	reader  reader
	rarity  *rarity
	memory  memory
	finder  finder
	issues  map[ID]*issue
	alias   map[ID]ID
	last    ID
	latest  time.Time
}

// New returns an empty stream.
func New(o Options) *Stream {
	o.MemoryDays = cmp.Or(o.MemoryDays, 180)
	o.MaxDocs = cmp.Or(o.MaxDocs, 1_000_000)
	o.Tau = cmp.Or(o.Tau, 0.15)
	return &Stream{
		options: o,
		reader:  reader{cut: o.Tokenizer, counts: map[uint32]*tally{}},
		rarity:  newRarity(),
		memory:  memory{heads: map[uint32]posting{}, seqs: map[triage.ComplaintID]uint32{}},
		finder:  finder{sums: map[uint32]float32{}},
		issues:  map[ID]*issue{},
		alias:   map[ID]ID{},
	}
}

const (
	vectorTerms    = 128
	commonShare    = 0.08
	mergeCosine    = 0.35
	copyCosine     = 0.95
)

// Add places a complaint: it joins the issue it is most like, or starts one. A
// complaint that is already remembered stays where it is.
func (s *Stream) Add(d Doc) Placement {
	if seq, ok := s.memory.seqs[d.ID]; ok {
		return Placement{Issue: s.memory.entry(seq).issue.id}
	}
	v, query := s.understand(&d)
	found := s.finder.nearest(&s.memory, v, query)
	matches := s.matches(v, found)
	var p Placement
	var x *issue
	if len(matches) > 0 && matches[0].score >= float32(s.options.Tau) {
		x = matches[0].issue
		p.Similarity = float64(matches[0].score)
	} else {
		x, p.New = s.start(0), true
	}
	if len(found) > 0 && found[0].similarity >= copyCosine {
		p.Copy = s.memory.entry(found[0].seq).customer != d.Customer
	}
	p.Repeat = s.has(x, d.Customer)
	seq := s.remember(&d, v, query, p.Copy)
	s.attach(x, seq, v)
	p.Issue = x.id
	if !p.New {
		p.Merged = s.mergeLike(x, matches[1:])
	}
	p.Evicted = s.evict()
	return p
}

// understand weighs the words of a complaint and counts them.
func (s *Stream) understand(d *Doc) (v vector, query []feature) {
	if d.At.After(s.latest) {
		s.latest = d.At
	}
	s.rarity.advance(s.latest)
	s.reader.read(d)
	v = s.reader.vector(s.rarity, vectorTerms)
	query = slices.Clone(v)
	slices.SortFunc(query, byWeight)
	query = query[:min(len(query), queryTerms)]
	most := max(commonShare*s.rarity.n(), 8)
	query = slices.DeleteFunc(query, func(f feature) bool { return s.rarity.df(f.term) > most })
	s.rarity.see(s.reader.order)
	return v, query
}

func (s *Stream) remember(d *Doc, v vector, query []feature, copied bool) uint32 {
	indexed := make([]uint32, len(query))
	for i, q := range query {
		indexed[i] = q.term
	}
	return s.memory.add(entry{id: d.ID, customer: d.Customer, at: d.At, copied: copied}, v, indexed)
}

func (s *Stream) start(id ID) *issue {
	if id == 0 {
		id = s.last + 1
	}
	s.last = max(s.last, id)
	x := &issue{id: id}
	s.issues[id] = x
	return x
}

// match is an issue with its similarity to a complaint.
type match struct {
	issue *issue
	score float32
	top   float32
}

// matches scores the issues of the candidates: half the mean of their three
// most similar members, half their centroid.
func (s *Stream) matches(v vector, found []candidate) []match {
	type tops struct {
		sum float32
		n   int
		top float32
	}
	by := map[*issue]*tops{}
	var order []*issue
	for _, c := range found {
		x := s.memory.entry(c.seq).issue
		t := by[x]
		if t == nil {
			t = &tops{top: c.similarity}
			by[x] = t
			order = append(order, x)
		}
		if t.n < 3 {
			t.sum += c.similarity
			t.n++
		}
	}
	matches := make([]match, 0, len(order))
	for _, x := range order {
		t := by[x]
		c, norm := s.centroid(x)
		score := 0.5*t.sum/float32(min(3, len(x.members))) + 0.5*dot(v, c)/max(norm, 1e-6)
		matches = append(matches, match{x, score, t.top})
	}
	slices.SortFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.issue.id, b.issue.id))
	})
	return matches
}

func (s *Stream) has(x *issue, c triage.CustomerID) bool {
	if c == "" {
		return false
	}
	for _, m := range x.members {
		if s.memory.entry(m).customer == c {
			return true
		}
	}
	return false
}

// mergeLike lets x absorb the other issues that are as like the complaint and
// like x itself.
func (s *Stream) mergeLike(x *issue, others []match) (merged []ID) {
	for _, m := range others {
		if m.score < float32(s.options.Tau) {
			break
		}
		a, an := s.centroid(x)
		b, bn := s.centroid(m.issue)
		if dot(a, b) < mergeCosine*an*bn || s.mayNot(x, m.issue) {
			continue
		}
		merged = append(merged, m.issue.id)
		s.absorb(x, m.issue)
	}
	return merged
}

func (s *Stream) mayNot(a, b *issue) bool {
	return a.dismissed || b.dismissed || slices.Contains(a.apart, b.id)
}

// absorb moves the members of b into a; b's id stays as another name of a.
func (s *Stream) absorb(a, b *issue) {
	for _, seq := range slices.Clone(b.members) {
		s.memory.entry(seq).issue = a
	}
	ca, _ := s.centroid(a)
	cb, _ := s.centroid(b)
	a.sum = trim(addScaled(ca, cb, 1), centroidTerms)
	a.norm = a.sum.length()
	a.members = append(a.members, b.members...)
	slices.Sort(a.members)
	a.aliases = append(append(a.aliases, b.id), b.aliases...)
	for _, id := range a.aliases {
		s.alias[id] = a.id
	}
	for _, id := range b.apart {
		other := s.issues[s.resolve(id)]
		s.part(a, other)
	}
	delete(s.issues, b.id)
}

func (s *Stream) resolve(id ID) ID {
	if to, ok := s.alias[id]; ok {
		return to
	}
	return id
}

// part forbids the machine to merge two issues.
func (s *Stream) part(a, b *issue) {
	if a == nil || b == nil || a == b {
		return
	}
	if !slices.Contains(a.apart, b.id) {
		a.apart = append(a.apart, b.id)
	}
	if !slices.Contains(b.apart, a.id) {
		b.apart = append(b.apart, a.id)
	}
}

// evict forgets complaints that are too old or too many, and issues of which
// nothing is left.
func (s *Stream) evict() (gone []ID) {
	oldest := s.latest.AddDate(0, 0, -s.options.MemoryDays)
	m := &s.memory
	for m.next-m.first > 1 && (int(m.next-m.first) > s.options.MaxDocs || m.entry(m.first).at.Before(oldest)) {
		x := m.entry(m.first).issue
		s.detach(m.first)
		m.dropFirst()
		if len(x.members) == 0 {
			gone = append(gone, x.id)
			s.forget(x)
		}
	}
	return gone
}

func (s *Stream) forget(x *issue) {
	delete(s.issues, x.id)
	for _, id := range x.aliases {
		delete(s.alias, id)
	}
	for _, id := range x.apart {
		if other := s.issues[id]; other != nil {
			other.apart = slices.DeleteFunc(other.apart, func(i ID) bool { return i == x.id })
		}
	}
}

// Issue returns an issue by its id or by that of an issue it absorbed.
func (s *Stream) Issue(id ID) (View, bool) {
	x := s.issues[s.resolve(id)]
	if x == nil {
		return View{}, false
	}
	v := View{ID: x.id, Dismissed: x.dismissed}
	seen := map[triage.CustomerID]bool{}
	for _, seq := range x.members {
		e := s.memory.entry(seq)
		v.Members = append(v.Members, Member{e.id, e.customer, e.at, e.copied})
		if e.customer == "" || !seen[e.customer] {
			v.Customers++
		}
		seen[e.customer] = true
		if e.copied {
			v.Copies++
		}
		if v.First.IsZero() || e.at.Before(v.First) {
			v.First = e.at
		}
		if e.at.After(v.Last) {
			v.Last = e.at
		}
	}
	return v, true
}
