package storetest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// counterStore is what happens at the counter, and what is forgotten of it.
type counterStore interface {
	counter.Store
	ForgetWords(ctx context.Context, before time.Time, limit int) (int, error)
}

// taken is a capture so many hours after the start.
func taken(of string, who triage.CustomerID, how campaign.Attitude, hours int, reasons ...counter.Reason) counter.Capture {
	at := start.Add(time.Duration(hours) * time.Hour)
	return counter.Capture{
		Campaign: of, Customer: who, Attitude: how, Reasons: reasons, Clerk: "li", Shop: "营业厅", Source: counter.FromConsole,
		At: at, Day: fact.DayOf(at, time.UTC), RecordedAt: at,
	}
}

// capture stores captures that must all be new.
func capture(t *testing.T, s Store, list ...counter.Capture) []counter.Capture {
	t.Helper()
	stored := make([]counter.Capture, len(list))
	for i, c := range list {
		got, added, err := s.Counter.AddCapture(t.Context(), c, audit("capture.add"))
		check(t, err)
		if !added {
			t.Fatalf("capture %d is not new", i)
		}
		stored[i] = got
	}
	return stored
}

// logged lists the numbers of the captures of a filter, page by page.
func logged(t *testing.T, s Store, f counter.Filter) string {
	t.Helper()
	var got strings.Builder
	for f.Limit = 1; ; {
		page, err := s.Counter.Log(t.Context(), f)
		check(t, err)
		for _, c := range page.Captures {
			got.WriteString(strconv.FormatInt(c.ID, 10))
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			return got.String()
		}
	}
}

var counterTests = map[string]func(*testing.T, Store){
	"a capture comes back as it was taken": func(t *testing.T, s Store) {
		want := taken("CMP-1", "k1", campaign.Refused, 1, counter.TooExpensive, counter.NoTrust)
		want.Behaviour, want.Words, want.Type, want.Sentiment, want.Complains = counter.Compared, "太贵了\r\n'--", "billing", nlp.Negative, true
		want.Key = "li n1"
		stored := capture(t, s, want)[0]
		want.ID, want.Version = stored.ID, 1
		equal(t, "stored", stored, want)
		got, err := s.Counter.Capture(t.Context(), want.ID)
		check(t, err)
		equal(t, "read", got, want)
		trail, err := s.Trail(t.Context(), counter.Object(want.ID))
		check(t, err)
		equal(t, "entries", len(trail), 1)
		_, err = s.Counter.Capture(t.Context(), 99)
		code(t, err, triage.CodeNotFound)
	},
	"one key is one capture, however many tap at once": func(t *testing.T, s Store) {
		c := taken("CMP-1", "k1", campaign.Accepted, 1)
		c.Key = "li n1"
		var added atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				got, is, err := s.Counter.AddCapture(t.Context(), c, audit("capture.add"))
				if err != nil || got.ID == 0 {
					t.Errorf("got %+v, %v", got, err)
				}
				if is {
					added.Add(1)
				}
			})
		}
		wg.Wait()
		equal(t, "added", added.Load(), int32(1))
		equal(t, "without a key each is one", len(capture(t, s, taken("CMP-1", "", campaign.Accepted, 1), taken("CMP-1", "", campaign.Accepted, 1))), 2)
	},
	"of two changes of one version the second fails": func(t *testing.T, s Store) {
		c := capture(t, s, taken("CMP-1", "k1", campaign.Refused, 1))[0]
		c.Words, c.Reasons, c.Case = "考虑一下", []counter.Reason{counter.WantsToThink}, "counter-1"
		check(t, s.Counter.ChangeCapture(t.Context(), c, audit("capture.detail")))
		code(t, s.Counter.ChangeCapture(t.Context(), c, audit("capture.detail")), triage.CodeConflict)
		c.Version++
		got, err := s.Counter.Capture(t.Context(), c.ID)
		check(t, err)
		equal(t, "changed", got, c)
	},
	"captures are counted by attitude, reason and day":      countsOfCaptures,
	"the log is narrowed, and has nothing that was undone":  logOfCaptures,
	"a customer is a person with all that speaks of them":   customerAtTheCounter,
	"a phone is found by its last digits":                   phoneEnds,
	"an opt-out holds for every record and is written down": optOut,
	"captures are given out, erased and forgotten in time":  captureOfPerson,
}

func countsOfCaptures(t *testing.T, s Store) {
	list := capture(t, s,
		taken("CMP-1", "k1", campaign.Accepted, 0), taken("CMP-1", "k2", campaign.Refused, 1, counter.TooExpensive, counter.NoTime),
		taken("CMP-1", "", campaign.Refused, 25, counter.TooExpensive), taken("CMP-2", "k1", campaign.Annoyed, 2),
		taken("CMP-1", "k3", campaign.Accepted, 3), taken("CMP-1", "k4", campaign.Hesitated, 48))
	undone := list[4]
	undone.Undone = true
	check(t, s.Counter.ChangeCapture(t.Context(), undone, audit("capture.undo")))
	to := start.Add(48 * time.Hour)
	got, err := s.Counter.Reactions(t.Context(), "CMP-1", start, to)
	check(t, err)
	want := campaign.Reaction{
		Count:   map[campaign.Attitude]int{campaign.Accepted: 1, campaign.Refused: 2},
		Reasons: map[string]int{"expensive": 2, "time": 1},
	}
	equal(t, "of a campaign", got, want)
	days, err := s.Counter.ReactionDays(t.Context(), "CMP-1", start, to)
	check(t, err)
	first := fact.DayOf(start, time.UTC)
	equal(t, "by day", days, []counter.DayReaction{
		{Day: first, Reaction: campaign.Reaction{Count: map[campaign.Attitude]int{campaign.Accepted: 1, campaign.Refused: 1}, Reasons: map[string]int{"expensive": 1, "time": 1}}},
		{Day: first + 1, Reaction: campaign.Reaction{Count: map[campaign.Attitude]int{campaign.Refused: 1}, Reasons: map[string]int{"expensive": 1}}},
	})
	all, err := s.Counter.AllReactions(t.Context(), start, to)
	check(t, err)
	equal(t, "of all", all, map[string]campaign.Reaction{"CMP-1": want, "CMP-2": {Count: map[campaign.Attitude]int{campaign.Annoyed: 1}}})
}

func logOfCaptures(t *testing.T, s Store) {
	list := []counter.Capture{
		taken("CMP-1", "k1", campaign.Accepted, 0), taken("CMP-1", "k2", campaign.Refused, 1), taken("CMP-2", "", campaign.Refused, 2),
		taken("CMP-2", "k1", campaign.Annoyed, 2), taken("CMP-1", "k1", campaign.Annoyed, 3),
	}
	list[2].Clerk, list[3].Shop = "wang", "二厅"
	stored := capture(t, s, list...)
	stored[4].Undone = true
	check(t, s.Counter.ChangeCapture(t.Context(), stored[4], audit("capture.undo")))
	for _, test := range []struct {
		f    counter.Filter
		want string
	}{
		{counter.Filter{}, "4321"}, {counter.Filter{Campaign: "CMP-1"}, "21"}, {counter.Filter{Attitude: campaign.Refused}, "32"},
		{counter.Filter{Clerk: "wang"}, "3"}, {counter.Filter{Shop: "二厅"}, "4"}, {counter.Filter{Customers: []triage.CustomerID{"k1", "k9"}}, "41"},
		{counter.Filter{From: start.Add(time.Hour), To: start.Add(2 * time.Hour)}, "2"},
	} {
		if got := logged(t, s, test.f); got != test.want {
			t.Errorf("%+v: got %q, want %q", test.f, got, test.want)
		}
	}
	_, err := s.Counter.Log(t.Context(), counter.Filter{Cursor: "?"})
	code(t, err, triage.CodeInvalid)
}

// twoRecords stores a person of two records: k1 stands for both.
func twoRecords(t *testing.T, s Store) {
	t.Helper()
	_, err := s.PutCustomers(t.Context(), []triage.Customer{
		{ID: "k1", Name: "王小明", Phone: "13800138000", Tier: triage.TierHigh, JoinedAt: start.AddDate(-1, 0, 0)},
		{ID: "k2", Phone: "+86 139-1234-0001", Email: "w@example.com", Region: "广东深圳", JoinedAt: start.AddDate(-3, 0, 0)},
		{ID: "k3", Phone: "13900138000"},
	})
	check(t, err)
	_, err = s.Care.Merge(t.Context(), "k2", customer.Link{Into: "k1", By: "li", At: start, Reason: "同一人"}, audit("customer.merge"))
	check(t, err)
}

func customerAtTheCounter(t *testing.T, s Store) {
	twoRecords(t, s)
	_, err := s.PutExposures(t.Context(), []triage.Exposure{
		{CustomerID: "k1", Kind: "purchase", Key: "宽带", At: start}, {CustomerID: "k1", Kind: "purchase", Key: "宽带", At: start.Add(time.Hour)},
		{CustomerID: "k2", Kind: "campaign", Key: "CMP-1", At: start}, {CustomerID: "k2", Kind: "campaign", Key: "CMP-2", At: start, Attrs: map[string]any{"joined": "是"}},
		{CustomerID: "k1", Kind: "campaign", Key: "CMP-4", At: start, Attrs: map[string]any{"joined": false}},
		{CustomerID: "k1", Kind: "campaign_join", Key: "CMP-3", At: start}, {CustomerID: "k1", Kind: "roaming", Key: "x", At: start},
		{CustomerID: "k3", Kind: "purchase", Key: "手机", At: start},
	})
	check(t, err)
	cases := many(5)
	for i, who := range []triage.CustomerID{"k1", "k2", "k3", "k1", "k2"} {
		cases[i].CustomerID = who
	}
	cases[1].Assessment.Sentiment.Intensity = 2
	cases[3].Status, cases[3].ClosedAt = triage.StatusClosed, start.Add(-time.Hour)
	cases[3].At = start.AddDate(0, -6, 0) // before since, as its end is
	cases[4].Status = triage.StatusMerged
	accept(t, s, cases...)
	capture(t, s, taken("CMP-1", "k2", campaign.Refused, 1), taken("CMP-1", "k3", campaign.Refused, 1), taken("CMP-2", "k1", campaign.Accepted, -100))

	got, err := s.Counter.Customer(t.Context(), "k2", []string{"purchase"}, start)
	check(t, err)
	equal(t, "person", []any{got.ID, got.Records, got.Tier, got.Region, got.OptedOut, got.JoinedAt.Equal(start.AddDate(-3, 0, 0))},
		[]any{triage.CustomerID("k1"), []triage.CustomerID{"k1", "k2"}, triage.TierHigh, "广东深圳", false, true})
	equal(t, "addresses", got.Addresses, []string{"13800138000", "+86 139-1234-0001", "w@example.com"})
	equal(t, "joined", got.Joined, map[string]bool{"CMP-2": true, "CMP-3": true})
	equal(t, "records", []bool{
		got.Has[triage.RecordOf{Kind: "purchase"}], got.Has[triage.RecordOf{Kind: "purchase", Key: "宽带"}],
		got.Has[triage.RecordOf{Kind: "purchase", Key: "手机"}], got.Has[triage.RecordOf{Kind: "roaming"}],
	}, []bool{true, true, false, false})
	var complaints []string
	for _, c := range got.Complaints {
		complaints = append(complaints, fmt.Sprintf("%s %t %t", c.ID, c.Open, c.Angry))
	}
	equal(t, "complaints", complaints, []string{"c0001 true true", "c0000 true false"})
	equal(t, "captures", len(got.Captures), 1)
	check(t, s.Suppress(t.Context(), prevention.Suppression{Address: "13912340001", At: start}))
	got, err = s.Counter.Customer(t.Context(), "k1", nil, start)
	check(t, err)
	equal(t, "blocked by the phone of another record", got.OptedOut, true)
	_, err = s.Counter.Customer(t.Context(), "k404", nil, start)
	code(t, err, triage.CodeNotFound)
}

func phoneEnds(t *testing.T, s Store) {
	twoRecords(t, s)
	find := func(digits string, limit int) (ids []triage.CustomerID) {
		list, err := s.Counter.PhoneEnds(t.Context(), digits, limit)
		check(t, err)
		for i := range list {
			ids = append(ids, list[i].ID)
		}
		return ids
	}
	equal(t, "four digits", find("8000", 9), []triage.CustomerID{"k1", "k3"})
	equal(t, "no more than asked for", find("8000", 1), []triage.CustomerID{"k1"})
	equal(t, "more digits", find("13800138000", 9), []triage.CustomerID{"k1"})
	equal(t, "eight digits", find("00138000", 9), []triage.CustomerID{"k1", "k3"})
	equal(t, "as it is compared", find("40001", 9), []triage.CustomerID{"k2"})
	for _, wrong := range []string{"", "800", "80%0", "_000"} {
		_, err := s.Counter.PhoneEnds(t.Context(), wrong, 9)
		code(t, err, triage.CodeInvalid)
	}
}

func optOut(t *testing.T, s Store) {
	twoRecords(t, s)
	list := []prevention.Suppression{{Customer: "k1", Reason: "counter", At: start, By: "li"}, {Customer: "k1", Address: "+86 139-1234-0001", At: start, By: "li"}}
	for range 2 {
		check(t, s.Counter.OptOut(t.Context(), list, triage.AuditEntry{At: start, Actor: "li", Action: "customer.opt_out", Object: "customer:k1"}))
	}
	blocked, err := s.Suppressed(t.Context(), []triage.Customer{{ID: "k1"}, {ID: "k8", Phone: "13912340001"}, {ID: "k3", Phone: "13900138000"}})
	check(t, err)
	equal(t, "blocked", blocked, map[triage.CustomerID]bool{"k1": true, "k8": true})
	trail, err := s.Trail(t.Context(), "customer:k1")
	check(t, err)
	equal(t, "entries", len(trail), 2)
}

func captureOfPerson(t *testing.T, s Store) {
	person(t, s)
	mine := taken("CMP-1", "K-7", campaign.Annoyed, 1)
	mine.Words, mine.Key = "我叫王小明，别再打13800138000", "api:li K-7 CMP-1 annoyed 2026-03-01T09:00:00Z"
	other := taken("CMP-1", "K-8", campaign.Refused, 2)
	other.Words = "太贵"
	list := capture(t, s, mine, other)
	equal(t, "rows of the person", exported(t, s, "K-7")["captures"], 1)
	erased, err := s.ErasePerson(t.Context(), []triage.CustomerID{"K-7"}, "erased-1", triage.AuditEntry{At: start, Actor: "li", Action: "person.erase", Object: "customer:K-7"})
	check(t, err)
	equal(t, "erased", erased["captures"], 1)
	got, err := s.Counter.Capture(t.Context(), list[0].ID)
	check(t, err)
	equal(t, "what is left", []string{string(got.Customer), got.Words, string(got.Attitude), got.Key}, []string{"erased-1.1", "", "annoyed", ""})
	n, err := s.Counter.ForgetWords(t.Context(), start.Add(2*time.Hour), 10)
	check(t, err)
	equal(t, "too young", n, 0)
	n, err = s.Counter.ForgetWords(t.Context(), start.Add(3*time.Hour), 10)
	check(t, err)
	equal(t, "forgotten", n, 1)
	got, err = s.Counter.Capture(t.Context(), list[1].ID)
	check(t, err)
	equal(t, "words", got.Words, "")
}
