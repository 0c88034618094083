package card

import (
	"cmp"
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
)

// The weights of the parts of a composite, together 1.
const (
	WeightComplaints   = 0.5
	WeightTaken        = 0.2
	WeightSatisfaction = 0.15
	WeightEscalation   = 0.15
)

// What a part is worth as long as little is known of it: so many contacts,
// scores or complaints of the mean of all campaigns.
const (
	priorContacts   = 20.0
	priorScores     = 10.0
	priorComplaints = 20.0
	// worstEscalation is the share of escalations that is worth nothing.
	worstEscalation = 0.3
)

// Entry is what the rank of a campaign is made of.
type Entry struct {
	Campaign string
	// Rate is that of complaints, drawn towards campaigns alike.
	Rate verdict.Rate
	// Accepted of Asked at the counter.
	Accepted, Asked int
	// Scores is the sum of Scored scores, 0 to 100 each.
	Scores float64
	Scored int
	// Escalated of Complaints.
	Escalated, Complaints int
}

// Place is the rank of a campaign: 1 is the best.
type Place struct {
	Campaign string
	Rank     int
	// Best and Worst are the ranks that are possible within the intervals.
	Best, Worst int
	// Points are 0 to 100 with their 90 % interval.
	Points, Low, High float64
	// Parts are the points of complaints, take-up, satisfaction and escalation, 0
	// to 1 each, in this order.
	Parts [4]float64
}

// part is a value of 0 to 1 and half the width of its 90 % interval.
type part struct{ value, half float64 }

// Rank orders campaigns by a composite: complaints per customer reached (half of
// it), take-up at the counter, satisfaction, and escalations. Every part is drawn
// towards the mean of all by how little is known of it, so that a small campaign
// is neither first nor last by luck. The interval adds those of the parts as of
// independent quantities.
func Rank(entries []Entry) []Place {
	if len(entries) == 0 {
		return nil
	}
	mean := means(entries)
	places := make([]Place, len(entries))
	weights := [4]float64{WeightComplaints, WeightTaken, WeightSatisfaction, WeightEscalation}
	for i := range entries {
		p := Place{Campaign: entries[i].Campaign}
		var value, square float64
		for k, part := range mean.parts(&entries[i]) {
			p.Parts[k] = part.value
			value += weights[k] * part.value
			square += weights[k] * weights[k] * part.half * part.half
		}
		half := math.Sqrt(square)
		p.Points, p.Low, p.High = 100*value, 100*max(value-half, 0), 100*min(value+half, 1)
		places[i] = p
	}
	slices.SortFunc(places, func(a, b Place) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(a.Campaign, b.Campaign))
	})
	for i := range places {
		p := &places[i]
		p.Rank, p.Best, p.Worst = i+1, 1, len(places)
		for j := range places {
			if places[j].Low > p.High {
				p.Best++
			}
			if places[j].High < p.Low {
				p.Worst--
			}
		}
	}
	return places
}

// usual are the means of all campaigns.
type usual struct{ rate, taken, score, escalated float64 }

func means(entries []Entry) usual {
	var accepted, asked, scored, escalated, complaints int
	var rates, scores float64
	for i := range entries {
		e := &entries[i]
		rates += math.Log(max(e.Rate.Value, 1e-6))
		accepted, asked = accepted+e.Accepted, asked+e.Asked
		scores, scored = scores+e.Scores, scored+e.Scored
		escalated, complaints = escalated+e.Escalated, complaints+e.Complaints
	}
	return usual{
		rate:  math.Exp(rates / float64(len(entries))),
		taken: (float64(accepted) + 1) / (float64(asked) + 2), score: (scores + 70) / (float64(scored) + 1),
		escalated: (float64(escalated) + 0.1) / (float64(complaints) + 2),
	}
}

func (u *usual) parts(e *Entry) [4]part {
	worth := func(rate float64) float64 { return 1 / (1 + max(rate, 0)/u.rate) } // a half at the usual rate
	taken := shrunk(float64(e.Accepted), float64(e.Asked), u.taken, priorContacts)
	escalated := shrunk(float64(e.Escalated), float64(e.Complaints), u.escalated, priorComplaints)
	n := float64(e.Scored) + priorScores
	const spread = 25.0 // standard deviation of scores, of the order of 25 points
	return [4]part{
		{worth(e.Rate.Value), (worth(e.Rate.Low) - worth(e.Rate.High)) / 2},
		taken,
		{(e.Scores + priorScores*u.score) / n / 100, z90 * spread / 100 / math.Sqrt(n)},
		{1 - min(escalated.value/worstEscalation, 1), min(escalated.half/worstEscalation, 0.5)},
	}
}

// z90 is the two-sided 90 % quantile of the normal distribution.
const z90 = 1.6449

// shrunk is a share drawn towards a mean that weighs as much as prior
// observations, with the interval of the Beta distribution that this makes.
func shrunk(n, of, mean, prior float64) part {
	p := (n + prior*mean) / (of + prior)
	return part{p, z90 * math.Sqrt(p*(1-p)/(of+prior+1))}
}
