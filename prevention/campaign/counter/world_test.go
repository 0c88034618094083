package counter_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
)

// noon is the time of all tests.
var noon = time.Date(2026, time.March, 31, 4, 0, 0, 0, time.UTC)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// days is so many days before noon.
func days(n int) time.Time { return noon.AddDate(0, 0, -n) }

// world is a service over a shop in memory.
type world struct {
	*counter.Service
	*state
}

// state is what the shop, the register and the machine behind the service know.
type state struct {
	clock     *testkit.Clock
	campaigns []triage.Campaign
	standings map[string]counter.Standing
	failing   bool
	people    map[triage.CustomerID]counter.Customer
	captures  []counter.Capture
	trail     []triage.AuditEntry
	blocked   []prevention.Suppression
	taken     []triage.Complaint
	kinds     []string
	reads     int
}

func newWorld(t testing.TB, campaigns ...triage.Campaign) *world {
	t.Helper()
	w := &state{
		clock: testkit.NewClock(noon), campaigns: campaigns, standings: map[string]counter.Standing{},
		people: map[triage.CustomerID]counter.Customer{"k1": person()},
	}
	for i := range w.campaigns {
		w.campaigns[i].Version = cmp.Or(w.campaigns[i].Version, 1)
	}
	s, err := counter.New(counter.Deps{
		Store: shop{w}, Campaigns: register{w}, Assessor: w, Intake: w, Policy: counter.DefaultPolicy(), Now: w.clock.Now, Zone: shanghai,
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Standing: func(_ context.Context, id string) (counter.Standing, error) {
			if w.failing {
				return counter.Standing{}, errors.New("figures are being made")
			}
			return w.standings[id], nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &world{s, w}
}

// person is a customer of two records whom everything fits.
func person() counter.Customer {
	return counter.Customer{
		ID: "k1", Records: []triage.CustomerID{"k1", "k2"}, Addresses: []string{"13800138000"}, Tier: triage.TierHigh, Region: "广东深圳",
		JoinedAt: noon.AddDate(-2, 0, 0), Has: map[triage.RecordOf]bool{{Kind: "purchase"}: true, {Kind: "purchase", Key: "宽带"}: true},
		Joined: map[string]bool{},
	}
}

// offer is a campaign that runs from ten days before noon to ten days after.
func offer(id, name string, change ...func(*triage.Campaign)) triage.Campaign {
	c := triage.Campaign{ID: id, Name: name, From: days(10), To: days(-10)}
	for _, f := range change {
		f(&c)
	}
	return c
}

// register is the world's register of campaigns.
type register struct{ w *state }

// shop is the world's store.
type shop struct{ *state }

func (r register) Campaigns(context.Context) ([]triage.Campaign, error) {
	r.w.reads++
	return slices.Clone(r.w.campaigns), nil
}

func (r register) Campaign(_ context.Context, id string) (triage.Campaign, error) {
	i := slices.IndexFunc(r.w.campaigns, func(c triage.Campaign) bool { return c.ID == id })
	if i < 0 {
		return triage.Campaign{}, triage.Errorf(triage.CodeNotFound, "there is no campaign %s", id)
	}
	return r.w.campaigns[i], nil
}

func (w shop) Customer(_ context.Context, id triage.CustomerID, kinds []string, _ time.Time) (counter.Customer, error) {
	w.kinds = kinds
	c, known := w.people[id]
	if !known {
		return c, triage.Errorf(triage.CodeNotFound, "there is no customer %s", id)
	}
	return c, nil
}

func (w shop) AddCapture(_ context.Context, c counter.Capture, e triage.AuditEntry) (counter.Capture, bool, error) {
	i := slices.IndexFunc(w.captures, func(x counter.Capture) bool { return x.Key == c.Key && c.Key != "" })
	if i >= 0 {
		return w.captures[i], false, nil
	}
	c.ID, c.Version = int64(len(w.captures)+1), 1
	w.captures, w.trail = append(w.captures, c), append(w.trail, e)
	return c, true, nil
}

func (w shop) ChangeCapture(_ context.Context, c counter.Capture, e triage.AuditEntry) error {
	old := &w.captures[c.ID-1]
	if old.Version != c.Version {
		return triage.Errorf(triage.CodeConflict, "changed meanwhile")
	}
	*old = c
	old.Version++
	w.trail = append(w.trail, e)
	return nil
}

func (w shop) Capture(_ context.Context, id int64) (counter.Capture, error) {
	if id < 1 || int(id) > len(w.captures) {
		return counter.Capture{}, triage.Errorf(triage.CodeNotFound, "there is no capture %d", id)
	}
	return w.captures[id-1], nil
}

func (shop) Log(context.Context, counter.Filter) (counter.Page, error) { return counter.Page{}, nil }

func (shop) Reactions(context.Context, string, time.Time, time.Time) (r campaign.Reaction, err error) {
	return r, nil
}

func (shop) ReactionDays(context.Context, string, time.Time, time.Time) ([]counter.DayReaction, error) {
	return nil, nil
}

func (shop) AllReactions(context.Context, time.Time, time.Time) (map[string]campaign.Reaction, error) {
	return map[string]campaign.Reaction{}, nil
}

func (shop) PhoneEnds(context.Context, string, int) ([]triage.Customer, error) { return nil, nil }

func (w shop) OptOut(_ context.Context, list []prevention.Suppression, e triage.AuditEntry) error {
	w.blocked, w.trail = append(w.blocked, list...), append(w.trail, e)
	return nil
}

// Assess finds whoever says 骗 dissatisfied and sure to complain.
func (w *state) Assess(c *triage.Complaint) triage.Assessment {
	a := triage.Assessment{Type: "service", NeedsReview: true, Sentiment: nlp.Sentiment{Label: nlp.Neutral}, Demand: nlp.DemandNone}
	if slices.Contains([]rune(c.Text), '骗') {
		a.Type, a.NeedsReview, a.Sentiment = "billing", false, nlp.Sentiment{Label: nlp.Negative, Intensity: 2}
	}
	return a
}

func (w *state) Submit(_ context.Context, c triage.Complaint, _ int) (triage.Receipt, error) {
	w.taken = append(w.taken, c)
	return triage.Receipt{Case: triage.Case{Complaint: c}}, nil
}

// advice returns what is said about one campaign.
func (w *world) advice(t *testing.T, who triage.CustomerID, id string) counter.Advice {
	t.Helper()
	a, err := w.Recommend(t.Context(), counter.Question{Customer: who})
	check(t, err)
	i := slices.IndexFunc(a.Advice, func(x counter.Advice) bool { return x.Campaign.ID == id })
	if i < 0 {
		t.Fatalf("nothing is said about %s", id)
	}
	return a.Advice[i]
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func code(t *testing.T, err error, want triage.Code) {
	t.Helper()
	if got := triage.CodeOf(err); got != want {
		t.Errorf("got an error of code %q (%v), want %q", got, err, want)
	}
}
