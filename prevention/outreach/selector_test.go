package outreach_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestSelectorLeavesOut(t *testing.T) {
	t.Parallel()
	m := newMemory()
	var customers []triage.Customer
	for i := range 8 {
		c := member(i)
		c.OptedOut = i == 3
		customers = append(customers, c)
		m.exposures = append(m.exposures, triage.Exposure{CustomerID: c.ID, Kind: "payment", Key: "银联", At: start})
	}
	m.complainant[member(0).ID] = start
	m.add(prevention.Notice{Cause: "cluster:K1", Customer: member(1).ID, State: prevention.NoticeHeld})
	m.suppressed[phone(2)] = true
	m.add(prevention.Notice{Cause: "cluster:K2", Customer: member(4).ID, State: prevention.NoticeSent, BegunAt: start.Add(-time.Hour)})
	m.add(prevention.Notice{Cause: "cluster:K2", Customer: member(5).ID, State: prevention.NoticeSent, BegunAt: start.AddDate(0, 0, -9)})
	people := cohort.NewMemory(m.exposures, customers)
	s := outreach.Selector{
		Sources: cohort.Sources{Exposures: people, Customers: people}, Customers: m, Guards: m, Policy: outreach.DefaultPolicy(),
	}
	rule := prevention.Rule{Conditions: []prevention.Condition{{Kind: "payment", Key: "银联"}}}
	c, err := s.Select(t.Context(), "K1", rule, start.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(prevention.Excluded{Complained: 1, Told: 1, OptedOut: 2, Contacted: 1}, c.Excluded); diff != "" {
		t.Error(diff)
	}
	if c.Matched != 8 || len(c.Customers) != 3 {
		t.Errorf("%d of %d are left, want 3 of 8", len(c.Customers), c.Matched)
	}
}
