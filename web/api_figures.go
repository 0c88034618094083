package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// FiguresDeps is what the paths of figures need.
type FiguresDeps struct {
	Book  *fact.Book
	Cases casesBySeq
}

// casesBySeq reads those of the cases that exist, in the order asked.
type casesBySeq interface {
	CasesBySeq(ctx context.Context, seqs []int64) ([]triage.Case, error)
}

// FigureFilter are the parameters of a filter, as fact.FilterOf reads them.
type FigureFilter struct {
	From            string   `query:"from" doc:"First day, such as 2026-03-01"`
	To              string   `query:"to" doc:"Last day"`
	Type            []string `query:"type,explode" doc:"Of several values of one dimension, either; the empty value is a value"`
	Subtype         []string `query:"subtype,explode"`
	Channel         []string `query:"channel,explode"`
	Region          []string `query:"region,explode"`
	Product         []string `query:"product,explode"`
	Campaign        []string `query:"campaign,explode"`
	Department      []string `query:"department,explode"`
	Owner           []string `query:"owner,explode"`
	Tier            []string `query:"tier,explode"`
	Urgency         []string `query:"urgency,explode"`
	Sentiment       []string `query:"sentiment,explode"`
	Intensity       []string `query:"intensity,explode"`
	Demand          []string `query:"demand,explode"`
	Style           []string `query:"style,explode"`
	Cause           []string `query:"cause,explode"`
	CauseDepartment []string `query:"cause_department,explode"`
	Status          []string `query:"status,explode"`
	Has             []string `query:"has,explode" doc:"Flags that a case must have, such as repeat, late_resolve, to_12315"`
	Any             []string `query:"any,explode" doc:"Flags of which a case must have one"`
	Not             []string `query:"not,explode" doc:"Flags that a case must not have"`
	Longer          []string `query:"longer,explode" doc:"CLOCK:MINUTES; the clock is respond, verify or resolve"`
	Score           string   `query:"score" doc:"any, or below:80"`
}

func (in *FigureFilter) values() url.Values {
	return url.Values{
		"from": {in.From}, "to": {in.To}, "type": in.Type, "subtype": in.Subtype, "channel": in.Channel, "region": in.Region,
		"product": in.Product, "campaign": in.Campaign, "department": in.Department, "owner": in.Owner, "tier": in.Tier,
		"urgency": in.Urgency, "sentiment": in.Sentiment, "intensity": in.Intensity, "demand": in.Demand, "style": in.Style,
		"cause": in.Cause, "cause_department": in.CauseDepartment, "status": in.Status,
		"has": in.Has, "any": in.Any, "not": in.Not, "longer": in.Longer, "score": {in.Score},
	}
}

// figureFilter narrows a filter to what the client may see: figures of other
// departments are for those without one, as in the console.
func (s *Server) figureFilter(ctx context.Context, in *FigureFilter) (fact.Filter, error) {
	if !s.d.Figures.Book.Ready() {
		return fact.Filter{}, triage.Errorf(triage.CodeUnavailable, "the figures are still being read; try again in a minute")
	}
	f, err := fact.FilterOf(in.values())
	if err != nil {
		return f, triage.Errorf(triage.CodeInvalid, "%v", err)
	}
	return ownFigures(ctx, f), nil
}

type figuresRequest struct {
	FigureFilter
	By   string `query:"by" enum:"type,subtype,channel,region,product,campaign,department,owner,tier,urgency,sentiment,intensity,demand,style,cause,cause_department,status" doc:"A line for each value of a dimension"`
	Over string `query:"over" enum:"day,week,month,year" doc:"A line for each unit of time"`
}

// figuresLine are the figures of one value, or of one unit of time.
type figuresLine struct {
	Value           string         `json:"value,omitempty"`
	From            string         `json:"from,omitempty" doc:"First day of the unit of time"`
	Cases           int            `json:"cases"`
	Flags           map[string]int `json:"flags" doc:"How many cases have each flag"`
	Responded       int            `json:"responded"`
	Verified        int            `json:"verified"`
	Resolved        int            `json:"resolved"`
	Scored          int            `json:"scored"`
	MeanScore       *float64       `json:"mean_score" doc:"0 to 100; null without a score"`
	Satisfied       int            `json:"satisfied" doc:"Scored 80 or more"`
	HandOvers       int            `json:"hand_overs"`
	FactsNeeded     int            `json:"facts_needed"`
	FactsKnown      int            `json:"facts_known"`
	Replies         int            `json:"replies"`
	MeanReplyPoints *float64       `json:"mean_reply_points" doc:"1 to 5; null without a reply"`
	Respond         *timesView     `json:"respond,omitempty" doc:"Of the whole filter only, as are verify and resolve"`
	Verify          *timesView     `json:"verify,omitempty"`
	Resolve         *timesView     `json:"resolve,omitempty"`
}

// timesView is a distribution of minutes.
type timesView struct {
	N      int     `json:"n"`
	Median int32   `json:"median_minutes"`
	P90    int32   `json:"p90_minutes"`
	Mean   float64 `json:"mean_minutes"`
}

type figuresResponse struct {
	Body struct {
		Total figuresLine   `json:"total"`
		Lines []figuresLine `json:"lines" doc:"Empty without by and over"`
	}
}

type figureCasesRequest struct {
	FigureFilter
	Cursor string `query:"cursor" maxLength:"20" doc:"The next of the page before"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

func (s *Server) figuresRoutes(api huma.API) {
	if s.d.Figures == nil {
		return
	}
	register(s, api, access.QualityRead, huma.Operation{
		OperationID: "get-figures", Method: http.MethodGet, Path: "/figures", Summary: "Counts of cases under any filter, by any dimension or over time",
	}, s.figures)
	register(s, api, access.QualityRead, huma.Operation{
		OperationID: "list-figure-cases", Method: http.MethodGet, Path: "/figures/cases", Summary: "The cases behind a count, the latest day first; needs case.read, too",
	}, s.figureCases)
}

func (s *Server) figures(ctx context.Context, in *figuresRequest) (*figuresResponse, error) {
	f, err := s.figureFilter(ctx, &in.FigureFilter)
	if err != nil {
		return nil, err
	}
	if in.By != "" && in.Over != "" {
		return nil, triage.FieldErrorf("over", "does not go with by: ask for one of them")
	}
	book := s.d.Figures.Book
	if in.Over != "" && tooLong(f, book, fact.Unit(in.Over)) {
		return nil, triage.FieldErrorf("over", "makes more than %d lines: ask for a shorter time or a longer unit", maxLines)
	}
	out := &figuresResponse{}
	total := book.Total(f)
	out.Body.Total = s.figuresLine(&total)
	out.Body.Total.Respond = newTimesView(book.Times(f, fact.Respond))
	out.Body.Total.Verify = newTimesView(book.Times(f, fact.Verify))
	out.Body.Total.Resolve = newTimesView(book.Times(f, fact.Resolve))
	out.Body.Lines = []figuresLine{}
	if dim, ok := fact.DimNamed(in.By); ok {
		for _, g := range book.By(f, dim) {
			line := s.figuresLine(&g.Figures)
			line.Value = s.d.Mask(g.Value)
			out.Body.Lines = append(out.Body.Lines, line)
		}
	}
	if in.Over != "" {
		for _, p := range book.Over(f, fact.Unit(in.Over)) {
			line := s.figuresLine(&p.Figures)
			line.From = p.Day.String()
			out.Body.Lines = append(out.Body.Lines, line)
		}
	}
	return out, nil
}

func newTimesView(t fact.Times) *timesView { return &timesView{t.N, t.Median, t.P90, t.Mean} }

func (s *Server) figuresLine(f *fact.Figures) figuresLine {
	line := figuresLine{
		Cases: f.Cases, Flags: make(map[string]int, fact.FlagCount), Responded: f.Responded, Verified: f.Verified, Resolved: f.Resolved,
		Scored: f.Scored, Satisfied: f.Satisfied, HandOvers: f.HandOvers, FactsNeeded: f.FactsNeeded, FactsKnown: f.FactsKnown, Replies: f.Replies,
	}
	for i, n := range f.With {
		line.Flags[fact.Flags(1 << i).Names()[0]] = n
	}
	if f.Scored > 0 {
		line.MeanScore = new(f.Scores / float64(f.Scored))
	}
	if f.Replies > 0 {
		line.MeanReplyPoints = new(float64(f.Points) / float64(f.Replies))
	}
	return line
}

// maxLines bounds the units of time of one answer: every one is counted and
// written, also where there are no cases.
const maxLines = 5000

// tooLong says whether a filter, or the book where it has no bounds, has more
// than maxLines units of time.
func tooLong(f fact.Filter, book *fact.Book, unit fact.Unit) bool {
	from, to, _ := book.Days()
	days := int(cmp.Or(f.To, to)) - int(cmp.Or(f.From, from))
	return days > maxLines*map[fact.Unit]int{fact.Daily: 1, fact.Weekly: 7, fact.Monthly: 28, fact.Yearly: 365}[unit]
}

func (s *Server) figureCases(ctx context.Context, in *figureCasesRequest) (*listResponse, error) {
	if !requestOf(ctx).may(access.CaseRead) {
		return nil, triage.Errorf(triage.CodeForbidden, "the cases behind a figure need the permission %s, too", access.CaseRead)
	}
	f, err := s.figureFilter(ctx, &in.FigureFilter)
	if err != nil {
		return nil, err
	}
	skip := 0
	if in.Cursor != "" {
		if skip, err = strconv.Atoi(in.Cursor); err != nil || skip < 0 {
			return nil, triage.FieldErrorf("cursor", "is not from this list; leave it out to start again")
		}
	}
	seqs, total := s.d.Figures.Book.Cases(f, skip, in.Limit)
	page := triage.QueuePage{Total: total}
	if end := skip + in.Limit; end < total {
		page.Next = strconv.Itoa(end)
	}
	cases, err := s.d.Figures.Cases.CasesBySeq(ctx, seqs)
	if err != nil {
		return nil, err
	}
	page.Cases, err = s.visible(ctx, cases)
	if err != nil {
		return nil, err
	}
	return s.answerList(page), nil
}
