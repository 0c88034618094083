package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/triage/access"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/effect"
	"github.com/qianyi-dev/qianyi/prevention/live"
)

// planEffects measures what telling customers has prevented.
type planEffects interface {
	Effect(ctx context.Context, id prevention.PlanID) (effect.Report, error)
	// Sum is the effect of all plans together.
	Sum(ctx context.Context) (live.Sum, error)
	// Forecast returns false when the plan has no forecast.
	Forecast(ctx context.Context, id prevention.PlanID) (effect.Forecast, bool, error)
}

var _ planEffects = (*live.Effects)(nil)

type effectResponse struct{ Body effectView }

// effectView is the effect of one plan, by intention to treat.
type effectView struct {
	Told         effect.Side      `json:"told" doc:"Customers drawn to be told, and how many of them complained after the draw"`
	Held         effect.Side      `json:"held" doc:"Customers drawn not to be told"`
	Difference   float64          `json:"difference" doc:"Complaints per head, told less held: below zero is better"`
	Low          float64          `json:"low" doc:"Low to high contains the true difference, on every day that one looks, with 95 % over all looks"`
	High         float64          `json:"high"`
	Avoided      float64          `json:"avoided" doc:"Complaints that telling prevented; below zero it brought some about"`
	AvoidedLow   float64          `json:"avoided_low"`
	AvoidedHigh  float64          `json:"avoided_high"`
	RelativeRisk *float64         `json:"relative_risk" doc:"Null while none of the held complained"`
	Verdict      effect.Verdict   `json:"verdict" enum:"no_comparison,open,fewer,more"`
	Words        string           `json:"words" doc:"The result in Chinese, and how sure it is"`
	Since        *time.Time       `json:"since" doc:"When the arms were fixed; null before the approval"`
	HorizonDays  int              `json:"horizon_days" doc:"How long after the draw a complaint counts"`
	Forecast     *effect.Forecast `json:"forecast,omitempty" doc:"The whole cluster against its past; missing for an event rule and before the approval"`
}

type pooledResponse struct{ Body pooledView }

// pooledView is the effect of all plans that have begun and held somebody out.
type pooledView struct {
	Plans       int            `json:"plans" doc:"How many are pooled"`
	Told        effect.Side    `json:"told"`
	Held        effect.Side    `json:"held"`
	Ratio       float64        `json:"ratio" doc:"Rate of complaints when told over that when not; 1 is no effect"`
	Low         float64        `json:"low" doc:"Low to high contains the true ratio, on every day that one looks, with 95 % over all looks; both 0 while nothing is known"`
	High        float64        `json:"high"`
	Avoided     float64        `json:"avoided" doc:"Complaints that telling prevented, summed over the plans, as are the ends of its interval"`
	AvoidedLow  float64        `json:"avoided_low"`
	AvoidedHigh float64        `json:"avoided_high"`
	Verdict     effect.Verdict `json:"verdict" enum:"no_comparison,open,fewer,more"`
	Words       string         `json:"words" doc:"The result in Chinese, and how sure it is"`
}

func (s *Server) effectRoutes(api huma.API) {
	register(s, api, access.OutreachRead, huma.Operation{
		OperationID: "get-pooled-effect", Method: http.MethodGet, Path: "/effect",
		Summary: "What telling customers has prevented, all plans together",
	}, s.getPooledEffect)
	register(s, api, access.OutreachRead, huma.Operation{
		OperationID: "get-effect", Method: http.MethodGet, Path: "/plans/{id}/effect",
		Summary: "What telling customers has prevented, against those held out at random",
	}, s.getEffect)
}

func (s *Server) getEffect(ctx context.Context, in *idRequest) (*effectResponse, error) {
	p, err := s.d.Plans.Plan(ctx, prevention.PlanID(in.ID))
	if err != nil {
		return nil, err
	}
	r, err := s.d.Effects.Effect(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	f, known, err := s.d.Effects.Forecast(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	v := effectView{
		Told: r.Told, Held: r.Held, Difference: r.Difference, Low: r.Low, High: r.High,
		Avoided: unsigned(r.Avoided), AvoidedLow: unsigned(r.AvoidedLow), AvoidedHigh: unsigned(r.AvoidedHigh), RelativeRisk: r.RelativeRisk,
		Verdict: r.Verdict, Words: r.Words, Since: s.local(p.ApprovedAt), HorizonDays: int(live.Horizon / (24 * time.Hour)),
	}
	if known {
		v.Forecast = &f
	}
	return &effectResponse{Body: v}, nil
}

func (s *Server) getPooledEffect(ctx context.Context, _ *struct{}) (*pooledResponse, error) {
	sum, err := s.d.Effects.Sum(ctx)
	if err != nil {
		return nil, err
	}
	return &pooledResponse{Body: pooledView{
		Plans: sum.Plans, Told: sum.Told, Held: sum.Held, Ratio: sum.Ratio, Low: sum.Low, High: sum.High,
		Avoided: unsigned(sum.Avoided), AvoidedLow: unsigned(sum.AvoidedLow), AvoidedHigh: unsigned(sum.AvoidedHigh),
		Verdict: sum.Verdict, Words: sum.Words,
	}}, nil
}

// unsigned takes the sign from a negative zero.
func unsigned(f float64) float64 {
	if f == 0 {
		return 0
	}
	return f
}
