package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// BenchmarkBoard counts the four weeks of a board of 200 clusters of 20 members
// each, among 2000 complaints a day.
func BenchmarkBoard(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "q.db"))
	spans := fillBoard(b, db)
	b.Run("each", func(b *testing.B) {
		for b.Loop() {
			for _, s := range spans {
				if _, err := db.Daily(b.Context(), s.Cluster, s.From, s.To, time.UTC); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("together", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.DailyCustomers(b.Context(), spans, time.UTC); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func fillBoard(b *testing.B, db *store.DB) []prevention.ClusterSpan {
	b.Helper()
	const days, daily, clusters, size = 28, 2000, 200, 20
	all := realistic("board", days*daily)
	for i := range all {
		all[i].At = benchStart.Add(time.Duration(i) * 24 * time.Hour / daily)
	}
	for i := 0; i < len(all); i += 500 {
		if _, err := db.Accept(b.Context(), all[i:i+500]); err != nil {
			b.Fatal(err)
		}
	}
	found := prevention.Found{Members: map[prevention.ClusterID][]prevention.Member{}}
	var spans []prevention.ClusterSpan
	for k := range clusters {
		id := prevention.ClusterID(fmt.Sprintf("K%d", k+1))
		found.Clusters = append(found.Clusters, prevention.Cluster{ID: id, Path: prevention.PathText, CreatedAt: benchStart, StageAt: benchStart})
		for j := range size {
			c := &all[(k*size+j)*len(all)/(clusters*size)]
			found.Members[id] = append(found.Members[id], prevention.Member{Complaint: c.ID, Customer: triage.CustomerID(fmt.Sprint(j)), At: c.At})
		}
		spans = append(spans, prevention.ClusterSpan{Cluster: id, From: benchStart, To: benchStart.AddDate(0, 0, days)})
	}
	if err := db.Record(b.Context(), found); err != nil {
		b.Fatal(err)
	}
	return spans
}
