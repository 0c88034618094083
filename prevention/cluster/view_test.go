package cluster_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestWordsNameTheProblem(t *testing.T) {
	t.Parallel()
	f, id, _ := grown(t)
	terms := f.Words(id, 4)
	var texts []string
	for i, w := range terms {
		texts = append(texts, w.Text)
		if w.Strength <= 0 || w.Coverage <= 0 || w.Coverage > 1 {
			t.Errorf("%+v: strength or coverage out of range", w)
		}
		if i > 0 && w.Strength > terms[i-1].Strength {
			t.Errorf("%s comes after the weaker %s", w.Text, terms[i-1].Text)
		}
	}
	if !slices.Contains(texts, "伊景园滨河苑") {
		t.Errorf("got %q, want the whole name of the place among them", texts)
	}
	if !strings.Contains(strings.Join(texts, " "), "车位") {
		t.Errorf("got %q, want 车位 among them", texts)
	}
	if got := f.Words(999, 3); got != nil {
		t.Errorf("of an unknown issue: got %v", got)
	}
}

func TestWordsKeepTheWayTheyAreWritten(t *testing.T) {
	t.Parallel()
	f := newFeed(t, cluster.Options{})
	var p cluster.Placement
	for _, text := range router {
		p = f.add(text)
	}
	terms := f.Words(p.Issue, 5)
	if !slices.ContainsFunc(terms, func(w cluster.Term) bool { return strings.Contains(w.Text, "X7") }) {
		t.Errorf("got %+v, want X7 in capitals", terms)
	}
}

func TestRepresentativesShowTheRange(t *testing.T) {
	t.Parallel()
	f, id, ids := grown(t)
	for range 5 {
		f.add(parking[0])
	}
	got := f.Representatives(id, 3)
	if len(got) != 3 || got[2] != ids[0] && got[0] != ids[0] {
		t.Errorf("got %v, want three with the earliest, %s, at the end or in the centre", got, ids[0])
	}
	slices.Sort(got)
	if len(slices.Compact(got)) != 3 {
		t.Errorf("got %v, want three different ones", got)
	}
	if all := f.Representatives(id, 100); len(all) != 8 {
		t.Errorf("asked for more than there are: got %d, want 8", len(all))
	}
}

func TestNeighboursRememberForgottenIssues(t *testing.T) {
	t.Parallel()
	f := newFeed(t, cluster.Options{MemoryDays: 30})
	var old, now cluster.Placement
	for _, text := range parking {
		old = f.add(text)
	}
	f.n += 60 * 24
	for _, text := range append(router, background...) {
		f.add(text)
	}
	if _, ok := f.IssueOf(triage.ComplaintID("D0")); ok {
		t.Fatal("the old complaints are not forgotten")
	}
	now = f.add(parking[1])
	if !now.New {
		t.Fatalf("got %+v, want a new issue: the old one is forgotten", now)
	}
	like := f.Neighbours(now.Issue, 3)
	if len(like) == 0 || like[0].Issue != old.Issue || !like[0].Forgotten || like[0].Similarity < 0.3 {
		t.Errorf("got %+v, want the forgotten issue %d first", like, old.Issue)
	}
	if len(like) > 0 && (!like[0].First.Before(like[0].Last)) {
		t.Errorf("it lasted from %v to %v", like[0].First, like[0].Last)
	}
}
