package jobs

import "time"

// Stream is the scheduled work that says what the stream of complaints says. A
// nil field is no job.
type Stream struct {
	// Attribute finds the campaigns that complaints are about.
	Attribute Do
	// Reach counts whom campaigns have reached.
	Reach Do
	// Figures rolls the cases up into the days that figures are counted from.
	Figures Do
	// Signals judges the campaigns that run.
	Signals Do
	// Improvements measures what actions have brought, and reminds of those that
	// are due.
	Improvements Do
	// Reports sends the weekly reports.
	Reports Do
}

// Jobs returns the jobs in the order in which each builds on those before.
func (s Stream) Jobs() []Job {
	var list []Job
	for _, j := range []Job{
		{Name: "attribute", Schedule: "@every 1m", Limit: 30 * time.Minute, Do: s.Attribute},
		{Name: "reach", Schedule: "@every 5m", Limit: 30 * time.Minute, Do: s.Reach},
		{Name: "figures", Schedule: "@every 1m", Limit: time.Hour, Do: s.Figures},
		{Name: "signals", Schedule: "15 * * * *", Limit: 30 * time.Minute, Do: s.Signals},
		{Name: "improvements", Schedule: "40 6 * * *", Limit: time.Hour, Do: s.Improvements},
		{Name: "reports", Schedule: "*/10 * * * *", Limit: time.Hour, Do: s.Reports},
	} {
		if j.Do != nil {
			list = append(list, j)
		}
	}
	return list
}
