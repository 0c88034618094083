package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
)

// Complainers implements [watch.People].
func (db *DB) Complainers(ctx context.Context, id string) ([]watch.Complainer, error) {
	first := make(map[triage.CustomerID]*watch.Complainer)
	var ids []triage.CustomerID
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var who triage.CustomerID
		var c watch.Complainer
		err := rows.Scan(&who, (*instant)(&c.At))
		first[who] = &c
		ids = append(ids, who)
		return err
	}, `SELECT c.customer_id, MIN(c.effective_at) FROM attributions a JOIN cases c ON c.id = a.case_id
		WHERE a.campaign_id = $1 AND c.customer_id <> '' GROUP BY c.customer_id ORDER BY c.customer_id`, id)
	if err != nil {
		return nil, db.fail("read who complained about a campaign", err)
	}
	err = each(ctx, db.read, `SELECT customer_id, key, at, attrs FROM exposures`+db.dialect.drivenBy("exposures_customer")+` WHERE kind = '`+campaign.ExposureKind+`' AND customer_id IN`, ids,
		func(rows *sql.Rows) error {
			var who triage.CustomerID
			var key string
			var at time.Time
			var attrs map[string]any
			if err := rows.Scan(&who, &key, (*instant)(&at), document{"attributes of an exposure", &attrs}); err != nil || key != id {
				return err
			}
			if c := first[who]; !at.After(c.At) {
				c.Segments = append(c.Segments, campaign.Segments(attrs)...)
			}
			return nil
		})
	list := make([]watch.Complainer, len(ids))
	for i, who := range ids {
		list[i] = *first[who]
		slices.Sort(list[i].Segments)
		list[i].Segments = slices.Compact(list[i].Segments)
	}
	return list, db.fail("read who complained about a campaign", err)
}

// Departures implements [watch.People].
func (db *DB) Departures(ctx context.Context, id string) (d card.Departures, err error) {
	const count = `SELECT COUNT(*), COUNT(CASE WHEN opted_out THEN 1 END) FROM customers`
	var all, out int
	err = db.read.QueryRowContext(ctx, count+` WHERE id IN (SELECT customer_id FROM exposures WHERE kind = $1 AND key = $2)`,
		campaign.ExposureKind, id).Scan(&d.Reached, &d.ReachedOut)
	if err == nil {
		err = db.read.QueryRowContext(ctx, count).Scan(&all, &out)
	}
	d.Others, d.OthersOut = all-d.Reached, out-d.ReachedOut
	return d, db.fail("count customers who opted out", err)
}

// CustomerCount implements [watch.People].
func (db *DB) CustomerCount(ctx context.Context) (n int, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM customers`).Scan(&n)
	return n, db.fail("count customers", err)
}
