package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// manyOpen is how many open cases the queue has in the benchmarks.
const manyOpen = 100_000

// fillQueue stores that many open cases, spread over departments, urgencies and
// two months. Every hundredth went through the other department.
func (f *firm) fillQueue(n int) {
	f.t.Helper()
	departments := []string{"计费中心", "网络部", "物流部", "市场部", "客服中心"}
	levels := []nlp.UrgencyLevel{nlp.UrgencyNormal, nlp.UrgencyLow, nlp.UrgencyNormal, nlp.UrgencyHigh}
	for first := 0; first < n; first += 1000 {
		batch := make([]triage.Case, 0, 1000)
		for i := first; i < min(first+1000, n); i++ {
			at := monday.Add(-time.Duration(i) * time.Minute)
			k := triage.Case{
				Complaint: triage.Complaint{
					ID: triage.ComplaintID(fmt.Sprintf("TS-%07d", i)), CustomerID: triage.CustomerID(fmt.Sprintf("C%06d", i/2)), Channel: triage.ChannelApp,
					At: at, Text: "多扣了 30 元话费，打了三次客服都说查不到，电话13812345678，请尽快退还并说明原因，不然就投诉到底。",
				},
				Assessment: judge{}.Assess(&triage.Complaint{At: at}), Status: triage.StatusReceived, ReceivedAt: at,
			}
			k.Assessment.Department, k.Assessment.Urgency.Level = departments[i%len(departments)], levels[i%len(levels)]
			if i%200 == 7 {
				k.Assessment.Urgency.Level = nlp.UrgencyCritical
			}
			f.opener.Open(&k, triage.TierOrdinary)
			batch = append(batch, k)
		}
		if _, err := f.db.Accept(f.t.Context(), batch); err != nil {
			f.t.Fatal(err)
		}
	}
}

// BenchmarkQueue is the first page with 100 000 open cases, for somebody who
// sees everything and for the lead of a department.
func BenchmarkQueue(b *testing.B) {
	f := openFirm(b)
	f.fillQueue(manyOpen)
	for _, target := range []string{"/", "/?view=all", "/?view=department"} {
		for _, name := range []string{"demo", "wu"} {
			person := f.as(name)
			b.Run(name+target, func(b *testing.B) { person.measure(b, target) })
		}
	}
}

// measure reports the median and the 99th percentile beside the mean.
func (f *firm) measure(b *testing.B, target string) {
	var took []time.Duration
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, target, nil)
		for name, value := range f.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		w := httptest.NewRecorder()
		begun := time.Now()
		f.handler.ServeHTTP(w, r)
		took = append(took, time.Since(begun))
		if w.Code != http.StatusOK {
			b.Fatalf("got status %d, want 200", w.Code)
		}
	}
	slices.Sort(took)
	at := func(share float64) float64 { return float64(took[int(share*float64(len(took)-1))]) / 1e6 }
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

// BenchmarkTrackingSheet is the sheet of 100 000 cases, from the store to the
// last byte.
func BenchmarkTrackingSheet(b *testing.B) {
	f := openFirm(b)
	f.fillQueue(manyOpen)
	demo := f.as("demo")
	for b.Loop() {
		w := demo.get("/tracking.xlsx?view=all")
		if w.Code != http.StatusOK {
			b.Fatalf("got status %d, want 200", w.Code)
		}
		b.ReportMetric(float64(w.Body.Len())/1e6, "MB")
	}
}
