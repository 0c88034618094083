package detect

import (
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// heldFor is how long an exposure stays a fact of its customer.
	heldFor = 30 * 24 * time.Hour
	// sharesKept is how many days of daily shares are kept, for the expectation
	// of the time before a window.
	sharesKept = 90
	// mostValues bounds the different values of an attribute; above, it tells
	// customers apart (amounts, order numbers) and is no fact.
	mostValues = 400
	// mostKeys bounds the different keys of a kind: where they number orders, later
	// ones are left out, and their exposures are facts of the kind alone.
	mostKeys = 20_000
	// mostValueBytes bounds a key and a value; longer ones are notes, not facts.
	mostValueBytes = 120
)

// Ledger keeps in memory what customers had to do with lately: the facts of
// their exposures of the last 30 days, and how common each fact is among all
// customers. An exposure yields the fact kind = key and, for each attribute that
// is no number and has few values, "kind key attribute" = value, so that
// attributes hold within the same exposure. It is not safe for concurrent use.
type Ledger struct {
	customers int
	now       time.Time
	facts     numbers[Fact]
	held      map[triage.CustomerID][]holding
	queue     []expiry
	holders   []int                      // by fact
	daily     []map[int32]int            // by fact: holders at the end of a day
	values    map[string]values          // by kind and attribute
	keys      map[string]map[string]bool // by kind
}

type holding struct {
	fact uint32
	at   time.Time
}

type expiry struct {
	customer triage.CustomerID
	holding
}

type values struct {
	seen map[string]bool
	many bool
}

// NewLedger returns an empty ledger for so many customers; 0 counts those that
// have exposures.
func NewLedger(customers int) *Ledger {
	return &Ledger{
		customers: customers, facts: newNumbers[Fact](), held: map[triage.CustomerID][]holding{},
		holders: []int{0}, daily: []map[int32]int{nil}, values: map[string]values{},
		keys: map[string]map[string]bool{},
	}
}

// Count sets how many customers there are.
func (l *Ledger) Count(customers int) { l.customers = customers }

// Add takes in an exposure. Exposures come in order of time, late ones excepted;
// one that is known changes nothing; one without a customer, a kind or a time,
// or from more than 30 days before the latest, is left out.
func (l *Ledger) Add(e triage.Exposure) {
	if e.CustomerID == "" || e.Kind == "" || e.At.IsZero() {
		return
	}
	l.Advance(e.At)
	if !e.At.After(l.now.Add(-heldFor)) {
		return
	}
	key := l.key(e.Kind, e.Key)
	l.hold(e.CustomerID, Fact{e.Kind, key}, e.At)
	for _, name := range slices.Sorted(maps.Keys(e.Attrs)) {
		text, ok := e.Attrs[name].(string)
		if !ok || text == "" || len(text) > mostValueBytes || !l.few(e.Kind+"\x00"+name, text) {
			continue
		}
		l.hold(e.CustomerID, Fact{fieldOf(e.Kind, key, name), text}, e.At)
	}
}

// fieldOf names the fact of an attribute.
func fieldOf(kind, key, name string) string {
	if key == "" {
		return kind + " " + name
	}
	return kind + " " + key + " " + name
}

// key returns the key when it is one of those that are facts, else "".
func (l *Ledger) key(kind, key string) string {
	known := l.keys[kind]
	switch {
	case key == "" || known[key]:
		return key
	case len(known) >= mostKeys || len(key) > mostValueBytes:
		return ""
	case known == nil:
		known = map[string]bool{}
		l.keys[kind] = known
	}
	known[key] = true
	return key
}

// few says whether an attribute still has few values, this one among them.
func (l *Ledger) few(attribute, value string) bool {
	v := l.values[attribute]
	if v.many || v.seen[value] {
		return !v.many
	}
	if v.seen == nil {
		v.seen = map[string]bool{}
	}
	v.seen[value] = true
	if len(v.seen) > mostValues {
		v = values{many: true}
	}
	l.values[attribute] = v
	return !v.many
}

func (l *Ledger) hold(c triage.CustomerID, f Fact, at time.Time) {
	n := l.facts.number(f)
	if int(n) == len(l.holders) {
		l.holders, l.daily = append(l.holders, 0), append(l.daily, map[int32]int{})
	}
	list := l.held[c]
	for i := range list {
		if list[i].fact != n {
			continue
		}
		if at.After(list[i].at) {
			list[i].at = at
			l.queue = append(l.queue, expiry{c, holding{n, at}})
		}
		return
	}
	l.queue = append(l.queue, expiry{c, holding{n, at}})
	l.held[c] = append(list, holding{n, at})
	l.holders[n]++
	l.note(n)
}

// note writes down how many hold a fact today.
func (l *Ledger) note(n uint32) {
	today := bucketOf(l.now) / perDay
	l.daily[n][today] = l.holders[n]
	if len(l.daily[n]) > 2*sharesKept {
		for d := range l.daily[n] {
			if d < today-sharesKept {
				delete(l.daily[n], d)
			}
		}
	}
}

// Advance moves the time on and lets go of what is older than 30 days.
func (l *Ledger) Advance(now time.Time) {
	l.now = later(l.now, now)
	n := 0
	for n < len(l.queue) && !l.queue[n].at.After(l.now.Add(-heldFor)) {
		l.drop(l.queue[n])
		n++
	}
	l.queue = l.queue[n:]
}

func (l *Ledger) drop(x expiry) {
	list := l.held[x.customer]
	i := slices.IndexFunc(list, func(h holding) bool { return h.fact == x.fact })
	if i < 0 || list[i].at.After(x.at) { // had it again since
		return
	}
	if list = slices.Delete(list, i, i+1); len(list) == 0 {
		delete(l.held, x.customer)
	} else {
		l.held[x.customer] = list
	}
	l.holders[x.fact]--
	l.note(x.fact)
}

// FactsAt returns what the customer had to do with in the 30 days before a
// time, as far as it was added, in a fixed order.
func (l *Ledger) FactsAt(c triage.CustomerID, at time.Time) []Fact {
	var facts []Fact
	for _, h := range l.held[c] {
		if !h.at.After(at) && h.at.After(at.Add(-heldFor)) {
			facts = append(facts, l.facts.values[h.fact])
		}
	}
	slices.SortFunc(facts, compareFacts)
	return facts
}

// Share is the part of all customers who have the fact: now, or at the end of a
// day of the last 90. It is 0 for what nobody has.
func (l *Ledger) Share(f Fact, at time.Time) float64 {
	n, ok := l.facts.of[f]
	if !ok || n == 0 {
		return 0
	}
	all := float64(max(l.customers, len(l.held), 1))
	day := bucketOf(at) / perDay
	if day >= bucketOf(l.now)/perDay {
		return float64(l.holders[n]) / all
	}
	for d := day; d > day-sharesKept; d-- {
		if holders, ok := l.daily[n][d]; ok {
			return float64(holders) / all
		}
	}
	return 0
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
