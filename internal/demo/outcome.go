package demo

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// asked is the share of closed cases whose customer gave a score.
const asked = .75

// makeOutcomes ends most of the history, as far as it is old enough.
func (f *founder) makeOutcomes() {
	r := f.stream(partOutcomes)
	for i := range f.events {
		f.settle(r, &f.events[i])
	}
}

// settle ends a case with a resolution of its type, leaves it to be worked on
// step by step, or leaves it alone. Old cases are nearly all closed, those of
// the last days nearly all open.
func (f *founder) settle(r *rand.Rand, e *event) {
	c := &e.complaint
	age := f.now.Sub(c.At)
	if e.live = e.of != ofBatch && (r.Float64() < liveShare(age) || e.loyal && age < liveSince); e.live {
		return
	}
	if r.Float64() >= closedShare(age) && !e.loyal {
		return
	}
	took := time.Duration(float64(30*time.Hour) * math.Exp(1.1*r.NormFloat64())).Truncate(time.Minute)
	took = min(max(took, time.Hour), 20*day)
	if took >= age {
		if age < liveSince {
			return
		}
		took = (age / 2).Truncate(time.Minute)
	}
	how, ok := f.resolutionFor(r, e)
	if !ok {
		return
	}
	c.Type, c.Subtype = e.truth.Type, e.truth.Subtype
	c.Resolution = how.Text
	c.ClosedAt = c.At.Add(took)
	e.quality = how.Quality
	if e.loyal {
		c.Satisfaction = new(float64(loyalPoints))
	} else if r.Float64() < asked {
		c.Satisfaction = score(r, how.Quality, e.truth.Intensity, took)
	}
}

func closedShare(age time.Duration) float64 {
	switch {
	case age > liveSince:
		return 1
	case age > 4*day:
		return .97
	case age > 36*time.Hour:
		return .7
	}
	return .15
}

// resolutionFor picks an ending, if there is one for the case; better ones are
// more frequent.
func (f *founder) resolutionFor(r *rand.Rand, e *event) (resolution, bool) {
	var fit []resolution
	var weights []float64
	for _, how := range f.content.Resolutions {
		if how.Type != e.truth.Type || (len(how.Subtypes) > 0 && !slices.Contains(how.Subtypes, e.truth.Subtype)) {
			continue
		}
		fit = append(fit, how)
		weights = append(weights, .3+how.Quality)
	}
	if len(fit) == 0 {
		return resolution{}, false
	}
	return fit[draw(r, weights)], true
}

// score is what a customer says of an ending, 0..100: good work pleases, an
// angry start and a long wait cost points.
func score(r *rand.Rand, quality float64, intensity int, took time.Duration) *float64 {
	s := 32 + 62*quality - 4*float64(intensity) + 8*r.NormFloat64()
	if took > 5*day {
		s -= 10
	}
	s = math.Round(min(max(s, 0), 100))
	return &s
}
