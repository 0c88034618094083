package demo_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// care is the customers' part of house.
type care struct{ *house }

func (c care) Plan(context.Context) (int, error) { return len(c.customers), nil }

func (c care) LogContact(_ context.Context, k customer.Contact) (customer.Contact, error) {
	c.contacts++
	return k, nil
}

func (c care) SetManager(context.Context, triage.CustomerID, string, string) error {
	c.managers++
	return nil
}

func (c care) Merge(_ context.Context, m customer.Merge) (triage.CustomerID, error) {
	c.merges++
	return m.Into, nil
}

// Tasks has one new task every time.
func (c care) Tasks(context.Context, customer.TaskFilter, customer.Page) (customer.Rows[customer.Task], error) {
	n := int64(len(c.tasks) + 1)
	c.tasks = append(c.tasks, customer.Task{ID: n, CreatedAt: c.at, Owner: "林悦"})
	var open []customer.Task
	for i := range c.tasks {
		if c.tasks[i].Open() {
			open = append(open, c.tasks[i])
		}
	}
	return customer.Rows[customer.Task]{Rows: open}, nil
}

func (c care) PlanTask(_ context.Context, id, _ int64, plan, by string) error {
	t := &c.tasks[id-1]
	if plan == "" || by != t.Owner || !t.PlannedAt.IsZero() {
		return fmt.Errorf("task %d is planned again, by %q or with %q", id, by, plan)
	}
	t.PlannedAt = c.at
	return nil
}

func (c care) ReassignTask(_ context.Context, id, _ int64, owner, _, _ string) error {
	c.tasks[id-1].Owner = owner
	return nil
}

func (c care) CompleteTask(_ context.Context, id, _ int64, outcome, _ string) error {
	c.tasks[id-1].DoneAt, c.tasks[id-1].Outcome = c.at, outcome
	return nil
}

// Invite asks the customers of the first complaints of the living company that
// have no answer yet.
func (c care) Invite(ctx context.Context) (survey.Counts, error) {
	phones := map[triage.CustomerID]triage.Phone{}
	for _, k := range c.customers {
		phones[k.ID] = k.Phone
	}
	for range 10 {
		n := len(c.invited)
		lived := slices.IndexFunc(c.complaints, func(k triage.Complaint) bool { return strings.HasPrefix(string(k.ID), "TS") })
		if lived < 0 || lived+n >= len(c.complaints) {
			break
		}
		token := "token-" + strconv.Itoa(n)
		c.invited = append(c.invited, token)
		_, err := c.inbox.Send(ctx, triage.Letter{
			Key: "survey-" + token, Phone: phones[c.complaints[lived+n].CustomerID], Text: "请评价 http://localhost/p/s/" + token + " 谢谢",
		})
		if err != nil {
			return survey.Counts{}, err
		}
	}
	return survey.Counts{}, nil
}

func (c care) Answer(_ context.Context, token string, a survey.Answer) error {
	if _, again := c.answers[token]; again {
		return fmt.Errorf("%s is answered twice", token)
	}
	c.answers[token] = a
	return nil
}
