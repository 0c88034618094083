package launch

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Kept is a check that was kept: what was judged, and what people accepted.
type Kept struct {
	// ID is 0 before the check is stored.
	ID int64
	// Campaign is the registered campaign and Version its version, "" and 0 for a
	// draft that is not registered.
	Campaign string
	Version  int64
	// Previous is the check of the wording before, 0 for the first one.
	Previous int64
	Draft    Draft
	Report   Report
	Accepted []Acceptance
	By       string
	At       time.Time
}

// Acceptance says that a person lets a finding stand, and why.
type Acceptance struct {
	// Finding is the key of the finding.
	Finding string
	Reason  string
	By      string
	At      time.Time
}

// Acceptance of a finding, false when nobody accepted it.
func (k *Kept) Acceptance(f *Finding) (Acceptance, bool) {
	i := slices.IndexFunc(k.Accepted, func(a Acceptance) bool { return a.Finding == f.Key() })
	if i < 0 {
		return Acceptance{}, false
	}
	return k.Accepted[i], true
}

// Open are the findings that nobody accepted.
func (k *Kept) Open() []Finding {
	return slices.DeleteFunc(slices.Clone(k.Report.Findings), func(f Finding) bool {
		_, ok := k.Acceptance(&f)
		return ok
	})
}

// Object is the name under which the audit trail keeps a check.
func Object(id int64) string { return "launch_check:" + strconv.FormatInt(id, 10) }

// Change is what a new wording did to the findings.
type Change struct {
	Solved, Stayed, Added []Finding
}

// Compare tells what became of the findings of an earlier wording.
func Compare(before, after []Finding) Change {
	var c Change
	was, is := keysOf(before), keysOf(after)
	for i := range before {
		if !is[before[i].Key()] {
			c.Solved = append(c.Solved, before[i])
		}
	}
	for i := range after {
		if was[after[i].Key()] {
			c.Stayed = append(c.Stayed, after[i])
		} else {
			c.Added = append(c.Added, after[i])
		}
	}
	return c
}

func keysOf(list []Finding) map[string]bool {
	keys := make(map[string]bool, len(list))
	for i := range list {
		keys[list[i].Key()] = true
	}
	return keys
}

// Store keeps checks. Every change writes its audit entry in the same
// transaction.
type Store interface {
	// KeepCheck adds a check and returns its id, which the object of the entry
	// gets.
	KeepCheck(ctx context.Context, k Kept, e triage.AuditEntry) (int64, error)
	// LaunchCheck returns one check, or CodeNotFound.
	LaunchCheck(ctx context.Context, id int64) (Kept, error)
	// LaunchChecks returns the checks of a campaign, of every one with "", the
	// latest first.
	LaunchChecks(ctx context.Context, campaign string, limit int) ([]Kept, error)
	// AcceptFinding adds an acceptance, CodeNotFound without such a check and
	// CodeConflict when the finding is accepted already.
	AcceptFinding(ctx context.Context, id int64, a Acceptance, e triage.AuditEntry) error
}
