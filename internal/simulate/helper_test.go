package simulate_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/simulate"
	"github.com/qianyi-dev/qianyi/triage"
)

// handWritten is the scenario of testdata.
func handWritten(t *testing.T) simulate.Scenario {
	t.Helper()
	data, err := os.ReadFile("testdata/scenario.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := simulate.ReadScenario("scenario.yaml", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func generate(t *testing.T, s simulate.Scenario) *simulate.World {
	t.Helper()
	w, err := s.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// small is a drawn scenario that takes little time.
func small(seed uint64) simulate.Scenario {
	return simulate.Draw(seed, simulate.Options{Customers: 3000, Days: 40, PerDay: 30})
}

func byID(w *simulate.World) map[triage.ComplaintID]triage.Complaint {
	m := make(map[triage.ComplaintID]triage.Complaint, len(w.Complaints))
	for _, c := range w.Complaints {
		m[c.ID] = c
	}
	return m
}

// dayOf is the number of the day of the scenario on which t lies.
func dayOf(t *testing.T, s *simulate.Scenario, at time.Time) int {
	t.Helper()
	start, err := time.ParseInLocation(time.DateOnly, s.Start, time.FixedZone("", 8*60*60))
	if err != nil {
		t.Fatal(err)
	}
	return int(at.Sub(start) / (24 * time.Hour))
}
