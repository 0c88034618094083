package triage

import (
	"context"
	"maps"
)

// Matcher recognises the customers of complaints that came in without one.
type Matcher interface {
	// Match returns for each case, in order, who its customer is, zero when that
	// is not known for sure.
	Match(ctx context.Context, cases []Case) ([]Matched, error)
	// Doubt is told of new cases that may be of one of several customers, after
	// they are durable, so that a person chooses.
	Doubt(ctx context.Context, cases []Case) error
}

// Matched is who a customer was recognised as.
type Matched struct {
	Customer CustomerID
	// Basis is what they were recognised by: "phone", "email", "order".
	Basis string
	// Doubt says that a person has to choose.
	Doubt bool
}

// AttrMatchedBy is the attribute of a case that says by what its customer was
// recognised, when the source had not named one.
const AttrMatchedBy = "customer_matched_by"

// match names the customers of the cases that came in without one, and returns
// those whose customer a person has to choose, by id. Recognising is help, not a
// condition: without it the case has no customer.
func (s *Service) match(ctx context.Context, cases []Case) map[ComplaintID]bool {
	if s.d.Matcher == nil {
		return nil
	}
	var at []int
	var unnamed []Case
	for i := range cases {
		if cases[i].CustomerID == "" {
			at, unnamed = append(at, i), append(unnamed, cases[i])
		}
	}
	if len(unnamed) == 0 {
		return nil
	}
	matched, err := s.d.Matcher.Match(ctx, unnamed)
	if err != nil {
		s.d.Log.Warn("triage: customers cannot be recognised", "cases", len(unnamed), "err", err)
		return nil
	}
	doubts := map[ComplaintID]bool{}
	for n, m := range matched {
		c := &cases[at[n]]
		if m.Doubt {
			doubts[c.ID] = true
		}
		if m.Customer == "" {
			continue
		}
		c.CustomerID = m.Customer
		if len(c.Attrs) < maxAttrs { // the caller's map is not ours
			attrs := make(map[string]any, len(c.Attrs)+1)
			maps.Copy(attrs, c.Attrs)
			attrs[AttrMatchedBy] = m.Basis
			c.Attrs = attrs
		}
	}
	return doubts
}

// doubt hands new cases on whose customer a person has to choose.
func (s *Service) doubt(ctx context.Context, fresh []Case, doubts map[ComplaintID]bool) {
	var list []Case
	for i := range fresh {
		if doubts[fresh[i].ID] {
			list = append(list, fresh[i])
		}
	}
	if len(list) == 0 {
		return
	}
	if err := s.d.Matcher.Doubt(ctx, list); err != nil {
		s.d.Log.Error("triage: nobody was asked who the customers of new cases are", "cases", len(list), "err", err)
	}
}
