package customer_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// notices says of whom it was asked.
type notices struct{}

func (notices) Told(_ context.Context, ids []triage.CustomerID, limit int) ([]customer.Told, error) {
	return []customer.Told{{Cause: fmt.Sprint(ids, " ", limit)}}, nil
}

func TestFileIsOverAllRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *customer.Deps) { d.Notices = notices{} })
	w.enrol(t, triage.Customer{ID: "k", Name: "李四", Phone: "19900000001"}, triage.Customer{ID: "k2"}, triage.Customer{ID: "other"})
	_, err := w.Merge(t.Context(), customer.Merge{From: "k2", Into: "k", Reason: "同一人", By: "li"})
	check(t, err)
	_, err = w.db.PutCampaigns(t.Context(), []triage.Campaign{{ID: "spring", Name: "春季"}, {ID: "summer", Name: "夏季"}, {ID: "autumn", Name: "秋季"}})
	check(t, err)
	_, err = w.db.PutExposures(t.Context(), []triage.Exposure{
		{CustomerID: "k2", Kind: "campaign", Key: "spring", At: day(time.April, 1)}, {CustomerID: "other", Kind: "campaign", Key: "autumn", At: day(time.April, 1)},
	})
	check(t, err)
	old, low, open := kase("c1", "k", day(time.April, 1).AddDate(-2, 0, 0), 100), kase("c2", "k2", day(time.April, 2), 60), kase("c3", "k", day(time.April, 3))
	open.Campaign = "summer"
	w.accept(t, old, low, open, kase("c4", "other", day(time.April, 4), 0))
	_, err = w.LogContact(t.Context(), customer.Contact{Customer: "k2", Channel: triage.ChannelHotline, Content: "回访", By: "li"})
	check(t, err)
	check(t, w.Scored(t.Context(), score("c2", 60, w.now)))
	f, err := w.File(t.Context(), "k2")
	check(t, err)
	got := map[string]string{"person": string(f.Person.ID), "told": f.Told[0].Cause}
	for _, c := range f.Cases {
		got["cases"] += string(c.ID)
	}
	for _, c := range f.Campaigns {
		got["campaigns"] += c.ID + " "
	}
	for _, s := range f.Scores {
		got["scores"] += fmt.Sprint(s.Score, " ")
	}
	got["sizes"] = fmt.Sprint(len(f.Records), len(f.Exposures), len(f.Contacts), len(f.Tasks))
	got["figures"] = fmt.Sprint(f.Figures.Complaints, f.Figures.Open, *f.Figures.Satisfaction, f.Figures.Scored)
	want := map[string]string{
		"person": "k", "told": "[k k2] 20", "cases": "c3c2c1", "campaigns": "spring summer ", "scores": "60 100 ", "sizes": "2 1 1 1", "figures": "2 1 80 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("file (-want +got)\n%s", diff)
	}
	_, err = w.File(t.Context(), "nobody")
	wantCode(t, err, triage.CodeNotFound)
	bare, err := w.File(t.Context(), "other")
	check(t, err)
	if len(bare.Cases) != 1 || bare.Figures.Open != 0 {
		t.Errorf("file of somebody else: %+v", bare)
	}
}
