package counter

import (
	"cmp"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

// Fit is how well a campaign suits a customer, with its grounds.
type Fit struct {
	// Score orders the campaigns that may be recommended, the best first.
	Score float64
	// Liked and Disliked name the campaign most like this one that the customer
	// took, or declined; "" for none.
	Liked, Disliked string
	// ForTier says that the campaign is made for the customer's tier among others.
	ForTier bool
}

const (
	// alike is from which likeness on a campaign says something of another.
	alike = 0.35
	// The weights of Score are judgement: what a customer did counts most, then for
	// whom the campaign is, then how many complain of it (at ten in ten thousand
	// as much as the tier).
	likedWeight    = 2
	dislikedWeight = 2
	tierWeight     = 1
	rateWeight     = 0.1
	maxRateLoss    = 3
)

// taste is which campaigns a customer took and declined.
type taste struct{ took, declined []*triage.Campaign }

func tasteOf(who *Customer, all []triage.Campaign) (t taste) {
	if who == nil {
		return t
	}
	for i := range all {
		c := &all[i]
		took, declined := who.Joined[c.ID], false
		for k := range who.Captures {
			if x := &who.Captures[k]; x.Campaign == c.ID {
				took = took || x.Attitude == campaign.Accepted
				declined = declined || x.Attitude == campaign.Refused || x.Attitude == campaign.Annoyed
			}
		}
		switch {
		case took:
			t.took = append(t.took, c)
		case declined:
			t.declined = append(t.declined, c)
		}
	}
	return t
}

// fit says how well a campaign suits.
func (t *taste) fit(who *Customer, c *triage.Campaign, s Standing) Fit {
	var f Fit
	liked, like := nearest(c, t.took)
	disliked, dislike := nearest(c, t.declined)
	if like >= alike {
		f.Liked, f.Score = liked, likedWeight*like
	}
	if dislike >= alike {
		f.Disliked = disliked
		f.Score -= dislikedWeight * dislike
	}
	if who != nil && slices.Contains(c.Eligible.Tiers, who.Tier) {
		f.ForTier = true
		f.Score += tierWeight
	}
	if s.Rate != nil {
		f.Score -= min(rateWeight**s.Rate, maxRateLoss)
	}
	return f
}

func nearest(c *triage.Campaign, others []*triage.Campaign) (name string, likeness float64) {
	for _, o := range others {
		if l := likenessOf(c, o); l > likeness {
			name, likeness = cmp.Or(o.Name, o.ID), l
		}
	}
	return name, likeness
}

// likenessOf compares two campaigns by the pairs of neighbouring characters of
// their name, objective and audience: the coefficient of Dice (1945), 0 to 1.
func likenessOf(a, b *triage.Campaign) float64 {
	x, y := pairs(a), pairs(b)
	if len(x)+len(y) == 0 {
		return 0
	}
	both := 0
	for p := range x {
		if y[p] {
			both++
		}
	}
	return 2 * float64(both) / float64(len(x)+len(y))
}

func pairs(c *triage.Campaign) map[[2]rune]bool {
	set := map[[2]rune]bool{}
	for _, text := range []string{c.Name, c.Objective, c.Audience} {
		r := []rune(text)
		for i := 1; i < len(r); i++ {
			set[[2]rune{r[i-1], r[i]}] = true
		}
	}
	return set
}

// inOrder puts those that may be recommended first, the best fit before the
// others; then those that may come to be, then those that are over.
func inOrder(a, b *Advice) int {
	rank := func(x *Advice) int {
		switch {
		case x.Recommended() && !x.Soon:
			return 0
		case x.Recommended():
			return 1
		case slices.ContainsFunc(x.Why, func(w Why) bool { return w.Code == Ended }):
			return 3
		}
		return 2
	}
	if rank(a) == 3 && rank(b) == 3 {
		return cmp.Or(b.Campaign.To.Compare(a.Campaign.To), cmp.Compare(a.Campaign.ID, b.Campaign.ID))
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Fit.Score, a.Fit.Score), cmp.Compare(a.Campaign.ID, b.Campaign.ID))
}
