package demo

import (
	"cmp"
	"slices"
	"time"
)

// deed is one thing that is done to the matters of the company.
type deed int

const (
	look deed = iota
	confirm
	submit
	tell
	settle
)

// step is a deed at a time.
type step struct {
	at time.Time
	do deed
	of planted // nothing for look
}

// When people act on the batch, after its first midnight. They know it from
// the first day or two, and tell its buyers on the fourth morning, when the rest
// of the batch is off the shelves.
const (
	batchConfirmed = 2*day + 15*time.Hour
	batchSubmitted = 3*day + 17*time.Hour
	batchTold      = 4*day + 10*time.Hour
	batchSettled   = 14*day + 16*time.Hour
	batchOver      = 28 * day
)

// When people act on the gateway, before now: its plan waits for approval.
const (
	gatewayConfirmed = 6 * time.Hour
	gatewaySubmitted = 2 * time.Hour
)

const week = 7 * day

// timeline is what happens beside the complaints, in order of time: a look
// every week, every half-day while an incident is young, every day until it is
// over, and what people do.
func (f *founder) timeline() []step {
	first := f.batchDay()
	steps := []step{
		{first.Add(batchConfirmed), confirm, ofBatch},
		{first.Add(batchSubmitted), submit, ofBatch},
		{first.Add(batchTold), tell, ofBatch},
		{first.Add(batchSettled), settle, ofBatch},
		{f.now.Add(-gatewayConfirmed), confirm, ofGateway},
		{f.now.Add(-gatewaySubmitted), submit, ofGateway},
		{f.now, look, 0},
	}
	looks := func(from, to time.Time, every time.Duration) {
		for t := from; t.Before(to); t = t.Add(every) {
			steps = append(steps, step{at: t, do: look})
		}
	}
	morning := first.Add(9 * time.Hour)
	looks(morning.Add(-10*week), morning, week)
	looks(morning, first.Add(batchTold), day/2)
	looks(morning.Add(5*day), first.Add(batchOver), day)
	last := f.now.Add(-incidentStart)
	looks(first.Add(batchOver), last, week)
	looks(last, f.now, day/4)
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.do, b.do)) })
	return steps
}
