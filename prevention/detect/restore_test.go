package detect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

// memory is what a store would keep of the changes.
type memory struct {
	clusters map[prevention.ClusterID]prevention.Cluster
	order    []prevention.ClusterID
	of       map[triage.ComplaintID]prevention.ClusterID
}

func remember(changes []detect.Change) memory {
	m := memory{clusters: map[prevention.ClusterID]prevention.Cluster{}, of: map[triage.ComplaintID]prevention.ClusterID{}}
	for _, c := range changes {
		id := c.Cluster.ID
		if _, known := m.clusters[id]; !known {
			m.order = append(m.order, id)
		}
		m.clusters[id] = c.Cluster
		for _, x := range c.Members {
			m.of[x.Complaint] = id
		}
	}
	return m
}

func TestARestartGoesOnTheSame(t *testing.T) {
	t.Parallel()
	events, from, _ := incident(30, 6*time.Hour)
	cut := 0
	for cut < len(events) && events[cut].At.Before(from.Add(3*day)) {
		cut++
	}
	first := detect.New(options())
	stored := remember(observe(t, first, events[:cut]))
	o := options()
	n := 100
	o.NextID = func() (prevention.ClusterID, error) {
		n++
		return prevention.ClusterID(fmt.Sprint("K", n)), nil
	}
	second := detect.New(o)
	for _, id := range stored.order {
		second.Know(stored.clusters[id])
	}
	for _, e := range events[:cut] {
		second.Restore(e, stored.of[e.ID])
	}
	want, got := observe(t, first, events[cut:]), observe(t, second, events[cut:])
	joined := func(changes []detect.Change) map[triage.ComplaintID]prevention.ClusterID {
		all := remember(changes).of
		for id := range all {
			if !planted(id) {
				delete(all, id)
			}
		}
		return all
	}
	if len(joined(want)) < 15 {
		t.Fatalf("only %d planted complaints join after the restart: the test sees nothing", len(joined(want)))
	}
	if diff := cmp.Diff(joined(want), joined(got)); diff != "" {
		t.Errorf("after a restart complaints join otherwise (-without +with)\n%s", diff)
	}
	if alarms := about(of(got, detect.Raised), planted); len(alarms) != 0 {
		t.Errorf("the incident is raised again after a restart: %+v", alarms)
	}
	if len(of(want, detect.Resolved)) == 0 || len(of(got, detect.Resolved)) == 0 {
		t.Errorf("resolved: got %d with and %d without the restart", len(of(got, detect.Resolved)), len(of(want, detect.Resolved)))
	}
}

// begun returns a detector inside an incident, its cluster, and what is to come.
func begun(t *testing.T) (d *detect.Detector, c prevention.Cluster, members []triage.ComplaintID, rest []detect.Event) {
	t.Helper()
	events, from, _ := incident(30, 6*time.Hour)
	d = detect.New(options())
	cut := 0
	for cut < len(events) && events[cut].At.Before(from.Add(3*day)) {
		cut++
	}
	changes := observe(t, d, events[:cut])
	alarms := about(of(changes, detect.Raised), planted)
	if len(alarms) != 1 {
		t.Fatalf("got %d alarms, want 1", len(alarms))
	}
	for _, m := range membersOf(changes, alarms[0].Cluster.ID) {
		members = append(members, m.Complaint)
	}
	return d, alarms[0].Cluster, members, events[cut:]
}

func TestADismissedClusterStaysQuiet(t *testing.T) {
	t.Parallel()
	d, c, _, rest := begun(t)
	d.Correct(prevention.Correction{Kind: prevention.CorrectDismiss, Cluster: c.ID})
	for _, change := range observe(t, d, rest) {
		if change.Cluster.ID == c.ID && change.Kind != detect.Updated {
			t.Errorf("dismissed and yet %s", change.Kind)
		}
		if change.Kind == detect.Raised && len(about([]detect.Change{change}, planted)) > 0 {
			t.Errorf("the same complaints are raised again as %s", change.Cluster.ID)
		}
	}
}

func TestWhatAPersonMovedStaysMoved(t *testing.T) {
	t.Parallel()
	d, c, members, rest := begun(t)
	moved := members[:3]
	d.Correct(prevention.Correction{Kind: prevention.CorrectSplit, Cluster: c.ID, Target: "K900", Complaints: moved, Title: "另一个问题"})
	for _, change := range observe(t, d, rest) {
		if change.Kind == detect.Merged {
			t.Errorf("%s was merged into %s although a person parted them", change.Cluster.ID, change.Into)
		}
		for _, m := range change.Members {
			for _, id := range moved {
				if m.Complaint == id {
					t.Errorf("%s joined %s again", id, change.Cluster.ID)
				}
			}
		}
	}
}

func TestCorrectionsOfTheUnknownDoNothing(t *testing.T) {
	t.Parallel()
	d := detect.New(options())
	for _, kind := range []prevention.CorrectionKind{
		prevention.CorrectMove, prevention.CorrectSplit, prevention.CorrectMerge, prevention.CorrectDismiss, prevention.CorrectPropose, "",
	} {
		d.Correct(prevention.Correction{Kind: kind, Cluster: "K7", Target: "K8", Complaints: []triage.ComplaintID{"a"}})
	}
	if changes := observe(t, d, ordinary(1, 1, 30)); len(changes) != 0 {
		t.Errorf("got %+v", changes)
	}
}
