package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web"
)

type summaryAnswer struct {
	From, To  string
	Now, Then *struct{ From, To string }
	Keys      []struct {
		Name, Page, Compared string
		Value, Then          *float64
		Cases                int
		Change               *struct {
			By               string
			Value, Low, High *float64
			Side             int
		}
	}
}

// summaryBook has 20 cases a day until yesterday, and 60 in the last three days.
func summaryBook(today fact.Day) *fact.Book {
	b := fact.NewBook()
	for d := today - 60; d < today; d++ {
		n := 20
		if d >= today-3 {
			n = 60
		}
		rows := make([]fact.Row, n)
		for i := range rows {
			rows[i] = fact.Row{Seq: int64(d)*100 + int64(i), Day: d, Respond: int32(10 + i), Verify: fact.None, Resolve: fact.None, Satisfaction: fact.None}
			rows[i].Values[fact.Department] = []string{"计费中心", "网络部"}[i%2]
		}
		b.Put(d, rows)
	}
	return b
}

func TestQualitySummary(t *testing.T) {
	t.Parallel()
	today := fact.DayOf(noon, time.FixedZone("Asia/Shanghai", 8*60*60))
	book := summaryBook(today)
	b := setup(t, func(d *web.Deps) { d.Quality = &web.QualityDeps{Book: book} })
	ask := func(query string) (a summaryAnswer) {
		r := b.do(http.MethodGet, "/api/v1/quality/summary"+query, "")
		if r.status != http.StatusOK {
			t.Fatalf("%s: got status %d: %s", query, r.status, r.body)
		}
		if err := json.Unmarshal(r.body, &a); err != nil {
			t.Fatal(err)
		}
		for _, k := range a.Keys {
			_, query, _ := strings.Cut(k.Page, "?")
			q, err := url.ParseQuery(query)
			if err != nil {
				t.Fatal(err)
			}
			f, err := fact.FilterOf(q)
			if _, total := book.Cases(f, 0, 0); err != nil || total != k.Cases {
				t.Errorf("%s: %d cases, but %s lists %d (%v)", k.Name, k.Cases, k.Page, total, err)
			}
		}
		return a
	}
	a := ask("?from=" + (today - 3).String() + "&to=" + today.String())
	first := a.Keys[0]
	if first.Name != "complaints" || first.Value == nil || *first.Value != 180 || first.Change == nil || first.Change.Side != 1 || *first.Change.Value != 3 || *first.Then != 60 {
		t.Errorf("got %+v, change %+v", first, first.Change)
	}
	if a.Now == nil || a.Now.To != (today-1).String() || a.Then == nil || a.Then.From != (today-7).String() {
		t.Errorf("compared %+v with %+v", a.Now, a.Then)
	}
	if a := ask("?base=year"); a.Keys[0].Compared != "no_data" || a.Then != nil || a.From != (today-29).String() {
		t.Errorf("a year before the first case: got %+v", a)
	}
	if a := ask("?department=" + url.QueryEscape("网络部") + "&from=" + (today - 1).String() + "&to=" + (today - 1).String()); *a.Keys[0].Value != 30 {
		t.Errorf("one department: got %v", *a.Keys[0].Value)
	}
	if a := ask("?from=" + today.String()); a.Keys[0].Compared != "unfinished" || a.Now != nil {
		t.Errorf("today alone: got %+v", a)
	}
	for _, query := range []string{"?from=yesterday", "?from=2026-03-01&to=2026-02-01", "?base=century"} {
		if r := b.do(http.MethodGet, "/api/v1/quality/summary"+query, ""); r.status != http.StatusBadRequest && r.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: got status %d", query, r.status)
		}
	}
}

// A key sees the department of its owner, and needs the permission.
func TestQualitySummaryOfAKey(t *testing.T) {
	t.Parallel()
	today := fact.DayOf(noon, time.FixedZone("Asia/Shanghai", 8*60*60))
	keys := newKeyring()
	lead := keys.users["lead"]
	lead.Department = "网络部"
	keys.users["lead"] = lead
	b := setup(t, func(d *web.Deps) {
		d.Quality, d.Keys = &web.QualityDeps{Book: summaryBook(today)}, keys
	})
	target := "/api/v1/quality/summary?department=" + url.QueryEscape("计费中心")
	if r := b.raw(http.MethodGet, target, "", bearer("agent")...); r.status != http.StatusForbidden {
		t.Errorf("an agent: got status %d, want 403", r.status)
	}
	var a summaryAnswer
	r := b.raw(http.MethodGet, target, "", bearer("lead")...)
	if err := json.Unmarshal(r.body, &a); err != nil || r.status != http.StatusOK {
		t.Fatalf("got status %d: %v", r.status, err)
	}
	if a.Keys[0].Cases != 0 {
		t.Errorf("another department: got %d cases", a.Keys[0].Cases)
	}
}

func TestQualitySummaryWhileTheFiguresAreRead(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *web.Deps) { d.Quality = &web.QualityDeps{Book: fact.NewBook()} })
	if r := b.do(http.MethodGet, "/api/v1/quality/summary", ""); r.status != http.StatusServiceUnavailable {
		t.Errorf("got status %d, want 503", r.status)
	}
}
