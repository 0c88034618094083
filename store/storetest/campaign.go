package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

// campaignPorts are what the register, reach and attribution need.
type campaignPorts interface {
	campaign.RegisterStore
	campaign.AttributionStore
	campaign.JudgedStore
	campaign.ReachStore
	Reached(ctx context.Context) (map[string]int, error)
	LastChange(ctx context.Context) (int64, error)
}

// springOf returns a campaign with every field set.
func springOf(id string) triage.Campaign {
	return triage.Campaign{
		ID: id, Name: "充50送120", From: start.Truncate(time.Millisecond), To: start.Add(time.Hour), Channel: "sms", Rules: "分12个月", Audience: "全部",
		Copy: "送！", Objective: "拉新", Owner: "li", Department: "市场部", Aliases: []string{"充送", "春季"},
		Eligible: triage.Eligibility{Tiers: []triage.Tier{triage.TierHigh}, MinMonths: 12, Needs: []triage.RecordOf{{Kind: "purchase"}}},
	}
}

func attributed(t *testing.T, s Store, ids ...triage.ComplaintID) map[triage.ComplaintID]campaign.Attribution {
	t.Helper()
	got, err := s.AttributionsOf(t.Context(), ids)
	check(t, err)
	return got
}

func changeNumber(t *testing.T, s Store) int64 {
	t.Helper()
	n, err := s.LastChange(t.Context())
	check(t, err)
	return n
}

// revision returns the revision that the register has now.
func revision(t *testing.T, s Store) int64 {
	t.Helper()
	_, n, err := s.AttributionProgress(t.Context())
	check(t, err)
	return n
}

var campaignTests = map[string]func(*testing.T, Store){
	"a campaign comes back as it went in, with its trail": func(t *testing.T, s Store) {
		want := springOf("C1")
		before := revision(t, s)
		version, err := s.PutCampaign(t.Context(), want, entryOf(campaign.Object("C1")))
		check(t, err)
		want.Version = version
		got, err := s.Campaign(t.Context(), "C1")
		check(t, err)
		equal(t, "campaign", got, want)
		equal(t, "version", version, int64(1))
		audited(t, s, campaign.Object("C1"), 1)
		if revision(t, s) <= before {
			t.Error("the revision of the register did not grow")
		}
	},
	"a change of an old version is refused, and leaves no trail": func(t *testing.T, s Store) {
		c := springOf("C1")
		_, err := s.PutCampaign(t.Context(), c, entryOf(campaign.Object("C1")))
		check(t, err)
		_, err = s.PutCampaign(t.Context(), c, entryOf(campaign.Object("C1")))
		code(t, err, triage.CodeConflict)
		c.Version = 7
		_, err = s.PutCampaign(t.Context(), c, entryOf(campaign.Object("C1")))
		code(t, err, triage.CodeConflict)
		c.ID = "C2"
		_, err = s.PutCampaign(t.Context(), c, entryOf(campaign.Object("C2")))
		code(t, err, triage.CodeNotFound)
		audited(t, s, campaign.Object("C1"), 1)
		audited(t, s, campaign.Object("C2"), 0)
		_, err = s.Campaign(t.Context(), "C2")
		code(t, err, triage.CodeNotFound)
	},
	"an import keeps what it does not bring": func(t *testing.T, s Store) {
		_, err := s.PutCampaign(t.Context(), springOf("C1"), entryOf(campaign.Object("C1")))
		check(t, err)
		added, err := s.PutCampaigns(t.Context(), []triage.Campaign{{ID: "C1", Name: "春季新名"}, {ID: "C2", Name: "另一个"}})
		check(t, err)
		equal(t, "added", added, 1)
		want := springOf("C1")
		want.Name, want.Version = "春季新名", 2
		got, err := s.Campaign(t.Context(), "C1")
		check(t, err)
		equal(t, "campaign", got, want)
		before := revision(t, s)
		added, err = s.PutCampaigns(t.Context(), []triage.Campaign{{ID: "C1", Name: "春季新名"}, {ID: "C2", Name: "另一个"}})
		check(t, err)
		equal(t, "added again", added, 0)
		equal(t, "revision after the same import", revision(t, s), before)
		list, err := s.Campaigns(t.Context())
		check(t, err)
		equal(t, "how many", len(list), 2)
	},
	"a campaign that exposures name is known without being registered": func(t *testing.T, s Store) {
		check(t, s.RecordReach(t.Context(), 3, []campaign.Recount{
			{Seen: campaign.Seen{ID: "X1", Name: "充100送100", First: start}, From: 10, Days: []campaign.Reach{{Day: 11, Customers: 2, Contacts: 3}}},
		}))
		got, err := s.Campaign(t.Context(), "X1")
		check(t, err)
		equal(t, "campaign", got, triage.Campaign{ID: "X1", Name: "充100送100"})
		_, err = s.PutCampaign(t.Context(), springOf("X1"), entryOf(campaign.Object("X1")))
		check(t, err)
		list, err := s.Campaigns(t.Context())
		check(t, err)
		equal(t, "how many", len(list), 1)
		equal(t, "name", list[0].Name, "充50送120")
	},
	"reach is replaced from a day on, and dropped facts go": func(t *testing.T, s Store) {
		rows := []campaign.Reach{
			{Day: 10, Customers: 5, Contacts: 6},
			{Day: 10, Segment: "rule=a", Customers: 5, Contacts: 6}, {Day: 10, Segment: "ruler=b", Customers: 1, Contacts: 1},
			{Day: 12, Customers: 1, Contacts: 2},
		}
		seen := campaign.Seen{ID: "X1", Name: "充100送100", First: start.Truncate(time.Millisecond)}
		check(t, s.RecordReach(t.Context(), 3, []campaign.Recount{{Seen: seen, From: 0, Days: rows}}))
		reached, err := s.Reached(t.Context())
		check(t, err)
		got, err := s.ReachOf(t.Context(), "X1")
		equal(t, "reached", reached, map[string]int{"X1": 6})
		check(t, err)
		equal(t, "reach", got, rows)
		seen.Dropped = []string{"rule"}
		check(t, s.RecordReach(t.Context(), 4, []campaign.Recount{{Seen: seen, From: 12, Days: []campaign.Reach{{Day: 13, Customers: 9, Contacts: 9}}}}))
		got, err = s.ReachOf(t.Context(), "X1")
		check(t, err)
		equal(t, "reach after", got, []campaign.Reach{rows[0], rows[2], {Day: 13, Customers: 9, Contacts: 9}})
		batch, err := s.ReachProgress(t.Context())
		check(t, err)
		equal(t, "batch", batch, int64(4))
		known, err := s.SeenCampaigns(t.Context())
		check(t, err)
		equal(t, "seen", known, map[string]campaign.Seen{"X1": seen})
	},
	"an attribution is a change of its case, the same one again is none": func(t *testing.T, s Store) {
		accept(t, s, many(3)...)
		a := campaign.Attribution{Complaint: "c0001", Campaign: "C1", Basis: campaign.Mention, Score: 0.97, Evidence: []string{"充100送100"}, Exposed: start.Truncate(time.Millisecond), At: start.Truncate(time.Millisecond)}
		p := campaign.Progress{Seq: 3, Batch: 2, Revision: 1}
		before := changeNumber(t, s)
		check(t, s.RecordAttributions(t.Context(), campaign.Judged{Progress: p, Set: []campaign.Attribution{a}, Clear: []triage.ComplaintID{"c0002"}}))
		equal(t, "changes", changeNumber(t, s)-before, int64(1))
		equal(t, "attributions", attributed(t, s, "c0001", "c0002"), map[triage.ComplaintID]campaign.Attribution{"c0001": a})
		later := a
		later.At = a.At.Add(time.Hour)
		check(t, s.RecordAttributions(t.Context(), campaign.Judged{Progress: p, Set: []campaign.Attribution{later, {Complaint: "gone", Campaign: "C1"}}}))
		equal(t, "changes after the same", changeNumber(t, s)-before, int64(1))
		check(t, s.RecordAttributions(t.Context(), campaign.Judged{Progress: p, Clear: []triage.ComplaintID{"c0001"}}))
		equal(t, "changes after none", changeNumber(t, s)-before, int64(2))
		equal(t, "attributions after", len(attributed(t, s, "c0001")), 0)
		got, _, err := s.AttributionProgress(t.Context())
		check(t, err)
		equal(t, "progress", got, p)
	},
	"what a person says stays": func(t *testing.T, s Store) {
		accept(t, s, many(2)...)
		hand := campaign.Attribution{Complaint: "c0000", Basis: campaign.ByHand, Score: 1, By: "li", At: start.Truncate(time.Millisecond)}
		before := changeNumber(t, s)
		check(t, s.AttributeByHand(t.Context(), hand, entryOf(triage.CaseObject("c0000"))))
		if changeNumber(t, s) == before {
			t.Error("the case did not change")
		}
		check(t, s.RecordAttributions(t.Context(), campaign.Judged{
			Set:   []campaign.Attribution{{Complaint: "c0000", Campaign: "C1", Basis: campaign.Mention, Score: 0.9, At: start}},
			Clear: []triage.ComplaintID{"c0000"},
		}))
		got := attributed(t, s, "c0000")
		equal(t, "attribution", got, map[triage.ComplaintID]campaign.Attribution{"c0000": hand})
		hands, err := s.HandAttributions(t.Context())
		check(t, err)
		equal(t, "by hand", len(hands), 1)
		code(t, s.AttributeByHand(t.Context(), campaign.Attribution{Complaint: "nobody", Basis: campaign.ByHand}, entryOf("case:nobody")), triage.CodeNotFound)
		audited(t, s, "case:nobody", 0)
	},
	"complaints about a campaign are listed in pages, the latest first": func(t *testing.T, s Store) {
		accept(t, s, many(5)...)
		var set []campaign.Attribution
		for i := range 5 {
			set = append(set, campaign.Attribution{Complaint: triage.ComplaintID(fmt.Sprintf("c%04d", i)), Campaign: "C1", Basis: campaign.Mention, Score: 0.9, At: start})
		}
		set[4].Campaign = "C2"
		set[0].Basis = campaign.Exposure
		check(t, s.RecordAttributions(t.Context(), campaign.Judged{Set: set}))
		var got []triage.ComplaintID
		f := campaign.AttributionFilter{Campaign: "C1", Limit: 3}
		for {
			page, err := s.Attributions(t.Context(), f)
			check(t, err)
			for _, r := range page.Rows {
				got = append(got, r.Complaint)
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
		}
		equal(t, "complaints", got, []triage.ComplaintID{"c0003", "c0002", "c0001", "c0000"})
		page, err := s.Attributions(t.Context(), campaign.AttributionFilter{Campaign: "C1", Basis: campaign.Exposure})
		check(t, err)
		equal(t, "by exposure", len(page.Rows), 1)
		page, err = s.Attributions(t.Context(), campaign.AttributionFilter{Campaign: "C1", Scope: triage.Scope{Department: "别的部门"}})
		check(t, err)
		equal(t, "of another department", len(page.Rows), 0)
		_, err = s.Attributions(t.Context(), campaign.AttributionFilter{Campaign: "C1", Cursor: "x"})
		code(t, err, triage.CodeInvalid)
	},
	"reach that is counted as exposures come in equals a recount": func(t *testing.T, s Store) {
		zone := time.FixedZone("", 8*60*60)
		reaching := campaign.NewReaching(campaign.ReachingDeps{Exposures: s, Feed: s, Store: s, Zone: zone})
		state := uint32(7)
		random := func(n int) int { state = state*1664525 + 1013904223; return int(state>>8) % n }
		for round := range 12 {
			var list []triage.Exposure
			for range 40 {
				e := triage.Exposure{
					CustomerID: triage.CustomerID(fmt.Sprint("K", random(25))), Kind: campaign.ExposureKind, Key: fmt.Sprint("C", random(3)),
					At:    start.Add(time.Duration(round*24+random(96)-72) * time.Hour),
					Attrs: map[string]any{"rule": fmt.Sprint("r", random(3)), "code": fmt.Sprint(random(1000))},
				}
				if random(4) == 0 {
					e.Kind, e.Attrs = "payment", nil
				}
				list = append(list, e)
			}
			_, err := s.PutExposures(t.Context(), list)
			check(t, err)
			_, err = reaching.Run(t.Context())
			check(t, err)
		}
		for _, id := range []string{"C0", "C1", "C2"} {
			got, err := s.ReachOf(t.Context(), id)
			check(t, err)
			counter := campaign.NewReachCounter(campaign.Seen{ID: id}, nil, zone)
			check(t, s.ScanExposures(t.Context(), campaign.ExposureKind, id, start.AddDate(-1, 0, 0), start.AddDate(1, 0, 0), func(e triage.Exposure) error {
				counter.Add(&e)
				return nil
			}))
			equal(t, "reach of "+id, got, counter.Rows())
			if len(got) < 10 {
				t.Errorf("%s has %d rows, too few to show anything", id, len(got))
			}
		}
		n, err := reaching.Run(t.Context())
		check(t, err)
		equal(t, "campaigns with new exposures", n, 0)
	},
}
