package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// LaunchDeps is what the paths of checks before a campaign starts need.
type LaunchDeps struct{ Desk launchDesk }

// launchDesk is what the API calls of [launch.Desk].
type launchDesk interface {
	Check(ctx context.Context, a launch.Ask) (launch.Kept, error)
	Result(ctx context.Context, id int64) (launch.Result, error)
}

var _ launchDesk = (*launch.Desk)(nil)

type launchRequest struct {
	Body struct {
		_        struct{}  `additionalProperties:"false"`
		Campaign string    `json:"campaign,omitempty" maxLength:"200" doc:"Id of the registered campaign, if it is one"`
		Previous int64     `json:"previous,omitempty" minimum:"0" doc:"The check of the wording before: what was accepted there stays accepted"`
		Name     string    `json:"name,omitempty" maxLength:"200"`
		Copy     string    `json:"copy" minLength:"1" maxLength:"20000" doc:"What customers are told"`
		Rules    string    `json:"rules,omitempty" maxLength:"20000" doc:"What holds"`
		Channel  string    `json:"channel,omitempty" maxLength:"100" doc:"sms switches the rules of text messages on"`
		From     time.Time `json:"from,omitzero"`
		To       time.Time `json:"to,omitzero"`
		Reach    int       `json:"reach,omitempty" minimum:"0" maximum:"2000000000" doc:"Planned number of customers; without it there is no forecast"`
	}
}

// launchView is a check as the API shows it.
type launchView struct {
	ID       int64                 `json:"id"`
	Campaign string                `json:"campaign,omitempty"`
	Score    int                   `json:"score" doc:"100 without a finding"`
	Verdict  launch.Verdict        `json:"verdict" enum:"go,fix,stop"`
	Reasons  []string              `json:"reasons"`
	Findings []launch.Finding      `json:"findings" doc:"start and end are in characters, end exclusive"`
	Accepted []acceptanceView      `json:"accepted"`
	Forecast *launchForecastView   `json:"forecast,omitempty" doc:"Absent without a planned reach or past campaigns"`
	Earlier  []launchStatementView `json:"earlier" doc:"Statements whose like brought complaints"`
	By       string                `json:"by"`
	At       *time.Time            `json:"at"`
}

type acceptanceView struct {
	Finding string     `json:"finding"`
	Reason  string     `json:"reason"`
	By      string     `json:"by"`
	At      *time.Time `json:"at"`
}

type launchForecastView struct {
	Reach          int     `json:"reach"`
	Expected       float64 `json:"expected"`
	Low80          int     `json:"low80"`
	High80         int     `json:"high80"`
	Low95          int     `json:"low95"`
	High95         int     `json:"high95"`
	PerTenThousand float64 `json:"per_ten_thousand"`
	Usual          float64 `json:"usual_per_ten_thousand" doc:"Of all campaigns"`
	Similar        float64 `json:"similar" doc:"How many whole campaigns the similar ones amount to"`
	Few            bool    `json:"few" doc:"Too few similar ones: the interval is as wide as all campaigns differ"`
	Risky          bool    `json:"risky" doc:"The 80 % interval lies above the usual"`
}

type launchStatementView struct {
	Statement string                `json:"statement"`
	In        launch.Part           `json:"in" enum:"copy,rules"`
	Items     []launchComplaintView `json:"items"`
}

type launchComplaintView struct {
	ID       string  `json:"id"`
	Text     string  `json:"text" doc:"Personal data masked"`
	Campaign string  `json:"campaign,omitempty"`
	Score    float64 `json:"score"`
}

type launchResponse struct{ Body launchView }

func (s *Server) launchRoutes(api huma.API) {
	if s.d.Launch == nil {
		return
	}
	register(s, api, access.CampaignWrite, huma.Operation{
		OperationID: "check-campaign", Method: http.MethodPost, Path: "/campaigns/check",
		Summary: "Check copy and rules of a campaign before it starts, and forecast its complaints; the check is kept",
	}, s.checkCampaign)
	register(s, api, access.CampaignRead, huma.Operation{
		OperationID: "get-campaign-check", Method: http.MethodGet, Path: "/launch-checks/{check}", Summary: "A kept check",
	}, s.campaignCheck)
}

func (s *Server) checkCampaign(ctx context.Context, in *launchRequest) (*launchResponse, error) {
	b := &in.Body
	kept, err := s.d.Launch.Desk.Check(ctx, launch.Ask{
		Campaign: b.Campaign, Previous: b.Previous, By: requestOf(ctx).actor,
		Draft: launch.Draft{Name: b.Name, Copy: b.Copy, Rules: b.Rules, Channel: b.Channel, From: b.From, To: b.To, Reach: b.Reach},
	})
	if err != nil {
		return nil, err
	}
	return s.launchResponse(ctx, kept.ID)
}

func (s *Server) campaignCheck(ctx context.Context, in *struct {
	Check int64 `path:"check" minimum:"1"`
},
) (*launchResponse, error) {
	return s.launchResponse(ctx, in.Check)
}

func (s *Server) launchResponse(ctx context.Context, id int64) (*launchResponse, error) {
	r, err := s.d.Launch.Desk.Result(ctx, id)
	if err != nil {
		return nil, err
	}
	view := launchView{
		ID: r.ID, Campaign: r.Campaign, Score: r.Report.Score, Verdict: r.Verdict, Reasons: list(r.Report.Reasons), Findings: list(r.Report.Findings),
		Accepted: []acceptanceView{}, Forecast: viewForecast(&r), By: r.By, At: s.local(r.At),
	}
	for _, a := range r.Accepted {
		view.Accepted = append(view.Accepted, acceptanceView{a.Finding, s.d.Mask(a.Reason), a.By, s.local(a.At)})
	}
	if view.Earlier, err = s.viewEarlier(ctx, r.Earlier); err != nil {
		return nil, err
	}
	return &launchResponse{view}, nil
}

func viewForecast(r *launch.Result) *launchForecastView {
	f := r.Forecast
	if f == nil {
		return nil
	}
	return &launchForecastView{
		Reach: f.Reach, Expected: f.Expected, Low80: f.Interval.Low, High80: f.Interval.High, Low95: f.Wide.Low, High95: f.Wide.High,
		PerTenThousand: f.PerTenThousand(f.Expected), Usual: f.PerTenThousand(f.Usual), Similar: f.Effective, Few: f.Few(), Risky: r.Risky,
	}
}
