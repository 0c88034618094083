package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// complained is a folder with three complaints in the week W10 of 2026.
func complained(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	path := file(t, "w10.jsonl", `{"id":"1","at":"2026-03-03T10:00:00+08:00","text":"宽带断网三天无人处理","region":"广东/深圳"}
{"id":"2","at":"2026-03-04T10:00:00+08:00","text":"宽带又断网，要求赔偿"}
{"id":"3","at":"2026-03-08T23:59:00+08:00","text":"话费多扣了二十元"}
{"id":"4","at":"2026-03-09T00:01:00+08:00","text":"话费多扣了三十元"}
`)
	imported(t, exitOK, "complaints", path, "--data", data)
	return data
}

func TestWeeklyReport(t *testing.T) {
	t.Parallel()
	data := complained(t)
	r := qianyi(t, "", "report", "weekly", "--week", "2026-W10", "--data", data).must(t, exitOK)
	for _, want := range []string{"投诉周报 · 全部部门", "2026-W10  2026-03-02 – 2026-03-08", "本周共收到投诉3件"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("the report lacks %q:\n%s", want, r.out)
		}
	}
	r = qianyi(t, "", "report", "weekly", "--week", "2026-W10", "--department", "没有的部门", "--english", "--data", data).must(t, exitOK)
	if !strings.Contains(r.out, "0 complaints came in this week") {
		t.Errorf("a department without cases has the report\n%s", r.out)
	}
	qianyi(t, "", "report", "weekly", "--week", "2026-W60", "--data", data).must(t, exitUsage)
	qianyi(t, "", "report", "weekly", "--data", t.TempDir()).must(t, exitFailure)
}

// The report of the command line has what that of the service has.
func TestWeeklyReportTellsOfImprovements(t *testing.T) {
	t.Parallel()
	data := complained(t)
	db, err := store.Open(t.Context(), filepath.Join(data, "qianyi.db"))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, time.February, 2, 9, 0, 0, 0, time.UTC)
	a := improve.Improvement{
		Title: "账单改版", Scope: fact.Filter{}.With(fact.Type, "billing"), Department: "计费部", Due: fact.Date(2026, time.March, 1), Status: improve.Doing,
		Started: fact.Date(2026, time.February, 2), CreatedAt: at, CreatedBy: "wang", UpdatedAt: at,
	}
	_, err = db.PutImprovement(t.Context(), a, improve.Remark{At: at, By: "wang", Status: a.Status}, triage.AuditEntry{At: at, Actor: "wang", Action: "improvement.add"})
	if err = errors.Join(err, db.Shutdown()); err != nil {
		t.Fatal(err)
	}
	r := qianyi(t, "", "report", "weekly", "--week", "2026-W10", "--data", data).must(t, exitOK)
	if !strings.Contains(r.out, "还在进行1项") || !strings.Contains(r.out, "逾期的整改措施1项") {
		t.Errorf("the report lacks the improvement that is overdue:\n%s", r.out)
	}
}

func TestWeeklyReportInFiles(t *testing.T) {
	t.Parallel()
	data, folder := complained(t), t.TempDir()
	page, book := filepath.Join(folder, "r.html"), filepath.Join(folder, "r.xlsx")
	r := qianyi(t, "", "report", "weekly", "--week", "2026-W10", "--html", page, "--xlsx", book, "--data", data).must(t, exitOK)
	if r.out != "" {
		t.Errorf("the report was printed as well: %s", r.out)
	}
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(content); !strings.Contains(text, "data:image/png;base64,") || !strings.Contains(text, "本周共收到投诉3件") {
		t.Errorf("the page lacks words or pictures: %.400s", text)
	}
	x, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if got := x.GetSheetList(); len(got) != 4 || got[0] != "2026-W10" {
		t.Errorf("got the sheets %q", got)
	}
}

func TestClustersOfAWeek(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 0, 7)
	at := func(days int) time.Time { return from.AddDate(0, 0, days) }
	for name, tt := range map[string]struct {
		k                 prevention.Cluster
		isNew, open, over bool
	}{
		"raised in the week": {prevention.Cluster{Alarm: prevention.Alarm{At: at(1)}, Stage: prevention.StageCandidate}, true, true, false},
		"raised before":      {prevention.Cluster{Alarm: prevention.Alarm{At: at(-9)}, Stage: prevention.StageActing}, false, true, false},
		"raised after":       {prevention.Cluster{Alarm: prevention.Alarm{At: at(7)}, Stage: prevention.StageCandidate}, false, false, false},
		"closed in the week": {prevention.Cluster{Alarm: prevention.Alarm{At: at(-9)}, Stage: prevention.StageClosed, StageAt: at(2)}, false, false, true},
		"closed before":      {prevention.Cluster{Alarm: prevention.Alarm{At: at(-9)}, Stage: prevention.StageClosed, StageAt: at(-2)}, false, false, false},
		"dismissed":          {prevention.Cluster{Alarm: prevention.Alarm{At: at(1)}, Stage: prevention.StageDismissed}, false, false, false},
		"merged":             {prevention.Cluster{Alarm: prevention.Alarm{At: at(1)}, Stage: prevention.StageActing, MergedInto: "K2"}, false, false, false},
	} {
		c := reportCluster(&tt.k, from, to)
		if c.New != tt.isNew || c.Open != tt.open || c.Closed != tt.over {
			t.Errorf("%s: got new %v, open %v, closed %v", name, c.New, c.Open, c.Closed)
		}
	}
}
