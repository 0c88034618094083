package demo_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/demo"
	"github.com/qianyi-dev/qianyi/triage"
)

var now = time.Date(2026, 3, 18, 15, 30, 0, 0, time.FixedZone("Asia/Shanghai", 8*3600))

// memory is a store that keeps what it is given.
type memory struct {
	customers  []triage.Customer
	exposures  []triage.Exposure
	campaigns  []triage.Campaign
	solutions  []triage.Solution
	complaints []triage.Complaint
	labels     []triage.Label
	progress   [][2]int
	submitErr  error
}

func (m *memory) target() demo.Target {
	return demo.Target{
		Submit: m.submit, Decisions: m, Customers: m, History: m,
		Progress: func(done, total int) { m.progress = append(m.progress, [2]int{done, total}) },
	}
}

func (m *memory) submit(_ context.Context, list []triage.Complaint) (int, error) {
	if m.submitErr != nil {
		return 0, m.submitErr
	}
	m.complaints = append(m.complaints, list...)
	return len(list), nil
}

func (m *memory) Confirm(_ context.Context, id triage.ComplaintID, typ, subtype, by string) (triage.Case, error) {
	m.labels = append(m.labels, triage.Label{Complaint: id, Type: typ, Subtype: subtype, By: by})
	return triage.Case{}, nil
}

func (m *memory) PutCustomers(_ context.Context, list []triage.Customer) (int, error) {
	m.customers = append(m.customers, list...)
	return len(list), nil
}

func (m *memory) PutExposures(_ context.Context, list []triage.Exposure) (int, error) {
	m.exposures = append(m.exposures, list...)
	return len(list), nil
}

func (m *memory) PutCampaigns(_ context.Context, list []triage.Campaign) (int, error) {
	m.campaigns = append(m.campaigns, list...)
	return len(list), nil
}

func (m *memory) PutSolutions(_ context.Context, list []triage.Solution) (int, error) {
	m.solutions = append(m.solutions, list...)
	return len(list), nil
}

// filled is a store with the company of seed 1, which tests share and only
// read.
var filled = sync.OnceValue(func() filling {
	m := &memory{}
	sum, err := demo.Fill(context.Background(), m.target(), now, 1)
	return filling{m, sum, err}
})

type filling struct {
	m   *memory
	sum demo.Summary
	err error
}

// first returns the shared store.
func first(t *testing.T) (*memory, demo.Summary) {
	t.Helper()
	f := filled()
	if f.err != nil {
		t.Fatalf("Fill: %v", f.err)
	}
	return f.m, f.sum
}

// fill returns a store that was filled with a seed.
func fill(t *testing.T, seed uint64) (*memory, demo.Summary) {
	t.Helper()
	m := &memory{}
	sum, err := demo.Fill(t.Context(), m.target(), now, seed)
	if err != nil {
		t.Fatalf("Fill: %v", err)
	}
	return m, sum
}

func TestFillIsDeterministic(t *testing.T) {
	t.Parallel()
	a, _ := fill(t, 1)
	b, _ := fill(t, 1)
	if diff := cmp.Diff(a, b, cmp.AllowUnexported(memory{})); diff != "" {
		t.Errorf("the same seed gave another company (-first +second):\n%s", diff)
	}
	other, _ := fill(t, 2)
	if cmp.Equal(a.complaints, other.complaints) {
		t.Error("two seeds gave the same complaints")
	}
}

func TestSummaryCountsWhatWasWritten(t *testing.T) {
	t.Parallel()
	m, got := first(t)
	want := demo.Summary{
		Customers: len(m.customers), Campaigns: len(m.campaigns), Exposures: len(m.exposures), Solutions: len(m.solutions),
		Complaints: len(m.complaints) - got.Earlier, Earlier: got.Earlier, Confirmed: len(m.labels),
		Repeats: got.Repeats, Affected: got.Affected, Complained: got.Complained,
		BatchAffected: got.BatchAffected, BatchComplained: got.BatchComplained,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Summary (-want +got):\n%s", diff)
	}
	for _, f := range []struct {
		what          string
		got, min, max int
	}{
		{"customers", got.Customers, 9605, 9605},
		{"campaigns", got.Campaigns, 12, 12},
		{"solutions", got.Solutions, 180, 300},
		{"complaints", got.Complaints, 1900, 2150},
		{"of the years before", got.Earlier, 2000, 2000},
		{"exposures", got.Exposures, 45_000, 65_000},
		{"repeats", got.Repeats, 60, 100},
		{"confirmed", got.Confirmed, 200, 400},
		{"complained", got.Complained, 40, 60},
		{"affected", got.Affected, 4 * got.Complained, 6 * got.Complained},
		{"affected by the batch", got.BatchAffected, 900, 900},
		{"complained of it", got.BatchComplained, 350, 450},
	} {
		if f.got < f.min || f.got > f.max {
			t.Errorf("%s: got %d, want %d to %d", f.what, f.got, f.min, f.max)
		}
	}
}

func TestProgressEndsAtItsTotal(t *testing.T) {
	t.Parallel()
	m, _ := first(t)
	last := [2]int{}
	for _, p := range m.progress {
		if p[0] <= last[0] || p[0] > p[1] {
			t.Fatalf("progress went from %v to %v", last, p)
		}
		last = p
	}
	if last[0] != last[1] || last[0] == 0 {
		t.Errorf("progress ended at %d of %d", last[0], last[1])
	}
}

func TestFillStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	m := &memory{submitErr: full}
	sum, err := demo.Fill(t.Context(), m.target(), now, 1)
	if !errors.Is(err, full) || !strings.Contains(err.Error(), "complaints from LS") {
		t.Errorf("got error %v, want one that wraps %q and names the batch", err, full)
	}
	if sum.Customers == 0 || sum.Complaints != 0 || len(m.labels) != 0 {
		t.Errorf("got %+v and %d labels, want what was written before the error", sum, len(m.labels))
	}
}

func TestProgressIsOptional(t *testing.T) {
	t.Parallel()
	target := (&memory{}).target()
	target.Progress = nil
	if _, err := demo.Fill(t.Context(), target, now, 1); err != nil {
		t.Error(err)
	}
}

func TestCustomersHideThemselves(t *testing.T) {
	t.Parallel()
	m, _ := first(t)
	phones := map[string]bool{}
	for _, c := range m.customers {
		digits := c.Phone.Reveal()
		if !strings.HasPrefix(digits, "1380013") || len(digits) != 11 || phones[digits] {
			t.Fatalf("customer %s: the number is not one of the example block or not unique", c.ID)
		}
		phones[digits] = true
		if shown := fmt.Sprintf("%v %v", c.Phone, c.Email); strings.Contains(shown, digits) || strings.Contains(shown, c.Email.Reveal()) && c.Email != "" {
			t.Errorf("customer %s shows itself as %s", c.ID, shown)
		}
		if e := c.Email.Reveal(); e != "" && !strings.HasSuffix(e, "@example.com") {
			t.Errorf("customer %s has an address outside example.com", c.ID)
		}
	}
}
