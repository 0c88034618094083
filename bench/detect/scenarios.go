package main

import (
	"context"
	"fmt"

	"github.com/qianyi-dev/qianyi/internal/simulate"
	"github.com/qianyi-dev/qianyi/prevention/detect/replay"
	"github.com/qianyi-dev/qianyi/triage"
)

// scenarios replays simulated companies of our own generator, some of them
// without any incident. Their seeds were not used to choose anything.
func (b *bench) scenarios(ctx context.Context, first uint64, n int, null bool) error {
	var all judged
	for seed := first; seed < first+uint64(n); seed++ {
		s := simulate.Draw(seed, simulate.Options{Null: null})
		w, err := s.Generate()
		if err != nil {
			return err
		}
		var incidents []planted
		for _, x := range w.Truth.Incidents {
			i := planted{ID: x.ID, Name: x.Name, Complaints: x.ComplaintIDs}
			for _, a := range x.Affected {
				i.Affected = append(i.Affected, struct {
					Customer triage.CustomerID `json:"customer_id"`
				}{a.CustomerID})
			}
			incidents = append(incidents, i)
		}
		j, err := b.judge(ctx, fmt.Sprintf("scenario %d", seed), replay.Input{
			Complaints: w.Complaints, Exposures: w.Exposures, Customers: w.Customers,
		}, incidents)
		if err != nil {
			return err
		}
		all.incidents += j.incidents
		all.found += j.found
		all.at = append(all.at, j.at...)
		all.outside += j.outside
		all.weeks += j.weeks
	}
	fmt.Printf("scenarios, null %v: incidents alarmed %d of %d at complaint (median) %v; outside incidents %.2f a week\n", null,
		all.found, all.incidents, median(all.at), float64(all.outside)/all.weeks)
	return nil
}
