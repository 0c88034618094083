package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// DailyCustomers counts the members' distinct customers of each local day of
// each span, as Daily does: its cost grows with the members of the clusters, not
// with all complaints of the time.
func (db *DB) DailyCustomers(ctx context.Context, spans []prevention.ClusterSpan, zone *time.Location) ([][]int, error) {
	t := newDayTally(spans, zone)
	for part := range slices.Chunk(slices.Sorted(maps.Keys(t.of)), listIDs) {
		args := []any{instant(t.from), instant(t.to)}
		for _, id := range part {
			args = append(args, string(id))
		}
		err := collect(ctx, db.read, func(rows *sql.Rows) error {
			var m prevention.Member
			var cluster prevention.ClusterID
			err := rows.Scan(&cluster, &m.Customer, (*instant)(&m.At))
			t.add(cluster, &m)
			return err
		}, `SELECT cluster_id, customer_id, at FROM cluster_members
			WHERE at >= $1 AND at < $2 AND cluster_id IN `+placeholders(3, len(part)), args...)
		if err != nil {
			return nil, db.fail("count customers of clusters by day", err)
		}
	}
	return t.counts, nil
}

// dayTally counts the distinct customers of many spans by day.
type dayTally struct {
	zone     *time.Location
	from, to time.Time // of all spans together
	counts   [][]int
	days     []map[time.Time]int // the place of a day in its span
	of       map[prevention.ClusterID][]int
	seen     map[visit]bool
}

// visit is a customer in one day of a span.
type visit struct {
	span, day int
	customer  triage.CustomerID
}

func newDayTally(spans []prevention.ClusterSpan, zone *time.Location) *dayTally {
	t := &dayTally{
		zone: zone, counts: make([][]int, len(spans)), days: make([]map[time.Time]int, len(spans)),
		of: map[prevention.ClusterID][]int{}, seen: map[visit]bool{},
	}
	for i, s := range spans {
		list := calendar(s.From, s.To, zone)
		t.counts[i], t.days[i] = make([]int, len(list)), make(map[time.Time]int, len(list))
		for place, day := range list {
			t.days[i][day.Day] = place
		}
		if len(list) == 0 || s.Cluster == "" {
			continue
		}
		t.of[s.Cluster] = append(t.of[s.Cluster], i)
		first, end := list[0].Day, list[len(list)-1].Day.AddDate(0, 0, 1)
		if t.from.IsZero() || first.Before(t.from) {
			t.from = first
		}
		if end.After(t.to) {
			t.to = end
		}
	}
	return t
}

// add counts one member. One without a customer counts as a customer of its own.
func (t *dayTally) add(cluster prevention.ClusterID, m *prevention.Member) {
	for _, span := range t.of[cluster] {
		day, inside := t.days[span][dayOf(m.At, t.zone)]
		v := visit{span, day, m.Customer}
		if !inside || m.Customer != "" && t.seen[v] {
			continue
		}
		t.seen[v] = true
		t.counts[span][day]++
	}
}
