package counter

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// suppressedHere is the reason of suppressions that customers asked for at the
// counter.
const suppressedHere = "counter"

// Complain makes a complaint of the words of a capture and returns it, once: again
// it returns the same one. CodeConflict is a capture without words, or one that
// was undone.
func (s *Service) Complain(ctx context.Context, id int64, by string) (triage.Case, error) {
	c, err := s.d.Store.Capture(ctx, id)
	if err != nil {
		return triage.Case{}, err
	}
	if c.Words == "" || c.Undone || s.d.Intake == nil {
		return triage.Case{}, triage.Errorf(triage.CodeConflict, "capture %d has no words to make a complaint of", id)
	}
	complaint := triage.Complaint{
		ID: triage.ComplaintID("counter-" + strconv.FormatInt(id, 10)), CustomerID: c.Customer, Channel: triage.ChannelCounter, At: c.At,
		Text: c.Words, Campaign: c.Campaign, Attrs: map[string]any{"capture": strconv.FormatInt(id, 10)},
	}
	if c.Customer != "" {
		who, err := s.d.Store.Customer(ctx, c.Customer, nil, c.At)
		if err != nil && triage.CodeOf(err) != triage.CodeNotFound {
			return triage.Case{}, err
		}
		complaint.Region = who.Region
	}
	receipt, err := s.d.Intake.Submit(ctx, complaint, 0)
	if err != nil || c.Case == receipt.Case.ID {
		return receipt.Case, err
	}
	c.Case = receipt.Case.ID
	_, err = s.change(ctx, c, s.entry(by, "capture.complain", &c))
	return receipt.Case, err
}

// OptOut keeps a person from being told anything more, under every record and
// every address that we know of them; what they need for a service of ours is
// another matter. Again it changes nothing. CodeNotFound is an unknown customer.
func (s *Service) OptOut(ctx context.Context, id triage.CustomerID, by string) error {
	now := s.d.Now()
	who, err := s.d.Store.Customer(ctx, id, nil, now)
	if err != nil {
		return err
	}
	list := make([]prevention.Suppression, 0, len(who.Records)+len(who.Addresses))
	for _, record := range who.Records {
		list = append(list, prevention.Suppression{Customer: record, Reason: suppressedHere, At: now, By: by})
	}
	for _, address := range who.Addresses {
		list = append(list, prevention.Suppression{Customer: who.ID, Address: address, Reason: suppressedHere, At: now, By: by})
	}
	detail, err := json.Marshal(map[string]int{"records": len(who.Records), "addresses": len(who.Addresses)})
	if err != nil {
		return err
	}
	return s.d.Store.OptOut(ctx, list, triage.AuditEntry{
		At: now, Actor: by, Action: "customer.opt_out", Object: customer.Object(who.ID), Detail: string(detail),
	})
}

// Capture returns one capture, or CodeNotFound.
func (s *Service) Capture(ctx context.Context, id int64) (Capture, error) {
	return s.d.Store.Capture(ctx, id)
}

// Log returns one page of the captures that count, the latest first.
func (s *Service) Log(ctx context.Context, f Filter) (Page, error) { return s.d.Store.Log(ctx, f) }

// PhoneEnds returns the customers whose phone ends in the digits, at most limit;
// fewer than four digits are CodeInvalid.
func (s *Service) PhoneEnds(ctx context.Context, digits string, limit int) ([]triage.Customer, error) {
	return s.d.Store.PhoneEnds(ctx, digits, limit)
}

// Reactions counts how customers took a campaign at from <= t < to, and the same
// by day.
func (s *Service) Reactions(ctx context.Context, id string, from, to time.Time) (campaign.Reaction, []DayReaction, error) {
	if _, err := s.d.Campaigns.Campaign(ctx, id); err != nil {
		return campaign.Reaction{}, nil, err
	}
	total, err := s.d.Store.Reactions(ctx, id, from, to)
	if err != nil {
		return campaign.Reaction{}, nil, err
	}
	days, err := s.d.Store.ReactionDays(ctx, id, from, to)
	return total, days, err
}
