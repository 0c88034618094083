package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

var historyTests = map[string]func(*testing.T, Store){
	"a customer comes back, with what personal types hide": func(t *testing.T, s Store) {
		want := triage.Customer{
			ID: "K-1", Name: "测试客户", Phone: "10000000000", Email: "someone@example.com", Region: "广东",
			Tier: triage.TierVIP, Industry: "制造", JoinedAt: start, OptedOut: true,
		}
		_, err := s.PutCustomers(t.Context(), []triage.Customer{want})
		check(t, err)
		got, err := s.Customer(t.Context(), "K-1")
		check(t, err)
		if got != want {
			t.Error("the customer came back changed")
		}
		_, err = s.Customer(t.Context(), "nobody")
		code(t, err, triage.CodeNotFound)
	},
	"customers are replaced by id, the last wins, new ids are counted": func(t *testing.T, s Store) {
		added, err := s.PutCustomers(t.Context(), []triage.Customer{{ID: "K-1", Region: "a"}, {ID: "K-2"}, {ID: "K-1", Region: "b"}})
		check(t, err)
		equal(t, "added", added, 2)
		added, err = s.PutCustomers(t.Context(), []triage.Customer{{ID: "K-2", Region: "c"}, {ID: "K-3"}})
		check(t, err)
		equal(t, "added", added, 1)
		for id, region := range map[triage.CustomerID]string{"K-1": "b", "K-2": "c"} {
			got, err := s.Customer(t.Context(), id)
			check(t, err)
			equal(t, "region of "+string(id), got.Region, region)
		}
	},
	"an exposure is stored once": func(t *testing.T, s Store) {
		e := triage.Exposure{CustomerID: "K-1", Kind: "payment", Key: "topup", At: start, Attrs: map[string]any{"b": 1.0, "a": "x"}}
		later, other, plain := e, e, e
		later.At = start.Add(time.Millisecond)
		other.Attrs = map[string]any{"b": 2.0, "a": "x"}
		plain.At, plain.Attrs = time.Time{}, nil
		added, err := s.PutExposures(t.Context(), []triage.Exposure{e, later, other, plain, e})
		check(t, err)
		equal(t, "added", added, 4)
		added, err = s.PutExposures(t.Context(), []triage.Exposure{plain, e, later})
		check(t, err)
		equal(t, "added again", added, 0)
	},
	"many exposures are stored in portions": func(t *testing.T, s Store) {
		exposures := make([]triage.Exposure, 2500)
		for i := range exposures {
			exposures[i] = triage.Exposure{CustomerID: triage.CustomerID(fmt.Sprint(i)), Kind: "visit", At: start}
		}
		added, err := s.PutExposures(t.Context(), exposures)
		check(t, err)
		equal(t, "added", added, 2500)
	},
	"campaigns are counted once": func(t *testing.T, s Store) {
		c := triage.Campaign{ID: "spring", Name: "春季", From: start, To: start.Add(time.Hour), Channel: "sms", Rules: "满减", Audience: "all"}
		for _, want := range []int{1, 0} {
			added, err := s.PutCampaigns(t.Context(), []triage.Campaign{c})
			check(t, err)
			equal(t, "added", added, want)
		}
	},
	"solutions of the subtype come first, then the most used": func(t *testing.T, s Store) {
		score := 80.0
		solutions := []triage.Solution{
			{ID: "1", Type: "billing", Subtype: "billing.topup", Title: "补录", Text: "补录充值", Uses: 1, Version: 1},
			{ID: "2", Type: "billing", Title: "解释", Text: "解释账单", Uses: 9, Satisfaction: &score, Scores: 9, Version: 1},
			{ID: "3", Type: "billing", Subtype: "billing.package", Title: "退订", Text: "退订套餐", Uses: 5, Version: 1},
			{ID: "4", Type: "network", Subtype: "billing.topup", Title: "别的", Text: "别的", Uses: 99},
		}
		added, err := s.PutSolutions(t.Context(), solutions)
		check(t, err)
		equal(t, "added", added, 4)
		got, err := s.SolutionsFor(t.Context(), "billing", "billing.topup")
		check(t, err)
		equal(t, "solutions", got, []triage.Solution{solutions[0], solutions[1], solutions[2]})
	},
}

var badInputTests = map[string]func(*testing.T, Store){
	"zero bytes and invalid UTF-8 become replacement characters": func(t *testing.T, s Store) {
		c := simple(0)
		c.Text, c.Product = "坏\x00字\xff节", "\xc3\x28"
		accept(t, s, c)
		got, err := s.Case(t.Context(), c.ID)
		check(t, err)
		equal(t, "text", got.Text, "坏\uFFFD字\uFFFD节")
		equal(t, "product", got.Product, "\uFFFD(")
	},
	"a case without a proper id fails its call and stores nothing": func(t *testing.T, s Store) {
		for _, id := range []triage.ComplaintID{"", "a\x00b", "\xff"} {
			bad := simple(1)
			bad.ID = id
			_, err := s.Accept(t.Context(), []triage.Case{simple(0), bad})
			code(t, err, triage.CodeInvalid)
		}
		_, err := s.Case(t.Context(), "c0000")
		code(t, err, triage.CodeNotFound)
	},
	"attributes that have no JSON form are refused": func(t *testing.T, s Store) {
		c := simple(0)
		c.Attrs = map[string]any{"f": func() {}}
		_, err := s.Accept(t.Context(), []triage.Case{c})
		code(t, err, triage.CodeInvalid)
		_, err = s.PutExposures(t.Context(), []triage.Exposure{{CustomerID: "K-1", Attrs: c.Attrs}})
		code(t, err, triage.CodeInvalid)
	},
	"rows without an id are refused": func(t *testing.T, s Store) {
		_, err := s.PutCustomers(t.Context(), make([]triage.Customer, 1))
		code(t, err, triage.CodeInvalid)
		_, err = s.PutCampaigns(t.Context(), make([]triage.Campaign, 1))
		code(t, err, triage.CodeInvalid)
		_, err = s.PutSolutions(t.Context(), make([]triage.Solution, 1))
		code(t, err, triage.CodeInvalid)
		_, err = s.PutExposures(t.Context(), make([]triage.Exposure, 1))
		code(t, err, triage.CodeInvalid)
		code(t, s.PutUser(t.Context(), triage.User{}), triage.CodeInvalid)
	},
	"quotes and SQL are only text": func(t *testing.T, s Store) {
		c := simple(0)
		c.ID, c.Text = `'; DROP TABLE cases; --`, `<script>alert("1")</script> $1 ?`
		accept(t, s, c)
		got, err := s.Case(t.Context(), c.ID)
		check(t, err)
		equal(t, "text", got.Text, c.Text)
	},
}
