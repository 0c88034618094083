package console_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web/console"
)

// rolledUp has the figures of some cases, numbered from 1, and the cases.
type rolledUp []triage.Case

func (s rolledUp) CasesBySeq(_ context.Context, seqs []int64) ([]triage.Case, error) {
	var found []triage.Case
	for _, seq := range seqs {
		found = append(found, s[seq-1])
	}
	return found, nil
}

func (s rolledUp) Days(_ context.Context, after fact.Position, _ int) (days []fact.StoredDay, generation int64, err error) {
	if after.Generation == 1 {
		return nil, 1, nil
	}
	byDay := map[fact.Day][]fact.Row{}
	for i := range s {
		k := s[i]
		k.Seq = int64(i + 1)
		r := fact.Build(&fact.Source{Case: k}, shanghai, nil)
		byDay[r.Day] = append(byDay[r.Day], r)
	}
	for day, rows := range byDay {
		body, err := fact.EncodeDay(rows)
		if err != nil {
			return nil, 0, err
		}
		days = append(days, fact.StoredDay{Day: day, Version: 1, Body: body})
	}
	return days, 1, nil
}

// manyFigures are a hundred and twenty cases of two departments.
func manyFigures() rolledUp {
	list := make(rolledUp, 120)
	for i := range list {
		k := &list[i]
		k.ID, k.ReceivedAt = triage.ComplaintID("F"+string(rune('a'+i/26))+string(rune('a'+i%26))), noon
		k.Text, k.Status, k.Product = "电话13812345678宽带断了 <b>", triage.StatusReceived, "宽带"
		k.Work.Department, k.Work.Owner = "网络部", "agent"
		if i >= 70 {
			k.Work.Department, k.Work.Owner, k.Campaign = "财务部", "lead", "spring"
		}
	}
	list[0].Text = "=1+1"
	return list
}

func figuresDesk(t *testing.T, user string, ready bool) *desk {
	t.Helper()
	source := manyFigures()
	book := fact.NewBook()
	if ready {
		if err := fact.NewKeeper(source, book).Follow(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	d := setup(t, func(deps *console.Deps) { deps.Figures = &console.FiguresDeps{Book: book, Cases: source} })
	if user == "clerk" {
		u := d.company.users["lead"]
		u.Name, u.Department = user, "网络部"
		d.company.users[user] = u
	}
	if r := d.signIn(user, password); r.Code != http.StatusSeeOther {
		t.Fatalf("sign-in: got status %d", r.Code)
	}
	return d
}

func TestCasesBehindAFigure(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, user, query string
		status            int
		has, not          []string
	}{
		{"all", "demo", "", 200, []string{"全部投诉", "共 120 件", "第 1–50 件", "page=2", "/figures/cases.csv", "138****5678", "&lt;b&gt;"}, []string{"13812345678", "<b> "}},
		{"the last page", "demo", "page=3", 200, []string{"第 101–120 件", `rel="prev"`}, []string{`rel="next"`}},
		{"a page behind the last", "demo", "page=99", 200, []string{"没有符合条件的投诉"}, []string{`rel="next"`}},
		{"a filter in words", "demo", "department=财务部&status=received&longer=resolve:90&score=below:80&not=repeat&any=to_12315&any=to_media", 200,
			[]string{"责任部门：财务部", "状态：", "办结用时超过 1时30分", "满意度低于 80", "非“重复投诉”", "提及 12315 或消协 / 提及媒体曝光"}, nil},
		{"hostile words", "demo", "product=%3Cscript%3E", 200, []string{"&lt;script&gt;"}, []string{"<script>"}},
		{"a wrong filter", "demo", "from=yesterday", 400, nil, []string{"yesterday"}},
		{"a department sees its own", "clerk", "", 200, []string{"共 70 件"}, []string{"财务部"}},
		{"… whatever it asks for", "clerk", "department=财务部", 200, []string{"共 0 件"}, nil},
		{"… and no more with two", "clerk", "department=财务部&department=网络部", 200, []string{"共 70 件"}, nil},
		{"an agent sees no figures of everybody", "agent", "", 403, nil, []string{"共 "}},
		{"… but those of a campaign", "agent", "campaign=spring", 200, []string{"共 50 件"}, []string{"/figures/cases.csv"}},
		{"… not those of no campaign", "agent", "campaign=", 403, nil, nil},
		{"… and their own", "agent", "owner=agent", 200, []string{"共 70 件"}, nil},
		{"… not another's", "agent", "owner=agent&owner=lead", 403, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := figuresDesk(t, tt.user, true)
			query, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			r := d.get("/figures/cases?" + query.Encode())
			if r.Code != tt.status {
				t.Fatalf("got status %d, want %d", r.Code, tt.status)
			}
			main := r.Body.String()
			if i := strings.Index(main, "<main"); i >= 0 {
				main = main[i:]
			}
			for _, s := range tt.has {
				if !strings.Contains(main, s) {
					t.Errorf("the page lacks %q", s)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(main, s) {
					t.Errorf("the page has %q", s)
				}
			}
		})
	}
}

func TestCasesBehindAFigureAreExported(t *testing.T) {
	t.Parallel()
	d := figuresDesk(t, "demo", true)
	r := d.get("/figures/cases.csv?owner=agent")
	body := r.Body.String()
	if lines := strings.Count(strings.TrimSpace(body), "\r\n"); r.Code != 200 || lines != 70 {
		t.Errorf("got status %d and %d lines, want the heading and 70", r.Code, lines)
	}
	if !strings.Contains(body, "'=1+1") || strings.Contains(body, "13812345678") {
		t.Error("the file has a formula or a telephone number")
	}
	if !slices.ContainsFunc(d.company.trail, func(e triage.AuditEntry) bool {
		return e.Action == "export" && e.Object == "figures" && e.Detail == "owner=agent" && e.Actor == "demo"
	}) {
		t.Error("the export is not in the trail")
	}
	if r := d.get("/figures/cases.xlsx?owner=agent"); r.Code != 200 || !strings.HasPrefix(r.Body.String(), "PK") {
		t.Errorf("workbook: got status %d", r.Code)
	}
	if r := figuresDesk(t, "agent", true).get("/figures/cases.csv?owner=agent"); r.Code != 403 {
		t.Errorf("somebody who may not export: got status %d", r.Code)
	}
}

func TestFiguresThatAreStillBeingRead(t *testing.T) {
	t.Parallel()
	d := figuresDesk(t, "demo", false)
	if r := d.get("/figures/cases"); r.Code != 200 || !strings.Contains(r.Body.String(), "正在读取统计数据") {
		t.Errorf("got status %d and a page that does not say so", r.Code)
	}
	if r := d.get("/figures/cases.csv"); r.Code != 503 {
		t.Errorf("export: got status %d, want 503", r.Code)
	}
}
