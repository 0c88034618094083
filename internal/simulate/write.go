package simulate

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// The files of a world.
const (
	CustomersFile  = "customers.csv"
	ExposuresFile  = "exposures.csv"
	ComplaintsFile = "complaints.jsonl"
	TruthFile      = "truth.json"
	ScenarioFile   = "scenario.yaml"
)

// Write writes the world into a folder, which it makes if need be: the records
// in the forms that qianyi import and detect read, the truth, and the scenario
// that gives this world again. Files of these names are replaced.
func (w *World) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{CustomersFile, w.writeCustomers},
		{ExposuresFile, w.writeExposures},
		{ComplaintsFile, w.writeComplaints},
		{TruthFile, w.writeTruth},
		{ScenarioFile, w.writeScenario},
	} {
		if err := writeFile(filepath.Join(dir, f.name), f.write); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	buffered := bufio.NewWriter(f)
	if err := write(buffered); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return buffered.Flush()
}

func (w *World) writeCustomers(out io.Writer) error {
	c := csv.NewWriter(out)
	rows := [][]string{{"customer_id", "name", "phone", "email", "region", "tier", "joined_at", "opted_out"}}
	for i := range w.Customers {
		u := &w.Customers[i]
		optedOut := "0"
		if u.OptedOut {
			optedOut = "1"
		}
		rows = append(rows, []string{
			string(u.ID), u.Name.Reveal(), u.Phone.Reveal(), u.Email.Reveal(), u.Region, string(u.Tier), u.JoinedAt.Format(time.DateOnly), optedOut,
		})
	}
	return c.WriteAll(rows)
}

func (w *World) writeExposures(out io.Writer) error {
	c := csv.NewWriter(out)
	if err := c.Write([]string{"customer_id", "kind", "key", "at", "attrs"}); err != nil {
		return err
	}
	for i := range w.Exposures {
		e := &w.Exposures[i]
		attrs, err := json.Marshal(e.Attrs)
		if err != nil {
			return fmt.Errorf("exposure %d: attrs: %w", i+1, err)
		}
		if err := c.Write([]string{string(e.CustomerID), e.Kind, e.Key, e.At.Format(localLayout), string(attrs)}); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// complaintLine is a complaint of the input contract.
type complaintLine struct {
	ID         triage.ComplaintID `json:"id"`
	CustomerID triage.CustomerID  `json:"customer_id"`
	Channel    triage.Channel     `json:"channel"`
	At         LocalTime          `json:"at"`
	Text       string             `json:"text"`
	Region     string             `json:"region,omitempty"`
	Product    string             `json:"product,omitempty"`
	Campaign   string             `json:"campaign,omitempty"`
}

func (w *World) writeComplaints(out io.Writer) error {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for i := range w.Complaints {
		c := &w.Complaints[i]
		if err := lines.Encode(complaintLine{
			c.ID, c.CustomerID, c.Channel, LocalTime{c.At}, c.Text, c.Region, c.Product, c.Campaign,
		}); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) writeTruth(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(w.Truth)
}

func (w *World) writeScenario(out io.Writer) error {
	b, err := w.Scenario.encode()
	if err != nil {
		return err
	}
	_, err = out.Write(b)
	return err
}
