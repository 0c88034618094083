package cluster

import (
	"cmp"
	"slices"
	"strings"
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
	// Channel tells forms from words: what most texts of a channel share is
	// discounted.
	Channel string
}

// Options set the bounds of a stream. Zero values mean the defaults.
type Options struct {
	// Tokenizer cuts texts into words. It is required.
	Tokenizer Tokenizer
	// MemoryDays is how long a complaint is remembered after its arrival, in
	// the time of the stream; default 180.
	MemoryDays int
	// MaxDocs is how many complaints are remembered at most; default 1 000 000,
	// of about 1.6 kB each.
	MaxDocs int
	// Tau is the least similarity, 0..1, for joining an issue; default 0.16,
	// measured on citizens' complaints.
	Tau float64
	// Apart forbids the machine to merge two issues; nil forbids nothing.
	Apart func(a, b ID) bool
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
	// Members and Customers are those of the issue now; a complaint without a
	// customer counts as a customer of its own.
	Members, Customers int
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
	past    past
	clock   clock
	issues  map[ID]*issue
	alias   map[ID]ID
	last    ID
}

// New returns an empty stream.
func New(o Options) *Stream {
	o.MemoryDays = cmp.Or(o.MemoryDays, 180)
	o.MaxDocs = cmp.Or(o.MaxDocs, 1_000_000)
	o.Tau = cmp.Or(o.Tau, 0.16)
	return &Stream{
		options: o,
		reader:  reader{cut: o.Tokenizer},
		rarity:  newRarity(),
		memory:  memory{latest: map[uint32]posting{}, seqs: map[triage.ComplaintID]uint32{}},
		issues:  map[ID]*issue{},
		alias:   map[ID]ID{},
	}
}

// Add places a complaint: it joins the issue it is most like, or starts one. A
// complaint that is already remembered stays where it is. The cost does not
// depend on the length of history.
func (s *Stream) Add(d Doc) Placement {
	if seq, ok := s.memory.seqs[d.ID]; ok {
		x := s.memory.entry(seq).issue
		return Placement{Issue: x.id, Members: len(x.members), Customers: x.distinct}
	}
	v, query := s.understand(&d)
	found := s.finder.nearest(&s.memory, v, query)
	p := Placement{Copy: s.isCopy(&d, v, found)}
	matches := s.matches(v, found)
	var x *issue
	if len(matches) > 0 && matches[0].score >= float32(s.options.Tau) {
		x = matches[0].issue
		p.Similarity = min(float64(matches[0].score), 1)
	} else {
		x, p.New = s.start(s.last+1), true
	}
	p.Repeat = s.knows(x, d.Customer)
	s.attach(x, s.remember(&d, v, query, p.Copy), v)
	if !p.New {
		x, p.Merged = s.mergeLike(x, matches[1:])
	}
	p.Evicted = s.evict()
	p.Issue, p.Members, p.Customers = x.id, len(x.members), x.distinct
	return p
}

// understand weighs the words of a complaint by what was known before it, and
// counts them. It returns the vector and the terms to look for.
func (s *Stream) understand(d *Doc) (v vector, query []feature) {
	s.clock.see(d.At)
	s.rarity.advance(s.clock.now())
	s.reader.read(d)
	channel := hash(d.Channel, channelSeed)
	v = s.reader.vector(s.rarity, channel)
	most := max(commonShare*s.rarity.n(), commonLeast)
	query = slices.DeleteFunc(heaviest(v, queryTerms), func(f feature) bool { return s.rarity.df(f.term) > most })
	s.rarity.see(s.reader.terms, channel)
	return v, query
}

func (s *Stream) remember(d *Doc, v vector, query []feature, copied bool) (seq uint32) {
	e := entry{id: d.ID, customer: d.Customer, at: d.At, arrived: s.clock.now().Unix(), head: head(d), copied: copied}
	return s.memory.add(e, v, query)
}

// start makes an issue without members.
func (s *Stream) start(id ID) *issue {
	s.last = max(s.last, id)
	x := &issue{id: id}
	s.issues[id] = x
	return x
}

// headRunes bounds what is kept of a text to find words for titles.
const headRunes = 80

// head returns the title, or the beginning of a text without one, in memory of
// its own.
func head(d *Doc) string {
	text := d.Title
	if strings.TrimSpace(text) == "" {
		text = d.Text
	}
	n := 0
	for i := range text {
		if n == headRunes {
			return strings.Clone(text[:i])
		}
		n++
	}
	return strings.Clone(text)
}
