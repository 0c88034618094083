package watch_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

const first = fact.Day(20_000)

// newCompany has three campaigns that reach forty customers a day; from the
// 50th day on A has other rules for half of them, of whom three complain every
// two days.
func newCompany() (*company, *fact.Book) {
	c := &company{reach: map[string][]campaign.Reach{}, complainers: map[string][]watch.Complainer{}, causes: map[triage.ComplaintID]card.Judged{}}
	rows := map[fact.Day][]fact.Row{}
	customer := uint64(0)
	complain := func(day fact.Day, id string, flags fact.Flags) {
		customer++
		r := fact.Row{Seq: int64(customer), Day: day, Customer: customer, Flags: flags, Satisfaction: fact.None, Respond: fact.None, Verify: fact.None, Resolve: fact.None}
		r.Values[fact.Campaign], r.Values[fact.Subtype] = id, "marketing.rebate"
		rows[day] = append(rows[day], r)
	}
	for _, id := range []string{"A", "B", "C"} {
		c.campaigns = append(c.campaigns, triage.Campaign{ID: id, Name: "充100送100", Channel: "短信", From: first.Time(), To: (first + 89).Time()})
		for d := range fact.Day(80) {
			c.reach[id] = append(c.reach[id], campaign.Reach{Day: first + d, Customers: 40, Contacts: 50})
			if d%15 == 14 {
				complain(first+d, id, 0)
			}
			if id == "A" && d >= 50 {
				c.reach[id] = append(c.reach[id], campaign.Reach{Day: first + d, Segment: "rule=changed", Customers: 20, Contacts: 20})
				for range 1 + d%2 {
					complain(first+d, id, 0)
					c.complainers[id] = append(c.complainers[id], watch.Complainer{At: (first + d).Time(), Segments: []string{"rule=changed"}})
				}
			}
		}
	}
	book := fact.NewBook()
	for day, list := range rows {
		book.Put(day, list)
	}
	return c, book
}

func TestSignalsDayByDay(t *testing.T) {
	t.Parallel()
	c, book := newCompany()
	day := first + 45
	d := desk(c, book, &day)
	var changes []watch.Change
	for ; day < first+70; day++ {
		found, err := d.Signals(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, found...)
	}
	if len(changes) == 0 || changes[0].Campaign.ID != "A" {
		t.Fatalf("got the changes %+v, want one of A first", changes)
	}
	if took := changes[0].Day - first - 50; took < 0 || took > 8 {
		t.Errorf("the first change came %d days after the rules did, want 0 to 8", took)
	}
	if changes[0].Was != verdict.Go || changes[0].Verdict.Signal == verdict.Go {
		t.Errorf("got %s after %s, want a worse one after go", changes[0].Verdict.Signal, changes[0].Was)
	}
	for _, change := range changes {
		if change.Campaign.ID != "A" {
			t.Errorf("%s became %s, though nothing happened", change.Campaign.ID, change.Verdict.Signal)
		}
	}
	day--
	if again, err := d.Signals(t.Context()); err != nil || len(again) != 0 {
		t.Errorf("a second run on the same day: got %d changes (%v), want none", len(again), err)
	}
	standings, err := d.Standings(t.Context(), campaign.Filter{State: campaign.Running})
	if err != nil || len(standings) != 3 || standings[0].Campaign.ID != "A" {
		t.Fatalf("got the standings %+v (%v), want A first of three", standings, err)
	}
	if s := standings[0]; s.Reached != 80*40 || s.Complaints == 0 || s.Complaints != s.Customers || len(s.Days) != 28 || s.Reasons[0].Subtype != "marketing.rebate" || s.Weeks[15].Complaints == 0 {
		t.Errorf("got %+v", s)
	}
	places, err := d.Ranking(t.Context())
	if err != nil || len(places) != 3 || places[2].Campaign != "A" {
		t.Errorf("got the places %+v (%v), want A last", places, err)
	}
}

// A change that is told before it is kept would be told again with every run.
func TestNoChangeIsToldThatIsNotKept(t *testing.T) {
	t.Parallel()
	c, book := newCompany()
	day := first + 45
	d := desk(c, book, &day)
	c.broken = errors.New("disk full")
	for ; day < first+70; day++ {
		if changes, err := d.Signals(t.Context()); err == nil || len(changes) != 0 {
			t.Fatalf("got %d changes, %v; want none and an error", len(changes), err)
		}
	}
	c.broken = nil
	if changes, err := d.Signals(t.Context()); err != nil || len(changes) != 1 {
		t.Errorf("once it can be kept: got %d changes, %v; want one", len(changes), err)
	}
}

func TestCampaign(t *testing.T) {
	t.Parallel()
	c, book := newCompany()
	day := first + 75
	d := desk(c, book, &day)
	got, err := d.Campaign(t.Context(), "A")
	if err != nil {
		t.Fatal(err)
	}
	// Nobody has judged it yet, so it is judged now.
	if got.Verdict.Signal == verdict.Go || got.Verdict.Since == 0 {
		t.Errorf("got %s since %s, want an alarm", got.Verdict.Signal, got.Verdict.Since)
	}
	if len(got.History.Days) != 76 || len(got.Expected) != 76 || got.Reached != 76*40 || got.Contacts != 76*50 {
		t.Errorf("got %d days, %d reached, %d contacts", len(got.History.Days), got.Reached, got.Contacts)
	}
	if want := []watch.Part{{Name: "rule=changed", Reached: 26 * 20, Complained: 39}}; !cmp.Equal(got.Parts, want, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Rate" }, cmp.Ignore())) {
		t.Errorf("got the parts %+v, want %+v", got.Parts, want)
	}
	if got.Departures == nil || got.Departures.ReachedOut != 7 || len(got.Causes) != 1 || got.Cost.Yuan == 0 {
		t.Errorf("got the card %+v", got.Card)
	}
	if _, err := d.Campaign(t.Context(), "Z"); triage.CodeOf(err) != triage.CodeNotFound {
		t.Errorf("an unknown campaign: got %v, want CodeNotFound", err)
	}
}

// What is counted over all customers is read for nobody who waits, and anew before
// campaigns are judged.
func TestPagesDoNotWaitForCountsOverAllCustomers(t *testing.T) {
	t.Parallel()
	c, book := newCompany()
	day := first + 75
	d := desk(c, book, &day)
	complained := func() int {
		t.Helper()
		got, err := d.Campaign(t.Context(), "A")
		if err != nil || len(got.Parts) != 1 {
			t.Fatalf("got the parts %+v, %v; want one", got.Parts, err)
		}
		return got.Parts[0].Complained
	}
	if err := d.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := complained()
	c.complainers["A"] = c.complainers["A"][1:]
	if got := complained(); got != before {
		t.Errorf("the page shows %d who complained, want %d as they were read last", got, before)
	}
	if _, err := d.Signals(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := complained(); got != before-1 {
		t.Errorf("after the job the page shows %d who complained, want %d", got, before-1)
	}
}

func TestStopAtTheCounter(t *testing.T) {
	t.Parallel()
	c, book := newCompany()
	c.reaction = campaign.Reaction{Count: map[campaign.Attitude]int{campaign.Accepted: 5, campaign.Refused: 60, campaign.Annoyed: 40}}
	day := first + 30
	changes, err := desk(c, book, &day).Signals(t.Context())
	if err != nil || len(changes) != 3 || changes[0].Verdict.Why != verdict.WhyUnwelcome {
		t.Errorf("got %+v (%v), want all three to stop because they are unwelcome", changes, err)
	}
}

func TestPeopleCorrect(t *testing.T) {
	t.Parallel()
	c, book := newCompany()
	c.unread = []watch.Unread{{Complaint: "1", Text: "回复T退订后还继续发"}, {Complaint: "2", Text: "你好"}}
	day := first + 30
	d := desk(c, book, &day)
	if n, err := d.JudgeCauses(t.Context()); n != 2 || err != nil || c.causes["1"].Cause != card.RandomSMS || c.causes["2"].Cause != card.OtherCause {
		t.Errorf("judged %d (%v): %v", n, err, c.causes)
	}
	if err := d.CorrectCause(t.Context(), "2", "nonsense", "li"); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("an unknown cause: got %v, want CodeInvalid", err)
	}
	if err := d.CorrectCause(t.Context(), "2", card.Planning, "li"); err != nil || c.causes["2"].By != "li" {
		t.Errorf("correct: %v, %+v", err, c.causes["2"])
	}
	if err := d.Learn(t.Context(), "A", "  ", 0, "li"); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("no lesson: got %v, want CodeInvalid", err)
	}
	if err := d.Learn(t.Context(), "Z", "x", 0, "li"); triage.CodeOf(err) != triage.CodeNotFound {
		t.Errorf("a lesson of no campaign: got %v, want CodeNotFound", err)
	}
	if err := d.Learn(t.Context(), "A", "备货要够", 0, "li"); err != nil || len(c.lessons) != 1 || c.lessons[0].Version != 1 {
		t.Errorf("learn: %v, %+v", err, c.lessons)
	}
	if err := d.Assume(t.Context(), card.Assumptions{Hourly: -3}, "li"); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("a negative cost: got %v, want CodeInvalid", err)
	}
	if err := d.Assume(t.Context(), card.Assumptions{Hourly: 80}, "li"); err != nil || c.assumed.By != "li" || len(c.trail) != 3 {
		t.Errorf("assume: %v, %+v, %d entries in the trail", err, c.assumed, len(c.trail))
	}
}
