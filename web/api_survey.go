package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// surveyView is the question to one customer about one case, masked.
type surveyView struct {
	ID         int64              `json:"id"`
	Complaint  triage.ComplaintID `json:"complaint"`
	Customer   triage.CustomerID  `json:"customer_id"`
	State      survey.State       `json:"state" enum:"waiting,sent,answered,expired,failed"`
	CreatedAt  *time.Time         `json:"created_at"`
	ExpiresAt  *time.Time         `json:"expires_at"`
	Channel    string             `json:"channel"`
	SentAt     *time.Time         `json:"sent_at"`
	AnsweredAt *time.Time         `json:"answered_at"`
	Score      *float64           `json:"score" doc:"0 to 100; null without an answer"`
	Reasons    []survey.Reason    `json:"reasons"`
	Text       string             `json:"text"`
	Via        survey.Via         `json:"via" doc:"link or call; empty without an answer"`
	By         string             `json:"by"`
	Type       string             `json:"type" doc:"What the text is about, by triage"`
	Sentiment  nlp.Polarity       `json:"sentiment"`
	NewIssue   bool               `json:"new_issue" doc:"The text seems to be a complaint of its own"`
	FollowUp   triage.ComplaintID `json:"follow_up" doc:"That complaint, when somebody took it up"`
}

func (s *Server) surveyView(v *survey.Survey) surveyView {
	view := surveyView{
		ID: v.ID, Complaint: v.Case, Customer: v.Customer, State: v.State, CreatedAt: s.local(v.CreatedAt), ExpiresAt: s.local(v.ExpiresAt),
		Channel: v.Channel, SentAt: s.local(v.SentAt), AnsweredAt: s.local(v.AnsweredAt), Reasons: list(v.Answer.Reasons),
		Text: s.d.Mask(v.Answer.Text), Via: v.Via, By: v.By, Type: v.Type, Sentiment: v.Sentiment, NewIssue: v.NewIssue, FollowUp: v.FollowUp,
	}
	if v.State == survey.StateAnswered {
		view.Score = new(v.Answer.Score)
	}
	return view
}

type surveysRequest struct {
	From      string  `query:"from" doc:"Surveys made from this time on"`
	To        string  `query:"to" doc:"Surveys made before this time"`
	State     string  `query:"state" enum:"waiting,sent,answered,expired,failed"`
	Customer  string  `query:"customer_id" maxLength:"200"`
	Complaint string  `query:"complaint" maxLength:"200"`
	Below     float64 `query:"below" minimum:"0" maximum:"100" doc:"Answers with a lower score"`
	Reason    string  `query:"reason" enum:"slow,solution,attitude,other"`
	Cursor    string  `query:"cursor" maxLength:"1000" doc:"The next of the page before"`
	Limit     int     `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type surveysResponse struct {
	Body struct {
		Items []surveyView `json:"items" doc:"Latest first"`
		Next  string       `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	}
}

type satisfactionRequest struct {
	From string `query:"from" doc:"Surveys made from this time on; 90 days before to when it is missing"`
	To   string `query:"to" doc:"Surveys made before this time; now when it is missing"`
}

type satisfactionResponse struct {
	Body struct {
		From     *time.Time            `json:"from"`
		To       *time.Time            `json:"to"`
		Asked    int                   `json:"asked"`
		Answered int                   `json:"answered"`
		Rate     float64               `json:"rate" doc:"answered by asked"`
		Mean     *float64              `json:"mean" doc:"Mean score; null without an answer"`
		Bands    []int                 `json:"bands" doc:"Scores of 0-19, 20-39, 40-59, 60-79 and 80-100"`
		Low      int                   `json:"low" doc:"Scores below the limit of the policy"`
		Reasons  map[survey.Reason]int `json:"reasons"`
		States   map[survey.State]int  `json:"states"`
	}
}

type callBackRequest struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		_       struct{}        `additionalProperties:"false"`
		Score   float64         `json:"score" minimum:"0" maximum:"100"`
		Reasons []survey.Reason `json:"reasons,omitempty" maxItems:"4" nullable:"false" doc:"slow, solution, attitude, other"`
		Text    string          `json:"text,omitempty" doc:"At most 500 characters"`
	}
}

type surveyResponse struct{ Body surveyView }

type surveyRequest struct {
	Survey int64 `path:"survey" minimum:"1"`
}

func (s *Server) surveyRoutes(api huma.API) {
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "list-surveys", Method: http.MethodGet, Path: "/surveys", Summary: "Surveys and their answers",
	}, s.listSurveys)
	register(s, api, access.CustomerRead, huma.Operation{
		OperationID: "get-satisfaction", Method: http.MethodGet, Path: "/satisfaction", Summary: "Response rate, scores and reasons of a time",
	}, s.satisfaction)
	register(s, api, access.CustomerWork, huma.Operation{
		OperationID: "record-call-back", Method: http.MethodPost, Path: "/complaints/{id}/call-back",
		Summary: "Keep what a customer said on the phone about a closed case",
	}, s.recordCallBack)
	register(s, api, access.IntakeAdd, huma.Operation{
		OperationID: "take-up-survey", Method: http.MethodPost, Path: "/surveys/{survey}/take-up",
		Summary: "Make a complaint of the text of an answer, once",
	}, s.takeUp)
}

func (s *Server) listSurveys(ctx context.Context, in *surveysRequest) (*surveysResponse, error) {
	from, err := s.parseTime("from", in.From)
	if err != nil {
		return nil, err
	}
	to, err := s.parseTime("to", in.To)
	if err != nil {
		return nil, err
	}
	found, err := s.d.Surveys.List(ctx, survey.Filter{
		From: from, To: to, State: survey.State(in.State), Customer: triage.CustomerID(in.Customer), Case: triage.ComplaintID(in.Complaint),
		Below: in.Below, Reason: survey.Reason(in.Reason), Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := &surveysResponse{}
	out.Body.Items, out.Body.Next = make([]surveyView, len(found.Surveys)), found.Next
	for i := range found.Surveys {
		v := &found.Surveys[i]
		seen, err := s.seesCase(ctx, v.Case)
		if err != nil {
			return nil, err
		}
		if !seen {
			v.Answer.Text = ""
		}
		out.Body.Items[i] = s.surveyView(v)
	}
	return out, nil
}

func (s *Server) satisfaction(ctx context.Context, in *satisfactionRequest) (*satisfactionResponse, error) {
	to, err := s.parseTime("to", in.To)
	if err != nil {
		return nil, err
	}
	if to.IsZero() {
		to = s.d.Now()
	}
	from, err := s.parseTime("from", in.From)
	if err != nil {
		return nil, err
	}
	if from.IsZero() {
		from = to.AddDate(0, 0, -90)
	}
	f, err := s.d.Surveys.Figures(ctx, from, to)
	if err != nil {
		return nil, err
	}
	out := &satisfactionResponse{}
	b := &out.Body
	b.From, b.To, b.Asked, b.Answered, b.Rate, b.Mean = s.local(from), s.local(to), f.Asked, f.Answered, f.Rate, f.Mean
	b.Bands, b.Low, b.Reasons, b.States = f.Bands[:], f.Low, map[survey.Reason]int{}, map[survey.State]int{}
	for _, r := range survey.Reasons {
		b.Reasons[r] = f.Reasons[r]
	}
	for _, state := range survey.States {
		b.States[state] = f.States[state]
	}
	return out, nil
}

func (s *Server) recordCallBack(ctx context.Context, in *callBackRequest) (*surveyResponse, error) {
	c, err := s.visibleCase(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	v, err := s.d.Surveys.Record(ctx, survey.CallBack{
		Case: c.ID, By: requestOf(ctx).actor,
		Answer: survey.Answer{Score: in.Body.Score, Reasons: in.Body.Reasons, Text: in.Body.Text},
	})
	if err != nil {
		return nil, err
	}
	return &surveyResponse{Body: s.surveyView(&v)}, nil
}

func (s *Server) takeUp(ctx context.Context, in *surveyRequest) (*caseResponse, error) {
	v, err := s.d.Surveys.Survey(ctx, in.Survey)
	if err != nil {
		return nil, err
	}
	seen, err := s.seesCase(ctx, v.Case)
	if err != nil {
		return nil, err
	}
	if !seen {
		return nil, triage.Errorf(triage.CodeNotFound, "there is no survey %d in your department", in.Survey)
	}
	return s.answerCase(s.d.Surveys.TakeUp(ctx, in.Survey, requestOf(ctx).actor))
}
