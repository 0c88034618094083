package detect_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

var (
	themes  = []string{"network", "billing", "delay", "attitude", "refund", "fraud"}
	regions = []string{"沈阳", "大连", "鞍山", "抚顺", "本溪", "丹东", "锦州", "营口"}
)

// stream is perDay ordinary complaints a day for some days, of distinct
// customers, themes and regions at random.
func stream(seed uint64, days, perDay int) []detect.Event {
	rng := rand.New(rand.NewPCG(seed, 1))
	var events []detect.Event
	for i := range days * perDay {
		events = append(events, detect.Event{
			ID: triage.ComplaintID(fmt.Sprint("s", i)), Customer: triage.CustomerID(fmt.Sprint("c", i)),
			At:    start.Add(time.Duration(i) * 24 * time.Hour / time.Duration(perDay)),
			Theme: themes[rng.IntN(len(themes))], Facts: map[string]string{"region": regions[rng.IntN(len(regions))]},
		})
	}
	return events
}

// plant adds n complaints of one theme and region, a fixed time apart.
func plant(events []detect.Event, n int, from time.Time, apart time.Duration, customer func(i int) triage.CustomerID) []detect.Event {
	for i := range n {
		events = append(events, detect.Event{
			ID: triage.ComplaintID(fmt.Sprint("p", i)), Customer: customer(i), At: from.Add(time.Duration(i) * apart),
			Theme: "billing", Facts: map[string]string{"region": "大连"},
		})
	}
	slices.SortStableFunc(events, func(a, b detect.Event) int { return a.At.Compare(b.At) })
	return events
}

func many(i int) triage.CustomerID { return triage.CustomerID(fmt.Sprint("p", i)) }

func one(int) triage.CustomerID { return "serial" }

type heard struct {
	alarms   []detect.Alarm
	resolved []string
	joined   int
}

func listen(events []detect.Event) heard {
	w := detect.NewWatch()
	var h heard
	for _, e := range events {
		c := w.Observe(e)
		if c.Raised != nil {
			h.alarms = append(h.alarms, *c.Raised)
		}
		if c.Joined != "" {
			h.joined++
		}
		h.resolved = append(h.resolved, c.Resolved...)
	}
	return h
}

func TestAPlantedIncidentIsFoundSmallAndOnce(t *testing.T) {
	t.Parallel()
	from := start.Add(60 * 24 * time.Hour)
	h := listen(plant(stream(1, 120, 40), 30, from, 3*time.Hour, many))
	if len(h.alarms) != 1 {
		t.Fatalf("got %d alarms, want 1: %+v", len(h.alarms), h.alarms)
	}
	a := h.alarms[0]
	if a.Theme != "billing" || len(a.Facts) != 1 || a.Facts[0].Value != "大连" {
		t.Errorf("got theme %q with %v, want billing in 大连", a.Theme, a.Facts)
	}
	if planted := int(a.At.Sub(from)/(3*time.Hour)) + 1; planted > 12 {
		t.Errorf("got the alarm at planted complaint %d, want 12 at most", planted)
	}
	if i := slices.IndexFunc(a.Members, func(id triage.ComplaintID) bool { return id[0] == 'p' }); i < 0 {
		t.Errorf("no planted complaint is among the members %v", a.Members)
	}
	if a.Facts[0].Lift <= 1 || a.PValue >= 1e-6 || a.Customers <= int(a.Baseline) {
		t.Errorf("the alarm does not explain itself: %+v", a)
	}
	if h.joined == 0 {
		t.Error("no later complaint joined the alarm")
	}
	if !slices.Equal(h.resolved, []string{a.Cluster}) {
		t.Errorf("resolved: got %v, want [%s]", h.resolved, a.Cluster)
	}
}

func TestNothingAlarmsWithoutAnIncident(t *testing.T) {
	t.Parallel()
	alarms := 0
	for seed := range uint64(10) {
		alarms += len(listen(stream(seed+10, 90, 40)).alarms)
	}
	// 10 streams of 13 weeks: at 0.1 a week 13 would be usual, more than 20 is
	// one in forty.
	if alarms > 20 {
		t.Errorf("got %d false alarms in 130 weeks, want 20 at most", alarms)
	}
}

func TestOneCustomerIsNoIncident(t *testing.T) {
	t.Parallel()
	events := stream(2, 90, 40)
	before := len(listen(events).alarms)
	if after := len(listen(plant(events, 500, start.Add(50*24*time.Hour), time.Hour, one)).alarms); after > before {
		t.Errorf("got %d alarms with one customer's 500 complaints, %d without", after, before)
	}
}

func TestAGeneralSurgeIsNoIncident(t *testing.T) {
	t.Parallel()
	events := stream(3, 90, 40)
	var surge []detect.Event
	for i, e := range stream(4, 5, 200) {
		e.ID, e.Customer = triage.ComplaintID(fmt.Sprint("u", i)), triage.CustomerID(fmt.Sprint("u", i))
		e.At = e.At.Add(70 * 24 * time.Hour)
		surge = append(surge, e)
	}
	all := append(events, surge...)
	slices.SortStableFunc(all, func(a, b detect.Event) int { return a.At.Compare(b.At) })
	if h := listen(all); len(h.alarms) > 1 {
		t.Errorf("got %d alarms in a surge of everything, want 1 at most: %+v", len(h.alarms), h.alarms)
	}
}

// Cells and facts come out of maps; their order must not reach the alarm, nor
// may anything behind it in the stream.
func TestTheSameStreamAlarmsAlike(t *testing.T) {
	t.Parallel()
	events := plant(stream(1, 120, 40), 30, start.Add(60*24*time.Hour), 3*time.Hour, many)
	whole := listen(events).alarms[0]
	cut := slices.IndexFunc(events, func(e detect.Event) bool { return e.At.After(whole.At) })
	part := listen(events[:cut]).alarms
	if len(part) != 1 || part[0].Score != whole.Score || len(part[0].Members) != len(whole.Members) {
		t.Errorf("with the stream cut at the alarm got %+v, want %+v", part, whole)
	}
}

func TestLateAndEmptyEventsDoNoHarm(t *testing.T) {
	t.Parallel()
	w := detect.NewWatch()
	for _, e := range stream(5, 20, 40) {
		w.Observe(e)
	}
	alarmed := false
	for i := range 50 {
		c := w.Observe(detect.Event{ID: triage.ComplaintID(fmt.Sprint("l", i)), At: start.Add(-time.Hour)})
		if c.Raised != nil && c.Raised.At.Before(start.Add(19*24*time.Hour)) {
			t.Fatalf("a late complaint alarmed for the past: %+v", c.Raised)
		}
		alarmed = alarmed || c.Raised != nil
	}
	if !alarmed {
		t.Error("50 complaints of an unknown theme in one day did not alarm: the test sees nothing")
	}
}

func BenchmarkObserve(b *testing.B) {
	events := stream(6, 60, 2000)
	w := detect.NewWatch()
	for _, e := range events {
		w.Observe(e)
	}
	last := events[len(events)-1].At
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e := events[i%len(events)]
		e.At = last.Add(time.Duration(i) * 43 * time.Second)
		w.Observe(e)
	}
}

// incident is a planted stream whose last planted complaint is at the end of
// the returned time.
func incident() (events []detect.Event, end time.Time) {
	from := start.Add(60 * 24 * time.Hour)
	return plant(stream(1, 120, 40), 30, from, 3*time.Hour, many), from.Add(29 * 3 * time.Hour)
}

func TestAnEndedAlarmIsNotToldAgain(t *testing.T) {
	t.Parallel()
	events, _ := incident()
	w := detect.NewWatch()
	alarms, resolved := 0, false
	for _, e := range events {
		c := w.Observe(e)
		if c.Raised != nil {
			alarms++
			if resolved {
				t.Fatalf("raised again after its end: %+v", c.Raised)
			}
		}
		resolved = resolved || len(c.Resolved) > 0
	}
	if alarms != 1 || !resolved {
		t.Errorf("got %d alarms, resolved %v", alarms, resolved)
	}
}

func TestOnlyComplaintsWithTheFactsJoin(t *testing.T) {
	t.Parallel()
	events, end := incident()
	w := detect.NewWatch()
	joined := 0
	for _, e := range events {
		c := w.Observe(e)
		if c.Joined == "" {
			continue
		}
		joined++
		if e.Theme != "billing" || e.Facts["region"] != "大连" {
			t.Errorf("%s in %s joined an alarm about billing in 大连", e.Theme, e.Facts["region"])
		}
		if e.At.After(end.Add(28 * 24 * time.Hour)) {
			t.Errorf("%s joined long after the incident", e.ID)
		}
	}
	if joined == 0 {
		t.Error("nothing joined")
	}
}
