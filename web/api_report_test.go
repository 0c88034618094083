package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/web"
)

// sums answers for the cost of silence as the defaults do.
type sums struct{}

func (sums) Worth(context.Context) (silence.Version, silence.Result, error) {
	v := silence.Version{Assumptions: silence.Defaults()}
	return v, silence.Of(v.Assumptions, []silence.Prevented{
		{Name: "客户13812345678", Value: 100, Low: 50, High: 150}, {Name: "改账单", Link: "/improvements/3", Value: 9, Low: 1, High: 20},
	}), nil
}

func withReports(d *web.Deps) {
	b := fact.NewBook()
	_, to := report.Week{Year: 2026, Number: 8}.Days()
	for day := to - 70; day < to; day++ {
		rows := make([]fact.Row, 5)
		for i := range rows {
			rows[i] = fact.Row{Seq: int64(day)*10 + int64(i), Day: day, Respond: 20, Satisfaction: fact.None}
			rows[i].Values[fact.Type], rows[i].Values[fact.Department] = "billing", []string{"计费部", "网络部"}[i%2]
		}
		b.Put(day, rows)
	}
	d.Reports = &web.ReportsDeps{
		Maker:   &report.Maker{Book: b.Filled(), Zone: time.FixedZone("Asia/Shanghai", 8*60*60), Now: func() time.Time { return noon }},
		Silence: sums{}, Names: func(_ report.Language, _, value string) string { return value },
	}
}

func TestWeeklyReport(t *testing.T) {
	t.Parallel()
	b := setup(t, withReports)
	for target, want := range map[string]string{
		"/api/v1/reports/weekly":                                                    "本周共收到投诉35件",
		"/api/v1/reports/weekly?week=2026-W07":                                      "本周共收到投诉35件",
		"/api/v1/reports/weekly?department=%E7%BD%91%E7%BB%9C%E9%83%A8&language=en": "14 complaints came in this week",
	} {
		r := b.do(http.MethodGet, target, "")
		if r.status != http.StatusOK {
			t.Fatalf("GET %s: got %d %s", target, r.status, r.body)
		}
		var got struct {
			Week     string
			Headline struct {
				Text    string
				Figures []struct{ Text, Page string }
			}
		}
		if err := json.Unmarshal(r.body, &got); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(got.Headline.Text, want) || len(got.Headline.Figures) == 0 || !strings.HasPrefix(got.Headline.Figures[0].Page, "/figures/cases?") {
			t.Errorf("GET %s: got %+v", target, got)
		}
	}
	if r := b.do(http.MethodGet, "/api/v1/reports/weekly?week=2026-W99", ""); r.status != http.StatusUnprocessableEntity && r.status != http.StatusBadRequest {
		t.Errorf("a week that is none: got %d", r.status)
	}
}

func TestSilence(t *testing.T) {
	t.Parallel()
	r := setup(t, withReports).do(http.MethodGet, "/api/v1/silence", "")
	var got struct {
		Version struct{ Assumptions []silence.Assumption }
		Result  silence.Result
	}
	if err := json.Unmarshal(r.body, &got); err != nil {
		t.Fatalf("%d: %v", r.status, err)
	}
	if len(got.Version.Assumptions) != len(silence.Defaults()) || got.Result.Total.Value <= 0 || strings.Contains(string(r.body), "13812345678") {
		t.Errorf("got %+v", got.Result)
	}
}

// The titles of improvements of other departments are not for a department.
func TestSilenceOfADepartment(t *testing.T) {
	t.Parallel()
	k := newKeyring()
	u := k.users["lead"]
	u.Department = "网络部"
	k.users["lead"] = u
	b := setup(t, withReports, func(d *web.Deps) { d.Keys = k })
	for key, told := range map[string]bool{"lead": false, "quality": true} {
		r := b.raw(http.MethodGet, "/api/v1/silence", "", "Authorization", "Bearer "+key)
		if r.status != http.StatusOK || strings.Contains(string(r.body), "改账单") != told || strings.Contains(string(r.body), "/improvements/3") != told {
			t.Errorf("%s: got %d %s", key, r.status, r.body)
		}
	}
}
