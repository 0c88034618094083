package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/prevention/detect/replay"
	"github.com/qianyi-dev/qianyi/triage"
)

// alert is an alarm as it was said, with the members named in it.
type alert struct {
	at      time.Time
	kind    detect.ChangeKind
	cluster prevention.Cluster
	members []prevention.Member
}

// outcome is everything a replay said.
type outcome struct {
	alerts      []alert // raised and reopened
	cohorts     map[prevention.ClusterID][]replay.Event
	escalations int
	resolved    int
	assignments []replay.Assignment
	took        time.Duration
	complaints  int
}

func (b *bench) replay(ctx context.Context, in replay.Input) (outcome, error) {
	r := replay.New(in, replay.Options{
		Analyzer: b.analyzer, Tokenizer: b.analyzer.Tokenizer(), ThemeName: b.themeName,
		MaxFalseAlarmsPerWeek: b.perWeek, Thresholds: b.thresholds,
	})
	o := outcome{complaints: len(in.Complaints)}
	members := map[prevention.ClusterID][]prevention.Member{}
	begun := time.Now()
	o.cohorts = map[prevention.ClusterID][]replay.Event{}
	err := r.Run(ctx, func(e replay.Event) error {
		if e.Cohort != nil {
			o.cohorts[e.Cluster] = append(o.cohorts[e.Cluster], e)
			return nil
		}
		c, id := e.Change, e.Cluster
		members[id] = append(members[id], c.Members...)
		switch c.Kind {
		case detect.Raised, detect.Reopened:
			o.alerts = append(o.alerts, alert{c.At, c.Kind, c.Cluster, c.Members})
			if c.Kind == detect.Reopened {
				o.alerts[len(o.alerts)-1].members = latest(members[id], c.Cluster.Alarm.Complaints)
			}
		case detect.Escalated:
			o.escalations++
		case detect.Resolved:
			o.resolved++
		case detect.Updated, detect.Merged:
		}
		return nil
	})
	o.took = time.Since(begun)
	o.assignments = r.Assignments()
	return o, err
}

func latest(m []prevention.Member, n int) []prevention.Member { return m[max(0, len(m)-n):] }

// share counts, of the members of an alert, those of each label; "" is none.
func (a *alert) labels(of map[triage.ComplaintID]string) map[string]int {
	n := map[string]int{}
	for _, m := range a.members {
		n[of[m.Complaint]]++
	}
	return n
}

func (a *alert) String() string {
	k := a.cluster
	var s strings.Builder
	fmt.Fprintf(&s, "%s %s %s %.1f n=%d in %dd base %.2f %q %s", a.at.Format(time.DateOnly), k.ID, a.kind, k.Alarm.Score,
		k.Alarm.Customers, k.Alarm.Days, k.Alarm.Baseline, k.Title, k.Path)
	for _, f := range k.Explanation.Attributes {
		fmt.Fprintf(&s, " [%s=%s %.2f x%.0f p%.0e]", f.Field, f.Value, f.Share, f.Lift, f.PValue)
	}
	return s.String()
}
