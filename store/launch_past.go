package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
)

// PastCampaigns implements [launch.History]: reach and attributions as the jobs
// have counted them. A campaign that exposures name and nobody registered has
// only its name for a text.
func (db *DB) PastCampaigns(ctx context.Context, since time.Time) ([]launch.Past, error) {
	var list []launch.Past
	err := collect(ctx, db.read, func(rows *sql.Rows) error {
		var p launch.Past
		err := rows.Scan(&p.ID, &p.Name, &p.Text, &p.Channel, &p.Reached, &p.Days, &p.Complaints)
		list = append(list, p)
		return err
	}, `SELECT r.campaign_id, COALESCE(NULLIF(c.name, ''), s.name, ''), COALESCE(c.rules, '') || ' ' || COALESCE(c.copy, ''),
			COALESCE(c.channel, ''), r.reached, r.days, COALESCE(a.complaints, 0)
		FROM (SELECT campaign_id, CAST(SUM(customers) AS BIGINT) AS reached, MAX(day) - MIN(day) + 1 AS days, MAX(day) AS last
			FROM campaign_reach WHERE segment = '' GROUP BY campaign_id) r
		LEFT JOIN campaigns c ON c.id = r.campaign_id
		LEFT JOIN campaign_seen s ON s.campaign_id = r.campaign_id
		LEFT JOIN (SELECT campaign_id, COUNT(*) AS complaints FROM attributions GROUP BY campaign_id) a ON a.campaign_id = r.campaign_id
		WHERE r.last < $1 AND r.reached > 0 ORDER BY r.campaign_id`, since.Unix()/int64(24*time.Hour/time.Second))
	return list, db.fail("read past campaigns", err)
}
