package jobs

import (
	"context"
	"time"
)

// Do is the work of one run; see Job.Do.
type Do func(ctx context.Context) (note string, err error)

// Prevention is the scheduled work between a complaint and the word to those
// who have not complained. A nil field is no job.
type Prevention struct {
	// Detect looks for clusters in what came in.
	Detect Do
	// Announce tells the quality team of alarms.
	Announce Do
	// Cohorts looks again for who is affected under each cluster.
	Cohorts Do
	// Rules turns mishaps into notices, before anybody complains.
	Rules Do
	// Send takes due notices to the channels.
	Send Do
	// Receipts settles attempts whose end nobody reported.
	Receipts Do
	// Watch closes the clusters that are back at their baseline.
	Watch Do
	// Effect measures what outreach brought.
	Effect Do
	// Calibrate sets the alarm thresholds by shuffled copies of the stream.
	Calibrate Do
}

// Jobs returns the jobs in the order of a complaint's way.
func (p Prevention) Jobs() []Job {
	var list []Job
	for _, j := range []struct {
		name, schedule string
		limit          time.Duration
		do             Do
	}{
		// The first run of a process learns half a year of complaints again.
		{"detect", "@every 30s", 30 * time.Minute, p.Detect},
		{"announce", "@every 20s", 2 * time.Minute, p.Announce},
		{"cohorts", "@every 10m", 10 * time.Minute, p.Cohorts},
		{"event-rules", "@every 1m", 5 * time.Minute, p.Rules},
		{"send", "@every 20s", 10 * time.Minute, p.Send},
		{"receipts", "@every 1m", 5 * time.Minute, p.Receipts},
		{"watch", "@every 10m", 5 * time.Minute, p.Watch},
		{"effect", "5 * * * *", 10 * time.Minute, p.Effect},
		{"calibrate", "30 3 * * *", 2 * time.Hour, p.Calibrate},
	} {
		if j.do != nil {
			list = append(list, Job{Name: j.name, Schedule: j.schedule, Limit: j.limit, Do: j.do})
		}
	}
	return list
}
