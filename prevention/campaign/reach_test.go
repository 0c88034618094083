package campaign_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

func TestReachCountsFirstTimesAndContacts(t *testing.T) {
	t.Parallel()
	c := campaign.NewReachCounter(campaign.Seen{ID: "C1"}, nil, time.FixedZone("", 8*60*60))
	for _, e := range []struct {
		customer triage.CustomerID
		at       time.Time
		rule     string
	}{
		{"K1", noon, ""}, {"K1", noon.Add(time.Hour), ""}, {"K2", noon.Add(2 * time.Hour), "changed"},
		{"K1", noon.Add(5 * time.Hour), "changed"}, // another day in the zone
	} {
		x := triage.Exposure{CustomerID: e.customer, At: e.at, Attrs: map[string]any{"name": " 充100送100 "}}
		if e.rule != "" {
			x.Attrs["rule"] = e.rule
		}
		c.Add(&x)
	}
	first := campaign.Reach{Day: 20513, Customers: 2, Contacts: 3}
	want := []campaign.Reach{
		first, {Day: 20513, Segment: "rule=changed", Customers: 1, Contacts: 1},
		{Day: 20514, Customers: 0, Contacts: 1}, {Day: 20514, Segment: "rule=changed", Customers: 1, Contacts: 1},
	}
	if diff := cmp.Diff(want, c.Rows()); diff != "" {
		t.Errorf("reach (-want +got)\n%s", diff)
	}
	if got := c.Seen(); got.Name != "充100送100" || !got.First.Equal(noon) {
		t.Errorf("seen: got %+v", got)
	}
}

// TestSegmentsAreBoundedWhateverTheOrder gives facts with few and with many
// values, and more facts than are kept, in many orders.
func TestSegmentsAreBoundedWhateverTheOrder(t *testing.T) {
	t.Parallel()
	var list []triage.Exposure
	for i := range 60 {
		e := triage.Exposure{CustomerID: triage.CustomerID(fmt.Sprint("K", i%20)), At: noon, Attrs: map[string]any{
			"a-code": fmt.Sprint(i), "b-rule": fmt.Sprint("r", i%3), "c-vip": i%2 == 0,
		}}
		e.Attrs[fmt.Sprint("f", i%10)] = "x"
		list = append(list, e)
	}
	var want []campaign.Reach
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		c := campaign.NewReachCounter(campaign.Seen{}, nil, time.UTC)
		for i := range list {
			c.Add(&list[i])
		}
		if want == nil {
			want = c.Rows()
			if len(want) > 12 {
				t.Fatalf("%d segments, want at most 12: %+v", len(want), want)
			}
		}
		if diff := cmp.Diff(want, c.Rows()); diff != "" {
			t.Fatalf("seed %d: reach depends on the order (-want +got)\n%s", seed, diff)
		}
	}
}

// A campaign that has reached three people so far must not have their phones for
// segments.
func TestNumbersOfPeopleAreNoSegments(t *testing.T) {
	t.Parallel()
	c := campaign.NewReachCounter(campaign.Seen{}, nil, time.UTC)
	for i, phone := range []any{"13812345678", "138 1234 5679", 13812345670.0} {
		attrs := map[string]any{"rule": "r1", "batch": 20260301.0, fmt.Sprint("phone", i): phone, "mail": "li@example.com"}
		c.Add(&triage.Exposure{CustomerID: triage.CustomerID(fmt.Sprint("K", i)), At: noon, Attrs: attrs})
	}
	var got []string
	for _, r := range c.Rows() {
		got = append(got, r.Segment)
	}
	if diff := cmp.Diff([]string{"", "batch=2.0260301e+07", "rule=r1"}, got); diff != "" {
		t.Errorf("segments (-want +got)\n%s", diff)
	}
}
