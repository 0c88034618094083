package demo_test

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// reach is how far back the company lives, earlier how much longer it has
// records.
const (
	reach   = 120 * 24 * time.Hour
	earlier = 645 * 24 * time.Hour
)

func TestComplaintsHoldTogether(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2, 3} {
		m, _ := fill(t, seed)
		customers := map[triage.CustomerID]bool{}
		for _, c := range m.customers {
			customers[c.ID] = true
		}
		ids := map[triage.ComplaintID]bool{}
		last := now.Add(-reach - earlier)
		for i := range m.complaints {
			c := m.complaints[i]
			if err := c.Validate(); err != nil {
				t.Fatalf("seed %d: %s: %v", seed, c.ID, err)
			}
			if ids[c.ID] || !customers[c.CustomerID] {
				t.Errorf("seed %d: %s: the id is taken or the customer %s unknown", seed, c.ID, c.CustomerID)
			}
			ids[c.ID] = true
			if c.At.Before(last) || c.At.After(now) {
				t.Errorf("seed %d: %s at %s, want from %s to %s", seed, c.ID, c.At, last, now)
			}
			last = c.At
			closed := c.Resolution != ""
			if closed != !c.ClosedAt.IsZero() || closed != (c.Type != "") || (c.Satisfaction != nil && !closed) {
				t.Errorf("seed %d: %s is half closed", seed, c.ID)
			}
			if closed && (c.ClosedAt.Before(c.At) || c.ClosedAt.After(now)) {
				t.Errorf("seed %d: %s came at %s and was closed at %s", seed, c.ID, c.At, c.ClosedAt)
			}
		}
	}
}

func TestOnlyThePlantedTextIsCopied(t *testing.T) {
	t.Parallel()
	m, _ := first(t)
	by := map[string][]triage.CustomerID{}
	for _, c := range m.complaints {
		by[c.Text] = append(by[c.Text], c.CustomerID)
	}
	copied := 0
	for text, customers := range by {
		if len(customers) == 1 {
			continue
		}
		copied++
		if len(customers) != 4 {
			t.Errorf("%d customers sent %q", len(customers), text)
		}
	}
	if copied != 1 {
		t.Errorf("%d texts are copied, want the planted one", copied)
	}
}

func TestMostOfTheHistoryIsClosed(t *testing.T) {
	t.Parallel()
	m, _ := first(t)
	closed, scored, low, high := 0, 0, 0, 0
	all := 0
	for _, c := range m.complaints {
		if c.At.Before(now.Add(-reach)) {
			continue
		}
		all++
		if c.Resolution == "" {
			continue
		}
		closed++
		if c.Satisfaction == nil {
			continue
		}
		scored++
		if *c.Satisfaction < 60 {
			low++
		}
		if *c.Satisfaction >= 80 {
			high++
		}
	}
	if share := float64(closed) / float64(all); share < .88 || share > .96 {
		t.Errorf("got %.2f closed, want about 0.92", share)
	}
	if low < scored/10 || high < scored/4 {
		t.Errorf("of %d scores %d are low and %d high: they do not differ enough", scored, low, high)
	}
}

func TestRepeatsFollowTheirOrder(t *testing.T) {
	t.Parallel()
	m, sum := first(t)
	earlier := map[string]triage.Complaint{}
	repeats := 0
	for _, c := range m.complaints {
		if c.OrderID == "" {
			continue
		}
		p, again := earlier[c.OrderID]
		if !again {
			earlier[c.OrderID] = c
			continue
		}
		repeats++
		if p.CustomerID != c.CustomerID || c.At.Sub(p.At) < 24*time.Hour {
			t.Errorf("%s repeats %s of another customer or too soon", c.ID, p.ID)
		}
	}
	if repeats != sum.Repeats {
		t.Errorf("%d orders are complained of again, Summary says %d", repeats, sum.Repeats)
	}
}

func TestLabelsAreAboutComplaintsOnce(t *testing.T) {
	t.Parallel()
	m, _ := first(t)
	unknown := map[triage.ComplaintID]bool{}
	for _, c := range m.complaints {
		unknown[c.ID] = true
	}
	for _, l := range m.labels {
		if !unknown[l.Complaint] {
			t.Errorf("label for %s, which is unknown or labelled", l.Complaint)
		}
		delete(unknown, l.Complaint)
	}
}

func TestIncidentHitsMoreThanComplain(t *testing.T) {
	t.Parallel()
	m, sum := first(t)
	hit := map[triage.CustomerID]time.Time{}
	gateway := ""
	for _, e := range m.exposures {
		if e.Kind == "payment" && e.Attrs["status"] == "failed" {
			hit[e.CustomerID], gateway = e.At, e.Key
		}
	}
	if len(hit) != sum.Affected {
		t.Fatalf("%d customers have a failed payment, Summary says %d", len(hit), sum.Affected)
	}
	complained := 0
	for _, c := range m.complaints {
		if c.Attrs["gateway"] != gateway {
			continue
		}
		complained++
		if paid, ok := hit[c.CustomerID]; !ok || !paid.Before(c.At) {
			t.Errorf("%s names the gateway, but its customer had no failed payment before", c.ID)
		}
		if age := now.Sub(c.At); age > 3*24*time.Hour {
			t.Errorf("%s belongs to the incident and is %s old", c.ID, age)
		}
	}
	if complained == 0 || complained > sum.Complained {
		t.Errorf("%d complaints name the gateway, want some of %d", complained, sum.Complained)
	}
}

func TestExposuresAreDistinctAndPast(t *testing.T) {
	t.Parallel()
	m, _ := first(t)
	type contact struct {
		customer  triage.CustomerID
		kind, key string
		at        int64
	}
	seen := map[contact]bool{}
	for _, e := range m.exposures {
		k := contact{e.CustomerID, e.Kind, e.Key, e.At.Unix()}
		if seen[k] || e.At.After(now) || e.At.Before(now.Add(-reach-30*24*time.Hour)) {
			t.Errorf("exposure %v comes twice or lies outside the history", k)
		}
		seen[k] = true
	}
}

func TestSaleBringsAPeak(t *testing.T) {
	t.Parallel()
	const days = 24 * time.Hour
	sale, before := 0, 0
	for _, seed := range []uint64{1, 2, 3} {
		m, _ := fill(t, seed)
		for _, c := range m.complaints {
			age := now.Sub(c.At)
			switch {
			case c.Attrs["line"] != "商城":
			case age >= 39*days && age < 46*days:
				sale++
			case age >= 60*days && age < 67*days:
				before++
			}
		}
	}
	if sale < 2*before {
		t.Errorf("three sale weeks have %d complaints, three weeks before them %d", sale, before)
	}
}
