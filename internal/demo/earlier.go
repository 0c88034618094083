package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/triage"
)

// The twenty-one months before the history are known from an import: complaints
// with their end and nothing of what was done meanwhile. With the history they
// make two whole calendar years, which an index of the seasons needs.
const (
	earlierSpan  = 645 * day
	earlierCount = 2000
	// importDays before today, at midnight, all of them have ended.
	importDays = int(history/day) + 1
	// importBatch is how many of them are handed over at once.
	importBatch = 1000
	// lastSalePeak is how much more the mall is complained of in the sales of the
	// years before.
	lastSalePeak = 4.0
)

// monthWeight shapes a year: the March of consumer rights and the August of
// moving house and travel are the busiest; the heaviest weight is 1.
var monthWeight = [13]float64{time.January: .58, time.February: .5, time.March: 1, time.April: .62, time.May: .6, time.June: .66,
	time.July: .7, time.August: .95, time.September: .68, time.October: .6, time.November: .7, time.December: .64}

// makeEarlier invents the complaints of that time from the texts of the
// corpus; each names an order of its own.
func (f *founder) makeEarlier(items []corpus.Item) {
	r := f.stream(partEarlier)
	items = slices.DeleteFunc(slices.Clone(items), func(it corpus.Item) bool {
		return f.lineOf(it.Industry) == nil || it.Type == "other" || dated.MatchString(it.Text) || blank.MatchString(it.Text)
	})
	r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	for n := range earlierCount {
		f.earlier = append(f.earlier, f.imported(r, items[n%len(items)]))
	}
	slices.SortStableFunc(f.earlier, func(a, b triage.Complaint) int { return a.At.Compare(b.At) })
	for i := range f.earlier {
		c := &f.earlier[i]
		c.ID = triage.ComplaintID(fmt.Sprintf("LS%s-%04d", c.At.Format("20060102"), i+1))
	}
}

func (f *founder) imported(r *rand.Rand, it corpus.Item) triage.Complaint {
	line := f.lineOf(it.Industry)
	at := f.longAgo(r, line.Name)
	customer := f.customerSince(r, at)
	product, amount := f.productOf(r, it, line.Name)
	order := orderID(r, line.Prefix, at.Add(-between(r, 2*time.Hour, 20*day)))
	facts := f.content.Facts.Own
	if takenDown(it.Text) {
		facts = f.content.Facts.Staff
	}
	text := sentence(it.Text) + strings.NewReplacer("{order}", order, "{product}", product, "{amount}", strconv.Itoa(amount)).Replace(pick(r, facts))
	if !strings.Contains(text, order) {
		text = sentence(text) + "单号" + order
	}
	e := event{truth: it, complaint: triage.Complaint{
		CustomerID: customer.ID, Channel: channelFor(r, it.Text), At: at, Text: text,
		Region: customer.Region, Product: product, OrderID: order, Attrs: map[string]any{"line": line.Name},
	}}
	f.settle(r, &e)
	if last := f.midnight(importDays); e.complaint.ClosedAt.After(last) {
		e.complaint.ClosedAt = last
	}
	return e.complaint
}

// longAgo draws a time of complaint in those months.
func (f *founder) longAgo(r *rand.Rand, line string) time.Time {
	peak := 1.0
	if line == f.content.Batch.Line {
		peak = lastSalePeak
	}
	for {
		t := f.now.Add(-history - between(r, 2*day, earlierSpan)).Truncate(time.Second)
		w := monthWeight[t.Month()] * weekdayWeight[t.Weekday()] * hourWeight[t.Hour()]
		if f.inSale(t) {
			w *= peak
		}
		if r.Float64()*peak < w {
			return t
		}
	}
}

// inSale says whether the sale was on at a time in an earlier year.
func (f *founder) inSale(t time.Time) bool {
	for years := range 2 {
		same := f.now.AddDate(-years-1, 0, 0)
		if !t.Before(same.Add(-saleStart)) && t.Before(same.Add(2*day-saleEnd)) {
			return true
		}
	}
	return false
}

// customerSince picks somebody who was a customer at a time.
func (f *founder) customerSince(r *rand.Rand, at time.Time) *triage.Customer {
	for {
		if c := &f.customers[r.IntN(len(f.customers))]; c.JoinedAt.Before(at) {
			return c
		}
	}
}

// earlier takes the import in, before the company begins to live.
func (w *writer) earlier(ctx context.Context, c *company) error {
	w.clock(c.steps[0].at.Add(-day))
	for batch := range slices.Chunk(c.earlier, importBatch) {
		n, err := w.target.Submit(ctx, batch)
		if err != nil {
			return fmt.Errorf("complaints from %s on: %w", batch[0].ID, err)
		}
		w.sum.Earlier += n
		w.advance(len(batch))
	}
	return nil
}
