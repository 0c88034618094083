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

// Within returns the filter for those of its rows that have the value: other
// than With it never widens a filter that asks for other values of the
// dimension.
func (f Filter) Within(d Dim, value string) Filter {
	asked, has := false, false
	for _, is := range f.Is {
		asked = asked || is.Dim == d
		has = has || is == Is{d, value}
	}
	if asked && !has {
		f.All, f.Not = f.All|Ended, f.Not|Ended // no row is both
	}
	f.Is = slices.DeleteFunc(slices.Clone(f.Is), func(is Is) bool { return is.Dim == d })
	return f.With(d, value)
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
