package console

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// surveysView is the page of satisfaction.
type surveysView struct {
	State           surveyState
	Spans           []spanTab
	From, To        string
	Asked, Answered int
	// Rate, Mean and Satisfied are "" without anything to count.
	Rate, Mean, Satisfied string
	LowScore              string
	Low                   int
	Bands                 []scoreLine
	Why                   []scoreLine
	Rows                  []surveyRow
	CallBack              *callBackForm

	Here, AllHref, LowHref, Export, First, Next string
}

type spanTab struct {
	Days   int
	Href   string
	Active bool
}

// scoreLine is one line of a distribution.
type scoreLine struct {
	Label, Href string
	Count       int
	Share       string
	Width       int
	Low         bool
}

// surveyRow is one answer with what came of it.
type surveyRow struct {
	answerRow
	Via      survey.Via
	Task     *followRow
	TakeUp   string // makes a complaint of the text, "" where there is nothing to take up
	FollowUp string // that complaint
}

// followRow is the task that a low score has opened.
type followRow struct {
	ID, Href string
	Owner    string
	Limit    *slaPill
}

// bandLimits are where the bands of survey.Figures begin and end.
var bandLimits = [5][2]int{{0, 19}, {20, 39}, {40, 59}, {60, 79}, {80, 100}}

func (view *surveysView) fill(f *survey.Figures) {
	view.Asked, view.Answered, view.Low = f.Asked, f.Answered, f.Low
	if f.Asked > 0 {
		view.Rate = percent(f.Rate)
	}
	if f.Mean != nil {
		view.Mean = score(*f.Mean)
		view.Satisfied = percent(part(f.Bands[len(f.Bands)-1], f.Answered))
	}
	for i := len(f.Bands) - 1; i >= 0; i-- {
		line := lineOf(f.Bands[i], f.Answered)
		line.Label = strconv.Itoa(bandLimits[i][0]) + "–" + strconv.Itoa(bandLimits[i][1])
		line.Low = i < len(f.Bands)-1
		view.Bands = append(view.Bands, line)
	}
	for _, r := range survey.Reasons {
		if n := f.Reasons[r]; n > 0 {
			line := lineOf(n, f.Answered)
			line.Label = string(r)
			line.Href = surveyState{Days: view.State.Days, Reason: string(r)}.link("/satisfaction")
			view.Why = append(view.Why, line)
		}
	}
}

func lineOf(n, of int) scoreLine {
	share := part(n, of)
	return scoreLine{Count: n, Share: percent(share), Width: int(math.Round(share * 100))}
}

// part is a share, 0 of nothing.
func part(n, of int) float64 {
	if of <= 0 {
		return 0
	}
	return float64(n) / float64(of)
}

func (view *surveysView) addresses(next string, export bool) {
	s := view.State
	view.Here = s.link("/satisfaction")
	if s.Cursor != "" {
		s.Cursor = ""
		view.First = s.link("/satisfaction")
	}
	if export {
		view.Export = s.link("/satisfaction/export.csv")
	}
	if s.Cursor = next; next != "" {
		view.Next = s.link("/satisfaction")
	}
	view.AllHref = surveyState{Days: s.Days}.link("/satisfaction")
	view.LowHref = surveyState{Days: s.Days, Low: true}.link("/satisfaction")
	for _, days := range surveySpans {
		view.Spans = append(view.Spans, spanTab{Days: days, Active: days == s.Days, Href: surveyState{Days: days, Low: s.Low, Reason: s.Reason}.link("/satisfaction")})
	}
}

func (c *Console) surveyRow(v *visit, sv *survey.Survey) surveyRow {
	row := surveyRow{
		answerRow: answerRow{
			Score: c.scored(sv.Answer.Score), Case: c.maskedLine(string(sv.Case)), CaseHref: casePath(sv.Case), Customer: c.customerLink(sv.Customer),
			Text: c.masked(sv.Answer.Text, nil), At: c.when(sv.AnsweredAt), By: sv.By,
		},
		Via: sv.Via,
	}
	for _, r := range sv.Answer.Reasons {
		row.Reasons = append(row.Reasons, string(r))
	}
	if sv.FollowUp != "" {
		row.FollowUp = casePath(sv.FollowUp)
	} else if sv.NewIssue && v.may(access.IntakeAdd) {
		row.TakeUp = "/satisfaction/" + strconv.FormatInt(sv.ID, 10) + "/take-up"
	}
	return row
}

// followTask is the task that the low score of a case has opened, the one still
// open before one that is done; nil for none.
func (c *Console) followTask(ctx context.Context, l language, id triage.ComplaintID) (*followRow, error) {
	for _, state := range []customer.TaskState{customer.TasksOpen, customer.TasksDone} {
		found, err := c.d.People.Customers.Tasks(ctx, customer.TaskFilter{Kind: customer.TaskLowScore, Case: id, State: state}, customer.Page{Limit: 1})
		if err != nil {
			return nil, err
		}
		for i := range found.Rows {
			row := c.taskRow(l, taskState{}, &found.Rows[i])
			return &followRow{ID: row.ID, Href: row.Href, Owner: row.Owner, Limit: row.Limit}, nil
		}
	}
	return nil, nil
}

var surveyColumns = []string{
	"survey.when", "task.case", "field.customer", "survey.score", "survey.reasons", "survey.text", "survey.via", "survey.by", "survey.channel",
}

func (c *Console) surveyRecord(v *visit, sv *survey.Survey) []string {
	r := c.surveyRow(v, sv)
	var reasons []string
	for _, why := range r.Reasons {
		reasons = append(reasons, v.lang.label("why", why))
	}
	return []string{r.At, r.Case, r.Customer.ID, r.Score.Text, strings.Join(reasons, "; "), r.Text, v.lang.label("via", r.Via), v.lang.label("actor", r.By), sv.Channel}
}
