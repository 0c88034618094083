package detect_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

func exposure(c string, at time.Time, kind, key string, attrs map[string]any) triage.Exposure {
	return triage.Exposure{CustomerID: triage.CustomerID(c), At: at, Kind: kind, Key: key, Attrs: attrs}
}

func TestTheLedgerKnowsWhatCustomersHaveLately(t *testing.T) {
	t.Parallel()
	l := detect.NewLedger(10)
	l.Add(exposure("a", start, "payment", "快付", map[string]any{"status": "failed", "amount": 30.0}))
	l.Add(exposure("b", start.Add(day), "payment", "快付", map[string]any{"status": "ok"}))
	l.Add(exposure("", start.Add(day), "payment", "快付", nil))
	l.Add(exposure("c", time.Time{}, "payment", "快付", nil))
	paid := detect.Fact{Field: "payment", Value: "快付"}
	failed := detect.Fact{Field: "payment 快付 status", Value: "failed"}
	if diff := cmp.Diff([]detect.Fact{paid, failed}, l.FactsAt("a", start.Add(day))); diff != "" {
		t.Errorf("facts of a (-want +got)\n%s", diff)
	}
	if got := l.FactsAt("b", start); len(got) != 0 {
		t.Errorf("b has %v before the exposure", got)
	}
	if p, f := l.Share(paid, start.Add(day)), l.Share(failed, start.Add(day)); p != 0.2 || f != 0.1 {
		t.Errorf("shares: got %v and %v, want 0.2 and 0.1", p, f)
	}
	l.Advance(start.Add(30*day + time.Hour))
	if got := l.FactsAt("a", start.Add(30*day+time.Hour)); len(got) != 0 {
		t.Errorf("a has %v after 30 days", got)
	}
	if p, f := l.Share(paid, start.Add(31*day)), l.Share(failed, start.Add(31*day)); p != 0.1 || f != 0 {
		t.Errorf("shares after 30 days: got %v and %v, want 0.1 and 0", p, f)
	}
	if p := l.Share(paid, start.Add(2*day)); p != 0.2 {
		t.Errorf("share of the day before: got %v, want 0.2", p)
	}
}

func TestWhatTellsCustomersApartIsNoFact(t *testing.T) {
	t.Parallel()
	l := detect.NewLedger(0)
	for i := range 1000 {
		l.Add(exposure(fmt.Sprint("c", i), start, "order", "商城", map[string]any{"number": fmt.Sprint("NO", i)}))
	}
	if got := l.FactsAt("c999", start); len(got) != 1 {
		t.Errorf("got %v, want the order alone", got)
	}
}

// fogged is ordinary complaints of customers with payments, and n customers
// whose payment failed and who say so in words that have nothing in common.
func fogged(n int) ([]detect.Event, *detect.Ledger, []triage.Exposure) {
	rng := rand.New(rand.NewPCG(9, 9))
	events := ordinary(6, 80, 30)
	var exposures []triage.Exposure
	for i := range events {
		exposures = append(exposures, exposure(string(events[i].Customer), events[i].At.Add(-day), "payment",
			[]string{"快付", "云付", "小店"}[rng.IntN(3)], map[string]any{"status": "ok"}))
	}
	for i := range 20 * n { // most of them stay silent
		at := start.Add(60*day + time.Duration(i)*time.Hour/4)
		exposures = append(exposures, exposure(fmt.Sprint("p", i), at, "payment", "快付", map[string]any{"status": "failed"}))
	}
	from := ordinary(7, 1, n)
	for i := range n {
		e := from[i]
		e.ID, e.Customer = triage.ComplaintID(fmt.Sprint("p", 20*i)), triage.CustomerID(fmt.Sprint("p", 20*i))
		e.At, e.Type = start.Add(60*day+time.Duration(i)*5*time.Hour+time.Hour), "billing"
		events = append(events, e)
	}
	slices.SortStableFunc(exposures, func(a, b triage.Exposure) int { return a.At.Compare(b.At) })
	return inOrder(events), detect.NewLedger(20_000), exposures
}

func TestACommonFactIsFoundWithoutCommonWords(t *testing.T) {
	t.Parallel()
	events, ledger, exposures := fogged(12)
	o := options()
	o.Exposures = ledger
	d := detect.New(o)
	var changes []detect.Change
	for _, e := range events {
		for len(exposures) > 0 && !exposures[0].At.After(e.At) {
			ledger.Add(exposures[0])
			exposures = exposures[1:]
		}
		changes = append(changes, observe(t, d, []detect.Event{e})...)
	}
	alarms := about(of(changes, detect.Raised), planted)
	if len(alarms) != 1 {
		t.Fatalf("got %d alarms about the failed payments, want 1", len(alarms))
	}
	c := alarms[0].Cluster
	if n := int(alarms[0].At.Sub(start.Add(60*day)).Hours()/5) + 1; n > 8 {
		t.Errorf("alarmed at complaint %d, want 8 at most", n)
	}
	i := slices.IndexFunc(c.Explanation.Attributes, func(a prevention.Attribute) bool {
		return a.Field == "payment 快付 status" && a.Value == "failed"
	})
	if i < 0 {
		t.Fatalf("the failed payment is not named: %+v", c.Explanation.Attributes)
	}
	if a := c.Explanation.Attributes[i]; a.Lift < 10 || a.Share < 0.9 || a.PValue > 0.01 {
		t.Errorf("the fact does not explain: %+v", a)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	o := options()
	o.MaxEvents = 300
	placed := map[string]int{}
	d := detect.New(o)
	for _, e := range ordinary(8, 120, 30) {
		changes, err := d.Observe(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			placed[string(c.Kind)]++
		}
	}
	if n := d.Remembered(); n > 300 {
		t.Errorf("%d complaints are remembered, want 300 at most", n)
	}
}

func TestDecoysAreReproducible(t *testing.T) {
	t.Parallel()
	d := detect.New(options())
	events, _, _ := incident(30, 6*time.Hour)
	observe(t, d, events)
	first, again := d.Decoys(2, 7), d.Decoys(2, 7)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the same seed gives other decoys\n%s", diff)
	}
	if len(first.Words) == 0 || first.Weeks < 20 {
		t.Fatalf("got %d decoy alarms in %.1f weeks", len(first.Words), first.Weeks)
	}
	if low, high := first.PerWeek(first.Words, 2), first.PerWeek(first.Words, 4); low < high || low == 0 {
		t.Errorf("alarms a week: got %.2f at a threshold of 2 and %.2f at 4", low, high)
	}
}

func TestTheLedgerForgetsKeysThatNumberOrders(t *testing.T) {
	t.Parallel()
	l := detect.NewLedger(0)
	pays := func(customer, key string) []detect.Fact {
		l.Add(exposure(customer, start, "payment", key, map[string]any{"status": "failed"}))
		return l.FactsAt(triage.CustomerID(customer), start)
	}
	const kept = 20_000
	for i := range kept {
		pays(fmt.Sprint("early", i), fmt.Sprint("order ", i))
	}
	want := []detect.Fact{{Field: "payment"}, {Field: "payment status", Value: "failed"}}
	for i := range 10 {
		if diff := cmp.Diff(want, pays(fmt.Sprint("late", i), fmt.Sprint("order ", kept+i))); diff != "" {
			t.Error(diff)
		}
	}
	if got := pays("other", "order 7"); got[0].Value != "order 7" {
		t.Errorf("got %v, want the key that is known", got)
	}
}
