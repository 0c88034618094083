package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// excerptRunes is how much of a text a list shows.
const excerptRunes = 120

// caseSummary is a case as one row of a list.
type caseSummary struct {
	ID          triage.ComplaintID `json:"id"`
	CustomerID  triage.CustomerID  `json:"customer_id"`
	Channel     triage.Channel     `json:"channel"`
	Product     string             `json:"product"`
	Region      string             `json:"region"`
	At          *time.Time         `json:"at"`
	ReceivedAt  *time.Time         `json:"received_at"`
	Excerpt     string             `json:"excerpt" doc:"The beginning of title and text, masked"`
	Status      triage.Status      `json:"status" enum:"received,acknowledged,verifying,attributed,proposing,agreed,executing,confirming,closed,called_back,withdrawn,merged"`
	Type        string             `json:"type" doc:"What people judged it to be, else the suggested type"`
	TypeName    string             `json:"type_name"`
	Confidence  float64            `json:"confidence" doc:"Of the suggested type"`
	NeedsReview bool               `json:"needs_review"`
	Urgency     nlp.UrgencyLevel   `json:"urgency" enum:"low,normal,high,critical"`
	Sentiment   nlp.Polarity       `json:"sentiment" enum:"negative,neutral,positive"`
	RespondBy   *time.Time         `json:"respond_by"`
	ResolveBy   *time.Time         `json:"resolve_by"`
	Owner       string             `json:"owner"`
	Department  string             `json:"department"`
	DueAt       *time.Time         `json:"due_at" doc:"When the present step must be over"`
}

func (s *Server) caseSummary(c *triage.Case) caseSummary {
	a := &c.Assessment
	v := caseSummary{
		ID: c.ID, CustomerID: c.CustomerID, Channel: c.Channel, Product: s.d.Mask(c.Product), Region: s.d.Mask(c.Region),
		At: s.local(c.At), ReceivedAt: s.local(c.ReceivedAt), Excerpt: s.excerpt(c.Body()), Status: c.Status,
		Type: c.FinalType(), TypeName: a.TypeName, Confidence: a.Confidence, NeedsReview: a.NeedsReview,
		Urgency: a.Urgency.Level, Sentiment: a.Sentiment.Label,
		RespondBy: s.local(a.SLA.RespondBy), ResolveBy: s.local(a.SLA.ResolveBy),
		Owner: c.Work.Owner, Department: c.Work.Department, DueAt: s.local(c.Work.DueAt),
	}
	if info, ok := triage.FindType(s.d.Service.Catalogue(), v.Type); ok {
		v.TypeName = info.Name
	}
	return v
}

// excerpt masks before it cuts, with enough text to recognise a number that
// the cut goes through.
func (s *Server) excerpt(text string) string {
	return clip(s.d.Mask(clip(text, 2*excerptRunes)), excerptRunes)
}

type listRequest struct {
	Words       string `query:"q" maxLength:"200" doc:"Words to search for, the best match first; sort does not go with it"`
	Type        string `query:"type" maxLength:"100"`
	Status      string `query:"status" enum:"received,acknowledged,verifying,attributed,proposing,agreed,executing,confirming,closed,called_back,withdrawn,merged"`
	Product     string `query:"product" maxLength:"1000"`
	Channel     string `query:"channel" enum:"hotline,app,counter,web,email,wechat,other"`
	Urgency     string `query:"urgency" enum:"low,normal,high,critical"`
	CustomerID  string `query:"customer_id" maxLength:"1000"`
	NeedsReview string `query:"needs_review" enum:"true,false"`
	From        string `query:"from" doc:"Complaints from this time on"`
	To          string `query:"to" doc:"Complaints before this time"`
	Owner       string `query:"owner" maxLength:"1000"`
	Department  string `query:"department" maxLength:"1000"`
	Open        string `query:"open" enum:"true,false" doc:"Cases on which somebody has to act, or those that have ended"`
	Waiting     bool   `query:"waiting" doc:"Cases that wait for their customer"`
	Late        bool   `query:"late" doc:"Cases whose present step should be over"`
	Sort        string `query:"sort" enum:"newest,urgency,priority" doc:"newest is the default; priority is that of open cases"`
	Cursor      string `query:"cursor" maxLength:"1000" doc:"The next of the page before"`
	Limit       int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type casePage struct {
	Items []caseSummary `json:"items"`
	Next  string        `json:"next,omitempty" doc:"Cursor of the next page; missing on the last one"`
	Total *int          `json:"total,omitempty" doc:"How many cases match; missing when they were not counted"`
}

type listResponse struct{ Body casePage }

type statsResponse struct {
	Body struct {
		Cases map[triage.Status]int `json:"cases" doc:"How many cases each status has"`
		Total int                   `json:"total"`
	}
}

type packResponse struct {
	Body struct {
		Code  string            `json:"code"`
		Types []triage.TypeInfo `json:"types"`
	}
}

func (s *Server) listRoutes(api huma.API) {
	register(s, api, access.CaseRead, huma.Operation{
		OperationID: "list-complaints", Method: http.MethodGet, Path: "/complaints", Summary: "Cases, filtered or searched",
	}, s.list)
	register(s, api, access.CaseRead, huma.Operation{
		OperationID: "get-stats", Method: http.MethodGet, Path: "/stats", Summary: "Cases by status",
	}, s.stats)
	register(s, api, access.CaseRead, huma.Operation{
		OperationID: "get-pack", Method: http.MethodGet, Path: "/pack", Summary: "The types of the pack in use",
	}, s.pack)
}

func (s *Server) list(ctx context.Context, in *listRequest) (*listResponse, error) {
	from, err := s.parseTime("from", in.From)
	if err != nil {
		return nil, err
	}
	to, err := s.parseTime("to", in.To)
	if err != nil {
		return nil, err
	}
	f := triage.QueueFilter{
		Type: in.Type, Status: triage.Status(in.Status), Product: in.Product, Channel: triage.Channel(in.Channel),
		Urgency: in.Urgency, CustomerID: triage.CustomerID(in.CustomerID), From: from, To: to,
		Scope: scopeOf(ctx), Owner: in.Owner, Department: in.Department, Waiting: in.Waiting,
		Sort: in.Sort, Cursor: in.Cursor, Limit: in.Limit,
	}
	if in.Open != "" {
		open := in.Open == "true"
		f.Open = &open
	}
	if in.Late {
		f.LateAt = s.d.Now()
	}
	if in.NeedsReview != "" {
		review := in.NeedsReview == "true"
		f.NeedsReview = &review
	}
	var page triage.QueuePage
	if in.Words != "" {
		page, err = s.search(ctx, in.Words, f)
	} else {
		page, err = s.d.Service.Queue(ctx, f)
	}
	if err != nil {
		return nil, err
	}
	return s.answerList(page), nil
}

func (s *Server) answerList(page triage.QueuePage) *listResponse {
	out := &listResponse{Body: casePage{Items: make([]caseSummary, len(page.Cases)), Next: page.Next}}
	for i := range page.Cases {
		out.Body.Items[i] = s.caseSummary(&page.Cases[i])
	}
	if page.Total >= 0 {
		out.Body.Total = &page.Total
	}
	return out
}

// search answers a list with words. Its cursor is the number of matches
// before the page.
func (s *Server) search(ctx context.Context, words string, f triage.QueueFilter) (triage.QueuePage, error) {
	if f.Sort != "" {
		return triage.QueuePage{}, triage.FieldErrorf("sort", "does not go with q: matches come in the order of their score")
	}
	skip := 0
	if f.Cursor != "" {
		var err error
		if skip, err = strconv.Atoi(f.Cursor); err != nil || skip < 0 {
			return triage.QueuePage{}, triage.FieldErrorf("cursor", "is not from a search; leave it out to start again")
		}
	}
	cases, total, err := s.d.Search.Search(ctx, words, f)
	page := triage.QueuePage{Cases: cases, Total: total}
	if end := skip + f.Limit; end < total {
		page.Next = strconv.Itoa(end)
	}
	if err != nil || f.Scope == (triage.Scope{}) {
		return page, err
	}
	page.Total = -1 // the index counts what the client may not see
	page.Cases, err = s.visible(ctx, page.Cases)
	return page, err
}

func (s *Server) stats(ctx context.Context, _ *struct{}) (*statsResponse, error) {
	counts, err := s.d.Service.CountByStatus(ctx)
	if err != nil {
		return nil, err
	}
	out := &statsResponse{}
	out.Body.Cases = make(map[triage.Status]int, len(triage.Statuses))
	for _, status := range triage.Statuses {
		out.Body.Cases[status] = 0
	}
	for status, n := range counts {
		out.Body.Cases[status] = n
		out.Body.Total += n
	}
	return out, nil
}

func (s *Server) pack(context.Context, *struct{}) (*packResponse, error) {
	catalogue := s.d.Service.Catalogue()
	out := &packResponse{}
	out.Body.Code, out.Body.Types = catalogue.PackCode(), catalogue.Types()
	return out, nil
}
