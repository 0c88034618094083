package cohort_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// shared is a simulated company of the shared data with its truth.
type shared struct {
	exposures  []triage.Exposure
	customers  []triage.Customer
	complaints []triage.Complaint
	byID       map[triage.ComplaintID]triage.Complaint
	incidents  []sharedIncident
	start      time.Time
}

type sharedIncident struct {
	ID       string `json:"id"`
	To       int    `json:"to"`
	Affected []struct {
		Customer triage.CustomerID `json:"customer_id"`
		At       string            `json:"at"`
	} `json:"affected"`
	Complaints []triage.ComplaintID `json:"complaint_ids"`
}

func loadShared(t *testing.T) *shared {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: a company of 180 000 exposures")
	}
	dir := filepath.Join(testkit.Shared(t), "data", "sim-a")
	s := &shared{
		exposures:  readRows(t, filepath.Join(dir, "exposures.csv"), intake.Exposure),
		customers:  readRows(t, filepath.Join(dir, "customers.csv"), intake.Customer),
		complaints: readRows(t, filepath.Join(dir, "complaints.jsonl"), intake.Complaint),
		byID:       map[triage.ComplaintID]triage.Complaint{},
	}
	for _, c := range s.complaints {
		s.byID[c.ID] = c
		if s.start.IsZero() || c.At.Before(s.start) {
			s.start = c.At
		}
	}
	y, m, d := s.start.Date()
	s.start = time.Date(y, m, d, 0, 0, 0, 0, s.start.Location())
	text, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	truth := struct{ Incidents *[]sharedIncident }{&s.incidents}
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	return s
}

func readRows[T any](t *testing.T, path string, convert func(intake.Row) (T, error)) []T {
	t.Helper()
	r, err := intake.Open(path, intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var list []T
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		v, err := convert(row)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
}

// first returns the first n distinct complainants of an incident.
func (s *shared) first(in sharedIncident, n int) []cohort.Complainant {
	var list []cohort.Complainant
	for _, id := range in.Complaints {
		c := s.byID[id]
		list = append(list, cohort.Complainant{Customer: c.CustomerID, At: c.At, Region: c.Region})
	}
	slices.SortFunc(list, func(a, b cohort.Complainant) int { return a.At.Compare(b.At) })
	return list[:min(n, len(list))]
}

// foreign returns n complainants about anything, of the two weeks before now.
func (s *shared) foreign(n int, now time.Time, r *rand.Rand) []cohort.Complainant {
	var list []cohort.Complainant
	for len(list) < n {
		c := s.complaints[r.IntN(len(s.complaints))]
		if c.CustomerID != "" && c.At.Before(now) && c.At.After(now.AddDate(0, 0, -14)) {
			list = append(list, cohort.Complainant{Customer: c.CustomerID, At: c.At, Region: c.Region})
		}
	}
	return list
}

// TestSharedIncidents finds the silent customers of the planted incidents from
// the first complaints of each, with other people's complaints mixed in and
// records lost. The rule is found when the n-th complaint comes and applied
// when the incident ends.
func TestSharedIncidents(t *testing.T) {
	t.Parallel()
	s := loadShared(t)
	for _, noisy := range []bool{false, true} {
		exposures := s.exposures
		r := rand.New(rand.NewPCG(7, 7))
		if noisy {
			exposures = slices.DeleteFunc(slices.Clone(exposures), func(triage.Exposure) bool { return r.Float64() < 0.2 })
		}
		m := cohort.NewMemory(exposures, s.customers)
		src := cohort.Sources{Exposures: m, Customers: m}
		for _, in := range s.incidents {
			for _, n := range []int{5, 8, 12, 1000} {
				people := s.first(in, n)
				now := people[len(people)-1].At.Add(time.Second)
				if noisy {
					people = append(people, s.foreign((len(people)*3+3)/7, now, r)...)
				}
				end := s.start.AddDate(0, 0, in.To)
				if end.Before(now) {
					end = now
				}
				t.Run(fmt.Sprintf("%s noisy=%v n=%d", in.ID, noisy, n), func(t *testing.T) {
					f, err := cohort.Find(t.Context(), src, people, cohort.Options{Now: now})
					if err != nil {
						t.Fatal(err)
					}
					t.Logf("found %v, %d of %d of %d, LLR %.1f: %s", f.Found, f.Explained, f.Known, f.Complainants, f.LLR, cohort.Words(f.Rule))
					if !f.Found {
						if n >= 12 {
							t.Error("found no rule")
						}
						return
					}
					precision, recall := s.judge(t, src, f.Rule, in, people, exposures, end)
					t.Logf("precision %.3f recall %.3f", precision, recall)
					if n >= 8 && (precision < 0.85 || recall < 0.85) {
						t.Errorf("precision %.3f, recall %.3f, want 0.85 each", precision, recall)
					}
				})
			}
		}
	}
}

// judge compares who is selected with who is affected, silent and recorded.
func (s *shared) judge(t *testing.T, src cohort.Sources, rule prevention.Rule, in sharedIncident, people []cohort.Complainant, exposures []triage.Exposure, now time.Time) (precision, recall float64) {
	t.Helper()
	ex := cohort.Exclusions{Complained: map[triage.CustomerID]time.Time{}}
	for _, p := range people {
		ex.Complained[p.Customer] = p.At
	}
	got, err := cohort.Select(t.Context(), src, rule, ex, now)
	if err != nil {
		t.Fatal(err)
	}
	recorded := map[triage.CustomerID]map[string]bool{}
	for _, e := range exposures {
		if recorded[e.CustomerID] == nil {
			recorded[e.CustomerID] = map[string]bool{}
		}
		recorded[e.CustomerID][e.At.Format("2006-01-02T15:04:05")] = true
	}
	optedOut := map[triage.CustomerID]bool{}
	for _, c := range s.customers {
		optedOut[c.ID] = c.OptedOut
	}
	silent := map[triage.CustomerID]bool{}
	for _, a := range in.Affected {
		if _, complained := ex.Complained[a.Customer]; complained || optedOut[a.Customer] || !recorded[a.Customer][a.At] || a.At >= now.Format("2006-01-02T15:04:05") {
			continue
		}
		silent[a.Customer] = true
	}
	hits := 0
	for _, c := range got.Customers {
		if silent[c.Customer] {
			hits++
		}
	}
	return float64(hits) / float64(max(len(got.Customers), 1)), float64(hits) / float64(max(len(silent), 1))
}
