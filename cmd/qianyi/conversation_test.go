package main

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/life"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
)

// What a customer says about a case that nobody works on is seen by somebody.
func TestWhatIsSaidAboutEndedCases(t *testing.T) {
	t.Parallel()
	// What is left of the words, by case, and the tasks.
	type seen struct {
		Said  map[triage.ComplaintID][]string
		Tasks []triage.ComplaintID
	}
	for name, test := range map[string]struct {
		about triage.ComplaintID
		want  seen
	}{
		"merged into one of the same customer": {"mine", seen{
			Said: map[triage.ComplaintID][]string{"goes-on": {"（来自已并入的投诉 mine）\n又断了"}},
		}},
		"merged twice": {"older", seen{
			Said: map[triage.ComplaintID][]string{"goes-on": {"（来自已并入的投诉 older）\n又断了"}},
		}},
		"merged into one of another customer": {"theirs", seen{
			Said: map[triage.ComplaintID][]string{"theirs": {"又断了"}}, Tasks: []triage.ComplaintID{"theirs"},
		}},
		"withdrawn": {"withdrawn", seen{
			Said: map[triage.ComplaintID][]string{"withdrawn": {"又断了"}}, Tasks: []triage.ComplaintID{"withdrawn"},
		}},
		"open": {"goes-on", seen{Said: map[triage.ComplaintID][]string{"goes-on": {"又断了"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newConversation(t)
			for range 2 { // the mailbox may have crashed in between
				err := v.Hear(t.Context(), mailbox.Said{Case: test.about, Key: "m1", Channel: triage.ChannelEmail, Text: "又断了", At: v.now(), Reopen: true})
				if err != nil {
					t.Fatal(err)
				}
			}
			got := seen{Said: map[triage.ComplaintID][]string{}}
			for _, id := range []triage.ComplaintID{"goes-on", "mine", "older", "theirs", "withdrawn"} {
				messages, err := v.db.Messages(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range messages {
					got.Said[id] = append(got.Said[id], m.Text)
				}
			}
			tasks, err := v.customers.Tasks(t.Context(), customer.TaskFilter{}, customer.Page{})
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range tasks.Rows {
				got.Tasks = append(got.Tasks, k.Case)
				if k.Owner != "li" {
					t.Errorf("task %+v, want it to be the last owner's", k)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			c, err := v.db.Case(t.Context(), "goes-on")
			if waits := test.want.Said["goes-on"] == nil; err != nil || c.Work.WaitingSince.IsZero() == waits {
				t.Errorf("got %+v, %v, want the case to wait for its customer: %v", c.Work, err, waits)
			}
		})
	}
}

// newConversation has a case that waits for its customer, one of theirs merged
// into it, one merged into that, one of somebody else merged into it, and one
// withdrawn.
func newConversation(t *testing.T) *conversation {
	t.Helper()
	db := newStore(t)
	at := time.Date(2026, time.March, 2, 10, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	c := defaultConfig()
	customers, err := newCustomers(&c, db, now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	of := func(id triage.ComplaintID, who triage.CustomerID, s triage.Status, into triage.ComplaintID) triage.Case {
		return triage.Case{
			Complaint: triage.Complaint{ID: id, CustomerID: who, Text: "断网", At: at}, Status: s, ReceivedAt: at,
			Work: triage.Work{Owner: "li", MergedInto: into},
		}
	}
	waiting := of("goes-on", "k1", triage.StatusVerifying, "")
	waiting.Work.WaitingSince = at
	_, err = db.Accept(t.Context(), []triage.Case{
		waiting, of("mine", "k1", triage.StatusMerged, "goes-on"), of("older", "k1", triage.StatusMerged, "mine"),
		of("theirs", "k2", triage.StatusMerged, "goes-on"), of("withdrawn", "k1", triage.StatusWithdrawn, ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	moves := life.New(life.Deps{Store: db, Calendar: c.workingTime(), Zone: c.zone(), Queue: db, Customers: db, Now: now})
	return &conversation{db: db, life: moves, customers: customers, now: now}
}
