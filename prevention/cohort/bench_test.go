package cohort_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
)

// BenchmarkFiveMillion finds a rule and selects its cohort among five million
// exposures of half a million customers.
func BenchmarkFiveMillion(b *testing.B) {
	if testing.Short() {
		b.Skip("-short: five million exposures")
	}
	const count, customers = 5_000_000, 500_000
	ids := make([]triage.CustomerID, customers)
	file := make([]triage.Customer, customers)
	for i := range ids {
		ids[i] = triage.CustomerID(fmt.Sprintf("C%07d", i))
		file[i] = triage.Customer{ID: ids[i], Region: fmt.Sprintf("R%d", i%20)}
	}
	fine, broken := map[string]any{"status": "ok"}, map[string]any{"status": "failed", "reason": "late"}
	keys := []string{"a", "b", "c", "d"}
	exposures := make([]triage.Exposure, count)
	var people []cohort.Complainant
	for i := range exposures {
		e := triage.Exposure{CustomerID: ids[i*7919%customers], Kind: "payment", Key: keys[i%4], At: worldStart.Add(time.Duration(i) * 1500 * time.Millisecond), Attrs: fine}
		if i > count*9/10 && i%40 == 0 {
			e.Attrs = broken
			if i%5000 == 0 {
				people = append(people, cohort.Complainant{Customer: e.CustomerID, At: e.At.Add(time.Hour)})
			}
		}
		exposures[i] = e
	}
	m := cohort.NewMemory(exposures, file)
	src := cohort.Sources{Exposures: m, Customers: m}
	now := worldDay(worldDays)
	rule := prevention.Rule{Conditions: []prevention.Condition{{Kind: "payment", Key: "a", Attrs: map[string]string{"reason": "late"}}}}
	b.Run("Find", func(b *testing.B) {
		for b.Loop() {
			if f, err := cohort.Find(b.Context(), src, people, cohort.Options{Now: now}); err != nil || !f.Found {
				b.Fatalf("got %+v, %v", f, err)
			}
		}
	})
	b.Run("Select", func(b *testing.B) {
		for b.Loop() {
			if c, err := cohort.Select(b.Context(), src, rule, cohort.Exclusions{}, now); err != nil || c.Matched == 0 {
				b.Fatalf("got %d, %v", c.Matched, err)
			}
		}
	})
}
