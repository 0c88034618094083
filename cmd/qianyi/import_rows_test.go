package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// A row that only the store refuses is named by its place like any other: the
// id alone does not find it in a file of a million lines.
func TestImportNamesTheRowTheStoreRefuses(t *testing.T) {
	t.Parallel()
	path := file(t, "a.jsonl", `{"id":"one","text":"快递丢了"}`+"\n\n"+`{"id":"two","text":"要求退款"}`+"\n")
	source := &rowSource{files: []string{path}, options: intake.Options{Kind: intake.Complaints}}
	refuseTwo := func(_ context.Context, list []triage.Complaint) (int, []refusal, error) {
		var refused []refusal
		for i, c := range list {
			if c.ID == "two" {
				refused = append(refused, refusal{i, triage.FieldErrorf("attrs", "cannot be stored")})
			}
		}
		return len(list) - len(refused), refused, nil
	}
	var kept, said bytes.Buffer
	s := &streams{err: &said}
	tally := &tally{streams: s, rejects: intake.NewRejects(&kept), meter: newMeter(s, "import", 0, false)}
	if err := importRows(t.Context(), source, tally, intake.Complaint, refuseTwo); err != nil {
		t.Fatal(err)
	}
	if tally.Added != 1 || tally.Rejected != 1 || tally.Known != 0 {
		t.Errorf("added %d, rejected %d, known %d; want 1, 1, 0", tally.Added, tally.Rejected, tally.Known)
	}
	if want := "a.jsonl:3: attrs: cannot be stored"; !strings.Contains(said.String(), want) {
		t.Errorf("said %q, want %q in it", said.String(), want)
	}
	if err := tally.rejects.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := "3,attrs,cannot be stored,"; !strings.Contains(kept.String(), want) {
		t.Errorf("kept %q, want %q in it", kept.String(), want)
	}
}
