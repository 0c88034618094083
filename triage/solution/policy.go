package solution

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
)

// Limit is what may be given to a customer of a tier without asking further.
type Limit struct {
	Tier triage.Tier `json:"tier"`
	// Amount is the most, in fen; 0 for none.
	Amount Money `json:"amount"`
	// Gift is a present instead of or beside it, "" for none.
	Gift string `json:"gift,omitempty"`
}

// Policy is the limits of a solution, at most one for each tier. An empty
// policy says nothing.
type Policy []Limit

// rising are the tiers from the lowest value to the highest.
var rising = []triage.Tier{triage.TierOrdinary, triage.TierPotential, triage.TierHigh, triage.TierVIP}

// For returns the limit of a tier: its own, else that of the nearest tier below
// that has one, else nothing. A tier that nobody knows is ordinary. ok is false
// for an empty policy.
func (p Policy) For(tier triage.Tier) (l Limit, ok bool) {
	at := max(slices.Index(rising, tier), 0)
	l.Tier = rising[at]
	for i := at; i >= 0; i-- {
		if j := slices.IndexFunc(p, func(l Limit) bool { return l.Tier == rising[i] }); j >= 0 {
			l.Amount, l.Gift = p[j].Amount, p[j].Gift
			break
		}
	}
	return l, len(p) > 0
}

// Check refuses an amount above the limit of the tier with CodeForbidden and
// the limit. An empty policy allows no amount that it was asked about, because
// nobody has said that it may be paid.
func (p Policy) Check(amount Money, tier triage.Tier) error {
	l, known := p.For(tier)
	switch {
	case amount < 0:
		return triage.FieldErrorf("amount", "%v yuan is below 0", amount)
	case amount == 0:
		return nil
	case !known:
		return &triage.Error{Code: triage.CodeForbidden, Field: "amount", Message: "the solution has no compensation policy; add one or let a lead decide"}
	case amount > l.Amount:
		e := triage.Errorf(triage.CodeForbidden, "%v yuan is more than the %v yuan that the policy allows a customer of the tier %s", amount, l.Amount, l.Tier)
		e.Field = "amount"
		return e
	}
	return nil
}
