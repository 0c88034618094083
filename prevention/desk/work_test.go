package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestActions(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.record(prevention.Cluster{ID: "K1", Title: "t"}, prevention.Cluster{ID: "K2", Title: "t"})
	id, err := o.PutAction(ctx, prevention.Action{
		Cluster: "K1", Title: " 回滚 ", Department: "支付部\n", Owner: "bo", DueAt: start.Add(time.Hour),
	}, "ann")
	o.must(err)
	o.clock.Advance(time.Minute)
	o.must(o.Done(ctx, "K1", id, "bo"))
	o.clock.Advance(time.Minute)
	o.must(o.Done(ctx, "K1", id, "eve")) // changes nothing
	view, err := o.View(ctx, "K1")
	o.must(err)
	same(t, "actions", []prevention.Action{{
		ID: id, Cluster: "K1", Title: "回滚", Department: "支付部", Owner: "bo", DueAt: start.Add(time.Hour),
		DoneAt: start.Add(time.Minute), CreatedBy: "ann", CreatedAt: start,
	}}, view.Actions)
	if trail := o.trail("K1"); len(trail) != 2 || trail[0].Action != "cluster.action" || trail[1].Action != "cluster.action_done" || trail[1].Actor != "bo" {
		t.Errorf("the trail is %+v", trail)
	}
	wantCode(t, o.Done(ctx, "K2", id, "ann"), triage.CodeNotFound, "")
	wantCode(t, o.Done(ctx, "K99", id, "ann"), triage.CodeNotFound, "")
}

func TestActionsThatSayTooLittle(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.record(prevention.Cluster{ID: "K1", Title: "t"})
	good := prevention.Action{Cluster: "K1", Title: "回滚", Department: "支付部", DueAt: start}
	for field, spoil := range map[string]func(*prevention.Action){
		"title":      func(a *prevention.Action) { a.Title = "\n" },
		"department": func(a *prevention.Action) { a.Department = "" },
		"due_at":     func(a *prevention.Action) { a.DueAt = time.Time{} },
		"owner":      func(a *prevention.Action) { a.Owner = strings.Repeat("长", 201) },
	} {
		a := good
		spoil(&a)
		_, err := o.PutAction(t.Context(), a, "ann")
		wantCode(t, err, triage.CodeInvalid, field)
	}
	good.Cluster = "K99"
	_, err := o.PutAction(t.Context(), good, "ann")
	wantCode(t, err, triage.CodeNotFound, "")
}

func TestNotesAndSilence(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.record(prevention.Cluster{ID: "K1", Title: "t"})
	o.must(o.AddNote(ctx, "K1", " 已通知支付部 ", "ann"))
	o.must(o.Silence(ctx, "K1", start.Add(time.Hour), "ann"))
	view, err := o.View(ctx, "K1")
	o.must(err)
	same(t, "notes", []prevention.Note{{Cluster: "K1", By: "ann", At: start, Text: "已通知支付部"}}, view.Notes)
	if !view.Silenced.Equal(start.Add(time.Hour)) {
		t.Errorf("silenced until %s, want an hour from now", view.Silenced)
	}
	if trail := o.trail("K1"); len(trail) != 1 || trail[0].Detail != `{"until":"2026-03-10T00:45:00+08:00"}` {
		t.Errorf("the trail is %+v", trail)
	}
	o.must(o.Silence(ctx, "K1", time.Time{}, "ann"))
	if view, err = o.View(ctx, "K1"); err != nil || !view.Silenced.IsZero() {
		t.Errorf("still silenced until %s (%v)", view.Silenced, err)
	}
	if trail := o.trail("K1"); trail[len(trail)-1].Detail != `{"until":""}` {
		t.Errorf("the end of the silence is %+v", trail[len(trail)-1])
	}
	for name, err := range map[string]error{
		"note":    o.AddNote(ctx, "K99", "t", "ann"),
		"silence": o.Silence(ctx, "K99", time.Time{}, "ann"),
	} {
		if triage.CodeOf(err) != triage.CodeNotFound {
			t.Errorf("%s on an unknown cluster: got %v", name, err)
		}
	}
}

func TestCohort(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	own, other := payments("failed"), payments("ok")
	o.record(prevention.Cluster{ID: "K1", Title: "t"}, prevention.Cluster{ID: "K2", Title: "t", Rule: &own})
	if c, err := o.Cohort(ctx, "K1", nil); err != nil || c.Matched != 0 || o.cohorts.cluster != "" {
		t.Errorf("without a rule: got %+v, %v", c, err)
	}
	if c, err := o.Cohort(ctx, "K2", nil); err != nil || c.Matched != 1 {
		t.Errorf("by its own rule: got %+v, %v", c, err)
	}
	same(t, "the rule that was asked for", own, o.cohorts.rule)
	if _, err := o.Cohort(ctx, "K2", &other); err != nil {
		t.Error(err)
	}
	same(t, "the rule that was tried", other, o.cohorts.rule)
	same(t, "the cluster's rule after a trial", &own, o.cluster("K2").Rule)
	_, err := o.Cohort(ctx, "K2", &prevention.Rule{})
	wantCode(t, err, triage.CodeInvalid, "conditions")
	_, err = o.Cohort(ctx, "K99", nil)
	wantCode(t, err, triage.CodeNotFound, "")
}
