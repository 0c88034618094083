package store_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// openCases returns cases that somebody has to act on: of twelve departments
// and two hundred people, one in twenty waiting for the customer.
func openCases(b *testing.B, n int) []triage.Case {
	b.Helper()
	cal, err := calendar.New(calendar.Config{}, time.UTC)
	if err != nil {
		b.Fatal(err)
	}
	opener := life.NewOpener(cal)
	list := realistic("open", n)
	statuses := slices.DeleteFunc(slices.Clone(triage.Statuses), func(s triage.Status) bool { return !s.Open() })
	for i := range list {
		c := &list[i]
		c.Status = statuses[i*7%len(statuses)]
		c.Assessment.Department = fmt.Sprintf("部门%d", i%12)
		opener.Open(c, []triage.Tier{triage.TierOrdinary, triage.TierPotential, triage.TierHigh, triage.TierVIP}[i*11%4])
		if i%3 > 0 {
			c.Work.Owner = fmt.Sprintf("user%d", i*13%200)
		}
		if i%20 == 0 {
			c.Work.WaitingSince, c.Work.DueAt = c.ReceivedAt, time.Time{}
		}
	}
	return list
}

// BenchmarkQueuePage reads the views of the workbench where a hundred thousand
// cases are open, and reports the 99th percentile beside the mean.
func BenchmarkQueuePage(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "q.db"))
	all := openCases(b, 100_000)
	for part := range slices.Chunk(all, 1000) {
		if _, err := db.Accept(b.Context(), part); err != nil {
			b.Fatal(err)
		}
	}
	deep := ""
	for range 20 {
		page, err := db.Queue(b.Context(), triage.QueueFilter{Sort: "priority", Cursor: deep})
		if err != nil {
			b.Fatal(err)
		}
		deep = page.Next
	}
	early, late, yes := all[0].At.Add(20*time.Hour), all[0].At.Add(300*time.Hour), true
	for _, bench := range []struct {
		name   string
		filter triage.QueueFilter
	}{
		{"all", triage.QueueFilter{}},
		{"all/page20", triage.QueueFilter{Cursor: deep}},
		{"mine", triage.QueueFilter{Owner: "user7"}},
		{"department", triage.QueueFilter{Department: "部门3"}},
		{"waiting", triage.QueueFilter{Waiting: true}},
		{"late", triage.QueueFilter{LateAt: late}},
		{"late/few", triage.QueueFilter{LateAt: early}},
		{"active", triage.QueueFilter{Active: true}},
		{"status", triage.QueueFilter{Status: triage.StatusReceived}},
		{"type+urgency", triage.QueueFilter{Type: "type3", Urgency: "high"}},
		{"nothing", triage.QueueFilter{Type: "type3", Product: "产品8", Status: triage.StatusAgreed}},
		{"scope", triage.QueueFilter{Scope: triage.Scope{Department: "部门3", User: "user7"}}},
		{"scope/stranger", triage.QueueFilter{Scope: triage.Scope{Department: "没有的部门", User: "nobody"}}},
		{"department/newest", triage.QueueFilter{Sort: "newest", Department: "部门3"}},
		{"small/newest", triage.QueueFilter{Sort: "newest", Department: "没有的部门"}},
		{"open/newest", triage.QueueFilter{Sort: "newest", Open: &yes}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			if bench.filter.Sort == "" {
				bench.filter.Sort = "priority"
			}
			queuePages(b, db, bench.filter)
		})
	}
	for name, f := range map[string]life.BreachFilter{
		"breaches": {Clock: life.ClockVerify, At: late},
		"near":     {Clock: life.ClockStep, At: early, Until: early.Add(time.Minute), Near: true, Owner: "nobody"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := db.Breached(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func queuePages(b *testing.B, db *store.DB, f triage.QueueFilter) {
	b.Helper()
	var total int
	var took []time.Duration
	for b.Loop() {
		begun := time.Now()
		page, err := db.Queue(b.Context(), f)
		if err != nil {
			b.Fatal(err)
		}
		took, total = append(took, time.Since(begun)), page.Total
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(total), "total")
}
