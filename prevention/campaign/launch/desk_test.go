package launch_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/triage"
)

var now = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)

// memory is a store, a register and a past.
type memory struct {
	checks  []launch.Kept
	entries []triage.AuditEntry
	past    []launch.Past
	since   time.Time
}

func (m *memory) KeepCheck(_ context.Context, k launch.Kept, e triage.AuditEntry) (int64, error) {
	k.ID = int64(len(m.checks) + 1)
	m.checks, m.entries = append(m.checks, k), append(m.entries, e)
	return k.ID, nil
}

func (m *memory) LaunchCheck(_ context.Context, id int64) (launch.Kept, error) {
	if id < 1 || id > int64(len(m.checks)) {
		return launch.Kept{}, triage.Errorf(triage.CodeNotFound, "no check %d", id)
	}
	return m.checks[id-1], nil
}

func (m *memory) LaunchChecks(context.Context, string, int) ([]launch.Kept, error) {
	return m.checks, nil
}

func (m *memory) AcceptFinding(_ context.Context, id int64, a launch.Acceptance, e triage.AuditEntry) error {
	k := &m.checks[id-1]
	k.Accepted, m.entries = append(k.Accepted, a), append(m.entries, e)
	return nil
}

func (m *memory) Campaign(_ context.Context, id string) (triage.Campaign, error) {
	if id != "C1" {
		return triage.Campaign{}, triage.Errorf(triage.CodeNotFound, "no campaign %s", id)
	}
	return triage.Campaign{ID: id, Name: "充值送", Copy: "充100送100", Version: 4}, nil
}

func (m *memory) PastCampaigns(_ context.Context, since time.Time) ([]launch.Past, error) {
	m.since = since
	return m.past, nil
}

func setup(t *testing.T, earlier *launch.Finder) (*launch.Desk, *memory) {
	t.Helper()
	m := &memory{}
	d, err := launch.NewDesk(launch.Deps{
		Checker: checker(t), Store: m, Register: m, History: m, Earlier: earlier, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return d, m
}

func TestCheckAcceptAndCheckAgain(t *testing.T) {
	t.Parallel()
	d, m := setup(t, nil)
	first, err := d.Check(t.Context(), launch.Ask{Campaign: "C1", By: "li", Draft: launch.Draft{Copy: "全网最低价，永久免费，6月1日至6月18日"}})
	if err != nil {
		t.Fatal(err)
	}
	if first.Version != 4 || len(first.Report.Findings) != 2 {
		t.Fatalf("got %+v, want version 4 and two findings", first)
	}
	key := first.Report.Findings[0].Key()
	if err := d.Accept(t.Context(), first.ID, key, " ", "wang"); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("got %v for an acceptance without a reason", err)
	}
	if err := d.Accept(t.Context(), first.ID, "copy/none/", "有报告", "wang"); triage.CodeOf(err) != triage.CodeNotFound {
		t.Errorf("got %v for a finding that is not there", err)
	}
	if err := d.Accept(t.Context(), first.ID, key, "有报告", "wang"); err != nil {
		t.Fatal(err)
	}
	second, err := d.Check(t.Context(), launch.Ask{Campaign: "C1", Previous: first.ID, By: "li", Draft: launch.Draft{Copy: "全网最低价，6月1日至6月18日"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Result(t.Context(), second.ID)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != launch.Go || len(r.Open) != 0 || len(r.Change.Solved) != 1 || len(r.Change.Stayed) != 1 || len(r.Change.Added) != 0 {
		t.Errorf("got verdict %s, %d open, change %+v", r.Verdict, len(r.Open), r.Change)
	}
	want := []launch.Acceptance{{Finding: key, Reason: "有报告", By: "wang", At: now}}
	if diff := cmp.Diff(want, r.Accepted); diff != "" {
		t.Errorf("accepted (-want +got)\n%s", diff)
	}
	if got := []string{m.entries[0].Action, m.entries[1].Action, m.entries[1].Object}; !slices.Equal(got, []string{"check_campaign", "accept_finding", "launch_check:1"}) {
		t.Errorf("the trail has %q", got)
	}
	_, err = d.Check(t.Context(), launch.Ask{Previous: first.ID, By: "li", Draft: launch.Draft{Copy: "全场8折"}})
	if triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("got %v for a wording of another campaign", err)
	}
	for _, a := range []launch.Ask{{Draft: launch.Draft{Copy: " "}}, {Draft: launch.Draft{Copy: "8折", Reach: -1}}} {
		if _, err := d.Check(t.Context(), a); triage.CodeOf(err) != triage.CodeInvalid {
			t.Errorf("got %v for %+v", err, a)
		}
	}
}

func TestForecastOfTheDesk(t *testing.T) {
	t.Parallel()
	d, m := setup(t, nil)
	draft := planned(10_000)
	draft.Name = "充值送"
	for _, id := range []string{"P1", "P2", "P3", "P4", "P5"} {
		m.past = append(m.past, launch.Past{ID: id, Name: "充值送话费", Text: offerText, Reached: 10_000, Complaints: 80, Days: 30})
	}
	m.past = append(m.past, launch.Past{ID: "C1", Name: "充值送话费", Text: offerText, Reached: 10_000, Complaints: 9000, Days: 30})
	for n := range 20 {
		m.past = append(m.past, launch.Past{ID: "Q" + string(rune('A'+n)), Name: "会员抽奖", Text: "积分抽奖赢电饭煲", Reached: 10_000, Complaints: 2, Days: 30})
	}
	kept, err := d.Check(t.Context(), launch.Ask{Campaign: "C1", By: "li", Draft: draft})
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Result(t.Context(), kept.ID)
	if err != nil {
		t.Fatal(err)
	}
	f := r.Forecast
	if f == nil || f.Few() || len(f.Like) != 5 || f.Campaigns != 25 {
		t.Fatalf("got %+v, want five similar campaigns of 25, without itself", f)
	}
	if f.Interval.Low > 80 || f.Interval.High < 80 || f.Wide.Low > f.Interval.Low || f.Wide.High < f.Interval.High {
		t.Errorf("got %+v in %+v, want 80 in it", f.Interval, f.Wide)
	}
	if !r.Risky || r.Verdict == launch.Go {
		t.Errorf("got risky %v and verdict %s for four times the usual", r.Risky, r.Verdict)
	}
	if want := now.AddDate(0, 0, -14); !m.since.Equal(want) {
		t.Errorf("asked for campaigns settled since %v, want %v", m.since, want)
	}
}

func TestNothingToForecastFrom(t *testing.T) {
	t.Parallel()
	d := planned(10_000)
	if f, ok := launch.Predict(&d, nil); ok {
		t.Errorf("got %+v from nothing", f)
	}
	if f, ok := launch.Predict(&d, []launch.Past{{ID: "P1", Complaints: 3}}); ok {
		t.Errorf("got %+v from a campaign that reached nobody", f)
	}
	unplanned := planned(0)
	if f, ok := launch.Predict(&unplanned, []launch.Past{{ID: "P1", Reached: 10}}); ok {
		t.Errorf("got %+v without a planned reach", f)
	}
}

// With the same rates, fewer similar campaigns make a wider interval.
func TestFewerSimilarCampaignsWidenTheInterval(t *testing.T) {
	t.Parallel()
	width := func(similar int) int {
		var past []launch.Past
		for n := range 12 {
			p := launch.Past{ID: string(rune('A' + n)), Name: "会员抽奖", Text: "积分抽奖赢电饭煲", Reached: 10_000, Complaints: 40, Days: 30}
			if n < similar {
				p.Name, p.Text = "充值送话费", offerText
			}
			past = append(past, p)
		}
		d := planned(10_000)
		f, ok := launch.Predict(&d, past)
		if !ok || f.Few() != (similar < 3) {
			t.Errorf("%d similar: few is %v", similar, f.Few())
		}
		return f.Interval.High - f.Interval.Low
	}
	if none, some, all := width(0), width(4), width(12); none <= some || some <= all {
		t.Errorf("got widths %d, %d and %d for 0, 4 and 12 similar campaigns", none, some, all)
	}
}

// index answers every statement that has the word with its hits.
type index struct {
	word string
	hits []triage.Hit
	err  error
}

func (x index) Similar(_ context.Context, q triage.SimilarQuery) ([]triage.Hit, error) {
	if x.err != nil || !slices.Contains([]rune(q.Text), []rune(x.word)[0]) {
		return nil, x.err
	}
	return x.hits, nil
}

func (index) Cases(_ context.Context, ids []triage.ComplaintID) ([]triage.Case, error) {
	var list []triage.Case
	for _, id := range ids {
		list = append(list, triage.Case{Complaint: triage.Complaint{ID: id, Text: "返还没到账"}, Assessment: triage.Assessment{Type: map[triage.ComplaintID]string{"a": "campaign", "d": "campaign"}[id]}})
	}
	return list, nil
}

func (index) AttributionsOf(context.Context, []triage.ComplaintID) (map[triage.ComplaintID]campaign.Attribution, error) {
	return map[triage.ComplaintID]campaign.Attribution{"b": {Complaint: "b", Campaign: "C9"}}, nil
}

func TestEarlierComplaints(t *testing.T) {
	t.Parallel()
	x := index{word: "返", hits: []triage.Hit{{ID: "a", Score: 0.5}, {ID: "b", Score: 0.7}, {ID: "c", Score: 0.9}, {ID: "d", Score: 0.1}}}
	f := &launch.Finder{Similar: x, Cases: x, Attributed: x, Types: []string{"campaign"}, Threshold: 0.3}
	d := launch.Draft{Copy: "全场8折，详见页面。", Rules: "充值后分10个月返还。限新客户参加。"}
	got, err := f.Find(t.Context(), &d)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Statement != "充值后分10个月返还" || got[0].In != launch.InRules {
		t.Fatalf("got %+v, want the statement about paying back", got)
	}
	var ids []triage.ComplaintID
	for _, c := range got[0].Complaints {
		ids = append(ids, c.Case.ID)
	}
	// c is about something else, d is hardly similar.
	if !slices.Equal(ids, []triage.ComplaintID{"b", "a"}) || got[0].Complaints[0].Campaign != "C9" {
		t.Errorf("got %q of %q, want b of C9 and a", ids, got[0].Complaints[0].Campaign)
	}
	x.err = triage.Errorf(triage.CodeUnavailable, "the index is closed")
	desk, _ := setup(t, &launch.Finder{Similar: x, Cases: x, Attributed: x})
	kept, err := desk.Check(t.Context(), launch.Ask{By: "li", Draft: d})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := desk.Result(t.Context(), kept.ID); err != nil || !r.Unsearched {
		t.Errorf("got %v and unsearched %v while the index is closed", err, r.Unsearched)
	}
}
