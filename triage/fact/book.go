package fact

import (
	"math"
	"slices"
	"sync"
)

// Book keeps the rows of all days in memory. It is safe for concurrent use:
// counting goes on while a day is replaced.
type Book struct {
	mu     sync.RWMutex
	words  [Dims]words
	people people
	days   []*columns // by day
	ready  bool
	memo   memo
}

// NewBook returns a book without rows.
func NewBook() *Book { return &Book{} }

// Ready says whether a Keeper has filled the book; before, its counts are not
// those of the store.
func (b *Book) Ready() bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.ready
}

// Filled says that the rows that were put are all there are: the book is ready
// without a Keeper. It returns the book.
func (b *Book) Filled() *Book {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ready = true
	return b
}

// become takes the rows of another book, which nobody else uses, and is ready.
func (b *Book) become(other *Book) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ready = true
	b.memo.forget()
	if other != b {
		b.words, b.people, b.days = other.words, other.people, other.days
	}
}

// words numbers the values of a dimension in the order in which they came.
type words struct {
	list  []string
	codes map[string]uint16
}

// tooMany stands for the values of a dimension that has more than can be told
// apart; they are counted together.
const tooMany = "…"

func (w *words) code(value string) uint16 {
	if c, known := w.codes[value]; known {
		return c
	}
	if len(w.list) == math.MaxUint16 && value != tooMany {
		return w.code(tooMany)
	}
	if w.codes == nil {
		w.codes = make(map[string]uint16)
	}
	c := uint16(len(w.list))
	w.list = append(w.list, value)
	w.codes[value] = c
	return c
}

// columns are the rows of one day.
type columns struct {
	day                                Day
	seq                                []int64
	minute                             []uint16
	customer                           []uint32 // see people
	values                             [Dims][]uint16
	flags                              []Flags
	times                              [Clocks][]int32
	satisfaction                       []float32
	handOvers, factsNeeded, factsKnown []uint8
	replies                            []uint8
	points                             []uint16
	stays                              []stay // of all rows, in their order
	sums                               [Dims][]sum
}

// stay is a Stay with its words numbered; department and owner are values of
// the dimensions of that name, status of Status.
type stay struct {
	row                       uint32
	status, department, owner uint16
	minutes                   int32
}

// Put replaces the rows of a day; without rows the day is empty. Rows of other
// days are not allowed among them.
func (b *Book) Put(day Day, rows []Row) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.memo.forget()
	c := b.columns(day, rows)
	i, found := slices.BinarySearchFunc(b.days, day, func(c *columns, day Day) int { return int(c.day) - int(day) })
	switch {
	case found && len(rows) == 0:
		b.days = slices.Delete(b.days, i, i+1)
	case found:
		b.days[i] = c
	case len(rows) > 0:
		b.days = slices.Insert(b.days, i, c)
	}
}

func (b *Book) columns(day Day, rows []Row) *columns {
	n := len(rows)
	c := &columns{
		day: day, seq: make([]int64, n), minute: make([]uint16, n), customer: make([]uint32, n), flags: make([]Flags, n),
		satisfaction: make([]float32, n), handOvers: make([]uint8, n), factsNeeded: make([]uint8, n), factsKnown: make([]uint8, n),
		replies: make([]uint8, n), points: make([]uint16, n),
	}
	for d := range Dims {
		c.values[d] = make([]uint16, n)
	}
	for k := range Clocks {
		c.times[k] = make([]int32, n)
	}
	for i := range rows {
		b.put(c, i, &rows[i])
	}
	c.addUp()
	return c
}

func (b *Book) put(c *columns, i int, r *Row) {
	c.seq[i], c.minute[i], c.customer[i], c.flags[i], c.satisfaction[i] = r.Seq, r.Minute, b.people.number(r.Customer), r.Flags, r.Satisfaction
	c.handOvers[i], c.factsNeeded[i], c.factsKnown[i] = r.HandOvers, r.FactsNeeded, r.FactsKnown
	c.replies[i], c.points[i] = r.Replies, r.Points
	for d := range Dims {
		c.values[d][i] = b.words[d].code(r.Values[d])
	}
	c.times[Respond][i], c.times[Verify][i], c.times[Resolve][i] = r.Respond, r.Verify, r.Resolve
	for _, s := range r.Stays {
		c.stays = append(c.stays, stay{
			row: uint32(i), status: b.words[Status].code(s.Status), department: b.words[Department].code(s.Department),
			owner: b.words[Owner].code(s.Owner), minutes: s.Minutes,
		})
	}
}

// Days returns the first day with rows and the one after the last; ok is false
// for an empty book.
func (b *Book) Days() (from, to Day, ok bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if len(b.days) == 0 {
		return 0, 0, false
	}
	return b.days[0].day, b.days[len(b.days)-1].day + 1, true
}

// Values returns the values that a dimension has ever had, sorted.
func (b *Book) Values(d Dim) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.Sorted(slices.Values(b.words[d].list))
}
