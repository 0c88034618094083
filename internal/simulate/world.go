package simulate

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// World is a played scenario. Exposures are in the order of time, complaints
// in that of their arrival: those that arrived late are out of order.
type World struct {
	Scenario   Scenario
	Customers  []triage.Customer
	Exposures  []triage.Exposure
	Complaints []triage.Complaint
	Truth      Truth

	// played is what Told needs to know.
	played *generator
}

// Truth says what was planted and what came of it.
type Truth struct {
	Scenario     string      `json:"scenario"`
	Incidents    []Planted   `json:"incidents"`
	Disturbances []Disturbed `json:"disturbances"`
}

// Planted is one incident as it happened.
type Planted struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Exposure Mark   `json:"exposure"`
	// Also is a second mark that the affected carry, nil for most incidents.
	Also *Mark `json:"also,omitempty"`
	// From and To are days of the scenario; To is the first without new
	// exposures.
	From           int        `json:"from"`
	To             int        `json:"to"`
	FirstComplaint *LocalTime `json:"first_complaint"`
	Complaints     int        `json:"complaints"`
	// Exposed counts the customers whose records match; Affected are those of
	// them who had the problem, with the time of their first matching record.
	Exposed  int        `json:"exposed"`
	Affected []Affected `json:"affected"`
	// Unrecorded are affected, too, but have no records to be found by.
	Unrecorded []Affected `json:"unrecorded"`
	// Regions is nil for an incident that is everywhere.
	Regions      []string             `json:"regions"`
	ComplaintIDs []triage.ComplaintID `json:"complaint_ids"`
}

// Mark is what the records of an incident's customers have in common.
type Mark struct {
	Kind  string         `json:"kind"`
	Key   string         `json:"key"`
	Attrs map[string]any `json:"attrs"`
}

// Affected is a customer who had the problem, and since when.
type Affected struct {
	CustomerID triage.CustomerID `json:"customer_id"`
	At         LocalTime         `json:"at"`
}

// Disturbed is a disturbance and, where they can be told from the background,
// its complaints.
type Disturbed struct {
	Disturbance
	ComplaintIDs []triage.ComplaintID `json:"complaint_ids"`
}

// LocalTime is written without an offset, as 2026-03-01T08:00:00 in the zone
// of China.
type LocalTime struct{ time.Time }

const localLayout = "2006-01-02T15:04:05"

// MarshalJSON writes the time of the clock on the wall.
func (t LocalTime) MarshalJSON() ([]byte, error) {
	return json.Marshal(t.In(zone).Format(localLayout))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (t *LocalTime) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	at, err := time.ParseInLocation(localLayout, text, zone)
	if err != nil {
		return fmt.Errorf("time %q: want it as %s", text, localLayout)
	}
	t.Time = at
	return nil
}
