package detect_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

// incident begins after 50 quiet days; its last planted complaint is at end.
func incident(n int, apart time.Duration) (events []detect.Event, from, end time.Time) {
	from = start.Add(50 * day)
	return plant(ordinary(1, 100, 30), n, from, apart, many), from, from.Add(time.Duration(n-1) * apart)
}

func TestAPlantedIncidentIsFoundSmallAndOnce(t *testing.T) {
	t.Parallel()
	events, from, end := incident(30, 6*time.Hour)
	changes := listen(t, events)
	alarms := about(of(changes, detect.Raised), planted)
	if len(alarms) != 1 {
		t.Fatalf("got %d alarms about it, want 1: %+v", len(alarms), alarms)
	}
	c := alarms[0].Cluster
	if n := int(alarms[0].At.Sub(from)/(6*time.Hour)) + 1; n > 6 {
		t.Errorf("alarmed at planted complaint %d, want 6 at most", n)
	}
	a := c.Alarm
	if a.At != alarms[0].At || a.Customers < 3 || a.High < a.Low || float64(a.Customers) <= a.High || a.PValue > 1e-3 {
		t.Errorf("the alarm does not explain itself: %+v", a)
	}
	if c.Title == "" || len(c.Explanation.Terms) == 0 || len(c.Explanation.Representatives) == 0 || c.Type != "billing" {
		t.Errorf("nobody would understand %+v", c)
	}
	if n := len(slices.Compact(slices.Sorted(idsOf(membersOf(changes, c.ID))))); n < 27 {
		t.Errorf("%d of 30 planted complaints joined", n)
	}
	resolved := of(changes, detect.Resolved)
	if i := slices.IndexFunc(resolved, func(r detect.Change) bool { return r.Cluster.ID == c.ID }); i < 0 || resolved[i].At.Before(end) {
		t.Errorf("resolved: got %+v, want %s after %s", resolved, c.ID, end)
	}
}

func idsOf(members []prevention.Member) func(yield func(triage.ComplaintID) bool) {
	return func(yield func(triage.ComplaintID) bool) {
		for _, m := range members {
			if planted(m.Complaint) && !yield(m.Complaint) {
				return
			}
		}
	}
}

func TestARisingIssueIsReopened(t *testing.T) {
	t.Parallel()
	events, _, end := incident(12, 6*time.Hour)
	for i := range 12 {
		e := events[slices.IndexFunc(events, func(e detect.Event) bool { return e.ID == triage.ComplaintID(fmt.Sprint("p", i)) })]
		e.ID, e.Customer = triage.ComplaintID(fmt.Sprint("p2-", i)), triage.CustomerID(fmt.Sprint("again", i))
		e.At = end.Add(30*day + time.Duration(i)*3*time.Hour)
		events = append(events, e)
	}
	changes := listen(t, inOrder(events))
	alarms := about(of(changes, detect.Raised), planted)
	reopened := of(changes, detect.Reopened)
	if len(alarms) != 1 || len(reopened) != 1 || reopened[0].Cluster.ID != alarms[0].Cluster.ID {
		t.Errorf("got %d alarms and %d reopened, want the same cluster once each", len(alarms), len(reopened))
	}
}

// The exact 97.5 % quantile of a Poisson variable with mean 60 is 76.
func TestChanceKeepsToTheBudget(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	const weeks, most = 60, 76
	alarms := 0
	for seed := range uint64(5) {
		alarms += len(of(listen(t, ordinary(seed+10, weeks/5*7, 30)), detect.Raised))
	}
	if alarms > most {
		t.Errorf("got %d alarms by chance in %d weeks at a budget of one a week, want %d at most", alarms, weeks, most)
	}
}

func TestWhatIsNoIncidentAddsNone(t *testing.T) {
	t.Parallel()
	base := func() []detect.Event { return ordinary(2, 80, 30) }
	before := len(of(listen(t, base()), detect.Raised))
	from := start.Add(50 * day)
	relabel := func(events []detect.Event, by time.Duration) []detect.Event {
		for i := range events {
			events[i].ID += "-more"
			events[i].Customer += "-more"
			events[i].At = events[i].At.Add(by)
		}
		return events
	}
	backfill := relabel(ordinary(4, 10, 30), 40*day)
	for _, c := range []struct {
		name   string
		events []detect.Event
	}{
		{"a surge of everything", inOrder(append(base(), relabel(ordinary(3, 5, 90), 50*day)...))},
		{"ten days that come late", slices.Insert(base(), 60*30, backfill...)},
		{"one customer's 500 complaints", plant(base(), 500, from, 30*time.Minute, one)},
		{"a week of silence", slices.DeleteFunc(base(), func(e detect.Event) bool {
			return e.At.After(from) && e.At.Before(from.Add(7*day))
		})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if after := len(of(listen(t, c.events), detect.Raised)); after > before+1 {
				t.Errorf("got %d alarms, %d without", after, before)
			}
		})
	}
}

func TestCopiesAreSaid(t *testing.T) {
	t.Parallel()
	events, _, _ := incident(0, time.Hour)
	for i := range 50 {
		events = append(events, detect.Event{
			ID: triage.ComplaintID(fmt.Sprint("p", i)), Customer: many(i), At: start.Add(50*day + time.Duration(i)*10*time.Minute),
			Text: "我们全体业主反对在翠湖小区旁建变电站，请市长主持公道", Type: "service",
		})
	}
	changes := listen(t, inOrder(events))
	alarms := about(of(changes, detect.Raised), planted)
	if len(alarms) != 1 {
		t.Fatalf("got %d alarms, want 1", len(alarms))
	}
	var last prevention.Cluster
	for _, c := range changes {
		if c.Cluster.ID == alarms[0].Cluster.ID {
			last = c.Cluster
		}
	}
	if last.Complaints != 50 || last.Copies != 49 {
		t.Errorf("got %d complaints with %d copies, want 50 with 49", last.Complaints, last.Copies)
	}
	if n := alarms[0].Cluster.Alarm.Customers; n < 4 {
		t.Errorf("alarmed at %d customers, want 4 or more: a copy counts half", n)
	}
}

func TestNothingLaterThanTheAlarmIsUsed(t *testing.T) {
	t.Parallel()
	events, _, _ := incident(30, 6*time.Hour)
	whole := about(of(listen(t, slices.Clone(events)), detect.Raised), planted)[0]
	cut := slices.IndexFunc(events, func(e detect.Event) bool { return e.At.After(whole.At) })
	part := about(of(listen(t, events[:cut]), detect.Raised), planted)
	if len(part) != 1 {
		t.Fatalf("got %d alarms in the stream up to the alarm, want 1", len(part))
	}
	if diff := cmp.Diff(whole, part[0]); diff != "" {
		t.Errorf("the stream cut at the alarm alarms otherwise (-whole +cut)\n%s", diff)
	}
}

func TestWhatComesLateRaisesNothing(t *testing.T) {
	t.Parallel()
	d := detect.New(options())
	observe(t, d, ordinary(5, 60, 30))
	events := plant(nil, 30, start.Add(30*day), 6*time.Hour, many)
	if alarms := about(of(observe(t, d, events), detect.Raised), planted); len(alarms) != 0 {
		t.Errorf("complaints of a month ago alarm now: %+v", alarms)
	}
}

func TestTimesInTheFutureAreNow(t *testing.T) {
	t.Parallel()
	o := options()
	now := start.Add(10 * day)
	o.Now = func() time.Time { return now }
	d := detect.New(o)
	observe(t, d, []detect.Event{{ID: "f", Customer: "f", At: start.AddDate(80, 0, 0), Text: "以后的投诉"}})
	o.Placed = nil
	events := ordinary(1, 60, 30)
	for i := range events {
		now = events[i].At
		if _, err := d.Observe(events[i]); err != nil {
			t.Fatal(err)
		}
	}
	now = start.Add(61 * day)
	alarms := observe(t, d, plant(nil, 10, start.Add(60*day), time.Hour, many))
	if len(about(of(alarms, detect.Raised), planted)) != 1 {
		t.Error("one complaint from the future stops the clock: no alarm after it")
	}
}

func TestAnIDThatFailsDelaysTheAlarm(t *testing.T) {
	t.Parallel()
	events, _, _ := incident(12, 6*time.Hour)
	o := options()
	broken, fails := errors.New("database is locked"), 0
	o.NextID = func() (prevention.ClusterID, error) {
		if fails++; fails == 1 {
			return "", broken
		}
		return prevention.ClusterID(fmt.Sprint("X", fails)), nil
	}
	d := detect.New(o)
	raised, failed := 0, 0
	for _, e := range events {
		changes, err := d.Observe(e)
		if err != nil {
			if !errors.Is(err, broken) {
				t.Fatal(err)
			}
			failed++
		}
		raised += len(about(of(changes, detect.Raised), planted))
	}
	if failed != 1 || raised != 1 {
		t.Errorf("got %d failures and %d alarms, want one of each", failed, raised)
	}
}
