package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// makeExposures records what customers bought, paid and use: the orders that
// are complained of and many that went well. Orders without a product of the
// list leave none: only complainants would have them.
func (f *founder) makeExposures() {
	r := f.stream(partExposures)
	for i := range f.events {
		if c := &f.events[i].complaint; c.OrderID != "" && f.lineOfProduct(c.Product) != "" {
			f.buy(r, c.CustomerID, c.Product, c.OrderID, f.events[i].ordered)
		}
	}
	for i := range f.customers {
		f.live(r, &f.customers[i])
	}
}

// live gives a customer the unremarkable contacts of the last four months.
func (f *founder) live(r *rand.Rand, c *triage.Customer) {
	for range r.IntN(3) {
		p := pick(r, f.content.Products)
		at := f.moment(r, 1)
		f.buy(r, c.ID, p.Name, orderID(r, f.prefix(p.Line), at), at)
	}
	for range r.IntN(3) {
		f.exposures = append(f.exposures, triage.Exposure{
			CustomerID: c.ID, Kind: paymentKind, Key: pick(r, f.content.Incident.Gateways), At: f.moment(r, 1),
			Attrs: map[string]any{"status": "ok", "amount": 10 * (1 + r.IntN(60))},
		})
	}
	if r.Float64() < .45 {
		f.exposures = append(f.exposures, triage.Exposure{
			CustomerID: c.ID, Kind: "network", Key: fmt.Sprintf("%s-OLT%02d", c.Region, 1+r.IntN(12)),
			At:    f.now.Add(-history).Truncate(time.Hour),
			Attrs: map[string]any{"service": "云杉千兆宽带"},
		})
	}
}

// buy records a purchase; goods of the mall have the batch they came from, a
// month and a number.
func (f *founder) buy(r *rand.Rand, id triage.CustomerID, product, order string, at time.Time) {
	attrs := map[string]any{"order_id": order}
	if f.lineOfProduct(product) == f.content.Batch.Line {
		attrs["batch"] = fmt.Sprintf("%s-%d", at.Format("0601"), 1+r.IntN(4))
	}
	f.exposures = append(f.exposures, triage.Exposure{CustomerID: id, Kind: "purchase", Key: product, At: at, Attrs: attrs})
}

// lineOfProduct returns the line that sells a product, "" when it is not in the
// list.
func (f *founder) lineOfProduct(name string) string {
	for _, p := range f.content.Products {
		if p.Name == name {
			return p.Line
		}
	}
	return ""
}

// prefix returns the letters that order numbers of a line begin with.
func (f *founder) prefix(line string) string {
	for _, l := range f.content.Lines {
		if l.Name == line {
			return l.Prefix
		}
	}
	return ""
}
