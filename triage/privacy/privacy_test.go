package privacy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/privacy"
)

var today = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// archive is a store and a trail that remember what was asked of them.
type archive struct {
	rows      map[string]map[string]any // by table
	order     []string
	erased    []triage.CustomerID
	pseudonym []string
	left      int // cases that may be forgotten
	cut       []time.Time
	words     int // captures with words
	said      []time.Time
	trail     []triage.AuditEntry
	refuse    error
}

func (a *archive) ExportPerson(_ context.Context, _ []triage.CustomerID, each func(string, map[string]any) error) error {
	for _, table := range a.order {
		if err := each(table, a.rows[table]); err != nil {
			return err
		}
		if err := each(table, a.rows[table]); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) ErasePerson(_ context.Context, ids []triage.CustomerID, pseudonym string, e triage.AuditEntry) (privacy.Erased, error) {
	a.erased, a.pseudonym, a.trail = ids, append(a.pseudonym, pseudonym), append(a.trail, e)
	return privacy.Erased{"cases": len(ids)}, nil
}

func (a *archive) ForgetCases(_ context.Context, before time.Time, limit int) (int, error) {
	a.cut = append(a.cut, before)
	n := min(limit, a.left)
	a.left -= n
	return n, nil
}

func (a *archive) ForgetWords(_ context.Context, before time.Time, limit int) (int, error) {
	a.said = append(a.said, before)
	n := min(limit, a.words)
	a.words -= n
	return n, nil
}

func (a *archive) ForgetExposures(context.Context, time.Time, int) (int, error) { return 3, nil }

func (a *archive) Append(_ context.Context, e triage.AuditEntry) error {
	a.trail = append(a.trail, e)
	return a.refuse
}

func (a *archive) Trail(context.Context, string) ([]triage.AuditEntry, error) { return a.trail, nil }

func (a *archive) Records(_ context.Context, id triage.CustomerID) ([]triage.CustomerID, error) {
	return []triage.CustomerID{id, id + "-twin"}, nil
}

func service(a *archive, c privacy.Config) *privacy.Service {
	return privacy.New(privacy.Deps{Store: a, People: a, Audit: a, Config: c, Now: func() time.Time { return today }})
}

func TestExportIsOneObjectOfTables(t *testing.T) {
	t.Parallel()
	a := &archive{order: []string{"cases", "customers"}, rows: map[string]map[string]any{
		"cases": {"text": "\"<b>\"退款"}, "customers": {"id": "K-1"},
	}}
	var out bytes.Buffer
	if err := service(a, privacy.Config{}).Export(t.Context(), "K-1", "li", &out); err != nil {
		t.Fatal(err)
	}
	var got map[string][]map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in\n%s", err, out.String())
	}
	row := map[string]any{"text": "\"<b>\"退款"}
	want := map[string][]map[string]any{"cases": {row, row}, "customers": {{"id": "K-1"}, {"id": "K-1"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("export (-want +got)\n%s", diff)
	}
	if len(a.trail) != 1 || a.trail[0].Action != "person.export" || a.trail[0].Object != "customer:K-1" || a.trail[0].Actor != "li" {
		t.Errorf("trail %+v", a.trail)
	}
}

func TestExportOfNothingIsAnEmptyObject(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := service(&archive{}, privacy.Config{}).Export(t.Context(), "K-1", "li", &out); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(out.String()); got != "{}" {
		t.Errorf("got %q", got)
	}
}

func TestNothingIsExportedThatIsNotWrittenDown(t *testing.T) {
	t.Parallel()
	a := &archive{order: []string{"cases"}, rows: map[string]map[string]any{"cases": {"text": "x"}}, refuse: errors.New("disk full")}
	var out bytes.Buffer
	if err := service(a, privacy.Config{}).Export(t.Context(), "K-1", "li", &out); err == nil || out.Len() > 0 {
		t.Errorf("got %v and %q, want an error and nothing", err, out.String())
	}
}

func TestEraseTakesEveryRecordOfThePerson(t *testing.T) {
	t.Parallel()
	a := &archive{}
	s := service(a, privacy.Config{})
	for range 2 {
		if _, err := s.Erase(t.Context(), "K-1", "li", "客户来信要求"); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]triage.CustomerID{"K-1", "K-1-twin"}, a.erased); diff != "" {
		t.Errorf("erased (-want +got)\n%s", diff)
	}
	if a.pseudonym[0] == a.pseudonym[1] || strings.Contains(a.pseudonym[0], "K-1") {
		t.Errorf("pseudonyms %q: want two that lead nowhere", a.pseudonym)
	}
	if _, err := s.Erase(t.Context(), "K-1", "li", ""); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("without a reason: got %v, want CodeInvalid", err)
	}
}

func TestRetainForgetsInPortions(t *testing.T) {
	t.Parallel()
	a := &archive{left: 1200, words: 600}
	cases, exposures, err := service(a, privacy.Config{Texts: 1000 * 24 * time.Hour, Exposures: 400 * 24 * time.Hour}).Retain(t.Context())
	if err != nil || cases != 1200 || exposures != 3 {
		t.Errorf("got %d cases, %d exposures, %v; want 1200 and 3", cases, exposures, err)
	}
	if want := today.Add(-1000 * 24 * time.Hour); len(a.cut) != 3 || !a.cut[0].Equal(want) {
		t.Errorf("cut at %v, want three times %v", a.cut, want)
	} else if len(a.said) != 2 || !a.said[0].Equal(want) || a.words != 0 {
		t.Errorf("words of the counter cut at %v, %d left; want twice %v, none left", a.said, a.words, want)
	}
	a = &archive{left: 5, words: 5}
	if cases, exposures, err := service(a, privacy.Config{}).Retain(t.Context()); cases != 0 || exposures != 0 || err != nil || a.words != 5 {
		t.Errorf("without limits: got %d, %d, %v; want nothing forgotten", cases, exposures, err)
	}
}

func TestConfigRefusesASlip(t *testing.T) {
	t.Parallel()
	err := privacy.Config{Texts: 30 * time.Minute}.Validate()
	if triage.CodeOf(err) != triage.CodeInvalid || !strings.Contains(err.Error(), "texts") {
		t.Errorf("got %v, want CodeInvalid about texts", err)
	}
	if err := (privacy.Config{Texts: 720 * time.Hour}).Validate(); err != nil {
		t.Error(err)
	}
}
