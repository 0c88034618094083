package console

import (
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// calendar is the days of the year in which the period ends, and the days of it
// that stand out with what happened on them.
func (q *qualityQuery) calendar(days quality.Days) (year, peaks block, err error) {
	y := (q.filter.To - 1).Time().Year()
	p := quality.Period{From: fact.Date(y, time.January, 1), To: fact.Date(y+1, time.January, 1)}
	events, err := q.events(p)
	if err != nil {
		return year, peaks, err
	}
	high := days.Peaks(p)
	year = block{
		Name: "calendar", Title: q.t("quality.calendar", y), Note: q.t("quality.calendar.note"),
		Head: q.texts("quality.when", "quality.weekday", "quality.cases", "quality.events"),
	}
	picture := chart.Year{Title: year.Title, Desc: year.Note, Year: y}
	for i := range picture.Weekdays {
		picture.Weekdays[i] = q.weekday(i)
	}
	for m := range picture.Months {
		picture.Months[m] = q.month(m)
	}
	for _, e := range events {
		picture.Bands = append(picture.Bands, chart.Band{Label: q.c.maskedLine(e.Name), From: int(e.From - p.From), To: int(e.To - p.From)})
	}
	for d := p.From; d < p.To; d++ {
		n := days.In(quality.Period{From: d, To: d + 1})
		happened := strings.Join(q.happened(d, events), "、")
		text, _ := q.v.lang.compact(n)
		picture.Dates = append(picture.Dates, chart.Date{
			Warm: chart.Warm{Count: n, Text: text, Hint: strings.TrimSpace(q.t("quality.hint", d.String()+" "+q.weekday(weekdayOf(d)), n) + " " + happened)},
			Peak: slices.ContainsFunc(high, func(p quality.Peak) bool { return p.Day == d }), Off: q.off(d),
		})
		if n > 0 {
			year.Rows = append(year.Rows, []figure{words(d.String()), words(q.weekday(weekdayOf(d))), q.cases(n, q.filter.Between(d, d+1)), words(happened)})
		}
	}
	year.Chart = picture.SVG()
	return year, q.peaks(high, events), nil
}

// peaks are the days that stand out.
func (q *qualityQuery) peaks(high []quality.Peak, events []CalendarEvent) block {
	b := block{
		Name: "peaks", Title: q.t("quality.peaks"), Note: q.t("quality.peaks.note"),
		Head: q.texts("quality.when", "quality.weekday", "quality.cases", "quality.usual", "quality.ratio", "quality.events"),
	}
	for _, p := range slices.Backward(high) {
		b.Rows = append(b.Rows, []figure{
			words(p.Day.String()), words(q.weekday(weekdayOf(p.Day))), q.cases(p.Cases, q.filter.Between(p.Day, p.Day+1)),
			{Text: decimal(p.Usual)}, {Text: "×" + times(float64(p.Cases)/max(p.Usual, 1))}, words(strings.Join(q.happened(p.Day, events), "、")),
		})
	}
	return b
}

func (q *qualityQuery) events(p quality.Period) ([]CalendarEvent, error) {
	if q.c.d.Quality.Events == nil {
		return nil, nil
	}
	return q.c.d.Quality.Events.EventsBetween(q.ctx(), p.From, p.To)
}

// happened names what is known of a day: a holiday, a weekend that was worked,
// and the events.
func (q *qualityQuery) happened(d fact.Day, events []CalendarEvent) []string {
	var all []string
	weekend := weekdayOf(d) >= 5
	switch off := q.off(d); {
	case q.c.d.Quality.Working == nil:
	case off && !weekend:
		all = append(all, q.t("quality.holiday"))
	case !off && weekend:
		all = append(all, q.t("quality.worked"))
	}
	for _, e := range events {
		if e.From <= d && d < e.To {
			all = append(all, q.c.maskedLine(e.Name))
		}
	}
	return all
}

// off says whether a day is not worked.
func (q *qualityQuery) off(d fact.Day) bool {
	working := q.c.d.Quality.Working
	if working == nil {
		return weekdayOf(d) >= 5
	}
	return !working(d.In(q.c.d.Zone))
}
