package console_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web/console"
)

// shelf is the improvements in memory, over a book of figures.
type shelf struct {
	*improve.Service
	all     []improve.Improvement
	remarks map[int64][]improve.Remark
}

func (s *shelf) Improvement(_ context.Context, id int64) (improve.Improvement, error) {
	if id < 1 || int(id) > len(s.all) {
		return improve.Improvement{}, triage.Errorf(triage.CodeNotFound, "none")
	}
	return s.all[id-1], nil
}

func (s *shelf) Improvements(_ context.Context, f improve.Filter) (list []improve.Improvement, err error) {
	for _, a := range s.all {
		if f.For.May(&a) && (f.Owner == "" || f.Owner == a.Owner) {
			list = append(list, a)
		}
	}
	return list, nil
}

func (s *shelf) PutImprovement(_ context.Context, a improve.Improvement, r improve.Remark, _ triage.AuditEntry) (int64, error) {
	switch {
	case a.ID == 0:
		a.ID = int64(len(s.all) + 1)
		s.all = append(s.all, a)
	case s.all[a.ID-1].Version != a.Version:
		return 0, triage.Errorf(triage.CodeConflict, "changed meanwhile")
	}
	a.Version++
	s.all[a.ID-1] = a
	s.remarks[a.ID] = append(s.remarks[a.ID], r)
	return a.ID, nil
}

func (s *shelf) Remarks(_ context.Context, id int64) ([]improve.Remark, error) {
	return s.remarks[id], nil
}

func (s *shelf) KeepEffect(_ context.Context, id int64, e improve.Effect, at time.Time) error {
	s.all[id-1].Effect, s.all[id-1].EffectAt = &e, at
	return nil
}

// bookOfStaff is the closed cases of four agents in the weeks before noon: 4 a
// day each of billing, 1 of network; half of billing from four weeks before on.
func bookOfStaff() *fact.Book {
	b := fact.NewBook()
	today := fact.DayOf(noon, shanghai)
	for day := today - 200; day <= today; day++ {
		var rows []fact.Row
		for a, name := range []string{"agent", "<b>li</b>", "wang", "zhao"} {
			for n := range 5 {
				if n < 2 && day > today-56 {
					continue
				}
				row := fact.Row{Seq: int64(len(rows)), Day: day, Flags: fact.Ended, Respond: 12, Resolve: int32(100 + 40*a + n), Satisfaction: 90}
				row.Values[fact.Owner], row.Values[fact.Department], row.Values[fact.Type] = name, "网络部", "billing"
				if n == 4 {
					row.Values[fact.Type], row.Values[fact.Department] = "network", "客服部"
				}
				rows = append(rows, row)
			}
		}
		b.Put(day, rows)
	}
	return b
}

// readBook is a book that has been read in full.
type readBook struct{ *fact.Book }

func (readBook) Ready() bool { return true }

// staffed is a console with cards and improvements, and a person signed in.
func staffed(t *testing.T, name string, change ...func(*console.Deps)) (*desk, *shelf) {
	t.Helper()
	s := &shelf{remarks: map[int64][]improve.Remark{}}
	d := setup(t, append([]func(*console.Deps){func(deps *console.Deps) {
		book := readBook{bookOfStaff()}
		var err error
		if s.Service, err = improve.New(improve.Deps{Ledger: s, Figures: book, Now: deps.Now, Zone: shanghai}); err != nil {
			t.Fatal(err)
		}
		deps.Staff = &console.StaffDeps{Book: book, Improvements: s.Service}
	}}, change...)...)
	if r := d.signIn(name, password); r.Code != http.StatusSeeOther {
		t.Fatalf("sign-in: got status %d", r.Code)
	}
	return d, s
}

func inDepartment(name, department string) func(*console.Deps) {
	return func(deps *console.Deps) {
		f := deps.Users.(*company) //nolint:forcetypeassert // as setup makes it
		u := f.users[name]
		u.Department = department
		f.users[name] = u
	}
}

func TestStaffPages(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		d, _ := staffed(t, "quality")
		d.cookies["qianyi_lang"] = lang
		for _, by := range []string{"owner", "department"} {
			for _, m := range []string{"resolve", "satisfied", "wording", ""} {
				page := d.page("/staff?by=" + by + "&days=365&type=billing&measure=" + m)
				if strings.Contains(page, "<b>li</b>") {
					t.Errorf("%s %s: a name is markup", by, m)
				}
				if !strings.Contains(page, "/figures/cases?") {
					t.Errorf("%s %s: no figure leads to its cases", by, m)
				}
			}
		}
		for _, path := range []string{"/staff/agents/wang", "/staff/agents/" + url.PathEscape("<b>li</b>"), "/staff/departments/" + url.PathEscape("网络部")} {
			if page := d.page(path); !strings.Contains(page, "/improvements/new?") {
				t.Errorf("%s: no way to an improvement", path)
			}
		}
	}
}

func TestAFigureOfStaffLeadsToItsCases(t *testing.T) {
	t.Parallel()
	d, _ := staffed(t, "quality")
	page := d.page("/staff/agents/wang?days=30")
	book, found := bookOfStaff(), 0
	for _, m := range regexp.MustCompile(`<td class="num"><a href="/figures/cases\?([^"]*)">(\d+)</a></td>`).FindAllStringSubmatch(page, -1) {
		q, err := url.ParseQuery(html.UnescapeString(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		f, err := fact.FilterOf(q)
		if err != nil {
			t.Fatal(err)
		}
		if _, n := book.Cases(f, 0, 0); fmt.Sprint(n) != m[2] {
			t.Errorf("%s says %s and has %d cases", m[1], m[2], n)
		}
		found++
	}
	if found < 4 {
		t.Errorf("only %d figures lead anywhere", found)
	}
}

func TestWhoSeesWhichCards(t *testing.T) {
	t.Parallel()
	d, _ := staffed(t, "agent")
	for _, path := range []string{"/staff", "/staff/agents/wang", "/improvements"} {
		if r := d.get(path); r.Code != http.StatusForbidden {
			t.Errorf("agent: GET %s: got status %d, want 403", path, r.Code)
		}
	}
	own := d.page("/staff/me")
	for _, other := range []string{"wang", "zhao", "&lt;b&gt;li"} {
		if strings.Contains(own, other) {
			t.Errorf("the own card names %s", other)
		}
	}
	d, _ = staffed(t, "lead", inDepartment("lead", "客服部"))
	contains(t, d.page("/staff"), `现在尚未办结且已超时的案件不在其中，请看 <a href="/breaches">`)
	for _, link := range regexp.MustCompile(`"/figures/cases[^"]*"`).FindAllString(d.page("/staff"), -1) {
		if !strings.Contains(link, url.QueryEscape("客服部")) {
			t.Errorf("a person of one department is led to %s", link)
		}
	}
	if r := d.get("/staff/departments/" + url.PathEscape("网络部")); r.Code != http.StatusNotFound {
		t.Errorf("card of another department: got status %d, want 404", r.Code)
	}
}

func TestStaffFiles(t *testing.T) {
	t.Parallel()
	d, _ := staffed(t, "quality")
	before := len(d.company.trail)
	if body := d.page("/staff/export.csv"); !strings.HasPrefix(body, "\ufeff") || strings.Count(body, "\r\n") < 10 {
		t.Errorf("csv: got %.200s", body)
	}
	if body := d.page("/staff/export.xlsx"); !strings.HasPrefix(body, "PK") {
		t.Error("xlsx: no workbook")
	}
	if got := len(d.company.trail) - before; got != 2 {
		t.Errorf("%d entries in the trail for two exports", got)
	}
	wellFormed(t, d.page("/staff/funnel.svg"))
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	for x := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := x.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("picture: %v", err)
		}
	}
}

// planOf is the form of an improvement.
func planOf(title string) url.Values {
	return url.Values{
		"title": {title}, "condition": {"type=billing"}, "add_product": {""}, "department": {"网络部"}, "owner": {"li"}, "due": {"2026-05-01"}, "target": {"30"},
	}
}

func TestAnImprovementFromPlanToEffect(t *testing.T) {
	t.Parallel()
	d, s := staffed(t, "quality")
	if form := d.page("/improvements/new?type=billing&has=repeat&from=2026-01-01"); strings.Count(form, `name="condition"`) != 2 {
		t.Error("the filter of the figure is not proposed as the scope")
	}
	r := d.post("/improvements", planOf("=改账单<script>"))
	if r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/improvements/1" {
		t.Fatalf("add: got %d %s %.300s", r.Code, r.Header().Get("Location"), r.Body)
	}
	day := fact.DayOf(noon, shanghai) - 56
	for i, to := range []improve.Status{improve.Doing, improve.Done} {
		r := d.post("/improvements/1/move", url.Values{"version": {fmt.Sprint(i + 1)}, "to": {string(to)}, "day": {day.String()}})
		if r.Code != http.StatusSeeOther {
			t.Fatalf("%s: got %d %.300s", to, r.Code, r.Body)
		}
	}
	page := d.page("/improvements/1")
	for _, want := range []string{"有效", "chart-bars", "/figures/cases?from="} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(page, "<script>") {
		t.Error("a title is markup")
	}
	wellFormed(t, d.page("/improvements/1/chart.svg"))
	if worked := d.page("/improvements/worked"); !strings.Contains(worked, "copy=1") {
		t.Error("what worked cannot be used again")
	}
	if again := d.page("/improvements/new?copy=1"); !strings.Contains(again, "=改账单") || !strings.Contains(again, `name="copy" value="1"`) {
		t.Error("the copy is not proposed")
	}
	if csv := d.page("/improvements/export.csv"); !strings.Contains(csv, "'=改账单") {
		t.Errorf("a formula is not neutral: %s", csv)
	}
	d.page("/improvements/1/weeks.csv")
	d.page("/improvements/1/edit")
	change := planOf("改账单二")
	change["version"], change["started"], change["done"] = []string{"3"}, []string{day.String()}, []string{day.String()}
	if r := d.post("/improvements/1", change); r.Code != http.StatusSeeOther || s.all[0].Title != "改账单二" {
		t.Errorf("change: got %d, %+v", r.Code, s.all[0])
	}
	if r := d.post("/improvements/1/notes", url.Values{"version": {"3"}, "note": {"旧"}}); r.Code != http.StatusConflict {
		t.Errorf("a note to an old version: got %d, want 409", r.Code)
	}
}

func TestAnImprovementThatIsRefused(t *testing.T) {
	t.Parallel()
	d, s := staffed(t, "quality")
	for field, change := range map[string]url.Values{
		"title": {"title": {" "}}, "scope": {"condition": {}}, "due": {"due": {"soon"}}, "target": {"target": {"-3"}}, "department": {"department": {""}},
	} {
		form := planOf("改账单")
		maps.Copy(form, change)
		if r := d.post("/improvements", form); r.Code != http.StatusUnprocessableEntity || !strings.Contains(r.Body.String(), `class="wrong"`) {
			t.Errorf("%s: got %d", field, r.Code)
		}
	}
	if r := d.post("/improvements", url.Values{"title": {"x"}, "condition": {"type=%zz"}, "department": {"d"}, "due": {"2026-05-01"}}); r.Code != http.StatusUnprocessableEntity {
		t.Errorf("a scope that is none: got %d", r.Code)
	}
	if len(s.all) != 0 {
		t.Errorf("stored %+v", s.all)
	}
	if r := d.get("/improvements/7"); r.Code != http.StatusNotFound {
		t.Errorf("unknown: got %d", r.Code)
	}
	if page := d.page("/improvements"); !strings.Contains(page, "还没有整改措施") {
		t.Error("an empty list says nothing")
	}
}

func TestImprovementsOfOtherDepartments(t *testing.T) {
	t.Parallel()
	d, s := staffed(t, "lead", inDepartment("lead", "客服部"))
	a := improve.Improvement{ID: 1, Title: "改账单", Department: "网络部", Scope: fact.Filter{}.With(fact.Type, "billing"), Status: improve.Planned, Version: 1}
	s.all = []improve.Improvement{a}
	for _, path := range []string{"/improvements/1", "/improvements/1/edit", "/improvements/new?copy=1", "/improvements/1/chart.svg"} {
		if r := d.get(path); r.Code != http.StatusNotFound {
			t.Errorf("GET %s: got %d, want 404", path, r.Code)
		}
	}
	if r := d.post("/improvements/1/move", url.Values{"version": {"1"}, "to": {"doing"}}); r.Code != http.StatusNotFound {
		t.Errorf("move: got %d, want 404", r.Code)
	}
	if page := d.page("/improvements"); strings.Contains(page, "改账单") {
		t.Error("the list has those of other departments")
	}
}

// Weekly counts of another department, or of somebody there, are no more for a
// lead than their cards are.
func TestNoImprovementCountsAnotherDepartment(t *testing.T) {
	t.Parallel()
	d, s := staffed(t, "lead", inDepartment("lead", "客服部"))
	form := planOf("看看")
	form["department"] = []string{"客服部"}
	for _, scope := range []string{"department=网络部", "cause_department=网络部"} {
		form["condition"] = []string{scope}
		if r := d.post("/improvements", form); r.Code != http.StatusUnprocessableEntity || len(s.all) != 0 {
			t.Errorf("%s: got %d, want 422", scope, r.Code)
		}
	}
	form["condition"] = []string{"owner=wang"}
	narrowed := url.Values{"owner": {"wang"}, "department": {"客服部"}}.Encode()
	if r := d.post("/improvements", form); r.Code != http.StatusSeeOther || s.all[0].Scope.Query().Encode() != narrowed {
		t.Fatalf("somebody's cases: got %d %+v, want those in the department", r.Code, s.all)
	}
	s.all[0].Scope = fact.Filter{}.With(fact.Department, "网络部") // as somebody of the house made it
	form["condition"], form["version"] = []string{"department=网络部"}, []string{"1"}
	if r := d.post("/improvements/1", form); r.Code != http.StatusSeeOther {
		t.Errorf("a scope that stays: got %d", r.Code)
	}
	if page := d.page("/improvements/new"); strings.Contains(page, url.Values{"department": {"网络部"}}.Encode()) || strings.Contains(page, "owner=wang") {
		t.Error("the form offers departments or people of elsewhere")
	}
	for n := range 400 {
		form["condition"] = append(form["condition"], fmt.Sprint("product=", n))
	}
	if r := d.post("/improvements", form); r.Code != http.StatusUnprocessableEntity {
		t.Errorf("400 conditions: got %d, want 422", r.Code)
	}
}

func TestAnImprovementForACluster(t *testing.T) {
	t.Parallel()
	d, _ := staffed(t, "quality")
	page := d.page("/improvements/new?cluster=K12")
	for _, want := range []string{`name="cluster" value="K12"`, `name="condition"`, `name="peak_from"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the form has no %s", want)
		}
	}
}
