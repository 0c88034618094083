package web

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
)

// QualityDeps is what the path of the key figures needs.
type QualityDeps struct{ Book *fact.Book }

type summaryRequest struct {
	From       string       `query:"from" doc:"First day, such as 2026-03-01; 29 days before the last when it is missing"`
	To         string       `query:"to" doc:"Last day; today when it is missing"`
	Base       quality.Base `query:"base" enum:"before,year" default:"before" doc:"What to compare with: the time of the same length directly before, or a year before (52 weeks; for calendar months the same ones)"`
	Type       []string     `query:"type,explode" doc:"Of several values of one dimension, either"`
	Product    []string     `query:"product,explode"`
	Region     []string     `query:"region,explode"`
	Channel    []string     `query:"channel,explode"`
	Department []string     `query:"department,explode"`
	Owner      []string     `query:"owner,explode"`
	Campaign   []string     `query:"campaign,explode"`
}

type summaryResponse struct{ Body summaryView }

// summaryView is the key figures of a period.
type summaryView struct {
	From string    `json:"from"`
	To   string    `json:"to" doc:"Last day"`
	Now  *spanView `json:"now,omitempty" doc:"The finished days, which are compared; missing when there is none"`
	Then *spanView `json:"then,omitempty" doc:"What they are compared with"`
	Keys []keyView `json:"keys"`
}

type spanView struct {
	From string `json:"from"`
	To   string `json:"to" doc:"Last day"`
}

// keyView is one key figure.
type keyView struct {
	Name     string        `json:"name"`
	Kind     quality.Kind  `json:"kind" enum:"count,share,mean,minutes" doc:"A share is 0 to 1, a mean one of scores of 0 to 100, minutes are a median"`
	Of       int           `json:"of" doc:"From how many cases"`
	Value    *float64      `json:"value" doc:"null without any case"`
	Low      *float64      `json:"low,omitempty" doc:"Low to high is the interval of 95 %"`
	High     *float64      `json:"high,omitempty"`
	P90      *int32        `json:"p90_minutes,omitempty"`
	Cases    int           `json:"cases" doc:"How many cases the page lists"`
	Page     string        `json:"page" doc:"The page of the console with the cases behind it"`
	Compared quality.State `json:"compared" enum:"known,no_data,unfinished,nothing" doc:"no_data: the time to compare with is before the first case; unfinished: no day is over yet; nothing: nothing to measure on a side"`
	Then     *float64      `json:"then,omitempty"`
	Change   *changeView   `json:"change,omitempty"`
}

// changeView is by how much a figure differs from that of the base.
type changeView struct {
	By    string   `json:"by" enum:"quotient,difference" doc:"A quotient (of counts: of those per day) is 1 without change, a difference 0"`
	Value *float64 `json:"value" doc:"null where nothing bounds it"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
	// Side is 1, -1 or 0.
	Side int `json:"side" doc:"1 for a rise, -1 for a fall that chance does not explain (95 %), else 0"`
}

func (s *Server) qualityRoutes(api huma.API) {
	if s.d.Quality == nil {
		return
	}
	register(s, api, access.QualityRead, huma.Operation{
		OperationID: "get-quality-summary", Method: http.MethodGet, Path: "/quality/summary", Summary: "Key figures of a period against the one before it or the year before",
	}, s.qualitySummary)
}

func (s *Server) qualitySummary(ctx context.Context, in *summaryRequest) (*summaryResponse, error) {
	book, today := s.d.Quality.Book, fact.DayOf(s.d.Now(), s.d.Zone)
	first, _, ok := book.Days()
	if !ok {
		if first = today; !book.Ready() {
			return nil, triage.Errorf(triage.CodeUnavailable, "the figures are still being read; try again in a minute")
		}
	}
	f, err := in.filter(today)
	if err != nil {
		return nil, err
	}
	sum := quality.Summarise(book, ownFigures(ctx, f), quality.Compare(quality.Period{From: f.From, To: f.To}, in.Base, first, today))
	out := &summaryResponse{Body: summaryView{From: f.From.String(), To: (f.To - 1).String(), Now: newSpan(sum.Comparison.Now), Keys: make([]keyView, len(sum.Keys))}}
	if sum.Comparison.State == quality.Known {
		out.Body.Then = newSpan(sum.Comparison.Then)
	}
	for i := range sum.Keys {
		out.Body.Keys[i] = newKeyView(&sum.Keys[i])
	}
	return out, nil
}

func (in *summaryRequest) filter(today fact.Day) (fact.Filter, error) {
	f, err := fact.FilterOf(url.Values{
		"from": {in.From}, "to": {in.To}, "type": in.Type, "product": in.Product, "region": in.Region, "channel": in.Channel,
		"department": in.Department, "owner": in.Owner, "campaign": in.Campaign,
	})
	if err != nil {
		return f, triage.Errorf(triage.CodeInvalid, "%v", err)
	}
	f.To = cmp.Or(f.To, max(today, f.From)+1)
	if f.From = cmp.Or(f.From, f.To-30); f.From >= f.To {
		return f, triage.FieldErrorf("to", "is before from")
	}
	return f, nil
}

func newSpan(p quality.Period) *spanView {
	if p.Days() == 0 {
		return nil
	}
	return &spanView{p.From.String(), (p.To - 1).String()}
}

func newKeyView(k *quality.Key) keyView {
	v := keyView{
		Name: k.Name, Kind: k.Kind, Of: k.Of, Cases: k.Cases, Page: "/figures/cases?" + k.Filter.Query().Encode(), Compared: k.Change.State,
	}
	if k.Of > 0 || k.Kind == quality.Count {
		v.Value = finite(k.Value)
	}
	if k.Of > 0 && k.Interval != (evidence.Interval{}) {
		v.Low, v.High = finite(k.Interval.Low), finite(k.Interval.High)
	}
	if k.Kind == quality.Minutes && k.Of > 0 {
		v.P90 = &k.P90
	}
	if c := k.Change; c.State == quality.Known {
		v.Then = finite(c.Then)
		v.Change = &changeView{By: "difference", Value: finite(c.By.Value), Low: finite(c.By.Low), High: finite(c.By.High), Side: c.Side()}
		if c.Quotient {
			v.Change.By = "quotient"
		}
	}
	return v
}

// finite is a number as JSON can have it.
func finite(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}
