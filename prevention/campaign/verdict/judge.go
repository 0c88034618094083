package verdict

import (
	"math"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

const (
	// leastNew is how many customers must have complained before anything is
	// called worse: two are a coincidence that nobody acts on.
	leastNew = 3
	// leastGrowth is the growth that is worth adjusting for.
	leastGrowth = 1.5
	// leastAlike is how many past campaigns make a comparison.
	leastAlike = 2
	// leastEscalated and leastContacts are the counts from which those shares matter.
	leastEscalated, leastContacts = 5, 30
	// openLength is the horizon of a campaign without an end.
	openLength = 180
	// keeps is what an alarm that has been given needs to go on: it is not taken
	// back because one day was good.
	keeps = 10.0
	// horizonLeast is the shortest horizon of the search for a change.
	horizonLeast = 30
)

// Judge returns the verdict of the day. It does not look at the clock and gives
// the same answer for the same evidence.
func Judge(e Evidence, l Limits) Verdict {
	j := judge{e: e, l: l, even: e.Delay.Counts(e.History.Days)}
	j.compare()
	j.search()
	v := &j.v
	switch {
	case j.far():
		v.Signal, v.Why, v.Sure = Stop, WhyFar, true
	case j.manyEscalate():
		v.Signal, v.Why, v.Sure = Stop, WhyEscalated, true
	case j.unwelcome():
		v.Signal, v.Why, v.Sure = Stop, WhyUnwelcome, true
	case v.Since != 0:
		v.Signal, v.Why, v.Sure = Adjust, WhyChange, true
	case v.Segment != "":
		v.Signal, v.Why, v.Sure = Adjust, WhySegment, true
	case j.above():
		v.Signal, v.Why, v.Sure = Adjust, WhyAbove, true
	case j.all.AtRisk == 0:
		v.Signal, v.Why = Go, WhyUnknown
	case j.fine():
		v.Signal, v.Why, v.Sure = Go, WhyFine, true
	default:
		v.Signal, v.Why = Go, WhyEarly
	}
	return j.v
}

type judge struct {
	e    Evidence
	l    Limits
	even []Count // per day, by the delay of the evidence
	all  Count
	// regime are the days that the question of stopping is about: since the rate
	// went up, or of the part that is worse, or all; from is the first of them and
	// before what it was until then, or elsewhere.
	regime []Day
	from   int
	before Count
	v      Verdict
}

// delays are those under all of which something must look bad: this campaign's
// complaints may come sooner or later than those of past ones. The least of
// e-processes is one against all of their hypotheses.
func (j *judge) delays() []Delay { return []Delay{j.e.Delay, Even(), soon()} }

// over is the logarithm of the e-process against a rate of at most limit from a
// day on.
func (j *judge) over(days []Day, from int, limit float64) float64 {
	least := math.Inf(1)
	for _, d := range j.delays() {
		least = min(least, exceeds(sum(d.Counts(days)[from:]), limit))
	}
	return least
}

// compare fills in the rates and what they are compared with.
func (j *judge) compare() {
	v, e := &j.v, &j.e
	j.all = sum(j.even)
	j.regime = e.History.Days
	v.Count, v.Complaints, v.Escalated = j.all.Complained, e.Complaints, e.Escalated
	v.Unwelcome, v.Contacts = e.Unwelcome, e.Contacts
	v.SimilarCampaigns = e.Prior.Campaigns
	now := e.Prior.Given(j.all)
	v.Rate = now.Rate()
	if e.Prior.Campaigns > 0 {
		v.SimilarRate, v.Similar = e.Prior.Pool.Rate(), now.over(e.Prior.Pool)
	}
	if e.General.AtRisk > 0 {
		v.GeneralRate, v.General = ofCount(e.General).Rate(), now.over(ofCount(e.General))
	}
	const week = 7
	if cut := len(j.even) - week; cut > 0 {
		j.own(sum(j.even[:cut]), sum(j.even[cut:]))
	}
}

// own compares later days with earlier ones.
func (j *judge) own(before, after Count) {
	if before.AtRisk <= 0 || after.AtRisk <= 0 {
		return
	}
	j.v.RecentCount = after.Complained
	j.v.Recent = j.e.Prior.Given(after).Rate()
	j.v.Own = ofCount(after).over(ofCount(before))
}

// search looks for a day from which, and a segment in which, it is worse.
func (j *judge) search() {
	h := j.e.History
	length := j.e.Length
	if length <= 0 {
		length = openLength
	}
	marks := marksOf(h)
	found := change{Log: math.Inf(1)}
	worst := part{Log: math.Inf(1)}
	for i, d := range j.delays() {
		c := findChange(d.Counts(h.Days), marks, j.e.Prior.Gamma, max(length, horizonLeast))
		p := findPart(h, d, j.e.Prior.Gamma)
		if i == 0 {
			found, worst = c, p
		}
		found.Log, worst.Log = min(found.Log, c.Log), min(worst.Log, p.Log)
	}
	if j.raised(found.Log, j.l.FalseAdjust) && found.After.Complained >= leastNew && grown(found.Before, found.After) {
		j.v.Since = h.First + fact.Day(found.At)
		j.own(found.Before, found.After)
		j.from, j.before = found.At, found.Before
	}
	if j.raised(worst.Log, j.l.FalseAdjust) && worst.This.Complained >= leastNew && grown(worst.Rest, worst.This) {
		j.v.Segment, j.v.SegmentCount = worst.Name, worst.This.Complained
		j.v.SegmentRate = j.e.Prior.Given(worst.This).Rate()
		j.v.Rest = ofCount(worst.This).over(ofCount(worst.Rest))
		if j.v.Since == 0 {
			j.regime, j.before = segment(h, worst.Name), worst.Rest
		}
	}
}

// raised says whether an e-process has reached its limit. Its logarithm is
// divided by the dispersion: a power of an e-value below 1 is one by Jensen's
// inequality, and quasi-likelihood scales so.
func (j *judge) raised(log, level float64) bool {
	return j.reached(log, level, j.e.Was == Adjust || j.e.Was == Stop)
}

// stops is raised for a reason to stop: an alarm to adjust does not make it
// easier.
func (j *judge) stops(log float64) bool { return j.reached(log, j.l.FalseStop, j.e.Was == Stop) }

func (j *judge) reached(log, level float64, given bool) bool {
	limit := math.Log(1 / level)
	if given {
		limit -= math.Log(keeps)
	}
	return log/max(j.e.Dispersion, 1) >= limit
}

func segment(h History, name string) []Day {
	for _, s := range h.Segments {
		if s.Name == name {
			return s.Days
		}
	}
	return nil
}

func grown(before, after Count) bool {
	return ofCount(after).Mean() >= leastGrowth*ofCount(before).Mean()
}

// far: clearly over both limits, that of campaigns alike, or of its own days
// before, and the absolute one.
func (j *judge) far() bool {
	usual := 0.0
	switch {
	case j.e.Prior.Campaigns >= leastAlike:
		usual = max(j.e.Prior.Mean(), j.e.Prior.Upper/j.l.Far)
	case j.before.AtRisk > 0:
		usual = ofCount(j.before).Mean()
	default:
		return false
	}
	n := 0
	for _, d := range j.regime[j.from:] {
		n += d.Complained
	}
	return n >= 2*leastNew && j.stops(j.over(j.regime, j.from, max(j.l.Far*usual, j.l.FarRate/perTenThousand)))
}

func (j *judge) manyEscalate() bool {
	return j.e.Escalated >= leastEscalated &&
		j.stops(often(j.e.Escalated, j.e.Complaints, max(j.l.Escalated, min(3*j.e.UsualEscalated, 0.9))))
}

func (j *judge) unwelcome() bool {
	return j.e.Contacts >= leastContacts && j.stops(often(j.e.Unwelcome, j.e.Contacts, j.l.Unwelcome))
}

// above: clearly over the limit of campaigns alike. Their rates differ among
// themselves: the limit is over almost all of them, too.
func (j *judge) above() bool {
	return j.e.Prior.Campaigns >= leastAlike && j.all.Complained >= leastNew && j.raised(j.over(j.e.History.Days, 0, j.limit()), j.l.FalseAdjust)
}

// limit is the rate from which the campaign is worse than its like.
func (j *judge) limit() float64 { return max(j.l.Above*j.e.Prior.Mean(), j.e.Prior.Upper) }

// fine: enough is known of the campaign itself to say that the rate is below the
// limit: at the limit three customers would have complained by now.
func (j *judge) fine() bool {
	limit, now := j.l.FarRate/perTenThousand, ofCount(j.all)
	if j.e.Prior.Campaigns >= leastAlike {
		limit, now = j.limit(), j.e.Prior.Given(j.all)
	}
	return j.all.AtRisk*limit >= leastNew && now.quantile(0.95) < limit
}
