package demo

import (
	"cmp"
	"slices"
	"time"
)

// deed is one thing that is done to the matters of the company.
type deed int

const (
	work deed = iota // nothing but what the staff do
	look
	confirm
	submit
	tell
	settle
	review
)

// step is a deed at a time.
type step struct {
	at time.Time
	do deed
	of planted // nothing for work, look and review
}

// When people act on the batch, after its first midnight. They know of it
// within two days, take the rest of it off the shelves and tell its buyers on
// the fifth morning. When the last complaints have come they look once more: the
// tail of them may have alarmed again.
const (
	batchConfirmed = 2*day + 15*time.Hour
	batchSubmitted = 3*day + 17*time.Hour
	batchTold      = 4*day + 10*time.Hour
	batchSettled   = 14*day + 16*time.Hour
	batchEbbed     = 20*day + 10*time.Hour
)

// When people act on the gateway, before now: its plan waits for approval.
const (
	gatewayConfirmed = 6 * time.Hour
	gatewaySubmitted = 2 * time.Hour
)

// What the complaints say is looked at every week since reviewSince days, and every
// day since reviewDaily.
const (
	reviewSince = 42
	reviewDaily = 7
	reviewHour  = 21 * time.Hour
)

// timeline is what happens beside the complaints, in order of time: a look
// every day, more often while an incident is young, what people do, and of late
// every hour of the day something of the staff.
func (f *founder) timeline() []step {
	first := f.batchDay()
	steps := []step{
		{first.Add(batchConfirmed), confirm, ofBatch},
		{first.Add(batchSubmitted), submit, ofBatch},
		{first.Add(batchTold), tell, ofBatch},
		{first.Add(batchSettled), settle, ofBatch},
		{first.Add(batchEbbed), settle, ofBatch},
		{f.now.Add(-gatewayConfirmed), confirm, ofGateway},
		{f.now.Add(-gatewaySubmitted), submit, ofGateway},
		{f.now, look, 0},
		{f.now, review, 0},
	}
	for d := reviewSince; d > 0; d-- {
		if d <= reviewDaily || d%7 == 0 {
			steps = append(steps, step{at: f.midnight(d).Add(reviewHour), do: review})
		}
	}
	looks := func(from, to time.Time, every time.Duration) {
		for t := from; t.Before(to); t = t.Add(every) {
			steps = append(steps, step{at: t, do: look})
		}
	}
	morning := first.Add(9 * time.Hour)
	last := f.now.Add(-incidentStart)
	looks(morning.Add(-(history - batchDays*day)), morning, day)
	looks(morning, first.Add(batchTold), day/2)
	looks(morning.Add(5*day), last, day)
	looks(last, f.now, day/4)
	for t := f.now.Add(-liveSince).Truncate(time.Hour); t.Before(f.now); t = t.Add(time.Hour) {
		if h := t.Hour(); h >= opens-1 && h <= closes+3 && t.After(morning) {
			steps = append(steps, step{at: t, do: work})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.do, b.do)) })
	return steps
}
