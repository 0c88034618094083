package card_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

func TestCostOf(t *testing.T) {
	t.Parallel()
	a := card.Assumptions{Hourly: 60, Case: 20, Reply: 5, HandOver: 10}
	got := a.CostOf(&fact.Figures{Cases: 6, Replies: 12, HandOvers: 6})
	if want := (card.Cost{Hours: 4, Yuan: 240, PerComplaint: 40}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := card.Assumed().CostOf(&fact.Figures{}); got != (card.Cost{}) {
		t.Errorf("without complaints: got %+v", got)
	}
	if err := card.Assumed().Check(); err != nil {
		t.Errorf("our own assumptions: %v", err)
	}
	if err := (card.Assumptions{Hourly: -1}).Check(); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("a negative cost: got %v, want CodeInvalid", err)
	}
}

// usual is a large campaign with nothing special.
func usual(name string) card.Entry {
	return card.Entry{
		Campaign: name, Rate: verdict.Rate{Value: 20, Low: 18, High: 22}, Accepted: 300, Asked: 1000,
		Scores: 70 * 200, Scored: 200, Escalated: 2, Complaints: 100,
	}
}

func TestRank(t *testing.T) {
	t.Parallel()
	good, bad, lucky, unlucky := usual("good"), usual("bad"), usual("lucky"), usual("unlucky")
	good.Rate = verdict.Rate{Value: 5, Low: 4, High: 6}
	good.Accepted = 600
	bad.Rate = verdict.Rate{Value: 200, Low: 190, High: 210}
	bad.Escalated = 30
	// Of one customer asked, one accepted, or complained to the ministry.
	lucky.Rate, unlucky.Rate = verdict.Rate{Value: 18, Low: 2, High: 60}, verdict.Rate{Value: 25, Low: 4, High: 80}
	lucky.Accepted, lucky.Asked, lucky.Scores, lucky.Scored, lucky.Escalated, lucky.Complaints = 1, 1, 100, 1, 0, 0
	unlucky.Accepted, unlucky.Asked, unlucky.Scores, unlucky.Scored, unlucky.Escalated, unlucky.Complaints = 0, 1, 0, 1, 1, 1
	places := card.Rank([]card.Entry{unlucky, bad, usual("a"), good, usual("b"), lucky})
	var order []string
	at := map[string]card.Place{}
	for _, p := range places {
		order = append(order, p.Campaign)
		at[p.Campaign] = p
		if !(p.Low <= p.Points && p.Points <= p.High && p.Best <= p.Rank && p.Rank <= p.Worst) {
			t.Errorf("%s: got %+v, want a place within its bounds", p.Campaign, p)
		}
	}
	if order[0] != "good" || order[5] != "bad" {
		t.Errorf("got %v, want good first and bad last", order)
	}
	if l := at["lucky"]; l.Worst-l.Best < 2 {
		t.Errorf("the small campaign can only be from %d to %d: that is too sure", l.Best, l.Worst)
	}
	if g := at["good"]; g.Best != 1 || g.Worst > 2 {
		t.Errorf("the large good one can be from %d to %d, want 1 to 2", g.Best, g.Worst)
	}
	if diff := cmp.Diff(at["a"].Parts, at["b"].Parts); diff != "" {
		t.Errorf("the same figures have different parts:\n%s", diff)
	}
	if card.Rank(nil) != nil {
		t.Error("no campaigns have places")
	}
}
