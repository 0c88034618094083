package report_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

var (
	zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	week = report.Week{Year: 2026, Number: 10}
	made = time.Date(2026, time.March, 9, 8, 0, 0, 0, zone)
)

// town is where random cases come from. perDay may change the mean of a day, and
// shape a row.
type town struct {
	from, to fact.Day
	perDay   func(fact.Day) int
	shape    func(*rand.Rand, *fact.Row)
}

func (w town) book(seed uint64) *fact.Book {
	r := rand.New(rand.NewPCG(seed, 1))
	b := fact.NewBook()
	seq := int64(0)
	for day := w.from; day < w.to; day++ {
		rows := make([]fact.Row, 0, w.perDay(day))
		for range cap(rows) {
			seq++
			rows = append(rows, w.row(r, seq, day))
		}
		b.Put(day, rows)
	}
	return b
}

func (w town) row(r *rand.Rand, seq int64, day fact.Day) fact.Row {
	pick := func(kind string, n int) string { return fmt.Sprintf("%s%d", kind, min(r.IntN(n), r.IntN(n))) }
	row := fact.Row{
		Seq: seq, Day: day, Minute: uint16(r.IntN(24 * 60)), Customer: uint64(r.IntN(5000)),
		Respond: int32(r.ExpFloat64() * 90), Verify: fact.None, Resolve: int32(r.ExpFloat64() * 2000), Satisfaction: fact.None,
		Replies: uint8(r.IntN(3)),
	}
	row.Values[fact.Type], row.Values[fact.Subtype] = pick("类", 8), pick("细", 20)
	row.Values[fact.Product], row.Values[fact.Region], row.Values[fact.Channel] = pick("产品", 12), pick("地区", 15), pick("渠", 5)
	row.Values[fact.Department] = pick("部", 3)
	if r.IntN(4) == 0 {
		row.Values[fact.Campaign] = pick("CMP-10", 4)
	}
	if r.IntN(20) == 0 {
		row.Resolve = fact.None
	}
	if r.IntN(3) == 0 {
		row.Satisfaction = float32(40 + r.IntN(60))
	}
	for flag, chance := range map[fact.Flags]int{fact.Repeat: 5, fact.LateResponse: 12, fact.To12315: 40, fact.ToMedia: 90} {
		if uint64(seq)*2654435761%uint64(chance) == 0 {
			row.Flags |= flag
		}
	}
	if w.shape != nil {
		w.shape(r, &row)
	}
	return row
}

// quiet has the same mean on every day from so many weeks before the week to its
// end.
func quiet(weeks, perDay int) town {
	from, to := week.Days()
	return town{from: from - fact.Day(7*weeks), to: to, perDay: func(fact.Day) int { return perDay }}
}

func names(_ report.Language, _, value string) string { return value }

func build(b *fact.Book, e report.Evidence) report.Report {
	return report.Build(b, report.Scope{Week: week}, e, made, zone)
}

// sentences are all of a report, with its headline.
func sentences(r *report.Report) []report.Sentence {
	list := []report.Sentence{r.Headline}
	for _, s := range r.Sections {
		list = append(list, s.Sentences...)
	}
	return list
}

func verdicts(r *report.Report) map[string]report.Verdict {
	all := map[string]report.Verdict{}
	for _, c := range r.Changes {
		all[c.Dim+"="+c.Value] = c.Verdict
	}
	return all
}

func textOf(t *testing.T, r *report.Report, key string) string {
	t.Helper()
	all := ""
	for _, s := range r.Sections {
		for _, one := range s.Sentences {
			if s.Key == key {
				all += one.Text(report.Chinese, names) + "\n"
			}
		}
	}
	return all
}
