package cluster_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
)

// grown returns a feed with an issue of three complaints about parking, and
// their ids.
func grown(t *testing.T) (*feed, cluster.ID, []triage.ComplaintID) {
	t.Helper()
	f := newFeed(t, cluster.Options{})
	var p cluster.Placement
	for _, text := range parking {
		p = f.add(text)
	}
	ids := f.members(p.Issue)
	if len(ids) != len(parking) {
		t.Fatalf("got an issue of %v, want one of %d", ids, len(parking))
	}
	return f, p.Issue, ids
}

func TestMoveSticks(t *testing.T) {
	t.Parallel()
	f, from, ids := grown(t)
	to, err := f.Move(ids[1], 0)
	if err != nil || to == from {
		t.Fatalf("Move: got %d, %v, want a new issue", to, err)
	}
	for range 3 {
		for _, text := range parking {
			if p := f.add(text); len(p.Merged) > 0 {
				t.Fatalf("%+v: the machine merged what a person moved apart", p)
			}
		}
	}
	if now, _ := f.IssueOf(ids[1]); now != to {
		t.Errorf("the moved complaint is in %d, want %d", now, to)
	}
	if back, err := f.Move(ids[1], from); err != nil || back != from {
		t.Errorf("Move back: got %d, %v, want %d", back, err, from)
	}
}

func TestMoveOfTheLastMemberEndsTheIssue(t *testing.T) {
	t.Parallel()
	f, to, _ := grown(t)
	alone := f.add(router[0])
	d := f.members(alone.Issue)[0]
	if _, err := f.Move(d, to); err != nil {
		t.Fatal(err)
	}
	if _, ok := f.Issue(alone.Issue); ok {
		t.Error("the emptied issue is still there")
	}
	if v, _ := f.Issue(to); len(v.Members) != 4 || v.Customers != 4 {
		t.Errorf("got %d members of %d customers, want 4 of 4", len(v.Members), v.Customers)
	}
}

func TestSplitSticks(t *testing.T) {
	t.Parallel()
	f, from, ids := grown(t)
	to, err := f.Split(from, []triage.ComplaintID{ids[0], ids[2], ids[0]})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]triage.ComplaintID{ids[0], ids[2]}, f.members(to)); diff != "" {
		t.Errorf("new issue (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]triage.ComplaintID{ids[1]}, f.members(from)); diff != "" {
		t.Errorf("old issue (-want +got):\n%s", diff)
	}
	for range 5 {
		for _, text := range parking {
			f.add(text)
		}
	}
	a, _ := f.IssueOf(ids[0])
	b, _ := f.IssueOf(ids[1])
	if a != to || b != from {
		t.Errorf("the parts are now in %d and %d, want %d and %d", a, b, to, from)
	}
}

// What was parted stays parted when one of the two is absorbed by a third.
func TestPartingIsInherited(t *testing.T) {
	t.Parallel()
	f, from, ids := grown(t)
	to, err := f.Split(from, ids[:1])
	if err != nil {
		t.Fatal(err)
	}
	third := f.add(router[0]).Issue
	if err := f.Merge(third, to); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		for _, text := range parking {
			f.add(text)
		}
	}
	a, _ := f.IssueOf(ids[0])
	b, _ := f.IssueOf(ids[1])
	if a == b {
		t.Errorf("both parts are in %d", a)
	}
}

func TestMergeOverrulesASplit(t *testing.T) {
	t.Parallel()
	f, from, ids := grown(t)
	to, err := f.Split(from, ids[:1])
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Merge(from, to); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ids, f.members(to)); diff != "" {
		t.Errorf("under the old id (-want +got):\n%s", diff)
	}
	if v, _ := f.Issue(to); v.ID != from || v.Customers != 3 {
		t.Errorf("got %+v, want issue %d with three customers", v, from)
	}
}

func TestDismissedIssueAbsorbsButNeverMerges(t *testing.T) {
	t.Parallel()
	f, id, _ := grown(t)
	if err := f.Dismiss(id); err != nil {
		t.Fatal(err)
	}
	p := f.add(parking[1])
	if p.Issue != id || p.Members != 4 || len(p.Merged) > 0 {
		t.Errorf("got %+v, want issue %d to absorb it", p, id)
	}
	if v, _ := f.Issue(id); !v.Dismissed {
		t.Error("the issue is no longer dismissed")
	}
	if err := f.Recall(id); err != nil {
		t.Fatal(err)
	}
	if v, _ := f.Issue(id); v.Dismissed {
		t.Error("the issue is still dismissed")
	}
}

func TestCorrectionsOfTheUnknownChangeNothing(t *testing.T) {
	t.Parallel()
	f, id, ids := grown(t)
	for name, correct := range map[string]func() error{
		"move of a complaint":  func() error { _, err := f.Move("nobody", id); return err },
		"move to an issue":     func() error { _, err := f.Move(ids[0], 999); return err },
		"split of an issue":    func() error { _, err := f.Split(999, ids); return err },
		"split of a complaint": func() error { _, err := f.Split(id, []triage.ComplaintID{ids[0], "D0"}); return err },
		"merge into":           func() error { return f.Merge(999, id) },
		"merge from":           func() error { return f.Merge(id, 999) },
		"part":                 func() error { return f.Part(id, 999) },
		"dismiss":              func() error { return f.Dismiss(999) },
		"recall":               func() error { return f.Recall(999) },
	} {
		if err := correct(); !errors.Is(err, cluster.ErrUnknown) {
			t.Errorf("%s: got %v, want ErrUnknown", name, err)
		}
	}
	if _, err := f.Split(id, nil); err == nil {
		t.Error("a split of nothing is no error")
	}
	if diff := cmp.Diff(ids, f.members(id)); diff != "" {
		t.Errorf("the issue changed (-want +got):\n%s", diff)
	}
}

func TestRestoreBringsBackTheSameState(t *testing.T) {
	t.Parallel()
	f := newFeed(t, cluster.Options{})
	var docs []cluster.Doc
	for i := range 30 {
		docs = append(docs, f.doc("", append(parking, router...)[i%6]))
	}
	for _, d := range docs {
		f.Add(d)
	}
	again := newFeed(t, cluster.Options{})
	for _, d := range docs {
		id, _ := f.IssueOf(d.ID)
		again.Restore(d, id)
		again.Restore(d, id+1) // it is there already
	}
	again.n = f.n
	for _, text := range append(parking, router...) {
		if diff := cmp.Diff(f.by("王", text), again.by("王", text)); diff != "" {
			t.Errorf("%s (-original +restored):\n%s", text, diff)
		}
	}
	if a, b := f.add("毫不相干的第三件事情").Issue, again.add("毫不相干的第三件事情").Issue; a != b {
		t.Errorf("the next new issue is %d, restored %d", a, b)
	}
}
