package customer

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// TierChange gives a person another tier.
type TierChange struct {
	Customer triage.CustomerID
	Tier     triage.Tier
	Reason   string
	By       string
	At       time.Time
	// Was is the tier that the decision was based on.
	Was triage.Tier
	// Manager becomes the contact person when there is none yet; "" names
	// nobody.
	Manager string
}

// systemActor is who acts when no person does.
const systemActor = "system"

// SetTier is a person's decision on the tier of a customer. It holds until
// another one: an import does not change it. The reason is required.
func (s *Service) SetTier(ctx context.Context, id triage.CustomerID, tier triage.Tier, reason, by string) error {
	reason, err := reasonOf(reason)
	if err != nil {
		return err
	}
	if !slices.Contains(tiers, tier) {
		return triage.FieldErrorf("tier", "%q is unknown; use vip, high, potential or ordinary", tier)
	}
	person, err := s.Person(ctx, id)
	if err != nil {
		return err
	}
	return s.setTier(ctx, TierChange{
		Customer: person.ID, Tier: tier, Reason: reason, By: by, At: s.d.Now(), Was: person.Tier,
	})
}

func (s *Service) setTier(ctx context.Context, c TierChange) error {
	err := s.d.Store.SetTier(ctx, c, triage.AuditEntry{
		At: c.At, Actor: c.By, Action: "customer.tier", Object: Object(c.Customer),
		Detail: detail("from", string(c.Was), "to", string(c.Tier), "reason", c.Reason),
	})
	if err != nil {
		return err
	}
	return s.replan(ctx)
}

// SetManager names the contact person of a customer, or nobody.
func (s *Service) SetManager(ctx context.Context, id triage.CustomerID, manager, by string) error {
	if err := bounded("manager", manager, maxReason); err != nil {
		return err
	}
	person, err := s.Person(ctx, id)
	if err != nil {
		return err
	}
	return s.d.Store.SetManager(ctx, person.ID, manager, triage.AuditEntry{
		At: s.d.Now(), Actor: by, Action: "customer.manager", Object: Object(person.ID), Detail: detail("manager", manager),
	})
}

// detail writes pairs of key and value as the JSON object of an audit entry.
func detail(pairs ...string) string {
	facts := make(map[string]string, len(pairs)/2)
	for p := range slices.Chunk(pairs, 2) {
		facts[p[0]] = p[1]
	}
	b, err := json.Marshal(facts)
	if err != nil {
		return "" // cannot happen: strings always have a JSON form
	}
	return string(b)
}
