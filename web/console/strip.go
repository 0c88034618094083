package console

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// alarmStrip is the state of early warning in one line.
type alarmStrip struct {
	Active, Unjudged, Critical int
	// Week counts the alarms of the last seven days; Budget is how many false
	// ones a week are accepted, "" when nobody has said.
	Week   int
	Budget string
	// Top are the latest that nobody has judged.
	Top []clusterCard
	// Avoided is what outreach has prevented so far, nil while unknown.
	Avoided *avoided
}

// addAlarms puts the strip on the first page, where there is early warning.
func (c *Console) addAlarms(ctx context.Context, l language, view *queueView) error {
	if c.d.Alarms == nil {
		return nil
	}
	p, err := c.d.Alarms.Desk.Clusters(ctx, prevention.ClusterFilter{Active: true, Limit: boardLimit})
	if err != nil {
		return err
	}
	strip, err := c.alarmStrip(ctx, l, p.Clusters)
	view.Alarms = &strip
	return err
}

// topAlarms bounds the alarms named on the first page.
const topAlarms = 3

func (c *Console) alarmStrip(ctx context.Context, l language, active []prevention.Cluster) (alarmStrip, error) {
	strip := alarmStrip{}
	if b := c.d.Alarms.WeeklyBudget; b > 0 {
		strip.Budget = decimal(b)
	}
	for i := range active {
		k := &active[i]
		if k.MergedInto != "" || k.Historic {
			continue
		}
		strip.Active++
		if k.Alarm.Severity == prevention.SeverityCritical {
			strip.Critical++
		}
		if k.Stage == prevention.StageCandidate {
			strip.Unjudged++
			if len(strip.Top) < topAlarms {
				strip.Top = append(strip.Top, c.clusterCard(l, k))
			}
		}
	}
	latest, err := c.d.Alarms.Desk.Clusters(ctx, prevention.ClusterFilter{Limit: listRows})
	if err != nil {
		return strip, err
	}
	week := c.d.Now().Add(-7 * 24 * time.Hour)
	for i := range latest.Clusters {
		if k := &latest.Clusters[i]; k.Alarm.At.After(week) && !k.Historic {
			strip.Week++
		}
	}
	err = c.addAvoided(ctx, &strip)
	return strip, err
}
