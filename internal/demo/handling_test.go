package demo_test

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/demo"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// visitor is the account that looks around.
const visitor = "visitor"

// live lets the company live up to a time with everything but prevention.
func live(t *testing.T, at time.Time, seed uint64) *house {
	t.Helper()
	h := newHouse(t)
	if _, err := demo.Fill(t.Context(), h.target(), at, seed); err != nil {
		t.Fatalf("at %s: %v", at.Format(time.DateTime), err)
	}
	if h.back > 0 {
		t.Errorf("at %s: the clock went back %d times", at.Format(time.DateTime), h.back)
	}
	return h
}

// TestEveryStatusOccurs starts the company at working and other hours, on
// weekdays, week-ends and holidays: nobody may be refused anything, and every
// place of a case's life has somebody in it.
func TestEveryStatusOccurs(t *testing.T) {
	t.Parallel()
	for i, at := range []time.Time{
		now, now.Add(-12 * time.Hour), now.Add(8 * time.Hour), now.AddDate(0, 0, 4), now.AddDate(0, 0, 5).Add(-7 * time.Hour),
		time.Date(2026, 1, 1, 9, 5, 0, 0, now.Location()), time.Date(2026, 10, 3, 17, 58, 0, 0, now.Location()),
		time.Date(2027, 2, 28, 23, 59, 59, 0, now.Location()),
	} {
		t.Run(at.Format("Mon 02 15h"), func(t *testing.T) {
			t.Parallel()
			h := live(t, at, uint64(i))
			count := map[triage.Status]int{}
			states := map[life.HandOverState]int{}
			waiting, late, reopened := 0, 0, 0
			for _, c := range h.cases {
				count[c.Status]++
				reopened += c.Work.Reopened
				if !c.Work.WaitingSince.IsZero() && c.Status.Open() {
					waiting++
				}
				if c.Status.Open() && !c.Work.DueAt.IsZero() && c.Work.DueAt.Before(at) {
					late++
				}
			}
			for _, list := range h.hands {
				for _, g := range list {
					states[g.State]++
				}
			}
			t.Log(count, states, waiting, late, reopened)
			for _, s := range triage.Statuses {
				if count[s] == 0 {
					t.Errorf("no case is %s", s)
				}
			}
			if states[life.HandOverSent] == 0 || states[life.HandOverAccepted] == 0 || states[life.HandOverReturned] == 0 {
				t.Errorf("hand-overs are %v, want some of each state", states)
			}
			if waiting == 0 || late == 0 || reopened == 0 {
				t.Errorf("%d wait, %d are late, %d reopened; want some of each", waiting, late, reopened)
			}
		})
	}
}

func TestCareComesFromTheStaff(t *testing.T) {
	t.Parallel()
	h := live(t, now, 1)
	if h.contacts < 50 || h.managers < 20 || h.merges != 3 || h.proposals != 1 || h.drafts != 5 || h.approved != 3 || h.used < 30 {
		t.Errorf("got %d contacts, %d managers, %d merges, %d proposals, %d drafts, %d approved, %d used",
			h.contacts, h.managers, h.merges, h.proposals, h.drafts, h.approved, h.used)
	}
	low, texts := 0, 0
	for _, a := range h.answers {
		if a.Score < 80 {
			low++
		}
		if (a.Score < 80) != (len(a.Reasons) > 0) {
			t.Errorf("a score of %g has the reasons %v", a.Score, a.Reasons)
		}
		if a.Text != "" {
			texts++
		}
	}
	if n := len(h.answers); n < len(h.invited)/5 || n > len(h.invited)*3/4 || low == 0 || low == n || texts == 0 {
		t.Errorf("%d of %d answered, %d low, %d with words", n, len(h.invited), low, texts)
	}
	planned, done, visited := 0, 0, 0
	for _, k := range h.tasks {
		if k.Owner == visitor {
			visited++
		}
		if !k.PlannedAt.IsZero() {
			planned++
		}
		if !k.Open() {
			done++
		}
	}
	owned := 0
	for _, c := range h.cases {
		if c.Work.Owner == visitor && c.Status.Open() {
			owned++
		}
	}
	if visited != 3 || owned != 5 {
		t.Errorf("the visitor has %d tasks and %d cases, want 3 and 5", visited, owned)
	}
	if done == 0 || planned <= done || planned >= len(h.tasks) {
		t.Errorf("of %d tasks %d are planned and %d done; want some behind", len(h.tasks), planned, done)
	}
}

func TestStaffHasEveryRole(t *testing.T) {
	t.Parallel()
	staff, err := demo.Staff()
	if err != nil {
		t.Fatal(err)
	}
	roles := map[triage.Role]int{}
	departments := map[string]bool{}
	for _, u := range staff {
		roles[u.Role]++
		if u.Role == triage.RoleAgent {
			departments[u.Department] = true
		}
		if u.PasswordHash != "" {
			t.Errorf("%s has a password", u.Name)
		}
	}
	for _, r := range triage.Roles {
		if r != triage.RoleAdmin && roles[r] == 0 {
			t.Errorf("nobody is %s", r)
		}
	}
	if roles[triage.RoleLead] < 2 || len(departments) < 3 || departments[""] {
		t.Errorf("got %d leads and agents of the departments %v", roles[triage.RoleLead], departments)
	}
}
