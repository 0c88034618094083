package web

import (
	"maps"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
)

// counterCustomerView is what decided about a customer.
type counterCustomerView struct {
	ID         triage.CustomerID   `json:"id" doc:"The record that stands for the person"`
	Records    []triage.CustomerID `json:"records"`
	Tier       triage.Tier         `json:"tier"`
	Region     string              `json:"region"`
	OptedOut   bool                `json:"opted_out"`
	Open       int                 `json:"open_complaints"`
	Complaints int                 `json:"complaints" doc:"Those that are open or young enough to matter"`
}

func counterCustomerOf(c *counter.Customer) counterCustomerView {
	v := counterCustomerView{ID: c.ID, Records: list(c.Records), Tier: c.Tier, Region: c.Region, OptedOut: c.OptedOut, Complaints: len(c.Complaints)}
	for i := range c.Complaints {
		if c.Complaints[i].Open {
			v.Open++
		}
	}
	return v
}

// recommendationView is what is said about one campaign.
type recommendationView struct {
	Campaign    string     `json:"campaign_id"`
	Name        string     `json:"name"`
	Recommended bool       `json:"recommended"`
	Soon        bool       `json:"soon" doc:"It begins within days"`
	From        *time.Time `json:"from"`
	To          *time.Time `json:"to"`
	Copy        string     `json:"copy" doc:"What customers are told"`
	Rules       string     `json:"rules"`
	Why         []whyView  `json:"why" doc:"Every reason against it; empty when it may be recommended"`
	Signal      string     `json:"signal" doc:"go, adjust or stop; empty while unknown"`
	Caution     string     `json:"signal_reason"`
	Rate        *float64   `json:"complaints_per_10000" doc:"By customers reached; null while unknown"`
	Score       float64    `json:"fit" doc:"Orders those to recommend"`
	Liked       string     `json:"liked" doc:"A campaign like it that the customer took"`
	Disliked    string     `json:"disliked" doc:"A campaign like it that the customer declined"`
	ForTier     bool       `json:"for_tier" doc:"It is made for the customer's tier"`
}

// whyView is one reason.
type whyView struct {
	Code  counter.Code `json:"code"`
	At    *time.Time   `json:"at" doc:"When it happened"`
	Until *time.Time   `json:"until" doc:"When it will be over; null for never"`
	N     int          `json:"n"`
	Want  []string     `json:"want" doc:"What the rule asks for"`
	Is    string       `json:"is" doc:"What the customer is, or did"`
	Kind  string       `json:"kind" doc:"The record of the rule, and its key"`
	Key   string       `json:"key"`
	Text  string       `json:"text"`
}

func (s *Server) recommendationView(a *counter.Advice) recommendationView {
	c := &a.Campaign
	v := recommendationView{
		Campaign: c.ID, Name: s.d.Mask(c.Name), Recommended: a.Recommended(), Soon: a.Soon, From: s.local(c.From), To: s.local(c.To),
		Copy: s.d.Mask(c.Copy), Rules: s.d.Mask(c.Rules), Why: make([]whyView, len(a.Why)), Signal: a.Standing.Signal,
		Caution: s.d.Mask(a.Standing.Reason), Rate: a.Standing.Rate, Score: a.Fit.Score, Liked: s.d.Mask(a.Fit.Liked),
		Disliked: s.d.Mask(a.Fit.Disliked), ForTier: a.Fit.ForTier,
	}
	for i := range a.Why {
		w := &a.Why[i]
		v.Why[i] = whyView{
			Code: w.Code, At: s.local(w.At), Until: s.local(w.Until), N: w.N, Want: list(w.Want), Is: w.Is,
			Kind: w.Record.Kind, Key: s.d.Mask(w.Record.Key), Text: s.d.Mask(w.Text),
		}
	}
	return v
}

// captureView is how one customer took a campaign, masked.
type captureView struct {
	ID        int64              `json:"id"`
	Campaign  string             `json:"campaign_id"`
	Customer  triage.CustomerID  `json:"customer_id"`
	Attitude  campaign.Attitude  `json:"attitude" enum:"accepted,hesitated,refused,annoyed"`
	Behaviour counter.Behaviour  `json:"behaviour"`
	Reasons   []counter.Reason   `json:"reasons"`
	Words     string             `json:"words"`
	Type      string             `json:"type" doc:"What the words are about, by triage"`
	Sentiment nlp.Polarity       `json:"sentiment"`
	Complains bool               `json:"complains" doc:"The words seem to be a complaint"`
	Complaint triage.ComplaintID `json:"complaint" doc:"The complaint that was made of them"`
	Clerk     string             `json:"clerk"`
	Shop      string             `json:"shop"`
	At        *time.Time         `json:"at"`
	Added     bool               `json:"added" doc:"false when this very reaction was known"`
}

func (s *Server) captureView(c *counter.Capture) captureView {
	return captureView{
		ID: c.ID, Campaign: c.Campaign, Customer: c.Customer, Attitude: c.Attitude, Behaviour: c.Behaviour, Reasons: list(c.Reasons),
		Words: s.d.Mask(c.Words), Type: c.Type, Sentiment: c.Sentiment, Complains: c.Complains, Complaint: c.Case,
		Clerk: c.Clerk, Shop: c.Shop, At: s.local(c.At),
	}
}

// reactionCounts counts how customers took a campaign.
type reactionCounts struct {
	Total     int                       `json:"total"`
	Attitudes map[campaign.Attitude]int `json:"attitudes"`
	Reasons   map[string]int            `json:"reasons" doc:"By code; somebody may have given several"`
}

// dayReactions are the counts of a day.
type dayReactions struct {
	Day    string         `json:"day" format:"date"`
	Counts reactionCounts `json:"counts"`
}

func reactionCountsOf(r *campaign.Reaction) reactionCounts {
	counts := reactionCounts{Attitudes: map[campaign.Attitude]int{}, Reasons: map[string]int{}}
	for _, a := range campaign.Attitudes {
		counts.Attitudes[a] = r.Count[a]
		counts.Total += r.Count[a]
	}
	maps.Copy(counts.Reasons, r.Reasons)
	return counts
}
