package fact

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The parameters of a filter in an address, beside the names of the dimensions.
const (
	paramFrom   = "from" // first day
	paramTo     = "to"   // last day
	paramAll    = "has"
	paramAny    = "any"
	paramNot    = "not"
	paramLonger = "longer" // clock:minutes
	paramScored = "score"  // "any", or "below:80"
)

// Query returns the filter as the query of an address; [FilterOf] reads it. In an
// address the last day is part of the time.
func (f Filter) Query() url.Values {
	q := url.Values{}
	if f.From != 0 {
		q.Set(paramFrom, f.From.String())
	}
	if f.To != 0 {
		q.Set(paramTo, (f.To - 1).String())
	}
	for _, is := range f.Is {
		q.Add(is.Dim.String(), is.Value)
	}
	for name, flags := range map[string]Flags{paramAll: f.All, paramAny: f.Any, paramNot: f.Not} {
		for _, flag := range flags.Names() {
			q.Add(name, flag)
		}
	}
	for _, l := range f.Longer {
		q.Add(paramLonger, l.Clock.String()+":"+strconv.Itoa(int(l.Than)))
	}
	switch {
	case f.Scored && f.Below > 0:
		q.Set(paramScored, "below:"+strconv.FormatFloat(float64(f.Below), 'f', -1, 32))
	case f.Scored:
		q.Set(paramScored, "any")
	}
	return q
}

// FilterOf reads a filter from the query of an address. Parameters that are not
// of a filter are left alone; an error names the one that is wrong.
func FilterOf(q url.Values) (f Filter, err error) {
	if f.From, err = dayIn(q, paramFrom); err != nil {
		return Filter{}, err
	}
	if f.To, err = dayIn(q, paramTo); err != nil {
		return Filter{}, err
	}
	if f.To != 0 {
		f.To++
	}
	for d := range Dims {
		for _, v := range q[d.String()] {
			f.Is = append(f.Is, Is{d, v})
		}
	}
	for name, flags := range map[string]*Flags{paramAll: &f.All, paramAny: &f.Any, paramNot: &f.Not} {
		if err := flagsIn(q, name, flags); err != nil {
			return Filter{}, err
		}
	}
	for _, v := range q[paramLonger] {
		l, err := longerOf(v)
		if err != nil {
			return Filter{}, err
		}
		f.Longer = append(f.Longer, l)
	}
	if v := q.Get(paramScored); v != "" {
		f.Scored = true
		if below, bounded := strings.CutPrefix(v, "below:"); bounded {
			n, err := strconv.ParseFloat(below, 32)
			if err != nil || n <= 0 || n > 101 {
				return Filter{}, fmt.Errorf("%s=%q: want below:SCORE", paramScored, v)
			}
			f.Below = float32(n)
		}
	}
	return f, nil
}

func dayIn(q url.Values, name string) (Day, error) {
	v := q.Get(name)
	if v == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, v)
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return 0, fmt.Errorf("%s=%q: want a day such as 2026-03-01", name, v)
	}
	return Date(t.Date()), nil
}

func flagsIn(q url.Values, name string, flags *Flags) error {
	for _, v := range q[name] {
		flag, known := FlagNamed(v)
		if !known {
			return fmt.Errorf("%s=%q: want one of %s", name, v, strings.Join(flagNames[:], ", "))
		}
		*flags |= flag
	}
	return nil
}

func longerOf(v string) (Longer, error) {
	name, minutes, _ := strings.Cut(v, ":")
	clock := slices.Index(clockNames[:], name)
	n, err := strconv.ParseInt(minutes, 10, 32)
	if clock < 0 || err != nil || n < None {
		return Longer{}, fmt.Errorf("%s=%q: want CLOCK:MINUTES, the clock one of %s", paramLonger, v, strings.Join(clockNames[:], ", "))
	}
	return Longer{Clock(clock), int32(n)}, nil
}
