package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

var clusterTests = map[string]func(*testing.T, Store){
	"pages run through all clusters, the latest alarm first": func(t *testing.T, s Store) {
		var want []prevention.ClusterID
		for i := range 7 {
			c := burst(prevention.ClusterID(fmt.Sprintf("K%d", i+1)))
			c.Alarm.At = start.Add(-time.Duration(i/2) * time.Hour) // some at the same time
			check(t, s.Record(t.Context(), prevention.Found{Clusters: []prevention.Cluster{c}}))
			want = append(want, c.ID)
		}
		seen := map[prevention.ClusterID]int{}
		var f prevention.ClusterFilter
		last := start
		for f.Limit = 2; ; {
			page, err := s.Clusters(t.Context(), f)
			check(t, err)
			for _, c := range page.Clusters {
				seen[c.ID]++
				if c.Alarm.At.After(last) {
					t.Errorf("%s alarmed after the one before it", c.ID)
				}
				last = c.Alarm.At
			}
			if f.Cursor = page.Next; page.Next == "" {
				break
			}
		}
		for _, id := range want {
			equal(t, "times that "+string(id)+" was listed", seen[id], 1)
		}
		_, err := s.Clusters(t.Context(), prevention.ClusterFilter{Cursor: "不是我们的"})
		code(t, err, triage.CodeInvalid)
	},
	"filters": func(t *testing.T, s Store) {
		for id, stage := range map[prevention.ClusterID]prevention.Stage{
			"K1": prevention.StageCandidate, "K2": prevention.StageActing, "K3": prevention.StageClosed, "K4": prevention.StageDismissed,
		} {
			c := burst(id)
			c.Stage = stage
			check(t, s.Record(t.Context(), prevention.Found{Clusters: []prevention.Cluster{c}}))
		}
		raised(t, s, "K5")
		_, err := s.Correct(t.Context(), prevention.Correction{Kind: prevention.CorrectMerge, Cluster: "K5", Target: "K2", At: start})
		check(t, err)
		for name, tt := range map[string]struct {
			filter prevention.ClusterFilter
			want   []prevention.ClusterID
		}{
			"all":               {prevention.ClusterFilter{}, []prevention.ClusterID{"K4", "K3", "K2", "K1"}},
			"stages":            {prevention.ClusterFilter{Stages: []prevention.Stage{prevention.StageClosed, prevention.StageActing}}, []prevention.ClusterID{"K3", "K2"}},
			"active":            {prevention.ClusterFilter{Active: true}, []prevention.ClusterID{"K2", "K1"}},
			"active and staged": {prevention.ClusterFilter{Active: true, Stages: []prevention.Stage{prevention.StageClosed}}, nil},
		} {
			page, err := s.Clusters(t.Context(), tt.filter)
			check(t, err)
			var got []prevention.ClusterID
			for _, c := range page.Clusters {
				got = append(got, c.ID)
			}
			equal(t, name, got, tt.want)
		}
	},
	"an unknown cluster is not found": func(t *testing.T, s Store) {
		_, err := s.Cluster(t.Context(), "K1")
		code(t, err, triage.CodeNotFound)
		code(t, s.UpdateCluster(t.Context(), burst("K1"), triage.AuditEntry{}), triage.CodeNotFound)
		list, err := s.Members(t.Context(), "K1")
		check(t, err)
		equal(t, "members", list, []prevention.Member{})
	},
	"an update needs the stored version and is audited with it": func(t *testing.T, s Store) {
		c := raised(t, s, "K1")
		c.Owner = "li"
		entry := triage.AuditEntry{At: start, Actor: "li", Action: "cluster.assign", Object: "owner"}
		check(t, s.UpdateCluster(t.Context(), c, entry))
		code(t, s.UpdateCluster(t.Context(), c, entry), triage.CodeConflict)
		trail, err := s.Trail(t.Context(), "owner")
		check(t, err)
		equal(t, "trail", trail, []triage.AuditEntry{entry})
	},
	"a stage that does not follow is refused": func(t *testing.T, s Store) {
		c := raised(t, s, "K1")
		c.Stage = prevention.StageDismissed
		check(t, s.UpdateCluster(t.Context(), c, triage.AuditEntry{}))
		c = cluster(t, s, "K1")
		c.Stage = prevention.StageActing
		code(t, s.UpdateCluster(t.Context(), c, triage.AuditEntry{}), triage.CodeConflict)
	},
}

// entryOf is an audit entry that a test looks for.
func entryOf(object string) triage.AuditEntry {
	return triage.AuditEntry{At: start, Actor: "li", Action: "change", Object: object}
}

// audited checks how often an object was changed.
func audited(t *testing.T, s Store, object string, times int) {
	t.Helper()
	trail, err := s.Trail(t.Context(), object)
	check(t, err)
	equal(t, "audit entries of "+object, len(trail), times)
}

var workTests = map[string]func(*testing.T, Store){
	"actions are added, changed and listed by due time": func(t *testing.T, s Store) {
		raised(t, s, "K1")
		late := prevention.Action{Cluster: "K1", Title: "复盘", Department: "质量部", DueAt: start.Add(48 * time.Hour), CreatedBy: "li", CreatedAt: start}
		soon := prevention.Action{Cluster: "K1", Title: "修复网关", Department: "支付部", Owner: "wang", DueAt: start.Add(time.Hour), CreatedBy: "li", CreatedAt: start}
		var err error
		late.ID, err = s.PutAction(t.Context(), late, entryOf("actions"))
		check(t, err)
		soon.ID, err = s.PutAction(t.Context(), soon, entryOf("actions"))
		check(t, err)
		soon.DoneAt = start.Add(2 * time.Hour)
		changed := soon
		changed.CreatedBy = "somebody else"
		id, err := s.PutAction(t.Context(), changed, entryOf("actions"))
		check(t, err)
		equal(t, "id", id, soon.ID)
		list, err := s.Actions(t.Context(), "K1")
		check(t, err)
		equal(t, "actions", list, []prevention.Action{soon, late})
		audited(t, s, "actions", 3)
	},
	"actions and notes need their cluster": func(t *testing.T, s Store) {
		_, err := s.PutAction(t.Context(), prevention.Action{Cluster: "K1"}, entryOf("actions"))
		code(t, err, triage.CodeNotFound)
		code(t, s.AddNote(t.Context(), prevention.Note{Cluster: "K1", Text: "x"}), triage.CodeNotFound)
		raised(t, s, "K1")
		_, err = s.PutAction(t.Context(), prevention.Action{ID: 99, Cluster: "K1"}, entryOf("actions"))
		code(t, err, triage.CodeNotFound)
		audited(t, s, "actions", 0)
	},
	"notes come in order": func(t *testing.T, s Store) {
		raised(t, s, "K1")
		want := []prevention.Note{{Cluster: "K1", By: "li", At: start, Text: "已联系网关"}, {Cluster: "K1", By: "wang", At: start, Text: "正在修复"}}
		for _, n := range want {
			check(t, s.AddNote(t.Context(), n))
		}
		got, err := s.Notes(t.Context(), "K1")
		check(t, err)
		equal(t, "notes", got, want)
	},
}
