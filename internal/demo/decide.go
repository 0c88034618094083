package demo

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// labelShare of the open cases have been looked at by a person.
	labelShare = .3
	// closingCount cases are closed at the moment of the filling itself, so
	// that the trail shows it.
	closingCount = 10
	// settleIn is how long a case stays untouched at least.
	settleIn = 6 * time.Hour
)

// makeDecisions lets the agents confirm open cases and close a few of those.
func (f *founder) makeDecisions() {
	r := f.stream(partDecisions)
	for i := range f.events {
		e := &f.events[i]
		c := &e.complaint
		if c.Type != "" || e.of == ofBatch || f.now.Sub(c.At) < settleIn || r.Float64() >= labelShare {
			continue
		}
		by := pick(r, f.content.Agents)
		f.labels = append(f.labels, triage.Label{
			Complaint: c.ID, Type: e.truth.Type, Subtype: e.truth.Subtype, By: by,
		})
		if e.of != 0 || len(f.closings) == closingCount {
			continue
		}
		how, ok := f.resolutionFor(r, e)
		if !ok {
			continue
		}
		f.closings = append(f.closings, triage.Closing{
			Complaint: c.ID, Resolution: how.Text, By: by,
			Satisfaction: score(r, how.Quality, e.truth.Intensity, f.now.Sub(c.At)),
		})
	}
}
