package launch

import (
	"cmp"
	"math"
	"slices"
)

// Past is a campaign that has run, with what came of it.
type Past struct {
	ID, Name string
	// Text is what it promised: rules and copy.
	Text    string
	Channel string
	// Reached are the customers it reached, Complaints those that were attributed
	// to it, Days how long it ran.
	Reached    int
	Complaints int
	Days       int
}

// Like is a past campaign and how much it counts for a draft, 0 to 1.
type Like struct {
	Past
	Weight float64
}

// Interval is a range of numbers of complaints, both ends included.
type Interval struct{ Low, High int }

// Forecast is how many complaints a campaign will bring.
type Forecast struct {
	// Reach is the planned number of customers that the figures are for.
	Reach    int
	Expected float64
	Interval Interval // at 80 %
	Wide     Interval // at 95 %
	// Usual is what campaigns of every kind bring at this reach.
	Usual float64
	// Like are the past campaigns that count most, best first; Effective is how
	// many whole campaigns their weights amount to.
	Like      []Like
	Effective float64
	// Campaigns is how many past campaigns there are in all.
	Campaigns int
}

// Few says that hardly any similar campaign has run, so that the interval is
// about as wide as the spread of all campaigns.
func (f *Forecast) Few() bool { return f.Effective < fewAlike }

// PerTenThousand turns a number of complaints into one per 10 000 reached.
func (f *Forecast) PerTenThousand(complaints float64) float64 {
	return complaints / float64(f.Reach) * 10_000
}

const (
	fewAlike = 3.0
	// backing is how many whole campaigns all campaigns together count for when
	// none of them is similar; from fewAlike similar ones on they count no more.
	backing = 2.0
	// shownAlike bounds the list of similar campaigns, leastAlike the weight of
	// one that is worth showing.
	shownAlike = 8
	leastAlike = 0.2
)

// Predict forecasts the complaints of a draft with a planned reach. It is false
// without a reach, or when no past campaign has reached anybody.
//
// A campaign's complaints per customer reached are taken as a draw from a gamma
// distribution that campaigns of the kind share, and its complaints as Poisson
// at that rate: negative-binomial. Mean and shape of the gamma are not plugged
// in but integrated over a grid, each past campaign counting with its weight, so
// that few similar campaigns widen the interval by themselves. Where they are
// fewer than three, all campaigns stand behind them: theirs is the spread that
// remains when nothing is similar.
func Predict(d *Draft, past []Past) (Forecast, bool) {
	past = slices.DeleteFunc(slices.Clone(past), func(p Past) bool { return p.Reached <= 0 || p.Complaints < 0 })
	if d.Reach <= 0 || len(past) == 0 {
		return Forecast{}, false
	}
	weights := likeness(d, past)
	f := Forecast{Reach: d.Reach, Campaigns: len(past)}
	for _, w := range weights {
		f.Effective += w
	}
	floor := min(1, backing*max(0, 1-f.Effective/fewAlike)/float64(len(past)))
	list := make([]weighted, len(past))
	complaints, reached := 0, 0
	for i := range past {
		p := &past[i]
		complaints, reached = complaints+p.Complaints, reached+p.Reached
		list[i] = weighted{y: float64(p.Complaints), n: float64(p.Reached), w: max(weights[i], floor)}
		if weights[i] >= leastAlike {
			f.Like = append(f.Like, Like{*p, weights[i]})
		}
	}
	slices.SortStableFunc(f.Like, func(a, b Like) int { return cmp.Compare(b.Weight, a.Weight) })
	f.Like = f.Like[:min(len(f.Like), shownAlike)]
	m := newMixture(list, float64(d.Reach))
	f.Expected = m.mean()
	f.Interval = Interval{m.quantile(0.1), m.quantile(0.9)}
	f.Wide = Interval{m.quantile(0.025), m.quantile(0.975)}
	f.Usual = float64(complaints) / float64(reached) * float64(d.Reach)
	return f, !math.IsNaN(f.Expected)
}
