package customer

import (
	"context"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// planBatch is how many persons are planned in one transaction.
const planBatch = 500

// Plan is a job: it gives every person without a contact plan, and those whose
// tier has changed since, the time by which they must be contacted, and returns
// how many there were. It may be stopped anywhere and run again.
func (s *Service) Plan(ctx context.Context) (planned int, err error) {
	for {
		n, err := s.planSome(ctx, planBatch)
		planned += n
		if err != nil || n < planBatch {
			return planned, err
		}
	}
}

func (s *Service) planSome(ctx context.Context, limit int) (int, error) {
	list, err := s.d.Store.Unplanned(ctx, limit)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	now := s.d.Now()
	for i := range list {
		r := &list[i]
		r.Care.DueAt = s.d.Policy.due(r.Tier, r.Care.ContactedAt, now, s.d.Zone)
	}
	return len(list), s.d.Store.Plan(ctx, list)
}

// Due returns one page of the persons who must be contacted before f.Until, the
// first due first. Those who opted out and those without an address are apart:
// ask for them by f.Reach.
func (s *Service) Due(ctx context.Context, f DueFilter, p Page) (Rows[Record], error) {
	return s.d.Store.DueContacts(ctx, f, p)
}

// LogContact appends to the contact log of a person. A contact in the running
// period fulfils the plan for it. Time and content are required; a time to come
// is CodeInvalid.
func (s *Service) LogContact(ctx context.Context, c Contact) (Contact, error) {
	var err error
	if c.Content, err = required("content", c.Content); err != nil {
		return Contact{}, err
	}
	if err := bounded("feedback", c.Feedback, maxNote); err != nil {
		return Contact{}, err
	}
	if err := bounded("people", c.People, maxNote); err != nil {
		return Contact{}, err
	}
	c.Feedback, c.People = strings.TrimSpace(c.Feedback), strings.TrimSpace(c.People)
	if !slices.Contains(triage.Channels, c.Channel) {
		return Contact{}, triage.FieldErrorf("channel", "%q is unknown", c.Channel)
	}
	now := s.d.Now()
	if c.At.IsZero() {
		c.At = now
	}
	if c.At.After(now) {
		return Contact{}, triage.FieldErrorf("at", "is still to come: log a contact after it was made")
	}
	person, err := s.Person(ctx, c.Customer)
	if err != nil {
		return Contact{}, err
	}
	c.Customer = person.ID
	due := s.d.Policy.due(person.Tier, c.At, now, s.d.Zone)
	c.ID, err = s.d.Store.AddContact(ctx, c, due, triage.AuditEntry{
		At: now, Actor: c.By, Action: "customer.contact", Object: Object(c.Customer), Detail: detail("channel", string(c.Channel)),
	})
	return c, err
}

// Contacts returns one page of the contact log of a person, latest first.
func (s *Service) Contacts(ctx context.Context, id triage.CustomerID, p Page) (Rows[Contact], error) {
	records, err := s.d.Store.Records(ctx, id)
	if err != nil {
		return Rows[Contact]{}, err
	}
	return s.d.Store.Contacts(ctx, ids(records), p)
}
