package console_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web/console"
)

// qualityPaths are the pages of figures.
var qualityPaths = []string{
	"/quality", "/quality/types", "/quality/season", "/quality/times", "/quality/satisfaction", "/quality/escalations",
}

// noonDay is the day of the tests' clock.
func noonDay() fact.Day { return fact.DayOf(noon, shanghai) }

// ledger is a book of random rows that ends with the day of the tests' clock.
func ledger(tb testing.TB, days, perDay int) *fact.Book {
	tb.Helper()
	r := rand.New(rand.NewPCG(3, 7))
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	b := fact.NewBook()
	seq := int64(0)
	for d := noonDay() - fact.Day(days) + 1; d <= noonDay(); d++ {
		rows := make([]fact.Row, perDay+r.IntN(perDay/4+2))
		for i := range rows {
			seq++
			row := &rows[i]
			*row = fact.Row{
				Seq: seq, Day: d, Minute: uint16(r.IntN(1440)), Customer: uint64(r.IntN(days * perDay)),
				Respond: int32(r.IntN(300)), Verify: fact.None, Resolve: fact.None, Satisfaction: fact.None, HandOvers: uint8(r.IntN(2)),
				Stays: []fact.Stay{{Status: "received", Department: "计费中心", Owner: "wu", Minutes: int32(r.IntN(600))}},
			}
			row.Values[fact.Type], row.Values[fact.Subtype] = pick("billing", "billing", "network", "service"), pick("billing.overcharge", "network.slow", "")
			row.Values[fact.Channel], row.Values[fact.Region], row.Values[fact.Product] = pick("hotline", "app", "other"), pick("杭州", "宁波", ""), pick("畅享套餐", "<b>宽带</b>")
			row.Values[fact.Department], row.Values[fact.Owner], row.Values[fact.Campaign] = pick("计费中心", "网络部"), pick("wu", "zhou", ""), pick("", "", "CMP-1")
			row.Values[fact.Status], row.Values[fact.Urgency] = pick("received", "closed"), pick("high", "normal")
			for k := range fact.FlagCount {
				if r.IntN(8) == 0 {
					row.Flags |= 1 << k
				}
			}
			if r.IntN(2) == 0 {
				row.Verify, row.Resolve = int32(r.IntN(3000)), int32(r.IntN(9000))
				row.Satisfaction, row.FactsNeeded, row.FactsKnown = float32(r.IntN(101)), 5, uint8(r.IntN(6))
			}
		}
		b.Put(d, rows)
	}
	return b
}

// quality is a desk with the pages of figures over a book, with a person signed
// in who may export.
func qualityDesk(t *testing.T, book *fact.Book, name string, change ...func(*console.Deps)) *desk {
	t.Helper()
	d := setup(t, append(change, func(deps *console.Deps) { deps.Quality = &console.QualityDeps{Book: book, Events: fair{}} })...)
	if r := d.signIn(name, password); r.Code != http.StatusSeeOther {
		t.Fatalf("sign-in: got status %d, want 303", r.Code)
	}
	return d
}

// fair is an event of three days with a hostile name.
type fair struct{}

func (fair) EventsBetween(context.Context, fact.Day, fact.Day) ([]console.CalendarEvent, error) {
	return []console.CalendarEvent{{Name: "<script>开年大促", From: noonDay() - 10, To: noonDay() - 7}}, nil
}

var casesLinks = regexp.MustCompile(`<a href="/figures/cases\?([^"]*)"([^>]*)>([^<]*)</a>`)

// checkLinks follows every link to cases of a page: there must be cases, and as
// many as the figure says where it is a count.
func checkLinks(t *testing.T, book *fact.Book, body string) (links int) {
	t.Helper()
	for _, m := range casesLinks.FindAllStringSubmatch(body, -1) {
		q, err := url.ParseQuery(html.UnescapeString(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		f, err := fact.FilterOf(q)
		if err != nil {
			t.Errorf("%s: %v", m[1], err)
			continue
		}
		_, total := book.Cases(f, 0, 0)
		links++
		figure := m[3]
		if from := regexp.MustCompile(`title="来自 (\d+) 件投诉"`).FindStringSubmatch(m[2]); from != nil {
			figure = from[1]
		}
		if digits := regexp.MustCompile(`(?:超时|低于 80 分) (\d+) 件`).FindStringSubmatch(figure); digits != nil {
			figure = digits[1]
		}
		if want, err := strconv.Atoi(figure); err == nil && want != total && want <= 100 && strings.Contains(q.Get("score"), "any") {
			continue // a mean score is a whole number now and then
		} else if err == nil && want != total || total == 0 {
			t.Errorf("%q leads to %d cases: %s", figure, total, m[1])
		}
	}
	return links
}

func TestQualityLinksLeadToTheirCases(t *testing.T) {
	t.Parallel()
	book := ledger(t, 800, 8)
	for _, query := range []string{"", "from=2025-12-01&to=2026-02-28&base=year", "type=billing&type=network&channel=app&unit=week", "from=2026-03-01&to=2026-03-31&unit=month&department=网络部"} {
		d := qualityDesk(t, book, "quality")
		for _, path := range qualityPaths {
			body := d.page(path + "?" + query)
			if n := checkLinks(t, book, body); n < 5 {
				t.Errorf("%s?%s: only %d links to cases", path, query, n)
			}
			lacks(t, body, "<script>开", "<b>宽带", "NaN", "Inf", "%!")
		}
	}
}

// What the page says is what a count by hand says.
func TestQualityCountsByHand(t *testing.T) {
	t.Parallel()
	book, today := fact.NewBook(), noonDay()
	put := func(day fact.Day, n int, change func(i int, r *fact.Row)) {
		rows := make([]fact.Row, n)
		for i := range rows {
			rows[i] = fact.Row{Seq: int64(day)*100 + int64(i), Day: day, Customer: uint64(i/2 + 1), Respond: int32(10 * (i + 1)), Verify: fact.None, Resolve: fact.None, Satisfaction: fact.None}
			rows[i].Values[fact.Type] = "billing"
			change(i, &rows[i])
		}
		book.Put(day, rows)
	}
	put(today-1, 10, func(i int, r *fact.Row) {
		if i < 4 {
			r.Flags, r.Satisfaction = fact.Repeat, float32(60+10*i)
		}
		if i == 0 {
			r.Flags |= fact.LateResponse | fact.ToMedia
		}
	})
	put(today-3, 20, func(int, *fact.Row) {})
	put(today, 6, func(int, *fact.Row) {})
	d := qualityDesk(t, book, "quality")
	at := func(day fact.Day) string { return day.String() }
	body := d.page("/quality?from=" + at(today-2) + "&to=" + at(today))
	for _, want := range []string{
		`>16</a></b>`,     // cases
		`>5</a></b>`,      // customers
		`>40分</a></b>`,    // the median of 10 20 30 40 50 60 10 … 100
		`P90 1时30分`,       // the 15th of 16
		`>93.8%</a></b>`,  // 15 of 16 answered in time
		`超时 1 件`,          //
		`>25.0%</a></b>`,  // repeats
		`>6.2%</a></b>`,   // escalated
		`>75</a></b>`,     // mean of 60 70 80 90
		`>50.0%</a></b>`,  // satisfied
		"对比期 ", "早于最早的数据", // the three days before begin before the first case
	} {
		contains(t, body, want)
	}
	// Two finished days against the two before: 10 against 20.
	body = d.page("/quality?from=" + at(today-1) + "&to=" + at(today))
	contains(t, body, "只比较已过完的 "+at(today-1), `title="变化不明显`)
	body = d.page("/quality?from=" + at(today) + "&to=" + at(today))
	contains(t, body, "未结束")
}

func TestQualityWithLittleData(t *testing.T) {
	t.Parallel()
	one := fact.NewBook()
	one.Put(noonDay(), []fact.Row{{Seq: 1, Day: noonDay(), Respond: fact.None, Verify: fact.None, Resolve: fact.None, Satisfaction: fact.None}})
	old := fact.NewBook()
	old.Put(noonDay()-400, []fact.Row{{Seq: 1, Day: noonDay() - 400, Respond: 5, Verify: fact.None, Resolve: fact.None, Satisfaction: 90}})
	for name, c := range map[string]struct {
		book *fact.Book
		want string
	}{"empty": {fact.NewBook(), "正在载入数据"}, "one case": {one, "概览"}, "long ago": {old, "概览"}} {
		d := qualityDesk(t, c.book, "quality")
		for _, path := range qualityPaths {
			for _, query := range []string{"", "?from=1971-01-01&to=9999-12-31&unit=day", "?from=2030-01-01", "?to=1980-01-01&base=year", "?unit=year&rows=owner&cols=status"} {
				body := d.page(path + query)
				contains(t, body, c.want)
				lacks(t, body, "NaN", "Inf", "%!", "-0%")
				if name == "one case" {
					checkLinks(t, c.book, body)
				}
			}
		}
	}
	contains(t, qualityDesk(t, old, "quality").page("/quality"), "查看最近有数据的 30 天", "from=2024-12-27&amp;to=2025-01-25")
	d := qualityDesk(t, one, "quality")
	if w := d.get("/quality?from=yesterday"); w.Code != http.StatusBadRequest {
		t.Errorf("a day that is none: got status %d, want 400", w.Code)
	}
}

// Who belongs to a department sees its figures alone, whatever the address says.
func TestQualityOfADepartment(t *testing.T) {
	t.Parallel()
	book := ledger(t, 60, 6)
	d := qualityDesk(t, book, "lead")
	hers := d.company.users["lead"]
	hers.Department = "网络部"
	d.company.users["lead"] = hers
	_, want := book.Cases(fact.Filter{From: noonDay() - 29, To: noonDay() + 1}.With(fact.Department, "网络部"), 0, 0)
	for query, want := range map[string]int{"": want, "?department=计费中心": 0, "?department=网络部&department=计费中心": want} {
		if want > 0 {
			contains(t, d.page("/quality"+query), fmt.Sprintf(`>%d</a></b>`, want))
		}
		for _, path := range qualityPaths {
			for _, m := range casesLinks.FindAllStringSubmatch(d.page(path+query), -1) {
				q, err := url.ParseQuery(html.UnescapeString(m[1]))
				if err != nil || q.Get("department") != "网络部" || len(q["department"]) != 1 {
					t.Fatalf("%s%s leads to other departments: %s (%v)", path, query, m[1], err)
				}
			}
		}
	}
}

func TestQualityNeedsItsPermission(t *testing.T) {
	t.Parallel()
	book := ledger(t, 20, 4)
	for _, role := range triage.Roles {
		name := string(role)
		if role == triage.RoleAdmin {
			name = "demo"
		}
		want := http.StatusOK
		if role == triage.RoleAgent {
			want = http.StatusForbidden
		}
		d := qualityDesk(t, book, name)
		for _, path := range append(qualityPaths, "/quality/export.csv?table=overview.volume", "/quality/picture.svg?table=overview.volume") {
			if w := d.get(path); w.Code != want {
				t.Errorf("%s as %s: got status %d, want %d", path, role, w.Code, want)
			}
		}
	}
}

// Every table of every page can be taken along, in full and with an entry in the
// trail; every picture can be saved.
func TestQualityExports(t *testing.T) {
	t.Parallel()
	book := ledger(t, 90, 6)
	d := qualityDesk(t, book, "quality")
	files := regexp.MustCompile(`href="(/quality/(export\.csv|export\.xlsx|picture\.svg)\?[^"]*)"`)
	kinds := map[string]int{}
	for _, path := range qualityPaths {
		for _, m := range files.FindAllStringSubmatch(d.page(path+"?from=2026-01-01&to=2026-02-28"), -1) {
			before := len(d.company.trail)
			w := d.get(html.UnescapeString(m[1]))
			if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Content-Disposition"), "attachment") {
				t.Errorf("%s: got status %d, %q", m[1], w.Code, w.Header().Get("Content-Disposition"))
			}
			kinds[m[2]]++
			if m[2] == "picture.svg" {
				contains(t, w.Body.String(), "<svg", "</svg>")
				continue
			}
			if len(d.company.trail) != before+1 {
				t.Errorf("%s left no entry in the trail", m[1])
			}
			if m[2] == "export.csv" {
				checkText(t, m[1], w.Body.String())
			}
		}
	}
	if kinds["export.csv"] < 20 || kinds["export.xlsx"] != kinds["export.csv"] || kinds["picture.svg"] < 8 {
		t.Errorf("got %v", kinds)
	}
	if w := d.get("/quality/export.csv?table=overview.secrets"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown table: got status %d, want 404", w.Code)
	}
	if w := d.get("/quality/picture.svg?table=types.subtypes"); w.Code != http.StatusNotFound {
		t.Errorf("a table without picture: got status %d, want 404", w.Code)
	}
}

func checkText(t *testing.T, name, body string) {
	t.Helper()
	body, marked := strings.CutPrefix(body, "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || !marked || len(rows) < 2 {
		t.Errorf("%s: %d rows, marked %t: %v", name, len(rows), marked, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "+") || strings.HasPrefix(cell, "-") {
				t.Errorf("%s: %q can be run", name, cell)
			}
		}
	}
}

func TestQualityRemembersItsState(t *testing.T) {
	t.Parallel()
	d := qualityDesk(t, ledger(t, 60, 6), "quality")
	contains(t, d.page("/quality/times"), `现在尚未完成且已超时的案件不在其中，请看 <a href="/breaches">`)
	body := d.page("/quality/types?from=2026-02-01&to=2026-02-20&type=billing&urgency=high&unit=week&base=year&rows=region&cols=product")
	contains(t, body, `value="2026-02-01"`, `value="2026-02-20"`, `<option value="billing" selected>`, `<option value="region" selected>`, `<option value="product" selected>`, "紧急程度 紧急")
	for _, m := range regexp.MustCompile(`class="tabs page-tabs".*?</nav>`).FindAllString(body, -1) {
		for _, want := range []string{"from=2026-02-01", "type=billing", "urgency=high", "unit=week", "base=year", "rows=region"} {
			if strings.Count(m, want) != len(qualityPaths) {
				t.Errorf("the tabs forget %s", want)
			}
		}
	}
}

func TestQualityInEnglish(t *testing.T) {
	t.Parallel()
	d := qualityDesk(t, ledger(t, 60, 6), "quality")
	for _, path := range qualityPaths {
		body := d.page(path + "?lang=en&base=year")
		contains(t, body, "Quality", "Overview")
		lacks(t, body, "%!")
	}
}

func TestQualityBesideACalendar(t *testing.T) {
	t.Parallel()
	holiday := time.Date(2026, 2, 17, 0, 0, 0, 0, shanghai)
	d := qualityDesk(t, ledger(t, 60, 6), "quality", func(*console.Deps) {})
	body := d.page("/quality/season")
	contains(t, body, "&lt;script&gt;开年大促")
	d = setup(t, func(deps *console.Deps) {
		deps.Quality = &console.QualityDeps{Book: ledger(t, 60, 6), Working: func(at time.Time) bool { return !at.Equal(holiday) }}
	})
	d.signIn("quality", password)
	contains(t, d.page("/quality/season"), "2026-02-17", "法定假日", "调休上班")
}
