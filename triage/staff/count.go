package staff

import (
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// source gives the rows of cases; *fact.Book does.
type source interface {
	Each(f fact.Filter, do func(*fact.Row))
}

// levels are what cases are alike in, the first the last to be given up: a
// stratum of level l agrees in the first l of them.
var levels = [...]fact.Dim{fact.Type, fact.Urgency, fact.Tier, fact.Channel}

// depth is how many levels of strata there are below the whole: those of levels
// and the month.
const depth = len(levels) + 1

// sum adds up the values of a measure.
type sum struct{ n, total, squares float64 }

func (s *sum) add(v float64) {
	s.n++
	s.total += v
	s.squares += v * v
}

func (s *sum) join(o sum) {
	s.n += o.n
	s.total += o.total
	s.squares += o.squares
}

// cellKey is a stratum of the last level, and whose cases.
type cellKey struct {
	values  [depth]int32
	subject int32
}

// cell is the cases of one subject that are alike in everything; path are its
// strata by level.
type cell struct {
	subject int32
	cases   int
	path    [depth + 1]int32
	sums    [Measures]sum
}

// table is the cases, added up.
type table struct {
	subjects []string
	cells    []cell
	// strata are sums of all subjects, own those of one subject in a stratum.
	strata [][Measures]sum
	own    map[[2]int32]*[Measures]sum
	// crowd is the sum of the squared numbers of cases of the subjects in a
	// stratum: the larger, the fewer hands it is in.
	crowd [][Measures]float64
}

// names numbers words in the order in which they come.
type names struct {
	list  []string
	codes map[string]int32
}

func (n *names) code(word string) int32 {
	if c, known := n.codes[word]; known {
		return c
	}
	if n.codes == nil {
		n.codes = make(map[string]int32)
	}
	c := int32(len(n.list))
	n.codes[word] = c
	n.list = append(n.list, word)
	return c
}

// count adds up the rows of a filter by subject, the value of a dimension; rows
// without one belong to nobody and are left out.
func count(src source, f fact.Filter, by fact.Dim) *table {
	var words [len(levels)]names
	var subjects names
	at := make(map[cellKey]int)
	t := &table{}
	var month, until fact.Day
	src.Each(f, func(r *fact.Row) {
		if r.Values[by] == "" {
			return
		}
		if r.Day >= until || r.Day < month {
			month, until = fact.Monthly.Start(r.Day), fact.Monthly.Next(r.Day)
		}
		key := cellKey{subject: subjects.code(r.Values[by])}
		for i, d := range levels {
			key.values[i] = words[i].code(r.Values[d])
		}
		key.values[depth-1] = int32(month)
		n, known := at[key]
		if !known {
			n = len(t.cells)
			at[key] = n
			t.cells = append(t.cells, cell{subject: key.subject})
		}
		t.cells[n].cases++
		for m := range Measures {
			if v, ok := m.value(r); ok {
				t.cells[n].sums[m].add(v)
			}
		}
	})
	t.subjects = subjects.list
	t.stratify(at)
	return t
}

// stratify adds the cells up by strata.
func (t *table) stratify(at map[cellKey]int) {
	keys := make([]cellKey, len(t.cells))
	for k, n := range at {
		keys[n] = k
	}
	type branch struct{ parent, value int32 }
	known := make(map[branch]int32)
	t.strata = make([][Measures]sum, 1) // the whole is stratum 0
	t.own = make(map[[2]int32]*[Measures]sum)
	for n := range t.cells {
		c := &t.cells[n]
		t.join(0, c)
		for l, v := range keys[n].values {
			b := branch{c.path[l], v}
			s, ok := known[b]
			if !ok {
				s = int32(len(t.strata))
				known[b] = s
				t.strata = append(t.strata, [Measures]sum{})
			}
			c.path[l+1] = s
			t.join(s, c)
		}
	}
	t.crowd = make([][Measures]float64, len(t.strata))
	for at, own := range t.own {
		for m := range Measures {
			t.crowd[at[0]][m] += own[m].n * own[m].n
		}
	}
}

func (t *table) join(stratum int32, c *cell) {
	own := t.own[[2]int32{stratum, c.subject}]
	if own == nil {
		own = new([Measures]sum)
		t.own[[2]int32{stratum, c.subject}] = own
	}
	for m := range Measures {
		t.strata[stratum][m].join(c.sums[m])
		own[m].join(c.sums[m])
	}
}
