package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web"
)

// cabinet is the improvements in memory.
type cabinet struct {
	all     []improve.Improvement
	remarks []improve.Remark
}

func (c *cabinet) Improvement(_ context.Context, id int64) (improve.Improvement, error) {
	if id > int64(len(c.all)) {
		return improve.Improvement{}, triage.Errorf(triage.CodeNotFound, "there is no improvement %d", id)
	}
	return c.all[id-1], nil
}

func (c *cabinet) Improvements(_ context.Context, f improve.Filter) (list []improve.Improvement, err error) {
	for _, a := range c.all {
		if f.For.May(&a) {
			list = append(list, a)
		}
	}
	return list, nil
}

func (c *cabinet) PutImprovement(_ context.Context, a improve.Improvement, r improve.Remark, _ triage.AuditEntry) (int64, error) {
	if a.ID == 0 {
		a.ID = int64(len(c.all) + 1)
		c.all = append(c.all, a)
	} else if c.all[a.ID-1].Version != a.Version {
		return 0, triage.Errorf(triage.CodeConflict, "changed meanwhile")
	}
	a.Version++
	c.all[a.ID-1] = a
	c.remarks = append(c.remarks, r)
	return a.ID, nil
}

func (c *cabinet) Remarks(context.Context, int64) ([]improve.Remark, error) { return c.remarks, nil }

func (c *cabinet) KeepEffect(_ context.Context, id int64, e improve.Effect, at time.Time) error {
	c.all[id-1].Effect, c.all[id-1].EffectAt = &e, at
	return nil
}

// readBook is a book that has been read in full.
type readBook struct{ *fact.Book }

func (readBook) Ready() bool { return true }

func bookOfAgents() readBook {
	b := readBook{fact.NewBook()}
	today := fact.DayOf(noon, time.UTC)
	for day := today - 140; day <= today; day++ {
		rows := make([]fact.Row, 12)
		for i := range rows {
			rows[i] = fact.Row{Seq: int64(i), Day: day, Flags: fact.Ended, Resolve: int32(60 + i), Respond: fact.None, Satisfaction: fact.None}
			rows[i].Values[fact.Owner], rows[i].Values[fact.Department] = []string{"li", "wang", "zhao"}[i%3], "网络部"
			rows[i].Values[fact.Type] = []string{"billing", "network"}[i/6]
		}
		b.Put(day, rows)
	}
	return b
}

func withStaff(t *testing.T, c *cabinet) func(*web.Deps) {
	return func(d *web.Deps) {
		book := bookOfAgents()
		s, err := improve.New(improve.Deps{Ledger: c, Figures: book, Now: d.Now, Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		d.Staff = &web.StaffDeps{Book: book, Improvements: s}
	}
}

func TestStaffAPI(t *testing.T) {
	t.Parallel()
	b := setup(t, withStaff(t, &cabinet{}))
	var got struct {
		Items []struct {
			Name     string
			Cases    int
			Hardness *float64
			Measures []struct {
				Measure, Verdict string
				Cases            int
				Adjusted         *float64
			}
		}
	}
	r := b.do(http.MethodGet, "/api/v1/staff?from=2026-02-01&type=billing", "")
	if err := json.Unmarshal(r.body, &got); r.status != http.StatusOK || err != nil {
		t.Fatalf("got %d %s (%v)", r.status, r.body, err)
	}
	if len(got.Items) != 3 || got.Items[0].Name != "li" || got.Items[0].Cases != 58 || got.Items[0].Hardness == nil {
		t.Errorf("got %+v", got.Items)
	}
	for _, m := range got.Items[0].Measures {
		if m.Measure == "resolve" && (m.Verdict != "same" || m.Adjusted == nil) {
			t.Errorf("got %+v", m)
		}
	}
	if r := b.do(http.MethodGet, "/api/v1/staff?from=soon", ""); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong day: got %d", r.status)
	}
}

func TestImprovementAPI(t *testing.T) {
	t.Parallel()
	c := &cabinet{}
	b := setup(t, withStaff(t, c))
	const plan = `{"title":"改账单，电话 13812345678","scope":"type=billing&from=2026-01-01","department":"计费部","due":"2026-04-01","target":-0.3}`
	r := b.do(http.MethodPost, "/api/v1/improvements", plan)
	if r.status != http.StatusCreated || r.header.Get("Location") != "/api/v1/improvements/1" || r.text(t, "scope") != "type=billing" {
		t.Fatalf("add: got %d %s", r.status, r.body)
	}
	if got := r.text(t, "title"); got != "改账单，电话 138****5678" && got == c.all[0].Title {
		t.Errorf("the title is not masked: %s", got)
	}
	for _, step := range []string{
		`{"to":"doing","day":"2026-01-05","version":1}`, `{"to":"done","day":"2026-01-05","version":2}`,
	} {
		if r := b.do(http.MethodPost, "/api/v1/improvements/1/moves", step); r.status != http.StatusOK {
			t.Fatalf("%s: got %d %s", step, r.status, r.body)
		}
	}
	if r := b.do(http.MethodGet, "/api/v1/improvements/1/effect", ""); r.status != http.StatusOK || r.text(t, "verdict") != "no_effect" {
		t.Errorf("effect: got %d %.300s", r.status, r.body)
	}
	if r := b.do(http.MethodPost, "/api/v1/improvements/1/notes", `{"note":"说明","version":3}`); r.status != http.StatusOK {
		t.Errorf("note: got %d %s", r.status, r.body)
	}
	const change = `{"title":"改账单","scope":"type=billing","department":"计费部","due":"2026-05-01","started":"2026-01-05","done":"2026-01-06","version":4}`
	if r := b.do(http.MethodPost, "/api/v1/improvements/1", change); r.status != http.StatusOK || r.text(t, "done") != "2026-01-06" {
		t.Errorf("change: got %d %s", r.status, r.body)
	}
	b.do(http.MethodGet, "/api/v1/improvements/1", "")
	b.do(http.MethodGet, "/api/v1/improvements", "")
	for body, want := range map[string]int{
		`{"to":"failed","version":5}`:             http.StatusUnprocessableEntity,
		`{"to":"closed","version":5}`:             http.StatusConflict,
		`{"to":"planned","version":5}`:            http.StatusConflict,
		`{"to":"verified","version":1}`:           http.StatusConflict,
		`{"to":"doing","day":"soon","version":5}`: http.StatusUnprocessableEntity,
	} {
		if r := b.do(http.MethodPost, "/api/v1/improvements/1/moves", body); r.status != want {
			t.Errorf("%s: got %d %s, want %d", body, r.status, r.body, want)
		}
	}
	for body, field := range map[string]string{
		`{"title":"x","scope":"nothing=1","department":"d","due":"2026-05-01"}`:                    "scope",
		`{"title":"x","scope":"has=nothing","department":"d","due":"2026-05-01"}`:                  "scope",
		`{"title":"x","scope":"type=a","control":"product=b","department":"d","due":"2026-05-01"}`: "control",
		`{"title":"x","scope":"type=a","department":"d","due":"tomorrow"}`:                         "due",
	} {
		if r := b.do(http.MethodPost, "/api/v1/improvements", body); r.status != http.StatusUnprocessableEntity || !strings.Contains(string(r.body), `"body.`+field+`"`) {
			t.Errorf("%s (%s): got %d %s", body, field, r.status, r.body)
		}
	}
}
