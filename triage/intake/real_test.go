package intake_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// TestRealFiles reads every complaint-like file of the shared data. None of
// their rows may be refused.
func TestRealFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testkit.Shared(t), "data")
	for name, least := range map[string]int{
		"telecom/complaints.train.tsv":       1500,
		"citizen/types.train.tsv":            300,
		"citizen/stream.until-2019-08.jsonl": 2900,
		"citizen/replies.jsonl":              2800,
		"general/labelled.dev.jsonl":         660,
		"general/labelled.train.jsonl":       2700,
		"reviews/hotel.train.tsv":            1000,
		"reviews/shopping.train.tsv":         1000,
		"reviews/takeaway.train.tsv":         1000,
		"sim-a/complaints.jsonl":             1000,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := os.Open(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			n := 0
			for _, err := range intake.Lines(f, filepath.Base(name), options()) {
				if err != nil {
					t.Error(err)
				}
				n++
			}
			if n < least {
				t.Errorf("got %d complaints, want at least %d", n, least)
			}
		})
	}
}

func TestRealTables(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testkit.Shared(t), "data", "sim-a")
	t.Run("customers", func(t *testing.T) {
		t.Parallel()
		readAll(t, filepath.Join(dir, "customers.csv"), intake.Customers, intake.Customer, 40_000)
	})
	t.Run("exposures", func(t *testing.T) {
		t.Parallel()
		readAll(t, filepath.Join(dir, "exposures.csv"), intake.Exposures, intake.Exposure, 100_000)
	})
}

func readAll[T any](t *testing.T, path string, kind intake.Kind, decode func(intake.Row) (T, error), least int) {
	t.Helper()
	r, err := intake.Open(path, intake.Options{Zone: shanghai, Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, rejected := drain(t, r, decode)
	if len(got) < least || len(rejected) > 0 {
		t.Errorf("got %d records, want at least %d; rejected %d: %.3q", len(got), least, len(rejected), rejected)
	}
}
