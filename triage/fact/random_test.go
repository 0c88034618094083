package fact_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// sizes are how many values the dimensions have in random rows.
var sizes = [fact.Dims]int{
	fact.Type: 14, fact.Subtype: 50, fact.Channel: 7, fact.Region: 31, fact.Product: 20, fact.Campaign: 12, fact.Department: 9,
	fact.Owner: 120, fact.Tier: 4, fact.Urgency: 4, fact.Sentiment: 3, fact.Intensity: 4, fact.Demand: 6, fact.Style: 5,
	fact.Cause: 5, fact.CauseDepartment: 9, fact.Status: 12,
}

// firstDay is that of random rows.
var firstDay = fact.Date(2023, time.January, 1)

// randomDay returns n rows of a day, a third of them with stays. The first value
// of a dimension, the empty one, is the most frequent.
func randomDay(rng *rand.Rand, day fact.Day, n int) []fact.Row {
	rows := make([]fact.Row, n)
	for i := range rows {
		r := &rows[i]
		r.Seq, r.Day, r.Minute = int64(day)*1_000_000+int64(i), day, uint16(rng.IntN(1440))
		r.Customer = rng.Uint64N(400_000)
		r.Flags = fact.Flags(rng.Uint32()&rng.Uint32()&rng.Uint32()) & (1<<fact.FlagCount - 1)
		for d := range fact.Dims {
			if v := int(rng.Float64() * rng.Float64() * float64(sizes[d])); v > 0 {
				r.Values[d] = fmt.Sprintf("%s%d", d, v)
			}
		}
		r.Respond, r.Verify, r.Resolve, r.Satisfaction = minutes(rng), minutes(rng), minutes(rng), fact.None
		if rng.IntN(2) == 0 {
			r.Satisfaction = float32(20 * rng.IntN(6))
		}
		if rng.IntN(3) == 0 {
			r.HandOvers, r.FactsNeeded, r.FactsKnown, r.Replies, r.Points = 1, 7, uint8(rng.IntN(8)), 2, uint16(2+rng.IntN(9))
			for range 4 {
				r.Stays = append(r.Stays, fact.Stay{
					Status: fmt.Sprintf("status%d", rng.IntN(12)), Department: fmt.Sprintf("department%d", rng.IntN(9)),
					Owner: fmt.Sprintf("owner%d", rng.IntN(120)), Minutes: int32(rng.ExpFloat64() * 600),
				})
			}
		}
	}
	return rows
}

func minutes(rng *rand.Rand) int32 {
	if rng.IntN(6) == 0 {
		return fact.None
	}
	return int32(rng.ExpFloat64() * 900)
}

// randomBook has some days of rows each, and the rows.
func randomBook(seed uint64, days, each int) (*fact.Book, []fact.Row) {
	rng := rand.New(rand.NewPCG(seed, seed))
	book := fact.NewBook()
	var all []fact.Row
	for d := range days {
		rows := randomDay(rng, firstDay+fact.Day(d), each)
		book.Put(firstDay+fact.Day(d), rows)
		all = append(all, rows...)
	}
	return book, all
}
