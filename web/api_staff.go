package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/staff"
)

// StaffDeps is what the paths of staff and of improvements need.
type StaffDeps struct {
	Book         staffBook
	Improvements improvementDesk
}

// staffBook gives the rows of cases; *fact.Book does.
type staffBook interface {
	Each(f fact.Filter, do func(*fact.Row))
	Days() (from, to fact.Day, ok bool)
	Ready() bool
}

type staffRequest struct {
	By   string `query:"by" enum:"owner,department" default:"owner"`
	From string `query:"from" doc:"First day, such as 2026-03-01; empty is 90 days before the last"`
	To   string `query:"to" doc:"Last day; empty is the latest with a case"`
	Type string `query:"type" maxLength:"200"`
}

type staffResponse struct {
	Body struct {
		Items []staffView `json:"items" doc:"By name: there is no ranking"`
	}
}

// staffView is one agent or department.
type staffView struct {
	Name     string            `json:"name"`
	Cases    int               `json:"cases"`
	Hardness *float64          `json:"hardness" doc:"Expected time to the closing of these cases, as a multiple of that of the house; null with too few"`
	Harder   *float64          `json:"harder" doc:"Part of the others whose cases are easier"`
	Measures []staffResultView `json:"measures"`
}

// staffResultView is one measure; times are geometric means in minutes.
type staffResultView struct {
	Measure  string        `json:"measure" enum:"respond,resolve,late,satisfied,wording,complete,reopened"`
	Cases    int           `json:"cases" doc:"That say something about the measure"`
	Observed float64       `json:"observed"`
	Expected float64       `json:"expected" doc:"Of colleagues with cases of the same type, urgency, tier, channel and month, without the own ones"`
	Raw      float64       `json:"raw" doc:"Observed to that of the house"`
	Ratio    float64       `json:"ratio" doc:"Observed to expected"`
	Adjusted *float64      `json:"adjusted" doc:"Ratio to the typical colleague, drawn towards 1 where little is known; null without a comparison"`
	Low      *float64      `json:"low" doc:"Low to high is its 90 % interval"`
	High     *float64      `json:"high"`
	Verdict  staff.Verdict `json:"verdict" enum:"better,same,worse,too_few,no_peers"`
}

func (s *Server) staffRoutes(api huma.API) {
	if s.d.Staff == nil {
		return
	}
	register(s, api, access.QualityRead, huma.Operation{
		OperationID: "compare-staff", Method: http.MethodGet, Path: "/staff", Summary: "Agents or departments, compared with the mix of cases taken out",
	}, s.compareStaff)
	s.improveRoutes(api)
}

func (s *Server) compareStaff(ctx context.Context, in *staffRequest) (*staffResponse, error) {
	book := s.d.Staff.Book
	if !book.Ready() {
		return nil, triage.Errorf(triage.CodeUnavailable, "the figures are still being read; try again in a minute")
	}
	f, err := fact.FilterOf(map[string][]string{"from": {in.From}, "to": {in.To}})
	if err != nil {
		return nil, triage.Errorf(triage.CodeInvalid, "%v", err)
	}
	if _, end, ok := book.Days(); ok && f.To == 0 {
		f.To = end
	}
	if f.From == 0 {
		f.From = max(f.To-90, 0)
	}
	if in.Type != "" {
		f = f.With(fact.Type, in.Type)
	}
	by, _ := fact.DimNamed(in.By)
	h := staff.Compare(book, ownFigures(ctx, f), by)
	out := &staffResponse{}
	out.Body.Items = make([]staffView, len(h.Cards))
	for i := range h.Cards {
		out.Body.Items[i] = staffViewOf(&h.Cards[i])
	}
	return out, nil
}

func staffViewOf(k *staff.Card) staffView {
	v := staffView{Name: k.Name, Cases: k.Cases, Measures: []staffResultView{}}
	if k.Hardness > 0 {
		v.Hardness, v.Harder = &k.Hardness, &k.Harder
	}
	for m := range staff.Measures {
		r := &k.Results[m]
		if r.N == 0 {
			continue
		}
		view := staffResultView{
			Measure: m.String(), Cases: r.N, Observed: r.Observed, Expected: r.Expected, Raw: r.Raw, Ratio: r.Ratio, Verdict: r.Verdict,
		}
		if r.Verdict != staff.TooFew && r.Verdict != staff.NoPeers {
			view.Adjusted, view.Low, view.High = &r.Adjusted, &r.Low, &r.High
		}
		v.Measures = append(v.Measures, view)
	}
	return v
}
