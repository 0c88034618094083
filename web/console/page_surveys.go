package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// surveySpans are the times that the page of satisfaction can look back, in
// days, the usual one first.
var surveySpans = []int{90, 30, 365}

// surveyState is the state of the page of satisfaction as its address has it.
type surveyState struct {
	Days   int
	Low    bool
	Reason string
	Cursor string
}

func readSurveyState(q url.Values) surveyState {
	s := surveyState{Days: surveySpans[0], Low: q.Get("low") == "1", Reason: oneOf(q.Get("reason"), survey.Reasons), Cursor: q.Get("cursor")}
	if n, err := strconv.Atoi(q.Get("days")); err == nil && slices.Contains(surveySpans, n) {
		s.Days = n
	}
	return s
}

func (s surveyState) link(path string) string {
	low := ""
	if s.Low {
		low = "1"
	}
	return address(path, "days", count(s.Days), "low", low, "reason", s.Reason, "cursor", s.Cursor)
}

// span is whole days up to the end of today.
func (c *Console) surveySpan(s surveyState) (from, to time.Time) {
	to = midnight(c.d.Now().In(c.d.Zone)).AddDate(0, 0, 1)
	return to.AddDate(0, 0, -s.Days), to
}

func (c *Console) surveyFilter(s surveyState) survey.Filter {
	from, to := c.surveySpan(s)
	f := survey.Filter{From: from, To: to, State: survey.StateAnswered, Reason: survey.Reason(s.Reason), Cursor: s.Cursor, Limit: pageRows}
	if s.Low {
		f.Below = c.d.People.Policy.LowScore
	}
	return f
}

func (c *Console) showSatisfaction(v *visit) error {
	return c.renderSatisfaction(v, http.StatusOK, readSurveyState(v.r.URL.Query()), refusedForm{})
}

func (c *Console) renderSatisfaction(v *visit, status int, s surveyState, form refusedForm) error {
	ctx := v.r.Context()
	from, to := c.surveySpan(s)
	figures, err := c.d.People.Surveys.Figures(ctx, from, to)
	if err != nil {
		return err
	}
	found, err := c.d.People.Surveys.List(ctx, c.surveyFilter(s))
	if err != nil {
		return err
	}
	view := surveysView{State: s, From: c.day(from), To: c.until(to), LowScore: score(c.d.People.Policy.LowScore)}
	view.fill(&figures)
	if view.Rows, err = c.surveyRows(ctx, v, found.Surveys); err != nil {
		return err
	}
	view.addresses(found.Next, v.may(access.CaseExport))
	if v.may(access.CustomerWork) {
		view.CallBack = &callBackForm{Back: view.Here, Form: form}
	}
	return c.render(v, status, "surveys", page{Title: "nav.satisfaction", Nav: "/satisfaction", View: view})
}

// surveyRows lists answers; a low one with the task it has opened.
func (c *Console) surveyRows(ctx context.Context, v *visit, list []survey.Survey) ([]surveyRow, error) {
	seen, err := c.inSight(v, casesOf(list))
	if err != nil {
		return nil, err
	}
	rows := make([]surveyRow, len(list))
	for i := range list {
		if !seen(list[i].Case) {
			list[i].Answer.Text, list[i].NewIssue = "", false
		}
		rows[i] = c.surveyRow(v, &list[i])
		if !rows[i].Score.Low {
			continue
		}
		if rows[i].Task, err = c.followTask(ctx, v.lang, list[i].Case); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func casesOf(list []survey.Survey) []triage.ComplaintID {
	ids := make([]triage.ComplaintID, len(list))
	for i := range list {
		ids[i] = list[i].Case
	}
	return ids
}

// exportSatisfaction sends the answers of the list as CSV, masked.
func (c *Console) exportSatisfaction(v *visit) error {
	f := c.surveyFilter(readSurveyState(v.r.URL.Query()))
	f.Cursor, f.Limit = "", exportPage
	var rows [][]string
	for {
		found, err := c.d.People.Surveys.List(v.r.Context(), f)
		if err != nil {
			return err
		}
		seen, err := c.inSight(v, casesOf(found.Surveys))
		if err != nil {
			return err
		}
		for i := range found.Surveys {
			if !seen(found.Surveys[i].Case) {
				found.Surveys[i].Answer.Text = ""
			}
			rows = append(rows, c.surveyRecord(v, &found.Surveys[i]))
		}
		if f.Cursor = found.Next; f.Cursor == "" || len(rows) >= maxExportRows {
			return c.sendTable(v, "satisfaction", surveyColumns, rows[:min(len(rows), maxExportRows)])
		}
	}
}
