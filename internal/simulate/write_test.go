package simulate_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/simulate"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// readBack reads a file of a world as qianyi import does.
func readBack[T any](t *testing.T, dir, name string, kind intake.Kind, convert func(intake.Row) (T, error)) []T {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := intake.New(f, name, intake.Options{Kind: kind})
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

func TestFilesAreReadAsTheyWereMeant(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "for", "it")
	w := generate(t, small(4))
	if err := w.Write(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.Customers, readBack(t, dir, simulate.CustomersFile, intake.Customers, intake.Customer)); diff != "" {
		t.Errorf("customers (-world +file):\n%s", diff)
	}
	if diff := cmp.Diff(w.Complaints, readBack(t, dir, simulate.ComplaintsFile, intake.Complaints, intake.Complaint)); diff != "" {
		t.Errorf("complaints (-world +file):\n%s", diff)
	}
	asText := cmp.Transformer("text", func(m map[string]any) string { return fmt.Sprint(m) }) // numbers come back as another type
	exposures := readBack(t, dir, simulate.ExposuresFile, intake.Exposures, intake.Exposure)
	if diff := cmp.Diff(w.Exposures, exposures, asText); diff != "" {
		t.Errorf("exposures (-world +file):\n%s", diff)
	}
	var truth simulate.Truth
	data, err := os.ReadFile(filepath.Join(dir, simulate.TruthFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.Truth, truth); diff != "" {
		t.Errorf("truth (-world +file):\n%s", diff)
	}
}

func TestTruthHasTheFieldsOfTheContract(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(generate(t, small(4)).Truth)
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Scenario  string
		Incidents []map[string]any
	}
	if err := json.Unmarshal(data, &truth); err != nil {
		t.Fatal(err)
	}
	if truth.Scenario == "" || len(truth.Incidents) == 0 {
		t.Fatalf("got %+v", truth)
	}
	for _, field := range []string{"id", "name", "exposure", "from", "to", "first_complaint", "complaints", "affected", "regions", "complaint_ids"} {
		if _, ok := truth.Incidents[0][field]; !ok {
			t.Errorf("%s is missing", field)
		}
	}
	exposure, ok := truth.Incidents[0]["exposure"].(map[string]any)
	if !ok || exposure["kind"] == "" || exposure["key"] == "" || exposure["attrs"] == nil {
		t.Errorf("exposure is %v", truth.Incidents[0]["exposure"])
	}
}

func TestWriteSaysWhereItCannot(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &simulate.World{Customers: []triage.Customer{{ID: "U1"}}}
	if err := w.Write(file); err == nil {
		t.Error("wrote into a file")
	}
}

func BenchmarkGenerate(b *testing.B) {
	s := simulate.Draw(1, simulate.Options{})
	for b.Loop() {
		if _, err := s.Generate(); err != nil {
			b.Fatal(err)
		}
	}
}
