package fact

import "slices"

// Filter chooses rows. The zero value chooses all.
type Filter struct {
	// From and To bound the day: From <= day < To; a To of 0 is no bound.
	From, To Day
	// Is are values that a row must have; of two of one dimension, either.
	Is []Is
	// All are flags a row must have, Any of which it must have one, and Not those
	// it must not have.
	All, Any, Not Flags
	// Longer are clocks that must have taken longer than so many minutes.
	Longer []Longer
	// Scored asks for rows with a score, and below Below if that is not 0.
	Scored bool
	Below  float32
}

// Longer is a clock that took more minutes than Than; None means that it has
// ended at all.
type Longer struct {
	Clock Clock
	Than  int32
}

// Is is a value of a dimension.
type Is struct {
	Dim   Dim
	Value string
}

// With returns the filter with one more condition. The receiver is not changed.
func (f Filter) With(d Dim, value string) Filter {
	f.Is = append(slices.Clip(f.Is), Is{d, value})
	return f
}

// Between returns the filter for other days.
func (f Filter) Between(from, to Day) Filter {
	f.From, f.To = from, to
	return f
}

// Having returns the filter for rows that have all of the flags.
func (f Filter) Having(flags Flags) Filter {
	f.All |= flags
	return f
}

// chosen is a filter with its words numbered.
type chosen struct {
	f     Filter
	codes [Dims][]uint16 // nil for a dimension that does not matter
	dims  []Dim
	never bool
}

func (b *Book) choose(f Filter) chosen {
	c := chosen{f: f}
	for _, is := range f.Is {
		if is.Dim >= Dims {
			c.never = true
			continue
		}
		if !slices.Contains(c.dims, is.Dim) {
			c.dims = append(c.dims, is.Dim)
		}
		if code, known := b.words[is.Dim].codes[is.Value]; known {
			c.codes[is.Dim] = append(c.codes[is.Dim], code)
		}
	}
	for _, d := range c.dims {
		c.never = c.never || c.codes[d] == nil
	}
	return c
}

// has says whether row i is chosen.
func (c *chosen) has(in *columns, i int) bool {
	f := in.flags[i]
	if f&c.f.All != c.f.All || f&c.f.Not != 0 || c.f.Any != 0 && f&c.f.Any == 0 {
		return false
	}
	for _, d := range c.dims {
		if !slices.Contains(c.codes[d], in.values[d][i]) {
			return false
		}
	}
	for _, l := range c.f.Longer {
		if in.times[l.Clock][i] <= l.Than {
			return false
		}
	}
	s := in.satisfaction[i]
	return !c.f.Scored || s >= 0 && (c.f.Below == 0 || s < c.f.Below)
}

// scan calls do for every chosen row, by day and within it in the order of Put.
// The caller holds the lock.
func (b *Book) scan(f Filter, do func(in *columns, i int)) {
	c := b.choose(f)
	if c.never {
		return
	}
	for _, in := range b.within(f) {
		for i := range in.seq {
			if c.has(in, i) {
				do(in, i)
			}
		}
	}
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
