package store_test

import (
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// realistic returns n cases of about the size that triage produces.
func realistic(prefix string, n int) []triage.Case {
	list := cases(prefix, n)
	levels := []nlp.UrgencyLevel{nlp.UrgencyLow, nlp.UrgencyNormal, nlp.UrgencyNormal, nlp.UrgencyHigh, nlp.UrgencyCritical}
	for i := range list {
		c := &list[i]
		c.CustomerID = triage.CustomerID(fmt.Sprintf("K-%d", i*7919%50000))
		c.Channel = triage.Channels[i%len(triage.Channels)]
		c.Product = fmt.Sprintf("产品%d", i%40)
		c.At = c.At.Add(time.Duration(i*7919%100000) * time.Second)
		c.Status = []triage.Status{triage.StatusClosed, triage.StatusClosed, triage.StatusReceived}[i%3]
		c.Assessment = triage.Assessment{
			ID: c.ID, Pack: "general", Type: fmt.Sprintf("type%d", i%8), TypeName: "网络质量", Confidence: 0.9, NeedsReview: i%9 == 0,
			Alternatives: []nlp.Alternative{{Type: "billing", Confidence: 0.05}, {Type: "service", Confidence: 0.02}},
			Sentiment:    nlp.Sentiment{Label: nlp.Negative, Score: -0.6, Intensity: 2},
			Urgency:      nlp.Urgency{Level: levels[i%5], Reasons: []string{"扬言升级投诉"}},
			Reasons:      []nlp.Reason{{Text: "宽带", Weight: 2.1}, {Text: "没人", Weight: 1.2}, {Text: "修", Weight: 0.9}},
			Department:   "网络部",
			SLA:          triage.SLA{ResolveBy: c.At.Add(time.Duration(i%5) * 24 * time.Hour)},
		}
	}
	return list
}

func BenchmarkAccept(b *testing.B) {
	b.Run("one/parallel", func(b *testing.B) {
		db := open(b, filepath.Join(b.TempDir(), "q.db"))
		all := realistic("one", b.N+1)
		var next atomic.Int64
		b.SetParallelism(32)
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				i := next.Add(1) - 1
				if _, err := db.Accept(b.Context(), all[i:i+1]); err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cases/s")
	})
	b.Run("batch500", func(b *testing.B) {
		acceptBatches(b, open(b, filepath.Join(b.TempDir(), "q.db")))
	})
	b.Run("batch500/postgres", func(b *testing.B) {
		acceptBatches(b, open(b, testkit.Postgres(b)))
	})
}

func acceptBatches(b *testing.B, db *store.DB) {
	b.Helper()
	all := realistic("batch", 500*b.N)
	b.ResetTimer()
	for i := range b.N {
		if _, err := db.Accept(b.Context(), all[500*i:500*(i+1)]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(500*float64(b.N)/b.Elapsed().Seconds(), "cases/s")
}

// BenchmarkPutExposures stores contacts in calls of ten thousand.
func BenchmarkPutExposures(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "q.db"))
	list := make([]triage.Exposure, 10_000)
	at := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	for i := range b.N {
		for j := range list {
			n := i*len(list) + j
			list[j] = triage.Exposure{CustomerID: triage.CustomerID(fmt.Sprintf("K-%d", n*7919%300000)), Kind: "payment", Key: fmt.Sprint(n % 2000), At: at.Add(time.Duration(n) * time.Second)}
		}
		if _, err := db.PutExposures(b.Context(), list); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(list)*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkQueue reads pages of a store of 100 000 cases.
func BenchmarkQueue(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "q.db"))
	fill(b, db, 100_000)
	deep := cursorAfter(b, db, 20)
	review := true
	for _, bench := range []struct {
		name   string
		filter triage.QueueFilter
	}{
		{"newest", triage.QueueFilter{}},
		{"newest/page20", triage.QueueFilter{Cursor: deep}},
		{"urgency", triage.QueueFilter{Sort: "urgency"}},
		{"status/urgency", triage.QueueFilter{Status: triage.StatusReceived, Sort: "urgency"}},
		{"type", triage.QueueFilter{Type: "type3"}},
		{"product/urgency", triage.QueueFilter{Product: "产品7", Sort: "urgency"}},
		{"several", triage.QueueFilter{Type: "type3", Status: triage.StatusReceived, Channel: triage.ChannelApp, NeedsReview: &review}},
		{"nothing", triage.QueueFilter{Type: "type3", Channel: triage.ChannelApp, Urgency: "low", Product: "产品8"}},
		{"customer", triage.QueueFilter{CustomerID: "K-7919"}},
		{"range", triage.QueueFilter{From: time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC), To: time.Date(2026, time.March, 1, 13, 0, 0, 0, time.UTC)}},
		{"channel/rare", triage.QueueFilter{Channel: triage.ChannelOther, Urgency: "low", Type: "none"}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var total int
			for b.Loop() {
				page, err := db.Queue(b.Context(), bench.filter)
				if err != nil {
					b.Fatal(err)
				}
				total = page.Total
			}
			b.ReportMetric(float64(total), "total")
		})
	}
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.CountByStatus(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func fill(b *testing.B, db *store.DB, n int) {
	b.Helper()
	all := realistic("fill", n)
	for i := 0; i < n; i += 1000 {
		if _, err := db.Accept(b.Context(), all[i:i+1000]); err != nil {
			b.Fatal(err)
		}
	}
}

func cursorAfter(b *testing.B, db *store.DB, pages int) (cursor string) {
	b.Helper()
	for range pages {
		page, err := db.Queue(b.Context(), triage.QueueFilter{Cursor: cursor})
		if err != nil {
			b.Fatal(err)
		}
		cursor = page.Next
	}
	return cursor
}
