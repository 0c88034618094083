package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/desk"
)

// watched is a cluster of a baseline of one customer a day, watched for ten
// days, whose alarm is twenty days old.
func watched(id prevention.ClusterID) prevention.Cluster {
	return prevention.Cluster{
		ID: id, Title: "t", Stage: prevention.StageWatching, CreatedAt: start.AddDate(0, 0, -20), StageAt: start.AddDate(0, 0, -10),
		Alarm: prevention.Alarm{At: start.AddDate(0, 0, -20), Days: 1, Baseline: 1, Customers: 5},
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	// One customer was expected of the 10 complaints of the alarm's day, so that 7
	// are of the 70 of this week; the 95 % point of Poisson(7) is 12.
	for _, tt := range []struct {
		name   string
		change func(*prevention.Cluster)
		seen   int
		closes bool
	}{
		{"as many as expected", nil, 7, true},
		{"at the bound", nil, 12, true},
		{"above the bound", nil, 13, false},
		{"nobody", nil, 0, true},
		{"watched for too short a time", func(c *prevention.Cluster) { c.StageAt = start.Add(-7*oneDay + time.Second) }, 0, false},
		{"watched for just long enough", func(c *prevention.Cluster) { c.StageAt = start.Add(-7 * oneDay) }, 0, true},
		{"another stage", func(c *prevention.Cluster) { c.Stage = prevention.StageActing }, 0, false},
		{"without a baseline, nobody", func(c *prevention.Cluster) { c.Alarm.Baseline = 0 }, 0, true},
		{"without a baseline, somebody", func(c *prevention.Cluster) { c.Alarm.Baseline = 0 }, 1, false},
		{"an alarm of last year", func(c *prevention.Cluster) { c.Alarm.At = start.AddDate(-1, 0, 0) }, 12, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			c := watched("K1")
			if tt.change != nil {
				tt.change(&c)
			}
			o.record(c)
			o.complain("", "old", c.Alarm.At, 10)
			o.complain("", "rest", start.AddDate(0, 0, -2), 70-tt.seen)
			o.complain("K1", "seen", start.AddDate(0, 0, -3), tt.seen)
			closed, err := o.Watch(t.Context())
			o.must(err)
			after := o.cluster("K1")
			if got := after.Stage == prevention.StageClosed; got != tt.closes || (closed == 1) != tt.closes {
				t.Errorf("got %d closed and the stage %s, want closed: %v", closed, after.Stage, tt.closes)
			}
			if trail := o.trail("K1"); tt.closes && (len(trail) != 1 || trail[0].Actor != "watch" || trail[0].Detail != `{"to":"closed"}`) {
				t.Errorf("the trail is %+v", trail)
			}
		})
	}
}

func TestWatchReadsAllPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const n = 205
	var clusters []prevention.Cluster
	for i := range n {
		clusters = append(clusters, watched(prevention.ClusterID(fmt.Sprintf("K%d", i+1))))
	}
	o.record(clusters...)
	o.must(o.Merge(t.Context(), "K1", "K2", "ann")) // it stays as it was
	closed, err := o.Watch(t.Context())
	o.must(err)
	if closed != n-1 {
		t.Errorf("closed %d, want %d", closed, n-1)
	}
	if closed, err = o.Watch(t.Context()); err != nil || closed != 0 {
		t.Errorf("again: closed %d (%v), want none", closed, err)
	}
}

// Acting to closed is an allowed move, but not one that the watch may make.
func TestWatchLeavesAloneWhatWasMovedOn(t *testing.T) {
	t.Parallel()
	for name, interfere := range map[string]func(o *office, other *desk.Service) error{
		"acting": func(o *office, other *desk.Service) error {
			return other.SetStage(o.t.Context(), "K1", prevention.StageActing, "bo")
		},
		"merged": func(o *office, other *desk.Service) error { return other.Merge(o.t.Context(), "K1", "K2", "bo") },
		"watched again": func(o *office, other *desk.Service) error {
			o.must(other.SetStage(o.t.Context(), "K1", prevention.StageConfirmed, "bo"))
			o.must(other.SetStage(o.t.Context(), "K1", prevention.StageActing, "bo"))
			return other.SetStage(o.t.Context(), "K1", prevention.StageWatching, "bo")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var other *desk.Service
			race := &racing{}
			o := newOffice(t, func(d *desk.Deps) {
				other = desk.New(*d)
				race.ClusterStore, d.Clusters = d.Clusters, race
			})
			race.between = func() {
				race.between = func() {}
				o.must(interfere(o, other))
			}
			second := prevention.Cluster{ID: "K2", Title: "t"}
			o.record(watched("K1"), second)
			closed, err := o.Watch(t.Context())
			o.must(err)
			if c := o.cluster("K1"); closed != 0 || c.Stage == prevention.StageClosed {
				t.Errorf("closed %d, and the stage is %s", closed, c.Stage)
			}
		})
	}
}
