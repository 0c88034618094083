package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// improvePorts are those of improvements.
type improvePorts interface {
	improve.Ledger
	improve.Reminded
}

// improvement is planned work on a type, due so many days after the start.
func improvement(title, department, owner string, days int) improve.Improvement {
	return improve.Improvement{
		Title: title, Scope: fact.Filter{}.With(fact.Type, "billing"), Department: department, Owner: owner,
		Due: fact.DayOf(start, time.UTC) + fact.Day(days), Target: -0.25, Status: improve.Planned,
		CreatedAt: start, CreatedBy: "wang", UpdatedAt: start,
	}
}

func putImprovement(t *testing.T, s Store, a improve.Improvement) int64 {
	t.Helper()
	id, err := s.PutImprovement(t.Context(), a, improve.Remark{At: a.UpdatedAt, By: "wang", Status: a.Status, Text: "说明"},
		triage.AuditEntry{At: a.UpdatedAt, Actor: "wang", Action: "improvement.change"})
	check(t, err)
	return id
}

func titles(t *testing.T, s Store, f improve.Filter) (list []string) {
	t.Helper()
	found, err := s.Improvements(t.Context(), f)
	check(t, err)
	for _, a := range found {
		list = append(list, a.Title)
	}
	return list
}

var improveTests = map[string]func(*testing.T, Store){
	"one comes back as it was put, with its history and trail": improvementReturns,
	"an old version changes nothing": func(t *testing.T, s Store) {
		a := improvement("甲", "网络部", "li", 3)
		a.ID = putImprovement(t, s, a)
		a.Version = 1
		putImprovement(t, s, a)
		a.Title = "乙"
		_, err := s.PutImprovement(t.Context(), a, improve.Remark{At: start, By: "li"}, triage.AuditEntry{At: start, Actor: "li", Action: "improvement.change"})
		code(t, err, triage.CodeConflict)
		got, err := s.Improvement(t.Context(), a.ID)
		check(t, err)
		equal(t, "title", got.Title, "甲")
		remarks, err := s.Remarks(t.Context(), a.ID)
		check(t, err)
		trail, err := s.Trail(t.Context(), improve.Object(a.ID))
		check(t, err)
		equal(t, "remarks and entries", []int{len(remarks), len(trail)}, []int{2, 2})
	},
	"open ones come first, the most overdue before": func(t *testing.T, s Store) {
		done, late := improvement("已完成", "网络部", "li", -30), improvement("最晚", "计费部", "zhao", -9)
		done.Status, done.CreatedBy = improve.Done, "li"
		late.Status = improve.Doing
		putImprovement(t, s, done)
		putImprovement(t, s, improvement("将来", "网络部", "", 20))
		putImprovement(t, s, late)
		equal(t, "all", titles(t, s, improve.Filter{}), []string{"最晚", "将来", "已完成"})
		equal(t, "of a status", titles(t, s, improve.Filter{Statuses: []improve.Status{improve.Doing, improve.Done}}), []string{"最晚", "已完成"})
		equal(t, "of a department", titles(t, s, improve.Filter{Department: "网络部"}), []string{"将来", "已完成"})
		equal(t, "of an owner", titles(t, s, improve.Filter{Owner: "zhao"}), []string{"最晚"})
		equal(t, "for a department", titles(t, s, improve.Filter{For: improve.Viewer{Name: "li", Department: "计费部"}}), []string{"最晚", "已完成"})
		equal(t, "limited", titles(t, s, improve.Filter{Limit: 1}), []string{"最晚"})
	},
	"effects are kept without a new version": func(t *testing.T, s Store) {
		id := putImprovement(t, s, improvement("甲", "网络部", "li", 3))
		putImprovement(t, s, improvement("乙", "网络部", "li", 3))
		want := improve.Effect{
			Verdict: improve.Works, Ratio: improve.Ratio{Value: 0.6, Low: 0.4, High: 0.8}, WithPeak: &improve.Ratio{Value: 0.5, Low: 0.3, High: 0.7},
			Points: []improve.Point{{Week: improve.Week{Day: 20000, Scope: 3, Control: 70}, Expected: 4.5, High: 9, Part: improve.PartAfter}},
		}
		check(t, s.KeepEffect(t.Context(), id, want, start.Add(time.Hour)))
		got, err := s.Improvement(t.Context(), id)
		check(t, err)
		equal(t, "effect", got.Effect, &want)
		equal(t, "when and version", []any{got.EffectAt, got.Version}, []any{start.Add(time.Hour).Truncate(time.Millisecond), int64(1)})
		equal(t, "measured", titles(t, s, improve.Filter{Measured: true}), []string{"甲"})
		code(t, s.KeepEffect(t.Context(), 99, want, start), triage.CodeNotFound)
	},
	"a reminder counts until its time is over": func(t *testing.T, s Store) {
		id := putImprovement(t, s, improvement("甲", "网络部", "li", 3))
		putImprovement(t, s, improvement("以后", "网络部", "li", 30))
		closed := improvement("已完成", "网络部", "li", -3)
		closed.Status = improve.Done
		putImprovement(t, s, closed)
		waiting := func(since time.Time) int {
			list, err := s.Unreminded(t.Context(), fact.DayOf(start, time.UTC)+5, since)
			check(t, err)
			return len(list)
		}
		equal(t, "before", waiting(start), 1)
		check(t, s.Remind(t.Context(), id, start))
		equal(t, "after", waiting(start), 0)
		equal(t, "later", waiting(start.Add(time.Millisecond)), 1)
		code(t, s.Remind(t.Context(), 99, start), triage.CodeNotFound)
	},
}

func improvementReturns(t *testing.T, s Store) {
	want := improvement("账单说明改版", "计费部", "li", 7)
	want.Scope = want.Scope.With(fact.Product, "50%套餐&;").Having(fact.Repeat)
	want.Control = fact.Filter{}.With(fact.Type, "billing")
	want.Cluster, want.Peak, want.Cause = "K7", improve.Span{From: 20100, To: 20110}, "账单看不懂\n第二行"
	want.Started, want.Done, want.Status, want.CopyOf = 20120, 20130, improve.Done, 4
	want.ID = putImprovement(t, s, want)
	want.Version = 1
	got, err := s.Improvement(t.Context(), want.ID)
	check(t, err)
	want.CreatedAt, want.UpdatedAt = got.CreatedAt, got.UpdatedAt // to the millisecond
	equal(t, "improvement", got, want)
	remarks, err := s.Remarks(t.Context(), want.ID)
	check(t, err)
	equal(t, "history", remarks, []improve.Remark{{At: got.CreatedAt, By: "wang", Status: improve.Done, Text: "说明"}})
	trail, err := s.Trail(t.Context(), improve.Object(want.ID))
	check(t, err)
	equal(t, "entries", len(trail), 1)
	_, err = s.Improvement(t.Context(), 99)
	code(t, err, triage.CodeNotFound)
	_, err = s.PutImprovement(t.Context(), improve.Improvement{ID: 99, Version: 1}, improve.Remark{}, triage.AuditEntry{})
	code(t, err, triage.CodeConflict)
}
