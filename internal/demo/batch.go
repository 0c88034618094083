package demo

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/triage"
)

// The older incident: a batch of milk is sold for batchSold from the first hour
// of batchDay on and spoils in the days after. batchRisk of its buyers would
// complain if nobody told them anything, after batchDelay on average; heedRate
// of those keep quiet once they are told, so that the told complain 0.35 times
// as often as the others.
const (
	batchDays    = 43 // local midnights before today
	batchOpens   = 8 * time.Hour
	batchSold    = 2*day + 6*time.Hour
	batchBuyers  = 900
	batchRisk    = .45
	batchDelay   = 8 * day
	batchLongest = 15 * day
	heedRate     = .65
	// goodBuyers buy good batches in the days around.
	goodBuyers = 500
	goodAround = 8 * day

	batchType       = "quality"
	batchSubtype    = "quality.edible"
	namesBatchShare = .6
	briefShare      = .8
)

// batchDay is the local midnight of the day on which the batch comes to the
// shop.
func (f *founder) batchDay() time.Time {
	y, m, d := f.now.Date()
	return time.Date(y, m, d-batchDays, 0, 0, 0, 0, f.now.Location())
}

// purchase is one of the batch.
type purchase struct {
	customer *triage.Customer
	at       time.Time
	order    string
	batch    string
	amount   int
}

// makeBatch plants the purchases of the batch, among those of good ones, and the complaints that come when
// nobody is told.
func (f *founder) makeBatch() {
	r := f.stream(partBatch)
	b := &f.content.Batch
	opens := f.batchDay().Add(batchOpens)
	words := newWording(r, b, f.content.Facts.Own)
	buyers := r.Perm(len(f.customers))
	for _, v := range buyers[batchBuyers : batchBuyers+goodBuyers] {
		at := f.waking(r, opens.Add(-goodAround), 2*goodAround)
		f.buy(r, f.customers[v].ID, b.Product, orderID(r, f.prefix(b.Line), at), at)
	}
	for _, v := range buyers[:batchBuyers] {
		at := f.waking(r, opens, batchSold)
		p := purchase{
			customer: &f.customers[v], at: at, order: orderID(r, f.prefix(b.Line), at),
			batch: opens.Format("0601") + b.Suffix, amount: 49 + 10*r.IntN(3),
		}
		f.exposures = append(f.exposures, triage.Exposure{
			CustomerID: p.customer.ID, Kind: "purchase", Key: b.Product, At: at,
			Attrs: map[string]any{"order_id": p.order, "batch": p.batch},
		})
		f.batchAffected++
		if r.Float64() >= batchRisk {
			continue
		}
		e := f.spoiled(r, words.next(r), &p)
		f.settle(r, &e)
		f.events = append(f.events, e)
	}
}

// waking draws a time in a span, when people are awake.
func (f *founder) waking(r *rand.Rand, from time.Time, span time.Duration) time.Time {
	for {
		t := from.Add(between(r, 0, span))
		if r.Float64() < hourWeight[t.Hour()] {
			return t
		}
	}
}

// spoiled is the complaint about a purchase. The wait is exponential, cut off
// when the milk is drunk; people write when they are awake.
func (f *founder) spoiled(r *rand.Rand, pattern string, p *purchase) event {
	wait := batchLongest
	for wait >= batchLongest {
		wait = 6*time.Hour + time.Duration(math.Round(r.ExpFloat64()*batchDelay.Seconds()))*time.Second
	}
	at := f.waking(r, p.at.Add(wait), 12*time.Hour)
	attrs := map[string]any{"line": f.content.Batch.Line}
	if r.Float64() < namesBatchShare {
		attrs["batch"] = p.batch
	}
	text := strings.NewReplacer(
		"{order}", p.order, "{batch}", p.batch, "{amount}", strconv.Itoa(p.amount),
		"{days}", strconv.Itoa(max(int(at.Sub(p.at)/day), 1)),
	).Replace(pattern)
	return event{
		complaint: triage.Complaint{
			CustomerID: p.customer.ID, Channel: channelFor(r, text), At: at, Text: text,
			Region: p.customer.Region, Product: f.content.Batch.Product, OrderID: p.order, Attrs: attrs,
		},
		truth:   corpus.Item{Type: batchType, Subtype: batchSubtype},
		ordered: p.at,
		of:      ofBatch,
		heeds:   r.Float64() < heedRate,
	}
}

// wording makes the texts about the batch, each one once.
type wording struct {
	content *batchContent
	order   []string // phrases with the order, for a text that came up before
	left    []string // patterns that have not been used
	seen    map[string]bool
}

func newWording(r *rand.Rand, b *batchContent, order []string) *wording {
	left := slices.Clone(b.Patterns)
	r.Shuffle(len(left), func(i, j int) { left[i], left[j] = left[j], left[i] })
	return &wording{content: b, order: order, left: left, seen: map[string]bool{}}
}

// next returns a text in which only the facts of the purchase are open.
func (w *wording) next(r *rand.Rand) string {
	if len(w.left) > 0 && r.Float64() >= briefShare {
		text := w.left[0]
		w.left = w.left[1:]
		return text
	}
	text := pick(r, w.content.Brief)
	for _, slot := range slices.Sorted(maps.Keys(w.content.Words)) {
		text = strings.ReplaceAll(text, slot, pick(r, w.content.Words[slot]))
	}
	if w.seen[text] && !strings.Contains(text, "{order}") {
		text += pick(r, w.order)
	}
	w.seen[text] = true
	return text
}
