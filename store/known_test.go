package store_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
)

func TestKnown(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "q.db"))
	batch := cases("known", 3)
	if _, err := db.Accept(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	got, err := db.Known(t.Context(), []triage.ComplaintID{batch[2].ID, "never seen", batch[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[triage.ComplaintID]bool{batch[0].ID: true, batch[2].ID: true}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "q.db"))
	if schema, err := db.Verify(t.Context()); err != nil || schema == 0 {
		t.Errorf("a new database: schema %d, error %v", schema, err)
	}
}
