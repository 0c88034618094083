package fact_test

import (
	"sync"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// million is a book of three years with a million rows.
var million = sync.OnceValue(func() *fact.Book {
	book, _ := randomBook(1, 1096, 912)
	return book
})

// benchFilters are what pages ask for.
var benchFilters = map[string]fact.Filter{
	"all":        {},
	"department": fact.Filter{}.With(fact.Department, "department2"),
	"flag":       fact.Filter{}.Having(fact.LateResolve),
	"campaign":   fact.Filter{}.With(fact.Campaign, "campaign3").With(fact.Type, "type1"),
	"year":       fact.Filter{}.Between(firstDay+731, firstDay+1096),
	"quarter":    fact.Filter{}.Between(firstDay+1006, firstDay+1096),
}

func BenchmarkMillion(b *testing.B) {
	book := million()
	for name, do := range map[string]func(fact.Filter){
		"Total":     func(f fact.Filter) { book.Total(f) },
		"By":        func(f fact.Filter) { book.By(f, fact.Type) },
		"ByOwner":   func(f fact.Filter) { book.By(f, fact.Owner) },
		"Cross":     func(f fact.Filter) { book.Cross(f, fact.Type, fact.Department) },
		"OverDays":  func(f fact.Filter) { book.Over(f, fact.Daily) },
		"Times":     func(f fact.Filter) { book.Times(f, fact.Resolve) },
		"TimesBy":   func(f fact.Filter) { book.TimesBy(f, fact.Resolve, fact.Owner) },
		"Stays":     func(f fact.Filter) { book.Stays(f, fact.Status) },
		"Customers": func(f fact.Filter) { book.Customers(f) },
		"Hours":     func(f fact.Filter) { book.Hours(f) },
		"Cases":     func(f fact.Filter) { book.Cases(f, 500_000, 50) },
		"Survey":    func(f fact.Filter) { book.Survey(f) },
		"Each":      func(f fact.Filter) { book.Each(f, func(*fact.Row) {}) },
	} {
		for filter, f := range benchFilters {
			b.Run(name+"/"+filter, func(b *testing.B) {
				for b.Loop() {
					do(f)
				}
			})
		}
	}
}

// BenchmarkLoad is a day as it is read at start.
func BenchmarkLoad(b *testing.B) {
	_, rows := randomBook(2, 1, 912)
	blob, err := fact.EncodeDay(rows)
	if err != nil {
		b.Fatal(err)
	}
	book := fact.NewBook()
	b.ReportMetric(float64(len(blob))/float64(len(rows)), "bytes/row")
	for b.Loop() {
		rows, err := fact.DecodeDay(firstDay, blob)
		if err != nil {
			b.Fatal(err)
		}
		book.Put(firstDay, rows)
	}
}
