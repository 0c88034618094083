package simulate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/qianyi-dev/qianyi/internal/simulate"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestSameSeedSameWorld(t *testing.T) {
	t.Parallel()
	a, b, other := generate(t, small(1)), generate(t, small(1)), generate(t, small(2))
	if diff := cmp.Diff(a, b, cmpopts.IgnoreUnexported(simulate.World{})); diff != "" {
		t.Errorf("seed 1 twice:\n%s", diff)
	}
	if len(a.Complaints) == len(other.Complaints) && a.Complaints[0].Text == other.Complaints[0].Text {
		t.Error("seeds 1 and 2 give the same complaints")
	}
}

// TestTruthIsInTheRecords reads the truth back off the records.
func TestTruthIsInTheRecords(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		w := generate(t, small(seed))
		complaints, region := byID(w), map[triage.CustomerID]string{}
		for _, c := range w.Customers {
			region[c.ID] = c.Region
		}
		owned := map[triage.ComplaintID]bool{}
		for _, p := range w.Truth.Incidents {
			t.Run(fmt.Sprintf("%d/%s/%s", seed, p.ID, p.Kind), func(t *testing.T) {
				exposed := exposedTo(t, w, &p, region)
				if len(exposed) != p.Exposed {
					t.Errorf("%d customers match, truth says %d", len(exposed), p.Exposed)
				}
				for _, a := range p.Affected {
					if at, ok := exposed[a.CustomerID]; !ok || !at.Equal(a.At.Time) {
						t.Errorf("%s: affected at %v, first matching record %v (found: %v)", a.CustomerID, a.At, at, ok)
					}
				}
				for _, a := range p.Unrecorded {
					if _, ok := exposed[a.CustomerID]; ok {
						t.Errorf("%s is unrecorded and has a record", a.CustomerID)
					}
				}
				if p.Complaints != len(p.ComplaintIDs) {
					t.Errorf("%d complaints, %d ids", p.Complaints, len(p.ComplaintIDs))
				}
				for _, id := range p.ComplaintIDs {
					c, ok := complaints[id]
					if !ok || owned[id] || c.At.Before(p.FirstComplaint.Time) {
						t.Errorf("%s: exists %v, owned twice %v, at %v, first %v", id, ok, owned[id], c.At, p.FirstComplaint)
					}
					owned[id] = true
				}
			})
		}
	}
}

// exposedTo finds whoever matches an incident, with the time of the first
// matching record.
func exposedTo(t *testing.T, w *simulate.World, p *simulate.Planted, region map[triage.CustomerID]string) map[triage.CustomerID]simulate.LocalTime {
	t.Helper()
	also := map[triage.CustomerID]bool{}
	found := map[triage.CustomerID]simulate.LocalTime{}
	for _, e := range w.Exposures {
		if p.Also != nil && dayOf(t, &w.Scenario, e.At) < p.To && carries(&e, p.Also) {
			also[e.CustomerID] = true
		}
	}
	for _, e := range w.Exposures {
		day := dayOf(t, &w.Scenario, e.At)
		if day < p.From || day >= p.To || !carries(&e, &p.Exposure) || p.Also != nil && !also[e.CustomerID] {
			continue
		}
		if len(p.Regions) > 0 && !slices.Contains(p.Regions, region[e.CustomerID]) {
			continue
		}
		if first, ok := found[e.CustomerID]; !ok || e.At.Before(first.Time) {
			found[e.CustomerID] = simulate.LocalTime{Time: e.At}
		}
	}
	return found
}

func carries(e *triage.Exposure, m *simulate.Mark) bool {
	if e.Kind != m.Kind || e.Key != m.Key {
		return false
	}
	for name, v := range m.Attrs {
		if e.Attrs[name] != v {
			return false
		}
	}
	return true
}

func TestNullScenarioHasNoIncident(t *testing.T) {
	t.Parallel()
	w := generate(t, simulate.Draw(5, simulate.Options{Customers: 2000, Days: 30, PerDay: 20, Null: true}))
	if len(w.Truth.Incidents) != 0 || len(w.Complaints) == 0 {
		t.Errorf("got %d incidents, %d complaints, want 0 and some", len(w.Truth.Incidents), len(w.Complaints))
	}
}

// TestEveryKindSpeaks plays each kind alone: every slot is filled, wordings
// vary, and all of them carry something of the incident's name.
func TestEveryKindSpeaks(t *testing.T) {
	t.Parallel()
	if n := len(simulate.Kinds()); n < 12 {
		t.Errorf("%d kinds, want 12 at least", n)
	}
	regions := []string{"云岭", "青棠"}
	for _, kind := range simulate.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := handWritten(t)
			s.Industries = []string{"telecom", "shop", "bank", "utility", "logistics"}
			s.Customers, s.PerDay = 4000, 10
			in := &s.Incidents[0]
			in.Kind, in.Values, in.Regions, in.Exposed, in.Affected, in.Complain = kind, nil, regions, 500, 1, .8
			w := generate(t, s)
			complaints, texts := byID(w), map[string]bool{}
			for _, c := range w.Complaints {
				if strings.ContainsAny(c.Text+c.Product+c.Campaign, "{}[]|") || strings.TrimSpace(c.Text) == "" {
					t.Errorf("%s: %q is not filled in", c.ID, c.Text)
				}
			}
			for _, e := range w.Exposures {
				if strings.ContainsAny(fmt.Sprint(e.Key, e.Attrs), "{}|") {
					t.Fatalf("exposure %v is not filled in", e)
				}
			}
			p := w.Truth.Incidents[0]
			for _, id := range p.ComplaintIDs {
				texts[complaints[id].Text] = true
			}
			if len(texts) < p.Complaints*9/10 {
				t.Errorf("%d texts in %d complaints", len(texts), p.Complaints)
			}
		})
	}
}

func TestDisturbances(t *testing.T) {
	t.Parallel()
	w := generate(t, handWritten(t))
	complaints := byID(w)
	for _, d := range w.Truth.Disturbances {
		customers, texts := map[triage.CustomerID]bool{}, map[string]bool{}
		for _, id := range d.ComplaintIDs {
			customers[complaints[id].CustomerID], texts[complaints[id].Text] = true, true
			if day := dayOf(t, &w.Scenario, complaints[id].At); day < d.From || day > d.To {
				t.Errorf("%s: %s is of day %d, want %d to %d", d.Kind, id, day, d.From, d.To)
			}
		}
		got := fmt.Sprintf("%s: %d messages, one customer %v, one text %v", d.Kind, len(d.ComplaintIDs), len(customers) == 1, len(texts) == 1)
		want := map[string]string{
			simulate.Surge:  "surge: 0 messages, one customer false, one text false",
			simulate.Serial: "serial: 300 messages, one customer true, one text false",
			simulate.Copies: "copies: 50 messages, one customer false, one text true",
		}[d.Kind]
		if want != "" && got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if d.Kind == simulate.Promotion && len(d.ComplaintIDs) < 20 {
			t.Errorf("promotion: %d complaints in a week, want 20 at least", len(d.ComplaintIDs))
		}
	}
	if len(complaints) != len(w.Complaints) {
		t.Errorf("%d ids for %d complaints", len(complaints), len(w.Complaints))
	}
}
