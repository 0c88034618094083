package console

import (
	"math"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// maxYears bounds the years of a table and its picture.
const maxYears = 6

func (q *qualityQuery) season(view *qualityView) error {
	from, counts := q.book.Daily(q.anyTime())
	days := quality.DaysOf(from, counts)
	view.Blocks = append(view.Blocks, q.months(days), q.seasonIndex(days), q.hours())
	year, peaks, err := q.calendar(days)
	if err != nil {
		return err
	}
	view.Blocks = append(view.Blocks, year, peaks)
	return nil
}

// years are those with days, the last ones.
func (q *qualityQuery) years(days quality.Days) []int {
	span := days.Span()
	if span.Days() == 0 {
		return nil
	}
	first, last := span.From.Time().Year(), (span.To - 1).Time().Year()
	var all []int
	for y := max(first, last-maxYears+1); y <= last; y++ {
		all = append(all, y)
	}
	return all
}

// months is a row for each month and two columns for each year: the cases, and
// their change against the year before.
func (q *qualityQuery) months(days quality.Days) block {
	b := block{Name: "months", Title: q.t("quality.months"), Note: q.t("quality.months.note"), Head: []string{q.t("quality.of.month")}}
	years := q.years(days)
	tr := chart.Trend{Title: b.Title, Desc: b.Note}
	for m := range 12 {
		name := q.month(m)
		tr.Labels = append(tr.Labels, name)
		b.Rows = append(b.Rows, []figure{words(name)})
	}
	whole := []figure{words(q.t("quality.total"))}
	for _, y := range years {
		b.Head = append(b.Head, strconv.Itoa(y), q.t("quality.yearbefore"))
		line := chart.Series{Label: strconv.Itoa(y)}
		for m := range 12 {
			p := monthOf(y, m)
			n, change := q.against(days, p)
			b.Rows[m] = append(b.Rows[m], n, change)
			line.Values = append(line.Values, q.known(days, p))
		}
		tr.Lines = append(tr.Lines, line)
		n, change := q.against(days, quality.Period{From: fact.Date(y, time.January, 1), To: fact.Date(y+1, time.January, 1)})
		whole = append(whole, n, change)
	}
	if len(years) == 0 {
		b.Rows = nil
		return b
	}
	b.Rows = append(b.Rows, whole)
	tr.Hints = q.monthHints(b.Rows, years)
	b.Chart = tr.SVG()
	return b
}

// against is the cases of a period and their change against the year before; what
// lies outside of the book has neither.
func (q *qualityQuery) against(days quality.Days, p quality.Period) (n, change figure) {
	if p.To <= q.first || p.From > q.today {
		return figure{Text: q.t("none")}, figure{Text: q.t("none")}
	}
	c := quality.Compare(p, quality.YearBefore, q.first, q.today)
	return q.cases(days.In(p), q.filter.Between(p.From, p.To)), q.change(days.Compare(c), riseIsBad)
}

// known is the cases of a month for a line: none for one that is not over, or
// was not wholly in the book.
func (q *qualityQuery) known(days quality.Days, p quality.Period) float64 {
	if p.From < q.first || p.To > q.today {
		return math.NaN()
	}
	return float64(days.In(p))
}

func (q *qualityQuery) monthHints(rows [][]figure, years []int) []string {
	hints := make([]string, 12)
	for m := range hints {
		hints[m] = rows[m][0].Text
		for k, y := range years {
			hints[m] += " · " + strconv.Itoa(y) + " " + rows[m][1+2*k].Text
		}
	}
	return hints
}

func monthOf(year, month int) quality.Period {
	from := fact.Date(year, time.Month(month+1), 1)
	return quality.Period{From: from, To: fact.Monthly.Next(from)}
}

func (q *qualityQuery) month(m int) string { return q.v.lang.label("month", m+1) }

// seasonIndex is how the year usually runs, 100 being the mean.
func (q *qualityQuery) seasonIndex(days quality.Days) block {
	b := block{
		Name: "index", Title: q.t("quality.index"), Head: []string{q.t("quality.of.month"), q.t("quality.index"), q.t("quality.index.years")},
	}
	s, ok := quality.SeasonOf(days, q.today)
	if !ok {
		b.Note = q.t("quality.index.none")
		return b
	}
	b.Note = q.t("quality.index.note", s.Years)
	tr := chart.Trend{Title: b.Title, Desc: b.Note, Columns: []chart.Series{{Label: b.Title}}}
	for m, index := range s.Index {
		text := strconv.Itoa(int(math.Round(index * 100)))
		tr.Labels, tr.Hints = append(tr.Labels, q.month(m)), append(tr.Hints, q.month(m)+" "+text)
		tr.Columns[0].Values = append(tr.Columns[0].Values, index*100)
		b.Rows = append(b.Rows, []figure{words(q.month(m)), {Text: text}, {Text: strconv.Itoa(s.Counts[m])}})
	}
	b.Chart = tr.SVG()
	return b
}

// hours is when in the week complaints come.
func (q *qualityQuery) hours() block {
	b := block{Name: "hours", Title: q.t("quality.hours"), Note: q.t("quality.hours.note"), Head: []string{q.t("quality.weekday")}}
	counts := q.book.Hours(q.filter)
	heat := chart.Heat{Title: b.Title, Desc: b.Note, Cells: make([][]chart.Warm, 7)}
	for h := range 24 {
		heat.Columns = append(heat.Columns, strconv.Itoa(h))
		b.Head = append(b.Head, q.t("quality.hour", h))
	}
	for day, hours := range counts {
		name := q.weekday(day)
		heat.Rows = append(heat.Rows, name)
		row := []figure{words(name)}
		for h, n := range hours {
			text, full := q.v.lang.compact(n)
			heat.Cells[day] = append(heat.Cells[day], chart.Warm{Count: n, Text: text, Hint: q.t("quality.hint", name+" "+q.t("quality.hour", h), n)})
			row = append(row, figure{Text: text, Full: full, Title: full})
		}
		b.Rows = append(b.Rows, row)
	}
	b.Chart = heat.SVG()
	return b
}
