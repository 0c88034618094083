package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web"
)

// counted are cases, numbered from 1, of one day.
type counted []triage.Case

func (s counted) CasesBySeq(_ context.Context, seqs []int64) ([]triage.Case, error) {
	var found []triage.Case
	for _, seq := range seqs {
		found = append(found, s[seq-1])
	}
	return found, nil
}

func (s counted) Days(_ context.Context, after fact.Position, _ int) ([]fact.StoredDay, int64, error) {
	if after.Generation == 1 {
		return nil, 1, nil
	}
	var rows []fact.Row
	for i := range s {
		k := s[i]
		k.Seq = int64(i + 1)
		rows = append(rows, fact.Build(&fact.Source{Case: k}, noon.Location(), nil))
	}
	body, err := fact.EncodeDay(rows)
	return []fact.StoredDay{{Day: fact.Date(2026, 3, 1), Version: 1, Body: body}}, 1, err
}

// figuresServer serves the figures of three cases, two of them of the 网络部.
func figuresServer(t *testing.T, ready bool) *bundle {
	t.Helper()
	source := make(counted, 3)
	for i := range source {
		k := &source[i]
		k.ID, k.ReceivedAt, k.Status, k.Text = triage.ComplaintID(rune('a'+i)), noon, triage.StatusReceived, "电话13812345678断网"
		k.Work.Department = []string{"网络部", "网络部", "财务部"}[i]
	}
	book := fact.NewBook()
	if ready {
		if err := fact.NewKeeper(source, book).Follow(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	k := newKeyring()
	k.add(triage.Key{ID: 90, Owner: "admin", Permissions: []string{"quality.read"}}, "counts")
	u := k.users["lead"]
	u.Department = "网络部"
	k.users["lead"] = u
	return setup(t, func(d *web.Deps) {
		d.Keys, d.Figures = k, &web.FiguresDeps{Book: book, Cases: source}
	})
}

func TestFigures(t *testing.T) {
	t.Parallel()
	b := figuresServer(t, true)
	for _, tt := range []struct {
		name, key, query string
		status           int
		has              []string
	}{
		{"all", "admin", "/figures", 200, []string{`"cases":3`, `"lines":[]`, `"mean_score":null`}},
		{"by a dimension", "admin", "/figures?by=department", 200, []string{`"value":"网络部","cases":2`, `"value":"财务部","cases":1`}},
		{"over time", "admin", "/figures?over=month&from=2026-02-01&to=2026-03-31", 200, []string{`"from":"2026-02-01","cases":0`, `"from":"2026-03-01","cases":3`}},
		{"either value", "admin", "/figures?department=财务部&department=网络部", 200, []string{`"cases":3`}},
		{"flags", "admin", "/figures?not=ended&has=repeat", 200, []string{`"cases":0`}},
		{"the cases behind", "admin", "/figures/cases?department=财务部", 200, []string{`"id":"c"`, `"total":1`, "138****5678"}},
		{"page by page", "admin", "/figures/cases?limit=2", 200, []string{`"next":"2"`, `"total":3`}},
		{"the last page", "admin", "/figures/cases?limit=2&cursor=2", 200, []string{`"id":"a"`}},
		{"a department", "lead", "/figures?by=department", 200, []string{`"cases":2`}},
		{"a department asks for another", "lead", "/figures/cases?department=财务部", 200, []string{`"total":0`}},
		{"both at once", "admin", "/figures?by=type&over=day", 422, []string{"over"}},
		{"an unknown flag", "admin", "/figures?has=late", 422, []string{"late_resolve"}},
		{"an unknown dimension", "admin", "/figures?by=mood", 422, nil},
		{"a wrong cursor", "admin", "/figures/cases?cursor=x", 422, nil},
		{"figures alone", "counts", "/figures", 200, []string{`"cases":3`}},
		{"the cases behind need their own right", "counts", "/figures/cases", 403, []string{"case.read"}},
		{"ten thousand years by day", "admin", "/figures?over=day&from=1970-01-01&to=9999-12-31", 422, []string{"over"}},
		{"a hundred years by week", "admin", "/figures?over=week&from=1971-01-01&to=2060-12-31", 200, []string{`"from":"1970-12-28"`}},
		{"nobody's right", "agent", "/figures", 403, nil},
	} {
		r := b.raw(http.MethodGet, "/api/v1"+tt.query, "", "Authorization", "Bearer "+tt.key)
		if r.status != tt.status {
			t.Errorf("%s: got status %d, want %d: %s", tt.name, r.status, tt.status, r.body)
		}
		for _, s := range tt.has {
			if !strings.Contains(string(r.body), s) {
				t.Errorf("%s: the answer lacks %s: %s", tt.name, s, r.body)
			}
		}
		if strings.Contains(string(r.body), "13812345678") || tt.key == "lead" && strings.Contains(string(r.body), "财务部") {
			t.Errorf("%s: the answer says too much: %s", tt.name, r.body)
		}
	}
	r := figuresServer(t, false).raw(http.MethodGet, "/api/v1/figures", "", "Authorization", "Bearer admin")
	if r.status != http.StatusServiceUnavailable {
		t.Errorf("before the figures are read: got status %d, want 503", r.status)
	}
}
