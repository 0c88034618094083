package outreach

import (
	"context"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

const dayLength = 24 * time.Hour

// guard finds out who must not be told.
type guard struct {
	policy     *Policy
	customers  Customers
	guards     prevention.GuardStore
	complaints Complaints
}

// facts are what is known of some customers at one moment.
type facts struct {
	customers   map[triage.CustomerID]triage.Customer
	suppressed  map[triage.CustomerID]bool
	week, month map[triage.CustomerID]int
}

// look reads the facts of customers: a few queries for any number.
func (g *guard) look(ctx context.Context, ids []triage.CustomerID, now time.Time) (*facts, error) {
	var f facts
	var err error
	if f.customers, err = g.customers.CustomersByID(ctx, ids); err != nil {
		return nil, fmt.Errorf("outreach: read customers: %w", err)
	}
	known := make([]triage.Customer, 0, len(f.customers))
	for _, id := range ids {
		if c, ok := f.customers[id]; ok {
			known = append(known, c)
		}
	}
	if f.suppressed, err = g.guards.Suppressed(ctx, known); err != nil {
		return nil, fmt.Errorf("outreach: read suppressions: %w", err)
	}
	f.week, f.month, err = contacts(ctx, g.guards, ids, now)
	return &f, err
}

// contacts counts the notices to each customer in the periods of the caps.
func contacts(ctx context.Context, guards prevention.GuardStore, ids []triage.CustomerID, now time.Time) (week, month map[triage.CustomerID]int, err error) {
	if week, err = guards.Contacts(ctx, ids, now.Add(-7*dayLength)); err == nil {
		month, err = guards.Contacts(ctx, ids, now.Add(-30*dayLength))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("outreach: count contacts: %w", err)
	}
	return week, month, nil
}

// forbids says why a notice may not be sent, "" when it may. Own counts the
// contacts of the facts that are this very notice. The cap does not bind a
// doubtful notice: it was counted when it first began.
func (g *guard) forbids(f *facts, n *prevention.Notice, own int) string {
	c, known := f.customers[n.Customer]
	switch {
	case !known:
		return ReasonUnknownCustomer
	case c.OptedOut:
		return ReasonOptedOut
	case f.suppressed[n.Customer]:
		return ReasonSuppressed
	case doubtful(n):
		return ""
	case f.week[n.Customer]-own >= g.policy.WeekCap, f.month[n.Customer]-own >= g.policy.MonthCap:
		return ReasonCap
	}
	return ""
}

// complained says whether the customer complained since they came into the
// plan, about whatever: a person deals with them already, and detection may not
// have read the complaint yet. Complaints tell their time in seconds.
func (g *guard) complained(ctx context.Context, n *prevention.Notice, isRule bool, now time.Time) (bool, error) {
	since := n.CreatedAt
	if isRule && n.Exposed.Before(since) {
		since = n.Exposed
	}
	cases, err := g.complaints.Recent(ctx, triage.RecentQuery{
		Customer: n.Customer, Since: since.Truncate(time.Second), Before: now.Add(dayLength), Limit: 1,
	})
	if err != nil {
		return false, fmt.Errorf("outreach: read complaints: %w", err)
	}
	return len(cases) > 0, nil
}
