package verdict

import (
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// History is what a campaign did and what came of it, day by day without gaps.
type History struct {
	First fact.Day
	Days  []Day
	// Segments are parts of the campaign, told apart by a fact of what reached
	// the customers; each has as many days as the campaign.
	Segments []Segment
}

// Day counts customers: those reached for the first time and those who
// complained about the campaign for the first time.
type Day struct{ Reached, Complained int }

// Segment is a part of a campaign.
type Segment struct {
	Name string
	Days []Day
}

// Count is how many customers complained, of how many at risk. A customer
// counts as at risk by the share of their complaints that has had time to come:
// 30 days after, as one.
type Count struct {
	Complained int
	AtRisk     float64
}

func (c Count) plus(o Count) Count { return Count{c.Complained + o.Complained, c.AtRisk + o.AtRisk} }

func (c Count) minus(o Count) Count {
	return Count{c.Complained - o.Complained, max(c.AtRisk-o.AtRisk, 0)}
}

// riskDays is how long a customer may complain after having been reached.
const riskDays = 30

// Delay is the share of complaints that come so many days after a customer was
// reached.
type Delay [riskDays]float64

// Even is the delay of which nothing is known: every day alike.
func Even() Delay {
	var d Delay
	for k := range d {
		d[k] = 1.0 / riskDays
	}
	return d
}

// soon is the delay of complaints that mostly come within a week.
func soon() Delay {
	var d Delay
	sum := 0.0
	for k := range d {
		d[k] = math.Exp(-float64(k) / 5)
		sum += d[k]
	}
	for k := range d {
		d[k] /= sum
	}
	return d
}

// Counts returns the complaints and customers at risk of each day. Complaints of
// days on which nobody was at risk are left out: they are about something that
// nobody recorded.
func (d Delay) Counts(days []Day) []Count {
	counts := make([]Count, len(days))
	for i := range days {
		for k := range min(i+1, riskDays) {
			counts[i].AtRisk += d[k] * float64(days[i-k].Reached)
		}
		if counts[i].AtRisk > 0 {
			counts[i].Complained = days[i].Complained
		}
	}
	return counts
}

func sum(counts []Count) (all Count) {
	for _, c := range counts {
		all = all.plus(c)
	}
	return all
}

const (
	// learnRounds is how often LearnDelay improves its estimate.
	learnRounds = 30
	// learnWeight is how many complaints the even delay counts for in it.
	learnWeight = 60.0
)

// LearnDelay estimates the delay from past campaigns, by maximum likelihood of
// the Poisson model with the even delay as a prior (the EM algorithm of L. Shepp
// and Y. Vardi, "Maximum likelihood reconstruction for emission tomography",
// 1982). With few complaints it stays near the even delay.
func LearnDelay(past []History) Delay {
	d := Even()
	for range learnRounds {
		var came, could Delay
		for _, h := range past {
			counts := d.Counts(h.Days)
			all := sum(counts)
			if all.Complained == 0 {
				continue
			}
			rate := float64(all.Complained) / all.AtRisk
			for i, c := range counts {
				for k := range min(i+1, riskDays) {
					reached := float64(h.Days[i-k].Reached)
					could[k] += rate * reached
					if c.Complained > 0 {
						came[k] += float64(c.Complained) * d[k] * reached / c.AtRisk
					}
				}
			}
		}
		total := 0.0
		for k := range d {
			d[k] = (came[k] + learnWeight/riskDays) / (could[k] + learnWeight)
			total += d[k]
		}
		for k := range d {
			d[k] /= total
		}
	}
	return d
}

// maxDispersion bounds how much more than Poisson counts are taken to vary.
const maxDispersion = 3

// Dispersion is how much more the daily counts of past campaigns vary than
// Poisson counts do: Pearson's χ² by its degrees of freedom (P. McCullagh and J.
// Nelder, "Generalized Linear Models", 1989, 9.2.4), over runs of days with five
// or more expected complaints; 1 to 3. It is the median of the campaigns: one
// whose rate really changed is no measure of chance. Fewer than three that tell
// anything are 1.
func Dispersion(past []History, d Delay) float64 {
	var all []float64
	for _, h := range past {
		if x, ok := dispersion(d.Counts(h.Days)); ok {
			all = append(all, x)
		}
	}
	const enough = 3
	if len(all) < enough {
		return 1
	}
	slices.Sort(all)
	return min(max(all[len(all)/2], 1), maxDispersion)
}

func dispersion(counts []Count) (float64, bool) {
	all := sum(counts)
	if all.Complained == 0 {
		return 0, false
	}
	rate := float64(all.Complained) / all.AtRisk
	chi, runs := 0.0, 0
	var run Count
	for _, c := range counts {
		run = run.plus(c)
		if want := rate * run.AtRisk; want >= 5 {
			chi += (float64(run.Complained) - want) * (float64(run.Complained) - want) / want
			run = Count{}
			runs++
		}
	}
	const enough = 5
	return chi / float64(max(runs-1, 1)), runs > enough
}
