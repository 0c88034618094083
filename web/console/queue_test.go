package console_test

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/web/console"
)

func TestQueueState(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	cst := time.FixedZone("CST", 8*3600)
	open, ended := new(true), new(false)
	for target, want := range map[string]triage.QueueFilter{
		"/":                                 {Status: triage.StatusReceived, Open: open, Sort: "priority", Limit: 50},
		"/?status=received":                 {Status: triage.StatusReceived, Open: open, Sort: "priority", Limit: 50},
		"/?status=all&sort=newest&review=1": {Sort: "newest", NeedsReview: new(true), Limit: 50},
		"/?status=closed&type=billing&product=x&channel=app&urgency=high&cursor=abc": {
			Status: triage.StatusClosed, Type: "billing", Product: "x", Channel: triage.ChannelApp, Urgency: "high", Sort: "newest", Cursor: "abc", Limit: 50,
		},
		"/?status=acknowledged&sort=urgency":   {Status: triage.StatusAcknowledged, Sort: "urgency", Limit: 50},
		"/?view=ended&sort=priority":           {Open: ended, Sort: "newest", Limit: 50},
		"/?view=callback":                      {Status: triage.StatusClosed, Sort: "newest", Limit: 50},
		"/?view=all&department=计费中心&owner=lin": {Department: "计费中心", Owner: "lin", Sort: "newest", Limit: 50},
		"/?view=mine":                          {Sort: "newest", Limit: 50}, // cases have no life here
		"/?from=2026-02-01&to=2026-02-28": {
			Status: triage.StatusReceived, Open: open, Sort: "priority", Limit: 50,
			From: time.Date(2026, 2, 1, 0, 0, 0, 0, cst), To: time.Date(2026, 3, 1, 0, 0, 0, 0, cst),
		},
		"/?status=x&channel=x&urgency=x&from=x&to=2026-13-01&sort=x&review=x&view=x": {
			Status: triage.StatusReceived, Open: open, Sort: "priority", Limit: 50,
		},
	} {
		d.company.asked = nil
		d.page(target)
		if diff := cmp.Diff([]triage.QueueFilter{want}, d.company.asked); diff != "" {
			t.Errorf("GET %s (-want +got)\n%s", target, diff)
		}
	}
}

// The column of the clocks has no room for hours beside many days.
func TestLongSpansAreInDays(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	c := &d.company.cases[0]
	for days, want := range map[int]string{9: "超时 9天13时", 10: "超时 10天", 106: "超时 106天"} {
		c.Status, c.Assessment.SLA.RespondBy = triage.StatusReceived, noon.Add(-time.Duration(days*24+13)*time.Hour)
		contains(t, d.page("/?status=all"), want+"<")
	}
}

func TestPagesOfTheQueueFollowEachOther(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	next := regexp.MustCompile(`rel="next" href="([^"]*)"`)
	row := regexp.MustCompile(`<tr data-href="([^"]*)"`)
	seen := map[string]bool{}
	for target, pages := "/?status=all&sort=newest", 0; target != ""; pages++ {
		if pages > 5 {
			t.Fatal("the pages do not end")
		}
		body := d.page(target)
		for _, m := range row.FindAllStringSubmatch(body, -1) {
			if seen[m[1]] {
				t.Errorf("%s comes twice", m[1])
			}
			seen[m[1]] = true
		}
		target = ""
		if m := next.FindStringSubmatch(body); m != nil {
			target = strings.ReplaceAll(m[1], "&amp;", "&")
			contains(t, target, "view=all", "cursor=")
		}
	}
	if got, want := len(seen), len(d.company.cases); got != want {
		t.Errorf("got %d cases, want %d", got, want)
	}
}

func TestSearchNeedsAnIndex(t *testing.T) {
	t.Parallel()
	d := setup(t, func(deps *console.Deps) { deps.Search, deps.Jobs, deps.Card = nil, nil, nil })
	d.signIn("demo", password)
	contains(t, d.page("/?q=盗刷"), "检索暂不可用")
	contains(t, d.page("/model"), "没有加载训练模型")
	lacks(t, d.page("/"), `href="/jobs"`)
	if w := d.get("/jobs"); w.Code != http.StatusNotFound {
		t.Errorf("jobs without a runner: got status %d, want 404", w.Code)
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	texts := []string{"=1+1", "  @SUM(A1)", "\u200b-2", "＋1", "+8613812345678", "平常的投诉，\"引号\"\n换行", "\t=1"}
	for i, text := range texts {
		d.company.cases[i].Title, d.company.cases[i].Text = "", text
	}
	w := d.get("/export.csv?status=all")
	body := w.Body.String()
	if !strings.HasPrefix(body, "\ufeff编号,") {
		t.Errorf("got the beginning %.20q, want a BOM and the header", body)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatalf("the file is not CSV: %v", err)
	}
	if got, want := len(rows)-1, len(d.company.cases); got != want {
		t.Errorf("got %d rows, want %d: all pages", got, want)
	}
	column := slices.Index(rows[0], "投诉内容")
	for i, text := range texts {
		if i != 5 && !strings.HasPrefix(rows[i+1][column], "'") {
			t.Errorf("%q: got the cell %q, want an apostrophe first", text, rows[i+1][column])
		}
	}
	if got := rows[6][column]; got != texts[5] {
		t.Errorf("got the cell %q, want %q", got, texts[5])
	}
	lacks(t, body, "13812345678")
	if !slices.Contains(d.company.actions(), "quality export queue") {
		t.Errorf("the trail %q has no entry for the export", d.company.actions())
	}
	d.company.fail = triage.Errorf(triage.CodeUnavailable, "the disk is full")
	if w := d.get("/export.csv"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("without a store: got status %d, want 503", w.Code)
	}
}

func TestExportEndsAtTenThousand(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	one := d.company.cases[2]
	d.company.cases = slices.Repeat([]triage.Case{one}, 10_050)
	for i := range d.company.cases {
		d.company.cases[i].ID = triage.ComplaintID(time.Unix(int64(i), 0).UTC().Format("0102150405"))
	}
	rows, err := csv.NewReader(strings.NewReader(d.get("/export.csv").Body.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := len(rows) - 1; got != 10_000 {
		t.Errorf("got %d rows, want 10000", got)
	}
}
