package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

func TestFiguresAreRebuiltAndVerified(t *testing.T) {
	t.Parallel()
	data := filled(t)
	place := dataSettings{Data: data}
	var out, said bytes.Buffer
	s := &streams{out: &out, err: &said}
	if err := (&figuresRebuildCmd{dataSettings: place}).Run(t.Context(), s); err != nil || !strings.Contains(said.String(), "2 cases of 1 days") {
		t.Fatalf("rebuild: %v, said %q", err, said.String())
	}
	if err := (&figuresVerifyCmd{dataSettings: place, JSON: true}).Run(t.Context(), s); err != nil {
		t.Fatalf("verify: %v", err)
	}
	var v fact.Verified
	if err := json.Unmarshal(out.Bytes(), &v); err != nil || v.Cases != 2 || len(v.Differ) != 0 {
		t.Errorf("got %s (%v), want two cases and no difference", out.String(), err)
	}

	db := opened(t, data)
	defer db.Shutdown() //nolint:errcheck // only read
	f, err := newFigures(&config{}, db, quietLogger())
	if err != nil {
		t.Fatal(err)
	}
	note, err := f.rollUp(t.Context())
	if err != nil || !f.book.Ready() {
		t.Errorf("job: %q, %v; want a ready book", note, err)
	}
	if got := f.book.Total(fact.Filter{}).Cases; got != 2 {
		t.Errorf("the book has %d cases, want 2", got)
	}
	stop := f.start()
	if err := stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFiguresThatDifferAreNamed(t *testing.T) {
	t.Parallel()
	var out, said bytes.Buffer
	s := &streams{out: &out, err: &said}
	v := fact.Verified{Days: 3, Cases: 9, Differ: []fact.DayDiffers{
		{Day: "2026-03-01", Cases: map[string]int{"owner": 2, "late_resolve": 1}, Example: 7}, {Day: "2026-03-02", Unreadable: "damaged"},
	}}
	if err := (&figuresVerifyCmd{}).print(s, v); err != nil {
		t.Fatal(err)
	}
	want := "2026-03-01  late_resolve: 1 cases, one of them has seq 7\n2026-03-01  owner: 2 cases, one of them has seq 7\n2026-03-02  damaged\n"
	if out.String() != want || !strings.Contains(said.String(), "2 days differ") {
		t.Errorf("got %q, said %q", out.String(), said.String())
	}
	if err := (&figuresVerifyCmd{dataSettings: dataSettings{Data: t.TempDir()}}).Run(t.Context(), s); err == nil || errors.Is(err, errFiguresDiffer) {
		t.Errorf("an empty folder: got %v", err)
	}
}
