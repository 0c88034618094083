package jobs

import "time"

// Handling is the scheduled work beside those who work cases. A nil field is no
// job.
type Handling struct {
	// Mailboxes takes in what customers have written by mail.
	Mailboxes Do
	// Clocks warns before a step is late and escalates when it is.
	Clocks Do
	// Surveys asks the customers of closed cases, and reminds them.
	Surveys Do
	// Contacts gives customers the time by which they must be contacted.
	Contacts Do
	// Opinions asks the language model about cases the own model is unsure of.
	Opinions Do
	// Solutions proposes standard solutions from what satisfied.
	Solutions Do
	// Learn trains on what people confirmed and corrected.
	Learn Do
	// Audit checks the chain of the audit trail.
	Audit Do
	// Retain forgets what may not be kept any longer.
	Retain Do
}

// Jobs returns the jobs in the order of a case's way.
func (h Handling) Jobs() []Job {
	var list []Job
	for _, j := range []Job{
		{Name: "mailboxes", Schedule: "@every 1m", Limit: 10 * time.Minute, Do: h.Mailboxes},
		{Name: "clocks", Schedule: "@every 1m", Limit: 5 * time.Minute, Do: h.Clocks},
		{Name: "surveys", Schedule: "@every 10m", Limit: 10 * time.Minute, Do: h.Surveys},
		{Name: "contacts", Schedule: "20 * * * *", Limit: time.Hour, Do: h.Contacts},
		{Name: "opinions", Schedule: "@every 5m", Limit: 10 * time.Minute, Do: h.Opinions},
		{Name: "solutions", Schedule: "10 2 * * *", Limit: time.Hour, Do: h.Solutions},
		{Name: "learn", Schedule: "30 2 * * *", Limit: 2 * time.Hour, Do: h.Learn},
		{Name: "audit", Schedule: "10 4 * * *", Limit: time.Hour, Do: h.Audit},
		{Name: "retain", Schedule: "50 3 * * *", Limit: 2 * time.Hour, Do: h.Retain},
	} {
		if j.Do != nil {
			list = append(list, j)
		}
	}
	return list
}
