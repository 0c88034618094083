package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// burst returns a cluster with every field of the machine set.
func burst(id prevention.ClusterID) prevention.Cluster {
	return prevention.Cluster{
		ID: id, Title: "短信误拦截", Path: prevention.PathText, Stage: prevention.StageCandidate, Type: "service",
		Alarm: prevention.Alarm{At: start, Score: 6.5, PValue: 3e-7, Severity: prevention.SeverityCritical, Days: 2, Baseline: 0.4, Low: 0, High: 2, Complaints: 3, Customers: 3},
		Explanation: prevention.Explanation{
			Terms:           []prevention.Term{{Text: "拦截", Weight: 3.25, Coverage: 0.5}},
			Attributes:      []prevention.Attribute{{Field: "region", Value: "大连", Share: 0.75, Lift: 8, PValue: 1e-4}},
			Representatives: []triage.ComplaintID{"c0000"},
			Neighbours:      []prevention.Neighbour{{Cluster: "K0", Title: "旧问题", Similarity: 0.5, LastAt: start.AddDate(-1, 0, 0), Solution: "s1"}},
		},
		Estimate: prevention.Estimate{Affected: 72, Low: 20, High: 200, Basis: prevention.BasisRule},
		FirstAt:  start, LastAt: start.Add(time.Hour), CreatedAt: start, StageAt: start,
	}
}

// members makes members of the first n simple cases, each of another customer.
func members(n int) []prevention.Member {
	list := make([]prevention.Member, n)
	for i := range list {
		c := simple(i)
		list[i] = prevention.Member{Complaint: c.ID, Customer: triage.CustomerID(fmt.Sprintf("K-%d", i)), At: c.At}
	}
	return list
}

// raised records a cluster with its members.
func raised(t *testing.T, s Store, id prevention.ClusterID, m ...prevention.Member) prevention.Cluster {
	t.Helper()
	check(t, s.Record(t.Context(), prevention.Found{
		Clusters: []prevention.Cluster{burst(id)},
		Members:  map[prevention.ClusterID][]prevention.Member{id: m},
	}))
	return cluster(t, s, id)
}

func cluster(t *testing.T, s Store, id prevention.ClusterID) prevention.Cluster {
	t.Helper()
	c, err := s.Cluster(t.Context(), id)
	check(t, err)
	return c
}

var recordTests = map[string]func(*testing.T, Store){
	"a new cluster comes back as it was found": func(t *testing.T, s Store) {
		m := members(3)
		m[2].Copy = true
		got := raised(t, s, "K1", m...)
		want := burst("K1")
		want.Complaints, want.Customers, want.Copies, want.Version = 3, 3, 1, 1
		want.FirstAt, want.LastAt = m[0].At, m[2].At
		equal(t, "cluster", got, want)
		list, err := s.Members(t.Context(), "K1")
		check(t, err)
		equal(t, "members", list, []prevention.Member{m[2], m[1], m[0]})
	},
	"the same again changes nothing": func(t *testing.T, s Store) {
		f := prevention.Found{
			Progress:      prevention.Progress{Correction: 1, Seq: 5},
			Clusters:      []prevention.Cluster{burst("K1")},
			Members:       map[prevention.ClusterID][]prevention.Member{"K1": members(2)},
			Stages:        map[prevention.ClusterID]prevention.Stage{"K1": prevention.StageClosed},
			Announcements: []prevention.Announcement{{Cluster: "K1", Kind: prevention.AnnounceRaised, At: start, Severity: prevention.SeverityAlert}},
		}
		check(t, s.Record(t.Context(), f))
		first := cluster(t, s, "K1")
		waiting, err := s.Waiting(t.Context(), 10)
		check(t, err)
		waiting[0].Receiver = "robot"
		check(t, s.SettleAnnouncements(t.Context(), waiting))
		trail, err := s.Trail(t.Context(), "cluster:K1")
		check(t, err)

		check(t, s.Record(t.Context(), f))
		equal(t, "cluster", cluster(t, s, "K1"), first)
		again, err := s.Waiting(t.Context(), 10)
		check(t, err)
		equal(t, "announcements", again, waiting)
		later, err := s.Trail(t.Context(), "cluster:K1")
		check(t, err)
		equal(t, "audit trail", later, trail)
	},
	"one bad part stores nothing": func(t *testing.T, s Store) {
		err := s.Record(t.Context(), prevention.Found{
			Progress: prevention.Progress{},
			Clusters: []prevention.Cluster{burst("K1")},
			Members:  map[prevention.ClusterID][]prevention.Member{"K1": members(1), "K9": members(2)},
		})
		code(t, err, triage.CodeNotFound)
		_, err = s.Cluster(t.Context(), "K1")
		code(t, err, triage.CodeNotFound)
		p, err := s.Progress(t.Context())
		check(t, err)
		equal(t, "progress", p, prevention.Progress{})
	},
	"progress never goes back": func(t *testing.T, s Store) {
		check(t, s.Record(t.Context(), prevention.Found{Progress: prevention.Progress{Correction: 2, Seq: 5}}))
		check(t, s.Record(t.Context(), prevention.Found{Progress: prevention.Progress{Correction: 3}}))
		p, err := s.Progress(t.Context())
		check(t, err)
		equal(t, "progress", p, prevention.Progress{Correction: 3, Seq: 5})
	},
	"a complaint in a cluster stays there": func(t *testing.T, s Store) {
		raised(t, s, "K1", members(2)...)
		raised(t, s, "K2", members(3)...)
		in, err := s.ClustersOf(t.Context(), []triage.ComplaintID{"c0000", "c0001", "c0002", "c0003"})
		check(t, err)
		equal(t, "clusters", in, map[triage.ComplaintID]prevention.ClusterID{"c0000": "K1", "c0001": "K1", "c0002": "K2"})
		equal(t, "complaints of K2", cluster(t, s, "K2").Complaints, 1)
	},
	"customers are counted once, each nameless complaint for itself": func(t *testing.T, s Store) {
		m := members(5)
		m[1].Customer, m[2].Customer, m[3].Customer = "K-0", "", ""
		equal(t, "customers", raised(t, s, "K1", m...).Customers, 4)
	},
	"what people decided is kept": func(t *testing.T, s Store) {
		c := raised(t, s, "K1", members(1)...)
		rule := prevention.Rule{Conditions: []prevention.Condition{{Kind: "payment", Key: "topup", From: start}}}
		c.Owner, c.Solution, c.Title, c.Rule, c.RuleBy = "li", "s1", "人写的标题", &rule, "li"
		check(t, s.UpdateCluster(t.Context(), c, triage.AuditEntry{Object: "cluster:K1"}))
		found := burst("K1")
		found.Title, found.Type, found.Escalations, found.Rule = "机器标题", "billing", 2, &prevention.Rule{Regions: []string{"沈阳"}}
		check(t, s.Record(t.Context(), prevention.Found{Clusters: []prevention.Cluster{found}}))
		got := cluster(t, s, "K1")
		c.Type, c.Escalations, c.Version = "billing", 2, 3
		equal(t, "cluster", got, c)
	},
	"the machine's rule and estimate stay until it has others": func(t *testing.T, s Store) {
		c := raised(t, s, "K1")
		c.Rule = &prevention.Rule{Regions: []string{"大连"}}
		c.Estimate = prevention.Estimate{Affected: 480, Low: 380, High: 560, Basis: prevention.BasisExposure}
		check(t, s.UpdateCluster(t.Context(), c, triage.AuditEntry{}))
		found := burst("K1")
		found.Estimate = prevention.Estimate{}
		check(t, s.Record(t.Context(), prevention.Found{Clusters: []prevention.Cluster{found}}))
		equal(t, "rule", cluster(t, s, "K1").Rule, c.Rule)
		equal(t, "estimate", cluster(t, s, "K1").Estimate, c.Estimate)
		found.Rule = &prevention.Rule{Regions: []string{"沈阳"}}
		check(t, s.Record(t.Context(), prevention.Found{Clusters: []prevention.Cluster{found}}))
		equal(t, "new rule", cluster(t, s, "K1").Rule, found.Rule)
	},
	"a stage moves only where it may": func(t *testing.T, s Store) {
		raised(t, s, "K1")
		to := func(stage prevention.Stage, at time.Time) prevention.Cluster {
			c := burst("K1")
			c.StageAt = at
			check(t, s.Record(t.Context(), prevention.Found{
				Clusters: []prevention.Cluster{c}, Stages: map[prevention.ClusterID]prevention.Stage{"K1": stage},
			}))
			return cluster(t, s, "K1")
		}
		got := to(prevention.StageClosed, start.Add(time.Hour))
		equal(t, "stage", got.Stage, prevention.StageClosed)
		equal(t, "time of the stage", got.StageAt, start.Add(time.Hour))
		equal(t, "stage after a move that may not be", to(prevention.StageWatching, start.Add(2*time.Hour)), got)
		equal(t, "reopened", to(prevention.StageCandidate, start.Add(3*time.Hour)).Stage, prevention.StageCandidate)
	},
	"the machine merges what people have not": func(t *testing.T, s Store) {
		raised(t, s, "K1", members(1)...)
		raised(t, s, "K2", members(3)[1:]...)
		c := burst("K1")
		c.MergedInto = "K2"
		f := prevention.Found{Clusters: []prevention.Cluster{c}}
		check(t, s.Record(t.Context(), f))
		equal(t, "taken in by", cluster(t, s, "K1").MergedInto, prevention.ClusterID("K2"))
		equal(t, "complaints", cluster(t, s, "K2").Complaints, 3)
		before := cluster(t, s, "K2")
		check(t, s.Record(t.Context(), f))
		equal(t, "after the same again", cluster(t, s, "K2"), before)
		check(t, s.Record(t.Context(), prevention.Found{Members: map[prevention.ClusterID][]prevention.Member{"K1": members(4)}}))
		in, err := s.ClustersOf(t.Context(), []triage.ComplaintID{"c0003"})
		check(t, err)
		equal(t, "cluster of a late member", in["c0003"], prevention.ClusterID("K2"))
	},
	"ids are never given twice": func(t *testing.T, s Store) {
		raised(t, s, "K7")
		seen := map[prevention.ClusterID]bool{"K7": true}
		for range 8 {
			id, err := s.NextCluster(t.Context())
			check(t, err)
			if seen[id] {
				t.Errorf("%s was given twice", id)
			}
			seen[id] = true
		}
	},
	"a cluster without an id is refused": func(t *testing.T, s Store) {
		code(t, s.Record(t.Context(), prevention.Found{Clusters: []prevention.Cluster{burst("")}}), triage.CodeInvalid)
	},
}

var errStop = errors.New("stop")

var replayCaseTests = map[string]func(*testing.T, Store){
	"cases come in the order of acceptance, with their cluster": func(t *testing.T, s Store) {
		cases := many(1203)
		cases[5].At = time.Time{}
		cases[5].ReceivedAt = start.AddDate(0, 0, -9)
		accept(t, s, cases...)
		raised(t, s, "K1", members(2)...)
		var got []triage.ComplaintID
		in := map[triage.ComplaintID]prevention.ClusterID{}
		check(t, s.Replay(t.Context(), start, 1201, func(c triage.Case, k prevention.ClusterID) error {
			got = append(got, c.ID)
			if k != "" {
				in[c.ID] = k
			}
			return nil
		}))
		equal(t, "ids", got, append(ids(cases[:5]), ids(cases[6:1201])...))
		equal(t, "clusters", in, map[triage.ComplaintID]prevention.ClusterID{"c0000": "K1", "c0001": "K1"})
	},
	"of the assessment the types are read": func(t *testing.T, s Store) {
		accept(t, s, full())
		var got triage.Case
		check(t, s.Replay(t.Context(), time.Time{}, 1, func(c triage.Case, _ prevention.ClusterID) error {
			got = c
			return nil
		}))
		want := full()
		want.Seq, want.Resolution, want.ClosedAt, want.Satisfaction = 1, "", time.Time{}, nil
		want.Assessment = triage.Assessment{ID: want.ID, Type: "network", Subtype: "network.broadband"}
		equal(t, "case", got, want)
	},
	"arrivals are read in portions, in the order of acceptance": func(t *testing.T, s Store) {
		accept(t, s, many(5)...)
		check(t, s.Confirm(t.Context(), triage.Label{Complaint: "c0000", Type: "network", At: start}))
		var got []triage.ComplaintID
		for after := int64(0); ; {
			cases, err := s.Arrived(t.Context(), after, 2)
			check(t, err)
			if len(cases) == 0 {
				break
			}
			got, after = append(got, ids(cases)...), cases[len(cases)-1].Seq
		}
		equal(t, "ids", got, ids(many(5)))
		first, err := s.Arrived(t.Context(), 0, 1)
		check(t, err)
		equal(t, "types", []string{first[0].Type, first[0].Assessment.Type}, []string{"network", "billing"})
	},
	"it stops at the first error": func(t *testing.T, s Store) {
		accept(t, s, many(3)...)
		calls := 0
		err := s.Replay(t.Context(), time.Time{}, 3, func(triage.Case, prevention.ClusterID) error {
			calls++
			return errStop
		})
		equal(t, "calls", calls, 1)
		if !errors.Is(err, errStop) {
			t.Errorf("got %v, want the error of the callee", err)
		}
	},
}
