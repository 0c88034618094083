package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// where returns the clusters of the first four simple cases, "" for none.
func where(t *testing.T, s Store) [4]prevention.ClusterID {
	t.Helper()
	in, err := s.ClustersOf(t.Context(), ids(many(4)))
	check(t, err)
	var list [4]prevention.ClusterID
	for i, id := range ids(many(4)) {
		list[i] = in[id]
	}
	return list
}

func correct(t *testing.T, s Store, c prevention.Correction) prevention.ClusterID {
	t.Helper()
	c.By, c.At = "li", start
	in, err := s.Correct(t.Context(), c)
	check(t, err)
	return in
}

var correctionTests = map[string]func(*testing.T, Store){
	"a complaint that was moved stays where it was put": func(t *testing.T, s Store) {
		accept(t, s, many(4)...)
		raised(t, s, "K1", members(3)...)
		raised(t, s, "K2")
		correct(t, s, prevention.Correction{Kind: prevention.CorrectMove, Cluster: "K1", Target: "K2", Complaints: []triage.ComplaintID{"c0000"}})
		correct(t, s, prevention.Correction{Kind: prevention.CorrectMove, Cluster: "K1", Complaints: []triage.ComplaintID{"c0001"}})
		want := [4]prevention.ClusterID{"K2", "", "K1", ""}
		equal(t, "clusters", where(t, s), want)
		check(t, s.Record(t.Context(), prevention.Found{Members: map[prevention.ClusterID][]prevention.Member{"K1": members(3)}}))
		equal(t, "clusters after the machine", where(t, s), want)
		equal(t, "complaints of K1", cluster(t, s, "K1").Complaints, 1)
		equal(t, "complaints of K2", cluster(t, s, "K2").Complaints, 1)
		list, err := s.Members(t.Context(), "K2")
		check(t, err)
		equal(t, "pinned", list[0].Pinned, true)
	},
	"a complaint from nowhere can be put into a cluster": func(t *testing.T, s Store) {
		accept(t, s, many(1)...)
		raised(t, s, "K2")
		correct(t, s, prevention.Correction{Kind: prevention.CorrectMove, Target: "K2", Complaints: []triage.ComplaintID{"c0000"}})
		equal(t, "clusters", where(t, s)[0], prevention.ClusterID("K2"))
		_, err := s.Correct(t.Context(), prevention.Correction{Kind: prevention.CorrectMove, Target: "K2", Complaints: []triage.ComplaintID{"nobody"}})
		code(t, err, triage.CodeNotFound)
	},
	"a complaint that has left the cluster is a conflict, and nothing moves": func(t *testing.T, s Store) {
		accept(t, s, many(4)...)
		raised(t, s, "K1", members(1)...)
		raised(t, s, "K2")
		_, err := s.Correct(t.Context(), prevention.Correction{
			Kind: prevention.CorrectMove, Cluster: "K1", Target: "K2", Complaints: []triage.ComplaintID{"c0000", "c0003"},
		})
		code(t, err, triage.CodeConflict)
		equal(t, "clusters", where(t, s), [4]prevention.ClusterID{"K1"})
		log, err := s.Corrections(t.Context(), 0)
		check(t, err)
		equal(t, "log", log, []prevention.Correction{})
	},
	"a split makes a cluster of its own": func(t *testing.T, s Store) {
		accept(t, s, many(4)...)
		raised(t, s, "K1", members(3)...)
		id := correct(t, s, prevention.Correction{Kind: prevention.CorrectSplit, Cluster: "K1", Complaints: []triage.ComplaintID{"c0001", "c0002"}, Title: "另一个问题"})
		equal(t, "clusters", where(t, s), [4]prevention.ClusterID{"K1", id, id})
		c := cluster(t, s, id)
		equal(t, "title", c.Title, "另一个问题")
		equal(t, "stage", c.Stage, prevention.StageConfirmed)
		equal(t, "path", c.Path, prevention.PathHand)
		equal(t, "type", c.Type, "service")
		equal(t, "complaints", c.Complaints, 2)
		check(t, s.Record(t.Context(), prevention.Found{Clusters: []prevention.Cluster{burst(id)}}))
		equal(t, "title after the machine", cluster(t, s, id).Title, "另一个问题")
	},
	"a proposal takes complaints from wherever they are": func(t *testing.T, s Store) {
		cases := many(3)
		for i := range cases {
			cases[i].CustomerID = "K-5"
		}
		accept(t, s, cases...)
		raised(t, s, "K1", members(1)...)
		id := correct(t, s, prevention.Correction{Kind: prevention.CorrectPropose, Complaints: []triage.ComplaintID{"c0000", "c0002"}, Title: "人看到的问题"})
		equal(t, "clusters", where(t, s), [4]prevention.ClusterID{id, "", id})
		c := cluster(t, s, id)
		equal(t, "type", c.Type, "billing")
		equal(t, "first and last", []time.Time{c.FirstAt, c.LastAt}, []time.Time{cases[0].At, cases[2].At})
		equal(t, "left in K1", cluster(t, s, "K1").Complaints, 0)
		_, err := s.Correct(t.Context(), prevention.Correction{Kind: prevention.CorrectPropose})
		code(t, err, triage.CodeInvalid)
	},
	"a merge moves the members and the told": func(t *testing.T, s Store) {
		raised(t, s, "K1", members(1)...)
		raised(t, s, "K2", members(2)[1:]...)
		plan1, plan2 := running(t, s, "K1", "A", "B", "C"), running(t, s, "K2", "C", "D")
		began(t, s, plan1, "A")
		correct(t, s, prevention.Correction{Kind: prevention.CorrectMerge, Cluster: "K1", Target: "K2"})
		equal(t, "clusters", where(t, s), [4]prevention.ClusterID{"K2", "K2"})
		equal(t, "taken in by", cluster(t, s, "K1").MergedInto, prevention.ClusterID("K2"))
		equal(t, "customers", cluster(t, s, "K2").Customers, 2)
		noticed, err := s.Noticed(t.Context(), "cluster:K2", []triage.CustomerID{"A", "B", "C", "D", "E"})
		check(t, err)
		equal(t, "noticed", noticed, map[triage.CustomerID]bool{"A": true, "B": true, "C": true, "D": true})
		equal(t, "C in the old plan", stateOf(t, s, plan1, "C"), prevention.NoticeSkipped)
		equal(t, "C in the new plan", stateOf(t, s, plan2, "C"), prevention.NoticeQueued)
		told, held := fix(t, s, "K2", "A", "B", "C", "E")
		equal(t, "told and held by a third plan", []int{told, held}, []int{1, 0})
		c := cluster(t, s, "K1")
		code(t, s.UpdateCluster(t.Context(), c, triage.AuditEntry{}), triage.CodeConflict)
		for _, k := range []prevention.Correction{
			{Kind: prevention.CorrectMerge, Cluster: "K1", Target: "K2"}, {Kind: prevention.CorrectMerge, Cluster: "K2", Target: "K1"},
			{Kind: prevention.CorrectDismiss, Cluster: "K1"},
		} {
			_, err := s.Correct(t.Context(), k)
			code(t, err, triage.CodeConflict)
		}
	},
	"a dismissed cluster goes on taking in": func(t *testing.T, s Store) {
		raised(t, s, "K1")
		equal(t, "cluster", correct(t, s, prevention.Correction{Kind: prevention.CorrectDismiss, Cluster: "K1"}), prevention.ClusterID("K1"))
		check(t, s.Record(t.Context(), prevention.Found{Members: map[prevention.ClusterID][]prevention.Member{"K1": members(1)}}))
		c := cluster(t, s, "K1")
		equal(t, "stage", c.Stage, prevention.StageDismissed)
		equal(t, "complaints", c.Complaints, 1)
		_, err := s.Correct(t.Context(), prevention.Correction{Kind: prevention.CorrectDismiss, Cluster: "K1"})
		code(t, err, triage.CodeConflict)
	},
	"a dismissed cluster is restored as a candidate that goes on": func(t *testing.T, s Store) {
		raised(t, s, "K1")
		restore := prevention.Correction{Kind: prevention.CorrectRestore, Cluster: "K1"}
		_, err := s.Correct(t.Context(), restore)
		code(t, err, triage.CodeConflict)
		over := cluster(t, s, "K1")
		over.Alarm.EndedAt = start
		check(t, s.Record(t.Context(), prevention.Found{Clusters: []prevention.Cluster{over}}))
		correct(t, s, prevention.Correction{Kind: prevention.CorrectDismiss, Cluster: "K1"})
		equal(t, "cluster", correct(t, s, restore), prevention.ClusterID("K1"))
		c := cluster(t, s, "K1")
		equal(t, "stage", c.Stage, prevention.StageCandidate)
		equal(t, "over", c.Alarm.EndedAt.IsZero(), true)
	},
	"the log has every correction in order, with the new cluster, and is audited": func(t *testing.T, s Store) {
		accept(t, s, many(4)...)
		raised(t, s, "K1", members(4)...)
		made := correct(t, s, prevention.Correction{Kind: prevention.CorrectSplit, Cluster: "K1", Complaints: []triage.ComplaintID{"c0000"}})
		correct(t, s, prevention.Correction{Kind: prevention.CorrectMove, Cluster: "K1", Target: made, Complaints: []triage.ComplaintID{"c0001"}})
		correct(t, s, prevention.Correction{Kind: prevention.CorrectDismiss, Cluster: made})
		log, err := s.Corrections(t.Context(), 0)
		check(t, err)
		equal(t, "log", log, []prevention.Correction{
			{Seq: 1, At: start, By: "li", Kind: prevention.CorrectSplit, Cluster: "K1", Target: made, Complaints: []triage.ComplaintID{"c0000"}},
			{Seq: 2, At: start, By: "li", Kind: prevention.CorrectMove, Cluster: "K1", Target: made, Complaints: []triage.ComplaintID{"c0001"}},
			{Seq: 3, At: start, By: "li", Kind: prevention.CorrectDismiss, Cluster: made},
		})
		rest, err := s.Corrections(t.Context(), 2)
		check(t, err)
		equal(t, "rest", rest, log[2:])
		audited(t, s, "cluster:"+string(made), 3)
	},
	"an unknown kind is invalid": func(t *testing.T, s Store) {
		_, err := s.Correct(t.Context(), prevention.Correction{Kind: "rename"})
		code(t, err, triage.CodeInvalid)
	},
}
