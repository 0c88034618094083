package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

type ids = []triage.ComplaintID

func TestCorrections(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.record(prevention.Cluster{ID: "K1", Title: "充值失败", Type: "billing"}, prevention.Cluster{ID: "K2", Title: "退款"})
	o.complain("K1", "a", start, 5)
	o.complain("", "b", start, 3)

	o.must(o.Move(ctx, "K1", "K2", ids{"a1", "a0", "a1", ""}, "ann"))
	same(t, "K1 after the move", ids{"a2", "a3", "a4"}, o.in("K1"))
	same(t, "K2 after the move", ids{"a0", "a1"}, o.in("K2"))
	o.must(o.Move(ctx, "K1", "", ids{"a4"}, "ann"))
	same(t, "K1 without a4", ids{"a2", "a3"}, o.in("K1"))

	split, err := o.Split(ctx, "K1", ids{"a3"}, "", "ann")
	o.must(err)
	if c := o.cluster(split); c.Title != "充值失败" || c.Stage != prevention.StageConfirmed || c.Path != prevention.PathHand || c.Complaints != 1 {
		t.Errorf("the split gave %+v", c)
	}
	proposed, err := o.Propose(ctx, ids{"b0", "b1", "a2"}, " 新\n问题 ", "bo")
	o.must(err)
	if c := o.cluster(proposed); c.Title != "新 问题" || c.Type != "billing" || c.Customers != 3 || !c.StageAt.Equal(start) {
		t.Errorf("the proposal gave %+v", c)
	}
	same(t, "members of the proposal", ids{"a2", "b0", "b1"}, o.in(proposed))
	o.must(o.Merge(ctx, split, "K2", "ann"))
	same(t, "K2 after the merge", ids{"a0", "a1", "a3"}, o.in("K2"))
	o.must(o.Dismiss(ctx, proposed, "ann"))
	if c := o.cluster(proposed); c.Stage != prevention.StageDismissed {
		t.Errorf("got the stage %s, want dismissed", c.Stage)
	}

	log, err := o.db.Corrections(ctx, 0)
	o.must(err)
	want := []prevention.Correction{
		{Seq: 1, By: "ann", Kind: prevention.CorrectMove, Cluster: "K1", Target: "K2", Complaints: ids{"a0", "a1"}},
		{Seq: 2, By: "ann", Kind: prevention.CorrectMove, Cluster: "K1", Complaints: ids{"a4"}},
		{Seq: 3, By: "ann", Kind: prevention.CorrectSplit, Cluster: "K1", Target: split, Complaints: ids{"a3"}},
		{Seq: 4, By: "bo", Kind: prevention.CorrectPropose, Target: proposed, Complaints: ids{"a2", "b0", "b1"}, Title: "新 问题"},
		{Seq: 5, By: "ann", Kind: prevention.CorrectMerge, Cluster: split, Target: "K2"},
		{Seq: 6, By: "ann", Kind: prevention.CorrectDismiss, Cluster: proposed},
	}
	if diff := cmp.Diff(want, log, cmpopts.IgnoreFields(prevention.Correction{}, "At"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the log of corrections (-want +got)\n%s", diff)
	}
	for id, n := range map[prevention.ClusterID]int{"K1": 3, "K2": 2, split: 2, proposed: 2} {
		if trail := o.trail(id); len(trail) != n {
			t.Errorf("the trail of %s has %d entries, want %d: %+v", id, len(trail), n, trail)
		}
	}
	t.Run("the machine leaves pinned complaints alone", func(t *testing.T) {
		o.must(o.db.Record(ctx, prevention.Found{Members: map[prevention.ClusterID][]prevention.Member{
			"K1": {{Complaint: "a0", At: start}, {Complaint: "a4", At: start}},
		}}))
		if got := o.in("K1"); len(got) > 0 {
			t.Errorf("the machine took back %v", got)
		}
	})
}

func TestSettingTheStageDismissedIsACorrection(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.record(prevention.Cluster{ID: "K1", Title: "t"})
	o.must(o.SetStage(t.Context(), "K1", prevention.StageDismissed, "ann"))
	log, err := o.db.Corrections(t.Context(), 0)
	o.must(err)
	if len(log) != 1 || log[0].Kind != prevention.CorrectDismiss || log[0].Cluster != "K1" {
		t.Errorf("detection does not hear of it: %+v", log)
	}
	o.must(o.SetStage(t.Context(), "K1", prevention.StageCandidate, "ann"))
	log, err = o.db.Corrections(t.Context(), 1)
	o.must(err)
	if len(log) != 1 || log[0].Kind != prevention.CorrectRestore || o.cluster("K1").Stage != prevention.StageCandidate {
		t.Errorf("detection does not hear that it is taken back: %+v", log)
	}
}

func TestWrongCorrections(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.record(prevention.Cluster{ID: "K1", Title: "a"}, prevention.Cluster{ID: "K2", Title: "b", Stage: prevention.StageClosed})
	o.complain("K1", "a", start, 1)
	o.complain("K2", "b", start, 1)
	many := make(ids, 10_001)
	for i := range many {
		many[i] = triage.ComplaintID(fmt.Sprint(i))
	}
	propose := func(complaints ids, title string) error {
		_, err := o.Propose(ctx, complaints, title, "ann")
		return err
	}
	split := func(complaints ids, title string) error {
		_, err := o.Split(ctx, "K1", complaints, title, "ann")
		return err
	}
	for _, tt := range []struct {
		name  string
		err   error
		code  triage.Code
		field string
	}{
		{"a move to where they are", o.Move(ctx, "K1", "K1", ids{"a0"}, "ann"), triage.CodeInvalid, "target"},
		{"a move of nothing", o.Move(ctx, "K1", "K2", ids{""}, "ann"), triage.CodeInvalid, "complaints"},
		{"a move of too much", o.Move(ctx, "K1", "K2", many, "ann"), triage.CodeInvalid, "complaints"},
		{"a move of others", o.Move(ctx, "K1", "", ids{"b0"}, "ann"), triage.CodeConflict, ""},
		{"a move into an unknown cluster", o.Move(ctx, "K1", "K99", ids{"a0"}, "ann"), triage.CodeNotFound, ""},
		{"a split with a long title", split(ids{"a0"}, strings.Repeat("长", 81)), triage.CodeInvalid, "title"},
		{"a split of an unknown complaint", split(ids{"z"}, ""), triage.CodeConflict, ""},
		{"a proposal without a title", propose(ids{"a0"}, " "), triage.CodeInvalid, "title"},
		{"a proposal of nothing", propose(nil, "t"), triage.CodeInvalid, "complaints"},
		{"a proposal of an unknown complaint", propose(ids{"z"}, "t"), triage.CodeNotFound, ""},
		{"a merge into itself", o.Merge(ctx, "K1", "K1", "ann"), triage.CodeInvalid, "target"},
		{"a merge into an unknown cluster", o.Merge(ctx, "K1", "K99", "ann"), triage.CodeNotFound, ""},
		{"dismissing a closed cluster", o.Dismiss(ctx, "K2", "ann"), triage.CodeConflict, ""},
	} {
		t.Run(tt.name, func(t *testing.T) { wantCode(t, tt.err, tt.code, tt.field) })
	}
	same(t, "K1", ids{"a0"}, o.in("K1"))
	same(t, "K2", ids{"b0"}, o.in("K2"))
	if log, err := o.db.Corrections(ctx, 0); err != nil || len(log) > 0 {
		t.Errorf("something is in the log: %v %+v", err, log)
	}
}
