package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// MarketingDeps is what the paths of signals and score cards need.
type MarketingDeps struct{ Desk campaignJudge }

// campaignJudge says how campaigns are doing.
type campaignJudge interface {
	Campaign(ctx context.Context, id string) (watch.Detail, error)
	Latest(ctx context.Context) (map[string]watch.Told, error)
	Ranking(ctx context.Context) ([]card.Place, error)
}

// signalView is the signal of one campaign with what it rests on.
type signalView struct {
	Campaign string         `json:"campaign"`
	Day      string         `json:"day" doc:"The local day it is of"`
	Signal   verdict.Signal `json:"signal" enum:"stop,adjust,go"`
	Sure     bool           `json:"sure" doc:"False for a go because it is too early to say"`
	Why      verdict.Why    `json:"why" enum:"far,escalated,unwelcome,change,segment,above,early,fine,unknown"`
	Words    string         `json:"words" doc:"The reason in Chinese"`
	English  string         `json:"words_en"`
	Since    string         `json:"since,omitempty" doc:"The day from which the rate is higher"`
	Segment  string         `json:"segment,omitempty" doc:"The part of the campaign that is worse"`
	Rate     verdict.Rate   `json:"rate" doc:"Complaining customers per 10 000 reached, with the 90 % interval"`
	// Complained are customers.
	Complained int           `json:"complained"`
	Own        verdict.Ratio `json:"own" doc:"The rate since the day it went up, or of the last week, by that before; zero where there is nothing to compare with"`
	Similar    verdict.Ratio `json:"similar" doc:"By that of similar campaigns"`
	General    verdict.Ratio `json:"general" doc:"By that of all customers"`
	Rest       verdict.Ratio `json:"rest" doc:"Of the segment, by that of the rest"`
}

func signalOf(campaign, day string, v *verdict.Verdict) signalView {
	s := signalView{
		Campaign: campaign, Day: day, Signal: v.Signal, Sure: v.Sure, Why: v.Why, Words: v.Chinese(), English: v.English(),
		Segment: v.Segment, Rate: v.Rate, Complained: v.Count, Own: v.Own, Similar: v.Similar, General: v.General, Rest: v.Rest,
	}
	if v.Since != 0 {
		s.Since = v.Since.String()
	}
	return s
}

type judgedRequest struct {
	ID string `path:"id" maxLength:"100"`
}

type signalResponse struct {
	Body struct {
		Now     signalView   `json:"now"`
		History []signalView `json:"history" doc:"The signals of earlier days, the latest first"`
	}
}

// cardView is the score card of a campaign.
type cardView struct {
	Campaign   string         `json:"campaign"`
	Name       string         `json:"name"`
	State      campaign.State `json:"state" enum:"running,planned,ended"`
	From       string         `json:"from"`
	To         string         `json:"to"`
	Reached    int            `json:"reached"`
	Contacts   int            `json:"contacts"`
	Asked      int            `json:"asked" doc:"Customers asked at the counter"`
	Accepted   int            `json:"accepted"`
	Unwelcome  int            `json:"unwelcome" doc:"Those who refused or were annoyed"`
	Complaints int            `json:"complaints"`
	Customers  int            `json:"customers"`
	Signal     signalView     `json:"signal"`
	Causes     []causeView    `json:"causes"`
	Cost       card.Cost      `json:"cost"`
	Assumed    costView       `json:"assumed" doc:"What the cost is made of"`
	Mean       *float64       `json:"satisfaction" doc:"Mean score; null without one"`
	Departures *departureView `json:"departures,omitempty" doc:"Missing where nobody knows"`
	Lessons    []lessonView   `json:"lessons" doc:"The latest first"`
	Place      *placeView     `json:"place,omitempty" doc:"Missing for a campaign that is not ranked"`
}

type causeView struct {
	Cause  card.Cause `json:"cause"`
	Count  int        `json:"count"`
	ByHand int        `json:"by_hand"`
}

type costView struct {
	Hourly   float64 `json:"hourly" doc:"Yuan an hour"`
	Case     float64 `json:"case" doc:"Minutes"`
	Reply    float64 `json:"reply" doc:"Minutes"`
	HandOver float64 `json:"hand_over" doc:"Minutes"`
}

type departureView struct {
	Reached    int `json:"reached"`
	ReachedOut int `json:"reached_opted_out"`
	Others     int `json:"others"`
	OthersOut  int `json:"others_opted_out"`
}

type lessonView struct {
	Version int64      `json:"version"`
	Text    string     `json:"text"`
	By      string     `json:"by"`
	At      *time.Time `json:"at"`
}

type placeView struct {
	Campaign string     `json:"campaign"`
	Rank     int        `json:"rank" doc:"1 is the best"`
	Best     int        `json:"best" doc:"The best rank that is possible within the intervals"`
	Worst    int        `json:"worst"`
	Points   float64    `json:"points" doc:"0 to 100"`
	Low      float64    `json:"low"`
	High     float64    `json:"high"`
	Parts    [4]float64 `json:"parts" doc:"Complaints, take-up, satisfaction, escalation, 0 to 1 each"`
}

type cardResponse struct{ Body cardView }

type signalsResponse struct {
	Body struct {
		Items []rankedSignal `json:"items" doc:"The best campaign first, then those that are not ranked"`
	}
}

type rankedSignal struct {
	Latest signalView `json:"latest"`
	Place  *placeView `json:"place,omitempty" doc:"Missing for a campaign that is not ranked"`
}

func (s *Server) marketingRoutes(api huma.API) {
	if s.d.Marketing == nil {
		return
	}
	register(s, api, access.CampaignRead, huma.Operation{
		OperationID: "get-campaign-signal", Method: http.MethodGet, Path: "/campaigns/{id}/signal", Summary: "Whether a campaign should go on, and why",
	}, s.campaignSignal)
	register(s, api, access.CampaignRead, huma.Operation{
		OperationID: "get-campaign-card", Method: http.MethodGet, Path: "/campaigns/{id}/card", Summary: "The score card of a campaign",
	}, s.campaignCard)
	register(s, api, access.CampaignRead, huma.Operation{
		OperationID: "list-campaign-signals", Method: http.MethodGet, Path: "/campaign-signals", Summary: "Signals and ranks of all campaigns",
	}, s.campaignSignals)
}
