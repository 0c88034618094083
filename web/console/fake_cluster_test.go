package console_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/prevention"
	clusterdesk "github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/triage"
)

// bureau is a cluster desk and its stores in memory, as small as the console
// needs them. Its methods are safe for concurrent use.
type bureau struct {
	mu       sync.Mutex
	company  *company
	clusters []prevention.Cluster
	members  map[prevention.ClusterID][]prevention.Member
	actions  []prevention.Action
	notes    []prevention.Note
	told     []prevention.Announcement
	trail    []triage.AuditEntry
	silenced map[prevention.ClusterID]time.Time
	// found answers every cohort; tried is the rule that was last tried out.
	found prevention.Cohort
	tried *prevention.Rule
	// counted is how often somebody asked for the days of small charts.
	counted int
	fail    error
}

func (b *bureau) find(id prevention.ClusterID) (*prevention.Cluster, error) {
	for i := range b.clusters {
		if b.clusters[i].ID == id {
			return &b.clusters[i], nil
		}
	}
	return nil, triage.Errorf(triage.CodeNotFound, "no cluster %s", id)
}

func (b *bureau) Clusters(_ context.Context, f prevention.ClusterFilter) (prevention.ClusterPage, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := slices.Clone(b.clusters)
	slices.SortStableFunc(all, func(x, y prevention.Cluster) int { return y.Alarm.At.Compare(x.Alarm.At) })
	all = slices.DeleteFunc(all, func(k prevention.Cluster) bool {
		return len(f.Stages) > 0 && !slices.Contains(f.Stages, k.Stage) || f.Active && (!k.Stage.Active() || k.MergedInto != "")
	})
	start := 0
	if f.Cursor != "" {
		start = slices.IndexFunc(all, func(k prevention.Cluster) bool { return string(k.ID) == f.Cursor }) + 1
	}
	end := min(start+cmp.Or(f.Limit, len(all)), len(all))
	p := prevention.ClusterPage{Clusters: all[start:end]}
	if end < len(all) {
		p.Next = string(all[end-1].ID)
	}
	return p, b.fail
}

func (b *bureau) Cluster(_ context.Context, id prevention.ClusterID) (prevention.Cluster, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k, err := b.find(id)
	if err != nil {
		return prevention.Cluster{}, err
	}
	return *k, b.fail
}

func (b *bureau) View(ctx context.Context, id prevention.ClusterID) (clusterdesk.View, error) {
	k, err := b.Cluster(ctx, id)
	if err != nil {
		return clusterdesk.View{}, err
	}
	days, err := b.Daily(ctx, id, noon.AddDate(0, 0, -40), noon, shanghai)
	if err != nil {
		return clusterdesk.View{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	v := clusterdesk.View{Cluster: k, Members: b.members[id], Actions: b.actions, Notes: b.notes, Announced: b.told, Silenced: b.silenced[id]}
	for _, d := range days {
		v.Series = append(v.Series, clusterdesk.Point{Day: d.Day, Customers: d.Customers, Complaints: d.Complaints, Expected: 0.2, High: 1})
	}
	for _, e := range b.trail {
		if e.Object == "cluster:"+string(id) {
			v.Trail = append(v.Trail, e)
		}
	}
	return v, nil
}

func (b *bureau) Cohort(ctx context.Context, id prevention.ClusterID, try *prevention.Rule) (prevention.Cohort, error) {
	k, err := b.Cluster(ctx, id)
	if err != nil {
		return prevention.Cohort{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tried = try
	rule := cmp.Or(try, k.Rule)
	if rule == nil {
		return prevention.Cohort{}, nil
	}
	if err := validRule(*rule); err != nil {
		return prevention.Cohort{}, err
	}
	found := b.found
	found.Rule, found.Words = *rule, ruleWords(*rule)
	return found, b.fail
}

func validRule(r prevention.Rule) error {
	for i, c := range r.Conditions {
		if c.Kind == "" {
			return triage.FieldErrorf(fmt.Sprintf("conditions[%d].kind", i), "请填写接触种类")
		}
	}
	return nil
}

// ruleWords is how the tests say a rule.
func ruleWords(r prevention.Rule) string {
	var parts []string
	for _, c := range r.Conditions {
		parts = append(parts, c.Kind+" "+c.Key)
	}
	if len(r.Regions) > 0 {
		parts = append(parts, "地区 "+strings.Join(r.Regions, "、"))
	}
	return strings.Join(parts, "，且")
}

// change does something to a cluster and writes it down.
func (b *bureau) change(id prevention.ClusterID, by, action string, do func(*prevention.Cluster) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	k, err := b.find(id)
	if err != nil {
		return err
	}
	if err := do(k); err != nil {
		return err
	}
	b.record(id, by, action, "")
	return nil
}

func (b *bureau) record(id prevention.ClusterID, by, action, detail string) {
	b.trail = append(b.trail, triage.AuditEntry{At: b.company.now(), Actor: by, Action: action, Object: "cluster:" + string(id), Detail: detail})
}

func tooLong(field, text string) error {
	if utf8.RuneCountInString(text) > 200 {
		return triage.FieldErrorf(field, "too long")
	}
	return nil
}

func (b *bureau) SetStage(_ context.Context, id prevention.ClusterID, to prevention.Stage, by string) error {
	return b.change(id, by, "cluster.stage", func(k *prevention.Cluster) error {
		if !k.Stage.MayBecome(to) {
			return triage.Errorf(triage.CodeConflict, "a %s cluster cannot become %s", k.Stage, to)
		}
		k.Stage = to
		return nil
	})
}

func (b *bureau) Assign(_ context.Context, id prevention.ClusterID, owner, by string) error {
	if err := tooLong("owner", owner); err != nil {
		return err
	}
	return b.change(id, by, "cluster.assign", func(k *prevention.Cluster) error { k.Owner = owner; return nil })
}

func (b *bureau) SetSolution(_ context.Context, id prevention.ClusterID, solution, by string) error {
	if err := tooLong("solution", solution); err != nil {
		return err
	}
	return b.change(id, by, "cluster.solution", func(k *prevention.Cluster) error { k.Solution = solution; return nil })
}

func (b *bureau) SetTitle(_ context.Context, id prevention.ClusterID, title, by string) error {
	if strings.TrimSpace(title) == "" {
		return triage.FieldErrorf("title", "is empty")
	}
	return b.change(id, by, "cluster.title", func(k *prevention.Cluster) error { k.Title = title; return nil })
}

func (b *bureau) SetRule(_ context.Context, id prevention.ClusterID, rule prevention.Rule, by string) error {
	if err := validRule(rule); err != nil {
		return err
	}
	return b.change(id, by, "cluster.rule", func(k *prevention.Cluster) error { k.Rule, k.RuleBy = &rule, by; return nil })
}

func (b *bureau) Silence(_ context.Context, id prevention.ClusterID, until time.Time, by string) error {
	return b.change(id, by, "cluster.silence", func(*prevention.Cluster) error { b.silenced[id] = until; return nil })
}

func (b *bureau) AddNote(ctx context.Context, id prevention.ClusterID, text, by string) error {
	if strings.TrimSpace(text) == "" {
		return triage.FieldErrorf("text", "is empty")
	}
	if _, err := b.Cluster(ctx, id); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.notes = append(b.notes, prevention.Note{Cluster: id, By: by, At: b.company.now(), Text: text})
	return nil
}

func (b *bureau) PutAction(_ context.Context, a prevention.Action, by string) (int64, error) {
	if a.Title == "" || a.Department == "" || a.DueAt.IsZero() {
		return 0, triage.FieldErrorf("title", "something is missing")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	a.ID, a.CreatedBy = int64(len(b.actions)+1), by
	b.actions = append(b.actions, a)
	return a.ID, nil
}

func (b *bureau) Done(_ context.Context, _ prevention.ClusterID, action int64, _ string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.actions {
		if b.actions[i].ID == action {
			b.actions[i].DoneAt = b.company.now()
			return nil
		}
	}
	return triage.Errorf(triage.CodeNotFound, "no action %d", action)
}

// take removes complaints from a cluster and returns them.
func (b *bureau) take(from prevention.ClusterID, ids []triage.ComplaintID) []prevention.Member {
	var taken []prevention.Member
	b.members[from] = slices.DeleteFunc(b.members[from], func(m prevention.Member) bool {
		if slices.Contains(ids, m.Complaint) {
			taken = append(taken, m)
			return true
		}
		return false
	})
	return taken
}

func (b *bureau) Move(_ context.Context, from, target prevention.ClusterID, ids []triage.ComplaintID, by string) error {
	if len(ids) == 0 {
		return triage.FieldErrorf("complaints", "choose at least one")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.take(from, ids)
	if target != "" {
		b.members[target] = append(b.members[target], taken...)
	}
	b.record(from, by, "cluster.move", "")
	return nil
}

func (b *bureau) Split(_ context.Context, from prevention.ClusterID, ids []triage.ComplaintID, title, by string) (prevention.ClusterID, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	made := prevention.ClusterID("K99")
	b.members[made] = b.take(from, ids)
	b.clusters = append(b.clusters, prevention.Cluster{ID: made, Title: title, Path: prevention.PathHand, Stage: prevention.StageConfirmed, Customers: len(ids), Complaints: len(ids)})
	b.record(from, by, "cluster.split", "")
	return made, nil
}

func (b *bureau) Propose(ctx context.Context, ids []triage.ComplaintID, title, by string) (prevention.ClusterID, error) {
	made, err := b.Split(ctx, "", ids, title, by)
	for _, id := range ids {
		b.members[made] = append(b.members[made], prevention.Member{Complaint: id, Pinned: true})
	}
	return made, err
}

func (b *bureau) Merge(_ context.Context, from, into prevention.ClusterID, by string) error {
	return b.change(from, by, "cluster.merge", func(k *prevention.Cluster) error { k.MergedInto = into; return nil })
}

func (b *bureau) Dismiss(_ context.Context, id prevention.ClusterID, by string) error {
	return b.change(id, by, "cluster.dismiss", func(k *prevention.Cluster) error { k.Stage = prevention.StageDismissed; return nil })
}

func (b *bureau) Cases(_ context.Context, ids []triage.ComplaintID) ([]triage.Case, error) {
	b.company.mu.Lock()
	defer b.company.mu.Unlock()
	var found []triage.Case
	for _, id := range ids {
		if k := b.company.find(id); k != nil {
			found = append(found, *k)
		}
	}
	return found, nil
}

func (b *bureau) ClustersOf(_ context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]prevention.ClusterID, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	in := map[triage.ComplaintID]prevention.ClusterID{}
	for cluster, members := range b.members {
		for _, m := range members {
			if slices.Contains(ids, m.Complaint) {
				in[m.Complaint] = cluster
			}
		}
	}
	return in, nil
}

func (b *bureau) Daily(_ context.Context, id prevention.ClusterID, from, to time.Time, zone *time.Location) ([]prevention.DayCount, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k, err := b.find(id)
	if err != nil {
		return nil, err
	}
	var days []prevention.DayCount
	from = from.In(zone)
	for day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, zone); day.Before(to); day = day.AddDate(0, 0, 1) {
		n := 0
		if age := int(day.Sub(k.FirstAt).Hours() / 24); age >= -1 && !day.After(k.LastAt) {
			n = min((age+2)*2, 9)
		}
		days = append(days, prevention.DayCount{Day: day, Customers: n, Complaints: 120})
	}
	return days, nil
}

func (b *bureau) DailyCustomers(ctx context.Context, spans []prevention.ClusterSpan, zone *time.Location) ([][]int, error) {
	b.mu.Lock()
	b.counted++
	b.mu.Unlock()
	counts := make([][]int, len(spans))
	for i, s := range spans {
		days, err := b.Daily(ctx, s.Cluster, s.From, s.To, zone)
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			counts[i] = append(counts[i], d.Customers)
		}
	}
	return counts, nil
}
