package live_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// BenchmarkLearn measures what a restart costs with so many complaints stored:
// the time of the first Run, and what stays in memory.
func BenchmarkLearn(b *testing.B) {
	const days = 200
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if testing.Short() && n > 10_000 {
				b.Skip("takes minutes")
			}
			s := newService(b)
			st := newStream(19).ordinary(0, days, n/days)
			for i := range 20 {
				st.incident([]int{20 * i, 20*i + 1, 20*i + 2, 20*i + 3, 20*i + 4, 20*i + 5}, float64(9*i), 3, 20)
			}
			cases := st.sorted()
			for part := 0; part < len(cases); part += 5000 {
				s.accept(cases[part:min(part+5000, len(cases))]...)
			}
			begin := time.Now()
			s.run()
			observed := float64(time.Since(begin).Microseconds()) / float64(len(cases))
			s.Detection, cases, st = nil, nil, nil
			for b.Loop() {
				before := heap()
				s.restart()
				s.run()
				b.ReportMetric(float64(heap()-before)/1e6, "MB")
			}
			b.ReportMetric(observed, "observe-µs/complaint")
		})
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
