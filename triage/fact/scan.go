package fact

import "slices"

// chosen is a filter with its words numbered. It is for one goroutine.
type chosen struct {
	f    Filter
	dims []Dim // that matter
	// codes says of each value of a dimension that matters whether it is asked
	// for.
	codes [Dims][]bool
	never bool
	// every are the numbers from 0 on, kept the chosen rows of a day.
	every, kept []uint32
}

func (b *Book) choose(f Filter) *chosen {
	c := &chosen{f: f}
	for _, is := range f.Is {
		if is.Dim >= Dims {
			c.never = true
			continue
		}
		if !slices.Contains(c.dims, is.Dim) {
			c.dims = append(c.dims, is.Dim)
			c.codes[is.Dim] = make([]bool, len(b.words[is.Dim].list))
		}
		if code, known := b.words[is.Dim].codes[is.Value]; known {
			c.codes[is.Dim][code] = true
		}
	}
	for _, d := range c.dims {
		c.never = c.never || !slices.Contains(c.codes[d], true)
	}
	for _, l := range f.Longer {
		c.never = c.never || l.Clock >= Clocks
	}
	return c
}

// plain says whether the filter asks for nothing of a row but values.
func (c *chosen) plain() bool {
	return c.f.All|c.f.Any|c.f.Not == 0 && len(c.f.Longer) == 0 && !c.f.Scored
}

// has says whether a day has a value that is asked for in each dimension.
func (c *chosen) has(in *columns) bool {
	for _, d := range c.dims {
		found := false
		for i := range in.sums[d] {
			found = found || c.codes[d][in.sums[d][i].code]
		}
		if !found {
			return false
		}
	}
	return true
}

// rows returns the chosen rows of a day, until the next call.
func (c *chosen) rows(in *columns) []uint32 {
	if !c.has(in) {
		return nil
	}
	for len(c.every) < len(in.seq) {
		c.every = append(c.every, uint32(len(c.every)))
	}
	rows := c.every[:len(in.seq)]
	if c.plain() && len(c.dims) == 0 {
		return rows
	}
	c.kept = append(c.kept[:0], rows...)
	rows = c.kept
	for _, d := range c.dims {
		asked, values := c.codes[d], in.values[d]
		rows = keep(rows, func(i uint32) bool { return asked[values[i]] })
	}
	if all, anyOf, not := c.f.All, c.f.Any, c.f.Not; all|anyOf|not != 0 {
		flags := in.flags
		rows = keep(rows, func(i uint32) bool {
			f := flags[i]
			return f&all == all && f&not == 0 && (anyOf == 0 || f&anyOf != 0)
		})
	}
	for _, l := range c.f.Longer {
		times, than := in.times[l.Clock], l.Than
		rows = keep(rows, func(i uint32) bool { return times[i] > than })
	}
	if c.f.Scored {
		scores, below := in.satisfaction, c.f.Below
		rows = keep(rows, func(i uint32) bool { return scores[i] >= 0 && (below == 0 || scores[i] < below) })
	}
	return rows
}

// keep keeps some of the rows, in their place.
func keep(rows []uint32, is func(uint32) bool) []uint32 {
	n := 0
	for _, i := range rows {
		rows[n] = i
		if is(i) {
			n++
		}
	}
	return rows[:n]
}

// scanDays calls do with the chosen rows of every day that has some, in order;
// the rows hold until do returns. The caller holds the lock.
func (b *Book) scanDays(f Filter, do func(in *columns, rows []uint32)) {
	c := b.choose(f)
	if c.never {
		return
	}
	for _, in := range b.within(f) {
		if rows := c.rows(in); len(rows) > 0 {
			do(in, rows)
		}
	}
}

// scan calls do for every chosen row, by day and within it in the order of Put.
// The caller holds the lock.
func (b *Book) scan(f Filter, do func(in *columns, i int)) {
	b.scanDays(f, func(in *columns, rows []uint32) {
		for _, i := range rows {
			do(in, int(i))
		}
	})
}

// within returns the days of the filter.
func (b *Book) within(f Filter) []*columns {
	first, _ := slices.BinarySearchFunc(b.days, f.From, func(c *columns, day Day) int { return int(c.day) - int(day) })
	if f.To == 0 {
		return b.days[first:]
	}
	end, _ := slices.BinarySearchFunc(b.days, f.To, func(c *columns, day Day) int { return int(c.day) - int(day) })
	return b.days[first:max(first, end)]
}
