package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Daily counts the members' distinct customers, and all complaints, of each
// local day that begins in the day of from or later and before to; days without
// any are zero. A complaint without a customer counts as a customer of its own.
func (db *DB) Daily(ctx context.Context, id prevention.ClusterID, from, to time.Time, zone *time.Location) ([]prevention.DayCount, error) {
	days := calendar(from, to, zone)
	if len(days) == 0 {
		return nil, nil
	}
	first, end := days[0].Day, days[len(days)-1].Day.AddDate(0, 0, 1)
	at := make(map[time.Time]*prevention.DayCount, len(days))
	for i := range days {
		at[days[i].Day] = &days[i]
	}
	if err := db.countCustomers(ctx, id, first, end, zone, at); err != nil {
		return nil, db.fail("count a cluster's customers by day", err)
	}
	return days, db.fail("count complaints by day", db.countComplaints(ctx, first, end, zone, at))
}

// calendar lists the local days.
func calendar(from, to time.Time, zone *time.Location) []prevention.DayCount {
	var days []prevention.DayCount
	y, m, d := from.In(zone).Date()
	for day := dayOf(from, zone); day.Before(to); day = time.Date(y, m, d, 0, 0, 0, 0, zone) {
		days = append(days, prevention.DayCount{Day: day})
		d++
	}
	return days
}

// dayOf returns the local midnight before t.
func dayOf(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

func (db *DB) countCustomers(ctx context.Context, id prevention.ClusterID, from, to time.Time, zone *time.Location, days map[time.Time]*prevention.DayCount) error {
	type visit struct {
		day      time.Time
		customer triage.CustomerID
	}
	seen := make(map[visit]bool)
	return collect(ctx, db.read, func(rows *sql.Rows) error {
		var customer triage.CustomerID
		var at instant
		if err := rows.Scan(&customer, &at); err != nil {
			return err
		}
		v := visit{dayOf(at.time(), zone), customer}
		if day := days[v.day]; day != nil && (customer == "" || !seen[v]) {
			seen[v] = true
			day.Customers++
		}
		return nil
	}, `SELECT customer_id, at FROM cluster_members WHERE cluster_id = $1 AND cluster_id <> '' AND at >= $2 AND at < $3`,
		string(id), instant(from), instant(to))
}

// quarter is the unit in which complaints are counted: local midnights of all
// zones lie on its bounds.
const quarter = 15 * time.Minute

func (db *DB) countComplaints(ctx context.Context, from, to time.Time, zone *time.Location, days map[time.Time]*prevention.DayCount) error {
	return collect(ctx, db.read, func(rows *sql.Rows) error {
		var quarters int64
		var n int
		if err := rows.Scan(&quarters, &n); err != nil {
			return err
		}
		at := time.UnixMilli(quarters * quarter.Milliseconds())
		if day := days[dayOf(at, zone)]; day != nil {
			day.Complaints += n
		}
		return nil
	}, `SELECT effective_at / 900000, COUNT(*) FROM cases c`+db.dialect.drivenBy("cases_newest")+`
		WHERE effective_at >= $1 AND effective_at < $2 GROUP BY effective_at / 900000`, instant(from), instant(to))
}
