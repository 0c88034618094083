package console

import (
	"cmp"
	"net/url"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
)

// qualityDims are what the filter bar offers.
var qualityDims = []fact.Dim{fact.Department, fact.Type, fact.Product, fact.Region, fact.Channel, fact.Owner, fact.Campaign}

// crossDims are what a table can have for rows and columns.
var crossDims = []fact.Dim{
	fact.Type, fact.Subtype, fact.Product, fact.Region, fact.Channel, fact.Department, fact.Owner, fact.Campaign,
	fact.Tier, fact.Urgency, fact.Sentiment, fact.Demand, fact.Cause, fact.CauseDepartment, fact.Status,
}

var units = []fact.Unit{fact.Daily, fact.Weekly, fact.Monthly, fact.Yearly}

const (
	// usualDays is how long a period is that nobody has chosen.
	usualDays = 30
	// maxUnits is how many units of time a picture can show.
	maxUnits = 400
	// The furthest days from now that are looked at.
	daysBack, daysAhead = 20 * 366, 366
)

// qualityState is the state of the pages as their address has it. The filter
// chooses by dimensions and days alone.
type qualityState struct {
	filter     fact.Filter
	unit       fact.Unit
	base       quality.Base
	rows, cols fact.Dim
}

// readQualityState reads an address. Empty fields of a form are no condition.
func readQualityState(q url.Values, today fact.Day) (s qualityState, err error) {
	chosen := url.Values{}
	for _, name := range []string{"from", "to"} {
		chosen[name] = q[name]
	}
	for d := range fact.Dims {
		chosen[d.String()] = slices.DeleteFunc(slices.Clone(q[d.String()]), func(v string) bool { return v == "" })
	}
	if s.filter, err = fact.FilterOf(chosen); err != nil {
		return s, triage.Errorf(triage.CodeInvalid, "quality: %v", err)
	}
	f := &s.filter
	f.To = cmp.Or(f.To, max(today+1, f.From+1))
	f.From = cmp.Or(f.From, f.To-usualDays)
	f.From = min(max(f.From, today-daysBack), today+daysAhead)
	f.To = min(max(f.To, f.From+1), today+daysAhead+1)
	s.unit = fact.Unit(oneOf(q.Get("unit"), units))
	s.base = quality.Base(cmp.Or(oneOf(q.Get("base"), quality.Bases), string(quality.Before)))
	s.rows, s.cols = dimOr(q.Get("rows"), fact.Type), dimOr(q.Get("cols"), fact.Channel)
	return s, nil
}

// step is the unit of time of a picture: the one asked for, longer where there
// would be too many.
func (s qualityState) step() fact.Unit {
	days := s.period().Days()
	unit := s.unit
	switch {
	case unit != "":
	case days <= 45:
		unit = fact.Daily
	case days <= 26*7:
		unit = fact.Weekly
	default:
		unit = fact.Monthly
	}
	for i, length := range []int{1, 7, 30} {
		if unit == units[i] && days/length > maxUnits {
			unit = units[i+1]
		}
	}
	return unit
}

func (s qualityState) period() quality.Period {
	return quality.Period{From: s.filter.From, To: s.filter.To}
}

func dimOr(name string, otherwise fact.Dim) fact.Dim {
	if d, known := fact.DimNamed(name); known && slices.Contains(crossDims, d) {
		return d
	}
	return otherwise
}

// query is the address of the state, without its path.
func (s qualityState) query() url.Values {
	q := s.filter.Query()
	if s.unit != "" {
		q.Set("unit", string(s.unit))
	}
	if s.base != quality.Before {
		q.Set("base", string(s.base))
	}
	if s.rows != fact.Type {
		q.Set("rows", s.rows.String())
	}
	if s.cols != fact.Channel {
		q.Set("cols", s.cols.String())
	}
	return q
}

func (s qualityState) link(path string) string { return path + "?" + s.query().Encode() }

// between is the state for other days.
func (s qualityState) between(p quality.Period) qualityState {
	s.filter = s.filter.Between(p.From, p.To)
	return s
}

// preset is a period that people often ask for.
type preset struct {
	key    string
	period quality.Period
}

// presets are those of a day. Those that run end with their last day, so that
// they can be compared with the same part of the one before.
func presets(today, first fact.Day) []preset {
	month, year := fact.Monthly.Start(today), fact.Yearly.Start(today)
	t := month.Time()
	quarter := fact.Date(t.Year(), t.Month()-(t.Month()-1)%3, 1)
	next := fact.Date(quarter.Time().Year(), quarter.Time().Month()+3, 1)
	return []preset{
		{"quality.last7", quality.Period{From: today - 6, To: today + 1}},
		{"quality.last30", quality.Period{From: today - usualDays + 1, To: today + 1}},
		{"quality.month", quality.Period{From: month, To: fact.Monthly.Next(today)}},
		{"quality.lastmonth", quality.Period{From: fact.Monthly.Start(month - 1), To: month}},
		{"quality.quarter", quality.Period{From: quarter, To: next}},
		{"quality.year", quality.Period{From: year, To: fact.Yearly.Next(today)}},
		{"quality.last365", quality.Period{From: fact.Date(t.Year()-1, t.Month(), t.Day()), To: today}},
		{"quality.all", quality.Period{From: min(first, today), To: today + 1}},
	}
}

// today is the day of now.
func (c *Console) today() fact.Day { return fact.DayOf(c.d.Now(), c.d.Zone) }
