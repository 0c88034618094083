package effect

import (
	"cmp"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// trial is what is known of both arms so far.
type trial struct {
	told, held Side
	// u is the log-rank statistic, complaints of the told less those expected if
	// telling had no effect; v its variance (Mantel 1966).
	u, v float64
	// difference is that of the cumulative hazards, told less held (Nelson
	// 1969, Aalen 1978), spread the sum of its squared steps: the variance of
	// the martingale that it is about the true difference.
	difference, spread float64
	// hazardTold and hazardHeld are the two hazards.
	hazardTold, hazardHeld float64
}

// exit is when a customer left the watch: by a complaint or by its end.
type exit struct {
	after      time.Duration
	complained bool
	told       bool
}

// exits follows each customer from From until the horizon or until, whichever
// is first; those fixed at or after until are not followed yet.
func exits(followed []prevention.Followed, until time.Time, horizon time.Duration) []exit {
	list := make([]exit, 0, len(followed))
	for _, f := range followed {
		if !f.From.Before(until) {
			continue
		}
		e := exit{after: min(until.Sub(f.From), horizon), told: f.Arm == prevention.ArmTold}
		if c := f.Complained; !c.IsZero() && !c.Before(f.From) && c.Sub(f.From) < e.after {
			e.after, e.complained = c.Sub(f.From), true
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b exit) int { return cmp.Compare(a.after, b.after) })
	return list
}

// watch counts through the exits in order of time. Complaints at the same
// moment share one risk set.
func watch(list []exit) trial {
	var t trial
	for _, e := range list {
		t.side(e.told).Customers++
	}
	told, held := float64(t.told.Customers), float64(t.held.Customers)
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].after == list[0].after {
			n++
		}
		var leftTold, leftHeld, dTold, dHeld float64
		for _, e := range list[:n] {
			switch {
			case e.told:
				leftTold++
			default:
				leftHeld++
			}
			if e.complained {
				t.side(e.told).Complained++
				if e.told {
					dTold++
				} else {
					dHeld++
				}
			}
		}
		t.step(dTold, dHeld, told, held)
		told, held, list = told-leftTold, held-leftHeld, list[n:]
	}
	return t
}

func (t *trial) side(told bool) *Side {
	if told {
		return &t.told
	}
	return &t.held
}

// step adds the complaints of one moment to the statistics, of so many in each
// arm who were still followed.
func (t *trial) step(dTold, dHeld, told, held float64) {
	d, n := dTold+dHeld, told+held
	if d == 0 {
		return
	}
	t.u += dTold - d*told/n
	if n > 1 {
		t.v += d * (told / n) * (held / n) * (n - d) / (n - 1)
	}
	if told > 0 {
		t.hazardTold += dTold / told
		t.spread += dTold / (told * told)
	}
	if held > 0 {
		t.hazardHeld += dHeld / held
		t.spread += dHeld / (held * held)
	}
	t.difference = t.hazardTold - t.hazardHeld
}
