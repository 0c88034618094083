package attribution_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/attribution"
	"github.com/qianyi-dev/qianyi/triage"
)

// house is a store in memory.
type house struct {
	cases     []triage.Case
	exposures []triage.Exposure
	batches   []prevention.ExposureBatch
	campaigns []triage.Campaign
	revision  int64
	at        campaign.Progress
	about     map[triage.ComplaintID]campaign.Attribution
	hands     []campaign.Attribution
}

func newHouse() *house { return &house{about: map[triage.ComplaintID]campaign.Attribution{}} }

func (h *house) complain(customer, text string) triage.ComplaintID {
	n := len(h.cases) + 1
	at := start.Add(time.Duration(n) * time.Hour)
	c := triage.Case{Seq: int64(n), ReceivedAt: at}
	c.ID, c.CustomerID, c.At, c.Text = triage.ComplaintID(fmt.Sprint("T", n)), triage.CustomerID(customer), at, text
	h.cases = append(h.cases, c)
	return c.ID
}

func (h *house) reach(customer, key string, at time.Time) {
	h.exposures = append(h.exposures, triage.Exposure{CustomerID: triage.CustomerID(customer), Kind: campaign.ExposureKind, Key: key, At: at})
	h.batches = append(h.batches, prevention.ExposureBatch{Seq: int64(len(h.batches) + 1), From: at, To: at})
}

func (h *house) register(c triage.Campaign) {
	h.campaigns = append(h.campaigns, c)
	h.revision++
}

func (h *house) Arrived(_ context.Context, after int64, limit int) ([]triage.Case, error) {
	rest := h.cases[after:]
	return rest[:min(len(rest), limit)], nil
}

func (h *house) Replay(_ context.Context, since time.Time, upTo int64, each func(triage.Case, prevention.ClusterID) error) error {
	for _, c := range h.cases[:upTo] {
		if !c.At.Before(since) {
			if err := each(c, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *house) ExposuresOf(_ context.Context, ids []triage.CustomerID, from, to time.Time) (list []triage.Exposure, _ error) {
	for _, e := range h.exposures {
		if slices.Contains(ids, e.CustomerID) && !e.At.Before(from) && e.At.Before(to) {
			list = append(list, e)
		}
	}
	return list, nil
}

func (h *house) CountKinds(_ context.Context, from, to time.Time) (list []prevention.KindCount, _ error) {
	for _, e := range h.exposures {
		if !e.At.Before(from) && e.At.Before(to) {
			list = append(list, prevention.KindCount{Kind: e.Kind, Key: e.Key, Count: 1})
		}
	}
	return list, nil
}

func (h *house) ExposureBatches(_ context.Context, after int64, limit int) ([]prevention.ExposureBatch, error) {
	rest := h.batches[after:]
	return rest[:min(len(rest), limit)], nil
}

func (h *house) AttributionProgress(context.Context) (campaign.Progress, int64, error) {
	return h.at, h.revision, nil
}

func (h *house) RecordAttributions(_ context.Context, j campaign.Judged) error {
	h.at = j.Progress
	for _, id := range j.Clear {
		delete(h.about, id)
	}
	for _, a := range j.Set {
		h.about[a.Complaint] = a
	}
	return nil
}

func (h *house) HandAttributions(context.Context) ([]campaign.Attribution, error) {
	return h.hands, nil
}

func (h *house) Cases(_ context.Context, ids []triage.ComplaintID) (list []triage.Case, _ error) {
	for _, c := range h.cases {
		if slices.Contains(ids, c.ID) {
			list = append(list, c)
		}
	}
	return list, nil
}

func (h *house) Campaigns(context.Context) ([]triage.Campaign, error) { return h.campaigns, nil }

func (h *house) job() *attribution.Job {
	return attribution.NewJob(attribution.JobDeps{
		Feed: h, Exposures: h, Batches: h, Store: h, Tokenizer: segment.Default(), Now: func() time.Time { return start.Add(5 * day) },
	})
}

// run runs the job and returns what every complaint is about, with its basis.
func (h *house) run(t *testing.T, j *attribution.Job) map[triage.ComplaintID]string {
	t.Helper()
	if _, _, err := j.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[triage.ComplaintID]string{}
	for id, a := range h.about {
		got[id] = a.Campaign + " " + string(a.Basis)
	}
	return got
}

var topUp = triage.Campaign{ID: "C1", Name: "存50送120话费礼", Rules: "分12个月到账，每月10元", From: start.Add(-day)}

const (
	naming  = "存五十送一百二的话费一直没到"
	hinting = "说好分12个月到账，第三个月就没有了，客服说活动规则改了"
)

func TestJobFollowsCases(t *testing.T) {
	t.Parallel()
	h := newHouse()
	h.register(topUp)
	h.reach("K1", "C1", start)
	a, b, c := h.complain("K2", naming), h.complain("K1", hinting), h.complain("K1", "宽带断网两天没人修")
	j := h.job()
	want := map[triage.ComplaintID]string{a: "C1 mention", b: "C1 exposure"}
	if diff := cmp.Diff(want, h.run(t, j)); diff != "" {
		t.Errorf("attributions (-want +got)\n%s", diff)
	}
	if !h.about[b].Exposed.Equal(start) || len(h.about[b].Evidence) == 0 {
		t.Errorf("by exposure: got %+v", h.about[b])
	}
	_ = c
	d := h.complain("K3", hinting)
	e := h.complain("K3", naming)
	want[e] = "C1 mention"
	if diff := cmp.Diff(want, h.run(t, j)); diff != "" {
		t.Errorf("attributions after two more (-want +got)\n%s", diff)
	}
	if h.at.Seq != 5 || h.at.Batch != 1 {
		t.Errorf("progress: got %+v", h.at)
	}
	_ = d
}

func TestJobJudgesAgain(t *testing.T) {
	t.Parallel()
	t.Run("when a campaign is registered", func(t *testing.T) {
		t.Parallel()
		h := newHouse()
		id := h.complain("K2", naming)
		j := h.job()
		if got := h.run(t, j); len(got) != 0 {
			t.Errorf("before: got %v", got)
		}
		h.register(topUp)
		if diff := cmp.Diff(map[triage.ComplaintID]string{id: "C1 mention"}, h.run(t, j)); diff != "" {
			t.Errorf("after (-want +got)\n%s", diff)
		}
	})
	t.Run("but not what a text said that is forgotten", func(t *testing.T) {
		t.Parallel()
		h := newHouse()
		h.register(topUp)
		id := h.complain("K2", naming)
		j := h.job()
		want := h.run(t, j)
		if len(want) != 1 {
			t.Fatalf("got %v, want an attribution", want)
		}
		h.cases[0].Text = ""
		h.register(triage.Campaign{ID: "C2", Name: "周五加油八折"})
		if diff := cmp.Diff(want, h.run(t, j)); diff != "" {
			t.Errorf("attribution of %s (-want +got)\n%s", id, diff)
		}
	})
	t.Run("when a campaign becomes another", func(t *testing.T) {
		t.Parallel()
		h := newHouse()
		h.register(topUp)
		h.complain("K2", naming)
		j := h.job()
		h.run(t, j)
		h.campaigns[0].Name, h.campaigns[0].Rules = "周五加油八折", ""
		h.revision++
		if got := h.run(t, j); len(got) != 0 {
			t.Errorf("got %v, want nothing", got)
		}
	})
	t.Run("when exposures come late", func(t *testing.T) {
		t.Parallel()
		h := newHouse()
		h.register(topUp)
		id := h.complain("K1", hinting)
		j := h.job()
		if got := h.run(t, j); len(got) != 0 {
			t.Errorf("before: got %v", got)
		}
		h.reach("K1", "C1", start)
		if diff := cmp.Diff(map[triage.ComplaintID]string{id: "C1 exposure"}, h.run(t, j)); diff != "" {
			t.Errorf("after (-want +got)\n%s", diff)
		}
	})
	t.Run("and finds the same in another process", func(t *testing.T) {
		t.Parallel()
		h := newHouse()
		h.register(topUp)
		h.reach("K1", "C1", start)
		h.complain("K1", hinting)
		want := h.run(t, h.job())
		h.complain("K1", "房间隔音太差")
		if diff := cmp.Diff(want, h.run(t, h.job())); diff != "" {
			t.Errorf("attributions (-want +got)\n%s", diff)
		}
	})
}

// What people say is learned at the next run, and not only when the process
// begins anew.
func TestJobLearnsFromHands(t *testing.T) {
	t.Parallel()
	const text = "水晶相框碎了一角，当初说好包邮包换，快递说不是他们的事"
	h := newHouse()
	h.register(topUp)
	j := h.job()
	for i := range 60 {
		h.complain(fmt.Sprint("N", i), "宽带断网两天没人修")
	}
	var odd []triage.ComplaintID
	for i := range 12 {
		odd = append(odd, h.complain(fmt.Sprint("K", i), text))
	}
	if got := h.run(t, j); len(got) != 0 {
		t.Fatalf("before anybody said so: got %v", got)
	}
	for _, id := range odd {
		h.hands = append(h.hands, campaign.Attribution{Complaint: id, Campaign: "C1", Basis: campaign.ByHand})
	}
	h.reach("K99", "C1", start)
	next := h.complain("K99", text)
	if got := h.run(t, j); got[next] != "C1 exposure" {
		t.Errorf("after twelve were given to it by hand: got %q, want C1 exposure", got[next])
	}
}
