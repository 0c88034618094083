// Package privacy gives a person what is stored about them, and takes it away:
// at their word, or when the time it may be kept has passed (个人信息保护法 §§ 45,
// 47). Statistics stay: an erased complaint keeps its type, its times and its
// score, under a name that leads nowhere.
package privacy

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Store reads and takes away what is stored about people.
type Store interface {
	// ExportPerson calls each for every stored row about the customers, table by
	// table, with the columns by name.
	ExportPerson(ctx context.Context, ids []triage.CustomerID, each func(table string, row map[string]any) error) error
	// ErasePerson takes everything personal about the customers out of all
	// tables in one transaction and puts pseudonym in the place of their ids.
	// CodeConflict: one of them has an open case. CodeNotFound: nothing is
	// stored about any of them.
	ErasePerson(ctx context.Context, ids []triage.CustomerID, pseudonym string, e triage.AuditEntry) (Erased, error)
	// ForgetCases blanks the texts of at most limit cases that ended before,
	// and what was said and done in them, and says how many there were.
	ForgetCases(ctx context.Context, before time.Time, limit int) (int, error)
	// ForgetWords blanks what customers said in at most limit captures at the
	// counter that were stored before, and says how many there were.
	ForgetWords(ctx context.Context, before time.Time, limit int) (int, error)
	// ForgetExposures deletes at most limit exposures from before.
	ForgetExposures(ctx context.Context, before time.Time, limit int) (int, error)
}

// People knows which records are of one person.
type People interface {
	// Records returns the ids of all records of the person that a record belongs
	// to, itself included.
	Records(ctx context.Context, id triage.CustomerID) ([]triage.CustomerID, error)
}

// Erased says how many rows of each table were changed or deleted.
type Erased map[string]int

// Config says how long things are kept; 0 is for ever.
type Config struct {
	// Texts is how long after its end a case keeps its words, and how long what was
	// said at the counter is kept.
	Texts time.Duration `yaml:"texts"`
	// Exposures is how long contacts, payments and purchases are kept.
	Exposures time.Duration `yaml:"exposures"`
}

// minKept protects from a slip such as 30m for 30 months.
const minKept = 30 * 24 * time.Hour

// Validate returns a *triage.Error that names the field.
func (c Config) Validate() error {
	for _, f := range []struct {
		name string
		keep time.Duration
	}{{"texts", c.Texts}, {"exposures", c.Exposures}} {
		if f.keep != 0 && f.keep < minKept {
			return triage.FieldErrorf(f.name, "%v is too short; 0 keeps for ever, 720h (30 days) is the least", f.keep)
		}
	}
	return nil
}

// Service is safe for concurrent use.
type Service struct {
	d Deps
}

// Deps is what a Service is made of.
type Deps struct {
	Store  Store
	People People
	Audit  triage.AuditStore
	Config Config
	Now    func() time.Time
}

// New makes a Service.
func New(d Deps) *Service { return &Service{d: d} }

// Export writes everything that is stored about a person as one JSON object:
// for each table an array of rows. The audit entry is written first.
func (s *Service) Export(ctx context.Context, id triage.CustomerID, by string, w io.Writer) error {
	ids, err := s.d.People.Records(ctx, id)
	if err != nil {
		return err
	}
	entry := triage.AuditEntry{At: s.d.Now(), Actor: by, Action: "person.export", Object: Object(id)}
	if err := s.d.Audit.Append(ctx, entry); err != nil {
		return err
	}
	out := exporter{w: w}
	if err := s.d.Store.ExportPerson(ctx, ids, out.row); err != nil {
		return err
	}
	return out.end()
}

// Erase takes away what is stored about a person and says what that was. It is
// refused with CodeConflict while the person has an open case.
func (s *Service) Erase(ctx context.Context, id triage.CustomerID, by, reason string) (Erased, error) {
	if reason == "" {
		return nil, triage.FieldErrorf("reason", "is empty: say who asked for the erasure, and how")
	}
	ids, err := s.d.People.Records(ctx, id)
	if err != nil {
		return nil, err
	}
	detail, err := json.Marshal(map[string]string{"reason": reason})
	if err != nil {
		return nil, err
	}
	entry := triage.AuditEntry{At: s.d.Now(), Actor: by, Action: "person.erase", Object: Object(id), Detail: string(detail)}
	return s.d.Store.ErasePerson(ctx, ids, newPseudonym(), entry)
}

// Object is the Object of audit entries about a person.
func Object(id triage.CustomerID) string { return "customer:" + string(id) }

// portion is how many rows are forgotten in one transaction.
const portion = 500

// Retain forgets what is older than the configuration allows, and says how many
// cases and exposures that were. When it fails, what it did stays done.
func (s *Service) Retain(ctx context.Context) (cases, exposures int, err error) {
	now := s.d.Now()
	if cases, err = repeat(ctx, now, s.d.Config.Texts, s.d.Store.ForgetCases); err != nil {
		return cases, 0, err
	}
	if _, err = repeat(ctx, now, s.d.Config.Texts, s.d.Store.ForgetWords); err != nil {
		return cases, 0, err
	}
	exposures, err = repeat(ctx, now, s.d.Config.Exposures, s.d.Store.ForgetExposures)
	return cases, exposures, err
}

func repeat(ctx context.Context, now time.Time, keep time.Duration, forget func(context.Context, time.Time, int) (int, error)) (total int, err error) {
	if keep == 0 {
		return 0, nil
	}
	for {
		n, err := forget(ctx, now.Add(-keep), portion)
		total += n
		if err != nil || n < portion {
			return total, err
		}
	}
}

// newPseudonym names an erased person; nothing leads back.
func newPseudonym() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return "erased-" + hex.EncodeToString(b[:])
}

// exporter writes rows that come table by table.
type exporter struct {
	w     io.Writer
	table string
}

func (x *exporter) row(table string, row map[string]any) error {
	b, err := json.MarshalIndent(row, "    ", "  ")
	if err != nil {
		return fmt.Errorf("row of %s: %w", table, err)
	}
	before := ",\n    "
	switch {
	case x.table == "":
		before = fmt.Sprintf("{\n  %q: [\n    ", table)
	case x.table != table:
		before = fmt.Sprintf("\n  ],\n  %q: [\n    ", table)
	}
	x.table = table
	_, err = fmt.Fprintf(x.w, "%s%s", before, b)
	return err
}

func (x *exporter) end() error {
	last := "\n  ]\n}\n"
	if x.table == "" {
		last = "{}\n"
	}
	_, err := io.WriteString(x.w, last)
	return err
}
