package customer_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// benchCustomers is the size of the customer file in the figures of the
// documents.
const benchCustomers = 300_000

// BenchmarkLargeFile measures what people and imports wait for with a large
// customer file, every twentieth customer high or VIP.
func BenchmarkLargeFile(b *testing.B) {
	if testing.Short() {
		b.Skip("takes long")
	}
	w := newWorld(b)
	list := make([]triage.Customer, benchCustomers)
	for i := range list {
		list[i] = triage.Customer{
			ID: triage.CustomerID(fmt.Sprintf("K-%06d", i)), Name: "张三", Phone: triage.Phone(fmt.Sprintf("199%08d", i)), Region: fmt.Sprintf("城市%d", i%300),
			Tier: []triage.Tier{triage.TierOrdinary, triage.TierPotential, triage.TierHigh, triage.TierVIP}[max(0, i%40-36)], OptedOut: i%50 == 0,
		}
	}
	start := time.Now()
	w.enrol(b, list...)
	b.Logf("import of %d customers: %s", benchCustomers, time.Since(start))
	start = time.Now()
	n, err := w.Plan(b.Context())
	check(b, err)
	b.Logf("first plan of %d customers: %s", n, time.Since(start))
	until := day(time.December, 31)
	for name, f := range map[string]customer.DueFilter{
		"due": {Until: until}, "due VIP": {Until: until, Tier: triage.TierVIP}, "due opted out": {Until: until, Reach: customer.OptedOut},
		"due no address": {Until: until, Reach: customer.NoAddress},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := w.Due(b.Context(), f, customer.Page{})
				check(b, err)
			}
		})
	}
	b.Run("plan of nobody", func(b *testing.B) {
		for b.Loop() {
			_, err := w.Plan(b.Context())
			check(b, err)
		}
	})
	b.Run("find by phone", func(b *testing.B) {
		for b.Loop() {
			_, err := w.List(b.Context(), customer.Filter{Find: "19900012345"}, customer.Page{})
			check(b, err)
		}
	})
	b.Run("file", func(b *testing.B) {
		for b.Loop() {
			_, err := w.File(b.Context(), "K-012345")
			check(b, err)
		}
	})
	b.Run("match 1000", func(b *testing.B) {
		who := make([]customer.Identity, 1000)
		for i := range who {
			who[i] = customer.Identity{Phone: list[i*97].Phone, OrderID: fmt.Sprintf("ORDER-%d", i)}
		}
		for b.Loop() {
			_, err := w.MatchAll(b.Context(), who)
			check(b, err)
		}
	})
}
