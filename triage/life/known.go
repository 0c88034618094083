package life

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// known is what a case says by itself of what a hand-over carries; "" where it
// says nothing. The contact is the customer's own, not masked: it is shown like
// every other fact.
func (s *Service) known(ctx context.Context, c *triage.Case) (map[string]string, error) {
	contact, err := s.contact(ctx, c)
	if err != nil {
		return nil, err
	}
	steps, err := s.d.Store.StepsOf(ctx, []triage.ComplaintID{c.ID})
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"contact": contact, "demand": string(c.Assessment.Demand), "type": c.FinalType(), "checked": findings(steps[c.ID]),
		"product": cmp.Or(strings.TrimSpace(c.Product+" "+c.OrderID), mentioned(c, nlp.EntityProduct, nlp.EntityOrder)),
	}, nil
}

// contact is the customer's id with phone or e-mail as the customer file has
// them, else as the complaint does.
func (s *Service) contact(ctx context.Context, c *triage.Case) (string, error) {
	address := ""
	if s.d.Customers != nil && c.CustomerID != "" {
		found, err := s.d.Customers.CustomersByID(ctx, []triage.CustomerID{c.CustomerID})
		if err != nil {
			return "", err
		}
		customer := found[c.CustomerID]
		address = cmp.Or(customer.Phone.Reveal(), customer.Email.Reveal())
	}
	address = cmp.Or(address, mentioned(c, nlp.EntityPhone, nlp.EntityEmail))
	return strings.TrimSpace(string(c.CustomerID) + " " + address), nil
}

// mentioned joins what the complaint names of some kinds, each once.
func mentioned(c *triage.Case, kinds ...nlp.EntityKind) string {
	var list []string
	for _, e := range c.Assessment.Entities {
		if slices.Contains(kinds, e.Kind) && !slices.Contains(list, e.Text) {
			list = append(list, e.Text)
		}
	}
	return strings.Join(list, " ")
}

// findings are those of the latest check of the facts.
func findings(steps []Step) string {
	for _, step := range slices.Backward(steps) {
		if step.Move == MoveAttribute {
			return step.Facts["findings"]
		}
	}
	return ""
}
