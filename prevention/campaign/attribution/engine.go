package attribution

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

// Complaint is a complaint as attribution sees it.
type Complaint struct {
	ID       triage.ComplaintID
	Customer triage.CustomerID // "" for one that nobody knows
	At       time.Time
	Text     string
	// Stated is the campaign that the source named, "" for none.
	Stated string
	// Contacts are the times that campaigns reached the customer in the Window
	// before At; later ones are passed over.
	Contacts []Contact
	// Hand is what a person said: nil for nothing, "" for no campaign.
	Hand *string
}

// Deps is what an Engine is made of.
type Deps struct {
	Tokenizer nlp.Tokenizer
	// Now stamps attributions; nil stamps them with the time of the complaint.
	Now func() time.Time
}

// Engine attributes the complaints of a stream, in their order, and learns from
// each. It knows nothing of what comes later. One goroutine at a time.
type Engine struct {
	d         Deps
	campaigns map[string]*tracked
	order     []string // ids, for the same answer every time
	all       counts
	tokens    []nlp.Token
}

// New makes an Engine that knows no campaign.
func New(d Deps) *Engine { return &Engine{d: d, campaigns: map[string]*tracked{}} }

// Observe judges a complaint and learns from it.
func (e *Engine) Observe(c *Complaint) (campaign.Attribution, bool) {
	f := fold(c.Text)
	words, hashes := e.wordsOf(f)
	a, ok := e.judge(c, f, words)
	e.learn(c, append(hashes, f.piecesOf()...), a, ok)
	return a, ok
}

// Judge says what a complaint is about, and learns nothing.
func (e *Engine) Judge(c *Complaint) (campaign.Attribution, bool) {
	f := fold(c.Text)
	words, _ := e.wordsOf(f)
	return e.judge(c, f, words)
}

// Teach learns that a text that was observed before is about a campaign.
func (e *Engine) Teach(id, text string) {
	if k := e.campaigns[id]; k != nil {
		f := fold(text)
		_, hashes := e.wordsOf(f)
		k.named.add(append(hashes, f.piecesOf()...))
	}
}

// learn counts the words of a complaint.
func (e *Engine) learn(c *Complaint, hashes []uint64, a campaign.Attribution, ok bool) {
	e.all.add(hashes)
	for id := range exposed(c) {
		if k := e.campaigns[id]; k != nil {
			k.contacts = true
			if who := hash(string(c.Customer)); !k.counted[who] {
				k.counted[who] = true
				k.reached.add(hashes)
			}
		}
	}
	if k := e.campaigns[a.Campaign]; ok && k != nil && a.Basis != campaign.Exposure {
		k.named.add(hashes)
	}
}

// candidate is a campaign that a complaint may be about.
type candidate struct {
	*tracked
	basis campaign.Basis
	odds  float64
	told  float64
	// plain is a mention that leaves no doubt: then the text is about no campaign
	// that it does not name.
	plain    bool
	evidence []string
	exposed  time.Time
}

// judge looks for the strongest basis.
func (e *Engine) judge(c *Complaint, f *folded, words []word) (campaign.Attribution, bool) {
	at := c.At
	if e.d.Now != nil {
		at = e.d.Now()
	}
	reached := exposed(c)
	a := campaign.Attribution{Complaint: c.ID, At: at}
	if c.Hand != nil {
		a.Campaign, a.Basis, a.Score, a.Exposed = *c.Hand, campaign.ByHand, 1, reached[*c.Hand].At
		return a, true
	}
	if id := e.stated(c.Stated); id != "" {
		a.Campaign, a.Basis, a.Score, a.Exposed = id, campaign.Stated, 0.99, reached[id].At
		a.Evidence = []string{c.Stated}
		return a, true
	}
	best, ok := e.best(c, f, words, reached)
	if !ok {
		return campaign.Attribution{}, false
	}
	a.Campaign, a.Basis, a.Evidence, a.Exposed = best.ID, best.basis, best.evidence, best.exposed
	a.Score = math.Round(1000/(1+math.Exp(-best.odds))) / 1000
	return a, true
}

// stated returns the campaign that the source means by its id or one of its
// names, "" for none.
func (e *Engine) stated(s string) string {
	if s == "" || e.campaigns[s] != nil {
		return s
	}
	whole := newName(s, false, e.d.Tokenizer).whole
	for _, id := range e.order {
		if slices.ContainsFunc(e.campaigns[id].names, func(n name) bool { return whole != "" && n.whole == whole }) {
			return id
		}
	}
	return ""
}

const (
	// threshold is the odds from which a complaint counts: more likely than not. By
	// exposure it takes a little more, because there are so many who were reached.
	threshold         = 0.0
	exposureThreshold = 0.3
	// written is how much of what people wrote down of a campaign a text has to
	// have to lower that to writtenThreshold: those are no words of the trade.
	written          = 2.0
	writtenThreshold = -0.7
	// leastOwn is what a text has to have of this campaign alone: people speak
	// about other campaigns in the same words.
	leastOwn = 1.0
)

func (e *Engine) best(c *Complaint, f *folded, words []word, reached map[string]Contact) (candidate, bool) {
	var list []candidate
	for _, id := range e.order {
		k := e.campaigns[id]
		last, exposed := reached[id]
		if m, ok := e.mentioned(c, f, k, last.At); ok {
			list = append(list, m)
			continue
		}
		if !exposed {
			continue
		}
		v := e.fits(f, words, k, &last)
		v.odds += running(k, c.At) + recency(c.At.Sub(last.At))
		least := exposureThreshold
		if v.written >= written && (k.Rules != "" || k.Copy != "") {
			least = writtenThreshold
		}
		if v.odds > least && v.own >= leastOwn {
			list = append(list, candidate{k, campaign.Exposure, v.odds, v.own, false, f.evidence(v.spans), last.At})
		}
	}
	if slices.ContainsFunc(list, func(c candidate) bool { return c.plain }) {
		list = slices.DeleteFunc(list, func(c candidate) bool { return c.basis == campaign.Exposure })
	}
	if len(list) == 0 {
		return candidate{}, false
	}
	return slices.MaxFunc(list, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(rank(a), rank(b)), cmp.Compare(a.told, b.told), a.exposed.Compare(b.exposed),
			a.From.Compare(b.From), cmp.Compare(b.ID, a.ID))
	}), true
}

// rank puts candidates in steps of odds within which other things decide.
func rank(c candidate) int {
	r := math.Round(2 * c.odds)
	if c.basis == campaign.Mention {
		r++
	}
	return int(r)
}

// What it changes that a campaign reached the customer, or did not although it
// is known whom it reached; in logarithms of odds.
const (
	exposedOdds   = 1.5
	unexposedOdds = -0.8
)

func (e *Engine) mentioned(c *Complaint, f *folded, k *tracked, last time.Time) (candidate, bool) {
	var best mention
	for i := range k.names {
		if m := k.names[i].mentions(f); m.sure > best.sure {
			best = m
		}
	}
	if best.sure == 0 {
		return candidate{}, false
	}
	odds := math.Log(best.sure/(1-best.sure)) + running(k, c.At)
	switch {
	case !last.IsZero():
		odds += exposedOdds
	case c.Customer != "" && k.contacts:
		odds += unexposedOdds
	}
	if best.sure < sureOffer && k.otherOffer(f) {
		odds += otherOffer
	}
	if odds <= threshold {
		return candidate{}, false
	}
	spans := make([][2]int, len(best.spans))
	for i, s := range best.spans {
		spans[i][0], spans[i][1] = f.inNorm(s[0], s[1])
	}
	return candidate{k, campaign.Mention, odds, best.told, best.sure >= sureOffer, f.evidence(spans), last}, true
}

// running lowers the odds of a campaign that has not begun, or ended long ago.
func running(k *tracked, at time.Time) float64 {
	const early, late = 14 * 24 * time.Hour, 180 * 24 * time.Hour
	switch {
	case !k.From.IsZero() && at.Before(k.From.Add(-early)):
		return -6
	case !k.To.IsZero() && at.After(k.To.Add(late)):
		return -1.5
	}
	return 0
}

// maxEvidence bounds the words that are kept as evidence.
const maxEvidence = 8

// evidence returns the words of the source at some places, in their order; of
// places that touch or overlap one.
func (f *folded) evidence(spans [][2]int) []string {
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	var list []string
	for i := 0; i < len(spans) && len(list) < maxEvidence; {
		from, to := spans[i][0], spans[i][1]
		for i++; i < len(spans) && spans[i][0] <= to; i++ {
			to = max(to, spans[i][1])
		}
		a, z := f.norm.Span(from, to)
		if s := string(f.raw[a:z]); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
