package desk_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/triage"
)

// allowed repeats the table of stages, so that changing it by mistake shows.
var allowed = map[prevention.Stage]string{
	prevention.StageCandidate: "confirmed acting watching closed dismissed",
	prevention.StageConfirmed: "acting watching closed dismissed",
	prevention.StageActing:    "watching closed",
	prevention.StageWatching:  "confirmed acting closed",
	prevention.StageClosed:    "candidate confirmed acting",
	prevention.StageDismissed: "candidate",
}

func TestEveryMoveOfAStage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	stages := append(slices.Clone(prevention.Stages), prevention.StageDismissed)
	for _, from := range stages {
		for _, to := range stages {
			id := prevention.ClusterID(string(from) + "-" + string(to))
			o.record(prevention.Cluster{ID: id, Title: "t", Stage: from})
			before := o.cluster(id)
			err := o.SetStage(t.Context(), id, to, "ann")
			after := o.cluster(id)
			switch {
			case from == to && to != prevention.StageDismissed:
				wantCode(t, err, "", "")
				same(t, "a move to where it is", before, after)
			case slices.Contains(strings.Fields(allowed[from]), string(to)):
				wantCode(t, err, "", "")
				if after.Stage != to || !after.StageAt.Equal(start) || after.Version != before.Version+1 {
					t.Errorf("%s: got %s since %s, version %d after %d", id, after.Stage, after.StageAt, after.Version, before.Version)
				}
				if trail := o.trail(id); len(trail) != 1 || trail[0].Actor != "ann" || !trail[0].At.Equal(start) {
					t.Errorf("%s: the trail is %+v", id, trail)
				}
			default:
				wantCode(t, err, triage.CodeConflict, "")
				same(t, "a refused move", before, after)
				if trail := o.trail(id); len(trail) > 0 {
					t.Errorf("%s: a refused move is in the trail: %+v", id, trail)
				}
			}
		}
	}
}

func TestARefusedMoveSaysWhatIsAllowed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.record(prevention.Cluster{ID: "K1", Title: "t", Stage: prevention.StageActing})
	err := o.SetStage(t.Context(), "K1", prevention.StageCandidate, "ann")
	wantCode(t, err, triage.CodeConflict, "stage")
	if want := "cluster K1 is acting and cannot become candidate; it may become watching, closed"; !strings.Contains(err.Error(), want) {
		t.Errorf("got %q, want %q in it", err, want)
	}
	wantCode(t, o.SetStage(t.Context(), "K1", "open", "ann"), triage.CodeInvalid, "stage")
	wantCode(t, o.SetStage(t.Context(), "K99", prevention.StageClosed, "ann"), triage.CodeNotFound, "")
}

func TestChanges(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.record(prevention.Cluster{ID: "K1", Title: "充值", Type: "billing"})
	rule := payments("failed")
	for _, change := range []struct {
		action string
		do     func() error
	}{
		{"cluster.assign", func() error { return o.Assign(t.Context(), "K1", " bo ", "ann") }},
		{"cluster.title", func() error { return o.SetTitle(t.Context(), "K1", " 充值\n失败 13812345678 ", "ann") }},
		{"cluster.solution", func() error { return o.SetSolution(t.Context(), "K1", "S7", "ann") }},
		{"cluster.rule", func() error { return o.SetRule(t.Context(), "K1", rule, "ann") }},
		{"cluster.silence", func() error { return o.Silence(t.Context(), "K1", start.Add(time.Hour), "ann") }},
		{"cluster.silence", func() error { return o.Silence(t.Context(), "K1", time.Time{}, "ann") }},
	} {
		before := len(o.trail("K1"))
		o.must(change.do())
		trail := o.trail("K1")
		if len(trail) != before+1 || trail[before].Action != change.action || trail[before].Actor != "ann" {
			t.Errorf("%s: the trail is %+v", change.action, trail)
			continue
		}
		if d := trail[before].Detail; strings.Contains(d, "138") || d != "" && !json.Valid([]byte(d)) {
			t.Errorf("%s: the detail is %q", change.action, d)
		}
	}
	c := o.cluster("K1")
	if c.Owner != "bo" || c.Title != "充值 失败 13812345678" || c.Solution != "S7" || c.RuleBy != "ann" {
		t.Errorf("got %+v", c)
	}
	same(t, "rule", &rule, c.Rule)

	t.Run("the same again changes nothing", func(t *testing.T) {
		entries := len(o.trail("K1"))
		o.must(o.Assign(t.Context(), "K1", "bo", "eve"))
		o.must(o.SetTitle(t.Context(), "K1", "充值 失败 13812345678", "eve"))
		o.must(o.SetSolution(t.Context(), "K1", "S7", "eve"))
		if got := o.cluster("K1"); got.Version != c.Version || len(o.trail("K1")) != entries {
			t.Errorf("got version %d after %d and %d entries after %d", got.Version, c.Version, len(o.trail("K1")), entries)
		}
	})
	t.Run("the machine keeps what people wrote", func(t *testing.T) {
		other := payments("ok")
		o.record(prevention.Cluster{ID: "K1", Title: "机器的标题", Rule: &other})
		if got := o.cluster("K1"); got.Title != c.Title || got.RuleBy != "ann" {
			t.Errorf("got %q by %q", got.Title, got.RuleBy)
		}
		same(t, "rule", &rule, o.cluster("K1").Rule)
	})
}

func TestWrongChanges(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.record(prevention.Cluster{ID: "K1", Title: "t"})
	long := strings.Repeat("长", 2001)
	ctx := t.Context()
	for _, tt := range []struct {
		name, field string
		err         error
	}{
		{"a long owner", "owner", o.Assign(ctx, "K1", long, "ann")},
		{"a blank title", "title", o.SetTitle(ctx, "K1", " \n", "ann")},
		{"a long title", "title", o.SetTitle(ctx, "K1", strings.Repeat("长", 81), "ann")},
		{"a long solution", "solution", o.SetSolution(ctx, "K1", long, "ann")},
		{"an empty rule", "conditions", o.SetRule(ctx, "K1", prevention.Rule{}, "ann")},
		{"silence until now", "until", o.Silence(ctx, "K1", start, "ann")},
		{"a blank note", "text", o.AddNote(ctx, "K1", "\t", "ann")},
		{"a long note", "text", o.AddNote(ctx, "K1", long, "ann")},
	} {
		t.Run(tt.name, func(t *testing.T) { wantCode(t, tt.err, triage.CodeInvalid, tt.field) })
	}
	if got := o.cluster("K1"); got.Version != 1 || len(o.trail("K1")) > 0 {
		t.Errorf("something was stored: %+v", got)
	}
}

// racing lets somebody else change a cluster between a read and an update.
type racing struct {
	prevention.ClusterStore
	between func()
}

func (r *racing) UpdateCluster(ctx context.Context, c prevention.Cluster, e triage.AuditEntry) error {
	r.between()
	return r.ClusterStore.UpdateCluster(ctx, c, e)
}

func TestAnOvertakenChangeIsTriedAgain(t *testing.T) {
	t.Parallel()
	var other *desk.Service
	times := 0
	race := &racing{}
	o := newOffice(t, func(d *desk.Deps) {
		other = desk.New(*d)
		race.ClusterStore, d.Clusters = d.Clusters, race
	})
	race.between = func() {
		if times--; times >= 0 {
			o.must(other.Assign(t.Context(), "K1", "owner "+string(rune('a'+times)), "bo"))
		}
	}
	o.record(prevention.Cluster{ID: "K1", Title: "t", Stage: prevention.StageCandidate})

	times = 3
	o.must(o.SetSolution(t.Context(), "K1", "S1", "ann"))
	if c := o.cluster("K1"); c.Solution != "S1" || c.Owner != "owner a" {
		t.Errorf("a change was lost: %+v", c)
	}
	times = 4
	wantCode(t, o.SetSolution(t.Context(), "K1", "S2", "ann"), triage.CodeConflict, "")
	if c := o.cluster("K1"); c.Solution != "S1" {
		t.Errorf("got the solution %s of a change that failed", c.Solution)
	}
	times = 0
	race.between = func() {
		race.between = func() {}
		o.must(other.SetStage(t.Context(), "K1", prevention.StageActing, "bo"))
	}
	wantCode(t, o.SetStage(t.Context(), "K1", prevention.StageConfirmed, "ann"), triage.CodeConflict, "stage")
}

func TestManyPeopleAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.record(prevention.Cluster{ID: "K1", Title: "t"})
	var wg sync.WaitGroup
	for _, do := range []func() error{
		func() error { return o.Assign(t.Context(), "K1", "bo", "ann") },
		func() error { return o.SetTitle(t.Context(), "K1", "新标题", "bo") },
		func() error { return o.SetSolution(t.Context(), "K1", "S1", "eve") },
		func() error { return o.SetStage(t.Context(), "K1", prevention.StageActing, "joe") },
	} {
		wg.Go(func() {
			if err := do(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if c := o.cluster("K1"); c.Owner != "bo" || c.Title != "新标题" || c.Solution != "S1" || c.Stage != prevention.StageActing {
		t.Errorf("a change was lost: %+v", c)
	}
	if trail := o.trail("K1"); len(trail) != 4 {
		t.Errorf("the trail has %d entries, want 4: %+v", len(trail), trail)
	}
}

func TestAMergedClusterRefusesWork(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.record(prevention.Cluster{ID: "K1", Title: "a"}, prevention.Cluster{ID: "K2", Title: "b"}, prevention.Cluster{ID: "K3", Title: "c"})
	ids := o.complain("K1", "m", start, 2)
	work := prevention.Action{Cluster: "K1", Title: "回滚", Department: "支付部", DueAt: start.Add(time.Hour)}
	action, err := o.PutAction(ctx, work, "ann")
	o.must(err)
	o.must(o.Merge(ctx, "K1", "K2", "ann"))
	_, errAction := o.PutAction(ctx, work, "ann")
	_, errSplit := o.Split(ctx, "K1", ids, "", "ann")
	_, errCohort := o.Cohort(ctx, "K1", new(payments("failed")))
	for name, err := range map[string]error{
		"stage":    o.SetStage(ctx, "K1", prevention.StageClosed, "ann"),
		"owner":    o.Assign(ctx, "K1", "bo", "ann"),
		"title":    o.SetTitle(ctx, "K1", "新", "ann"),
		"solution": o.SetSolution(ctx, "K1", "S1", "ann"),
		"rule":     o.SetRule(ctx, "K1", payments("failed"), "ann"),
		"note":     o.AddNote(ctx, "K1", "t", "ann"),
		"silence":  o.Silence(ctx, "K1", start.Add(time.Hour), "ann"),
		"action":   errAction,
		"cohort":   errCohort,
		"move":     o.Move(ctx, "K1", "K3", ids, "ann"),
		"split":    errSplit,
		"merge":    o.Merge(ctx, "K1", "K3", "ann"),
		"onto it":  o.Merge(ctx, "K3", "K1", "ann"),
		"dismiss":  o.Dismiss(ctx, "K1", "ann"),
	} {
		if triage.CodeOf(err) != triage.CodeConflict || !strings.Contains(err.Error(), "merged into K2") {
			t.Errorf("%s: got %v, want a conflict that names K2", name, err)
		}
	}
	if err := o.Done(ctx, "K1", action, "ann"); err != nil {
		t.Errorf("work that was begun before the merge cannot be done: %v", err)
	}
	if got := o.in("K1"); len(got) > 0 {
		t.Errorf("the merged cluster has %v", got)
	}
	same(t, "members of the target", ids, o.in("K2"))
}
