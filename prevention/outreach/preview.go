package outreach

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Preview is what a plan would do if it were approved now.
type Preview struct {
	// Cohort has the rule in words and who is excluded why.
	Cohort prevention.Cohort
	// Reached counts who would be told or held out; Unreached, by reason, the
	// cohort's customers who cannot be written to.
	Reached   int
	Unreached map[string]int
	// ByChannel counts the reached by the first channel; Segments are the text
	// messages to be paid for if nobody is held out.
	ByChannel map[string]int
	Segments  int
	// FirstAt is when the first message would leave: after the start and the
	// quiet hours.
	FirstAt time.Time
	// Recipients are examples, most likely affected first.
	Recipients []Recipient
}

// Recipient is one customer of a preview. Name and address are masked, in Text
// too.
type Recipient struct {
	Customer triage.CustomerID
	Name     string
	Channel  string
	Address  string
	Subject  string
	Text     string
	// Segments counts the text messages, 0 for other channels.
	Segments int
	// Reason is why the customer cannot be told, "" when they can.
	Reason string
}

// Preview shows a plan's content on at most limit real customers. The content
// need not be stored. Errors name the field that Submit would refuse.
func (s *Service) Preview(ctx context.Context, content prevention.Plan, limit int) (Preview, error) {
	if err := s.check(&content); err != nil {
		return Preview{}, err
	}
	now := s.d.Now()
	cohort, err := s.d.Cohorts.Select(ctx, content.Cluster, content.Cohort, now)
	if err != nil {
		return Preview{}, err
	}
	v := Preview{Cohort: cohort, Unreached: map[string]int{}, ByChannel: map[string]int{}, FirstAt: now}
	if content.StartAt.After(now) {
		v.FirstAt = content.StartAt
	}
	v.FirstAt = s.d.Policy.Quiet.Next(v.FirstAt, s.d.Zone)
	reached, all, err := s.reach(ctx, &content, cohort.Customers)
	if err != nil {
		return Preview{}, err
	}
	v.Reached = len(reached)
	for i, r := range all {
		if r.Reason != "" {
			v.Unreached[r.Reason]++
		} else {
			v.ByChannel[r.Channel]++
			v.Segments += r.Segments
		}
		if i < limit {
			v.Recipients = append(v.Recipients, r)
		}
	}
	return v, nil
}

// reach writes to every candidate, in order, and returns those who can be told
// and, for all of them, how it would look. Of several customers with one phone or
// e-mail, such as one person who is in the file twice, the first is told.
func (s *Service) reach(ctx context.Context, p *prevention.Plan, candidates []prevention.Candidate) ([]prevention.Candidate, []Recipient, error) {
	var reached []prevention.Candidate
	taken := map[string]bool{}
	all := make([]Recipient, 0, len(candidates))
	for len(candidates) > 0 {
		part := candidates[:min(len(candidates), batch)]
		candidates = candidates[len(part):]
		recipients, err := s.writeTo(ctx, p, part, taken)
		if err != nil {
			return nil, nil, err
		}
		for i, r := range recipients {
			if r.Reason == "" {
				reached = append(reached, part[i])
			}
		}
		all = append(all, recipients...)
	}
	return reached, all, nil
}

func (s *Service) writeTo(ctx context.Context, p *prevention.Plan, part []prevention.Candidate, taken map[string]bool) ([]Recipient, error) {
	ids := make([]triage.CustomerID, len(part))
	at := map[triage.CustomerID]time.Time{}
	conditions := map[triage.CustomerID][]prevention.Condition{}
	for i, c := range part {
		ids[i] = c.Customer
		if needsExposure(p.Template) && !c.Exposed.IsZero() {
			at[c.Customer], conditions[c.Customer] = c.Exposed, p.Cohort.Conditions
		}
	}
	customers, err := s.d.Customers.CustomersByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("outreach: read customers: %w", err)
	}
	exposures, err := exposuresAt(ctx, s.d.Exposures, at, conditions)
	if err != nil {
		return nil, err
	}
	recipients := make([]Recipient, len(part))
	for i, id := range ids {
		c, known := customers[id]
		if !known {
			recipients[i] = Recipient{Customer: id, Reason: ReasonUnknownCustomer}
			continue
		}
		recipients[i] = s.recipient(p, &c, exposures[id], taken)
	}
	return recipients, nil
}

// recipient writes one message twice: with the real name to measure it, with
// the masked one to show it. Taken are the addresses of those before.
func (s *Service) recipient(p *prevention.Plan, c *triage.Customer, e *triage.Exposure, taken map[string]bool) Recipient {
	r := Recipient{Customer: c.ID, Name: c.Name.String()}
	if c.OptedOut {
		r.Reason = ReasonOptedOut
		return r
	}
	ch, _, ok := s.write.route(p.Channels, &prevention.Notice{}, c)
	if !ok {
		r.Reason = ReasonNoAddress
		return r
	}
	r.Channel = ch.Name
	switch ch.Address {
	case prevention.AddressPhone:
		r.Address = c.Phone.String()
	case prevention.AddressEmail:
		r.Address = c.Email.String()
	default:
		r.Address = string(c.ID)
	}
	sent, err := s.write.message(p.Template, &ch, c.Name.Reveal(), c, e)
	if err != nil {
		r.Reason = reasonFor(err)
		return r
	}
	address := sent.To
	if ch.Address == prevention.AddressEmail {
		address = strings.ToLower(address)
	}
	if taken[address] {
		r.Reason = ReasonSameAddress
		return r
	}
	taken[address] = true
	if ch.Address == prevention.AddressPhone {
		r.Segments = Segments(sent.Text)
	}
	// What has a value for the one has it for the other.
	shown, err := s.write.message(p.Template, &ch, c.Name.String(), c, e)
	if err != nil {
		r.Reason = reasonFor(err)
		return r
	}
	r.Subject, r.Text = shown.Subject, shown.Text
	return r
}
