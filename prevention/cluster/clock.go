package cluster

import "time"

// witnesses is the number of complaints that must be as late as the time of
// the stream: a few wrong dates in the future must not empty the memory.
const witnesses = 5

// clock keeps the latest times of complaints, latest first.
type clock [witnesses]time.Time

func (c *clock) see(at time.Time) {
	for i := range c {
		if at.After(c[i]) {
			at, c[i] = c[i], at
		}
	}
}

// now is the time of the stream: the earliest of the times kept.
func (c *clock) now() time.Time {
	for i := witnesses - 1; i > 0; i-- {
		if !c[i].IsZero() {
			return c[i]
		}
	}
	return c[0]
}
