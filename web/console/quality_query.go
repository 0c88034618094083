package console

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
)

// qualityQuery is one look at the figures. The first word that the catalogue
// lacks is kept in err.
type qualityQuery struct {
	c    *Console
	v    *visit
	book *fact.Book
	qualityState
	today, first, last fact.Day
	// filter narrows that of the state to what the visitor may see.
	filter     fact.Filter
	comparison quality.Comparison
	err        error
}

func (c *Console) qualityQuery(v *visit) (*qualityQuery, error) {
	today := c.today()
	s, err := readQualityState(v.r.URL.Query(), today)
	if err != nil {
		return nil, err
	}
	q := &qualityQuery{c: c, v: v, book: c.d.Quality.Book, qualityState: s, today: today, first: today, last: today}
	if first, end, ok := q.book.Days(); ok {
		q.first, q.last = first, end-1
	}
	q.filter = v.ownFigures(s.filter)
	q.comparison = quality.Compare(s.period(), s.base, q.first, today)
	return q, nil
}

// anyTime is the filter for all days.
func (q *qualityQuery) anyTime() fact.Filter { return q.filter.Between(0, 0) }

// sides are the filters for the two sides of the comparison.
func (q *qualityQuery) sides() (now, then fact.Filter) {
	c := &q.comparison
	return q.filter.Between(c.Now.From, c.Now.To), q.filter.Between(c.Then.From, c.Then.To)
}

func (q *qualityQuery) ctx() context.Context { return q.v.r.Context() }

// t is a phrase of the catalogue.
func (q *qualityQuery) t(key string, args ...any) string {
	text, err := q.v.lang.text(key, args...)
	if err != nil && q.err == nil {
		q.err = err
	}
	return text
}

// texts are several phrases.
func (q *qualityQuery) texts(keys ...string) []string {
	all := make([]string, len(keys))
	for i, key := range keys {
		all[i] = q.t(key)
	}
	return all
}

// dim is the name of a dimension.
func (q *qualityQuery) dim(d fact.Dim) string { return q.v.lang.label("dim", d) }

// value is how people read a value of a dimension.
func (q *qualityQuery) value(d fact.Dim, value string) string {
	return q.c.figureValue(q.v.lang, d, value)
}

// moment writes a unit of time.
func (q *qualityQuery) moment(d fact.Day, unit fact.Unit) string {
	t := d.Time()
	switch unit {
	case fact.Yearly:
		return t.Format("2006")
	case fact.Monthly:
		return t.Format("2006-01")
	case fact.Weekly:
		year, week := t.ISOWeek()
		return fmt.Sprintf("%d-W%02d", year, week)
	}
	return t.Format(time.DateOnly)
}

// tick is a moment as short as the label of a picture has to be.
func (q *qualityQuery) tick(d fact.Day, unit fact.Unit) string {
	if unit == fact.Daily || unit == fact.Weekly {
		return d.Time().Format("01-02")
	}
	return q.moment(d, unit)
}

// days writes a period as first and last day.
func (q *qualityQuery) days(p quality.Period) string {
	if p.Days() < 2 {
		return p.From.String()
	}
	return p.From.String() + " – " + (p.To - 1).String()
}

// weekday is the short name of a weekday, 0 for Monday.
func (q *qualityQuery) weekday(i int) string { return q.v.lang.label("weekday", strconv.Itoa(i)) }

// weekdayOf is the weekday of a day, 0 for Monday.
func weekdayOf(d fact.Day) int { return (int(d.Time().Weekday()) + 6) % 7 }
