package console

import (
	"net/url"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
)

// clusterState is the state of the list of clusters as its address has it.
type clusterState struct {
	List     bool // a table, not the board
	Past     bool // closed, dismissed and historic ones
	Stage    string
	Severity string
	Owner    string
	Mine     bool
	Cursor   string
}

func readClusterState(q url.Values) clusterState {
	s := clusterState{
		List: q.Get("view") == "list", Past: q.Get("past") == "1",
		Stage:    oneOf(q.Get("stage"), append(slices.Clone(prevention.Stages), prevention.StageDismissed)),
		Severity: oneOf(q.Get("severity"), severities),
		Owner:    cut(q.Get("owner"), maxWords), Mine: q.Get("mine") == "1", Cursor: q.Get("cursor"),
	}
	s.List = s.List || s.Past || s.Stage == string(prevention.StageDismissed)
	return s
}

func (s clusterState) link(path string) string {
	q := url.Values{}
	for _, f := range []struct {
		name, value string
	}{{"stage", s.Stage}, {"severity", s.Severity}, {"owner", s.Owner}, {"cursor", s.Cursor}} {
		if f.value != "" {
			q.Set(f.name, f.value)
		}
	}
	for name, on := range map[string]bool{"past": s.Past, "mine": s.Mine} {
		if on {
			q.Set(name, "1")
		}
	}
	if s.List {
		q.Set("view", "list")
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (s clusterState) narrowed() bool {
	return s.Stage != "" || s.Severity != "" || s.Owner != "" || s.Mine
}

// filter is the part of the state that the store knows.
func (s clusterState) filter() prevention.ClusterFilter {
	f := prevention.ClusterFilter{Limit: listRows, Cursor: s.Cursor}
	switch {
	case s.Stage != "":
		f.Stages = []prevention.Stage{prevention.Stage(s.Stage)}
	case s.Past:
		f.Stages = []prevention.Stage{prevention.StageClosed, prevention.StageDismissed}
	default:
		f.Active = true
	}
	return f
}

// fits is the rest of it.
func (s clusterState) fits(c *prevention.Cluster, user string) bool {
	return c.MergedInto == "" &&
		(s.Severity == "" || string(c.Alarm.Severity) == s.Severity) &&
		(s.Owner == "" || c.Owner == s.Owner) &&
		(!s.Mine || c.Owner == user)
}
