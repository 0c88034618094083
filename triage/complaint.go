package triage

import (
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
)

// ComplaintID is the source's own id of a complaint, unique in the store.
type ComplaintID string

// CustomerID is the source's own id of a customer.
type CustomerID string

// Channel is the way a complaint came in.
type Channel string

// The channels of the input contract.
const (
	ChannelHotline Channel = "hotline"
	ChannelApp     Channel = "app"
	ChannelCounter Channel = "counter"
	ChannelWeb     Channel = "web"
	ChannelEmail   Channel = "email"
	ChannelWeChat  Channel = "wechat"
	ChannelOther   Channel = "other"
)

// Channels lists every channel in the order the console shows them.
var Channels = []Channel{ChannelHotline, ChannelApp, ChannelCounter, ChannelWeb, ChannelEmail, ChannelWeChat, ChannelOther}

// Status is the place of a case in its life; package life has the table of the
// moves between them.
type Status string

// The statuses of a case, in the order of its life.
const (
	// StatusReceived is a case that nobody has answered yet.
	StatusReceived Status = "received"
	// StatusAcknowledged is a case whose customer has had a first answer.
	StatusAcknowledged Status = "acknowledged"
	// StatusVerifying is a case whose facts are being checked.
	StatusVerifying Status = "verifying"
	// StatusAttributed is a case whose cause and responsible department are known.
	StatusAttributed Status = "attributed"
	// StatusProposing is a case whose solution is being offered to the customer.
	StatusProposing Status = "proposing"
	// StatusAgreed is a case whose customer has accepted the solution.
	StatusAgreed Status = "agreed"
	// StatusExecuting is a case whose solution is being carried out.
	StatusExecuting Status = "executing"
	// StatusConfirming is a case whose customer is asked whether it worked.
	StatusConfirming Status = "confirming"
	// StatusClosed is a case with a resolution and a closing time.
	StatusClosed Status = "closed"
	// StatusCalledBack is a closed case whose customer has been asked again.
	StatusCalledBack Status = "called_back"
	// StatusWithdrawn is a case that the customer took back.
	StatusWithdrawn Status = "withdrawn"
	// StatusMerged is a case that goes on as part of another one.
	StatusMerged Status = "merged"
)

// Statuses lists every status in the order of a case's life.
var Statuses = []Status{
	StatusReceived, StatusAcknowledged, StatusVerifying, StatusAttributed, StatusProposing, StatusAgreed,
	StatusExecuting, StatusConfirming, StatusClosed, StatusCalledBack, StatusWithdrawn, StatusMerged,
}

// Open says whether somebody still has to act before the case can end.
func (s Status) Open() bool {
	switch s {
	case StatusClosed, StatusCalledBack, StatusWithdrawn, StatusMerged:
		return false
	}
	return true
}

// Complaint is one complaint as it came in, with what is already known of its
// end when it is history.
type Complaint struct {
	ID         ComplaintID
	CustomerID CustomerID
	Channel    Channel
	// At is when the customer complained; zero when the source did not say.
	At       time.Time
	Title    string
	Text     string
	Region   string
	Product  string
	Campaign string
	OrderID  string
	// Attrs holds further facts of the source, one level deep.
	Attrs map[string]any

	// Type and Subtype are what people judged it to be, "" when nobody has.
	Type    string
	Subtype string
	// Resolution is how it ended; ClosedAt is zero while it is open.
	Resolution string
	ClosedAt   time.Time
	// Satisfaction is the customer's score, 0..100; nil when not asked.
	Satisfaction *float64
}

// Body returns title and text as one text, the form that is analysed.
func (c *Complaint) Body() string {
	if c.Title == "" {
		return c.Text
	}
	if c.Text == "" {
		return c.Title
	}
	return c.Title + "\n" + c.Text
}

// Case is a stored complaint with everything the service keeps beside it.
type Case struct {
	// Seq is the position in the order of acceptance, from 1, without reuse.
	Seq int64
	Complaint
	Assessment Assessment
	Status     Status
	Work       Work
	// ReceivedAt is when the service made it durable.
	ReceivedAt time.Time
	// Predecessor is the earlier case of the same customer about the same
	// issue; "" when there is none.
	Predecessor ComplaintID
}

// FinalType returns the type people gave, else the suggested one.
func (c *Case) FinalType() string {
	if c.Type != "" {
		return c.Type
	}
	return c.Assessment.Type
}

// Label is a person's word on the type of a case: a confirmation or a
// correction. Labels are training data and are never overwritten.
type Label struct {
	Complaint ComplaintID
	Type      string
	Subtype   string
	// Suggested is the type the machine had given.
	Suggested string
	By        string
	At        time.Time
}

// Solution is a standard solution of the library.
type Solution struct {
	ID      string
	Type    string
	Subtype string
	Title   string
	// Text is what people do, a step a line; Wording what the customer is told,
	// with placeholders such as {客户称呼}, "" when there is none.
	Text    string
	Wording string
	// Uses and Satisfaction (the mean, 0..100, nil while unknown) are what was
	// measured; Scores is how many scores the mean is of, 0 for as many as Uses.
	Uses         int
	Satisfaction *float64
	Scores       int
	// Version is the version in force, 0 before it is stored.
	Version int
}

// Customer is one entry of the customer file.
type Customer struct {
	ID       CustomerID
	Name     PersonName
	Phone    Phone
	Email    Email
	Region   string
	Tier     Tier
	Industry string
	JoinedAt time.Time
	OptedOut bool
}

// Tier is the value class of a customer.
type Tier string

// The tiers of the input contract.
const (
	TierOrdinary  Tier = "ordinary"
	TierPotential Tier = "potential"
	TierHigh      Tier = "high"
	TierVIP       Tier = "vip"
)

// Exposure is one contact of a customer with something that can go wrong: a
// payment, a purchase, a campaign message, a visit.
type Exposure struct {
	CustomerID CustomerID
	Kind       string
	Key        string
	At         time.Time
	Attrs      map[string]any
}

// Assessment is the triage of one complaint: the line of the output contract.
type Assessment struct {
	ID       ComplaintID `json:"id"`
	Pack     string      `json:"pack"`
	Type     string      `json:"type"`
	Subtype  string      `json:"subtype"`
	TypeName string      `json:"type_name"`
	// Confidence is calibrated: of the complaints given 0.9, nine in ten are right.
	Confidence   float64           `json:"confidence"`
	Alternatives []nlp.Alternative `json:"alternatives"`
	// NeedsReview asks a person to look at the type before it is used.
	NeedsReview bool          `json:"needs_review"`
	Sentiment   nlp.Sentiment `json:"sentiment"`
	Urgency     nlp.Urgency   `json:"urgency"`
	Demand      nlp.Demand    `json:"demand"`
	Style       nlp.Style     `json:"customer_style"`
	// DemandReasons and StyleReasons are the words behind the two.
	DemandReasons []nlp.Reason  `json:"demand_reasons"`
	StyleReasons  []nlp.Reason  `json:"style_reasons"`
	Entities      []nlp.Entity  `json:"entities"`
	Reasons       []nlp.Reason  `json:"reasons"`
	Department    string        `json:"department"`
	SLA           SLA           `json:"sla"`
	Similar       []SimilarCase `json:"similar"`
	Suggestions   []Suggestion  `json:"suggestions"`
}

// SLA holds the three clocks of a case; each counts from the complaint's time.
type SLA struct {
	RespondBy time.Time `json:"respond_by"`
	VerifyBy  time.Time `json:"verify_by"`
	ResolveBy time.Time `json:"resolve_by"`
}

// SimilarCase is a past case like this one, with how it ended.
type SimilarCase struct {
	ID    ComplaintID `json:"id"`
	Score float64     `json:"score"`
	Type  string      `json:"type"`
	// Resolution is "" and Satisfaction nil while the case is open or was not asked.
	Resolution   string   `json:"resolution"`
	Satisfaction *float64 `json:"satisfaction"`
}

// Suggestion is a proposed resolution with the evidence for it.
type Suggestion struct {
	Text string `json:"text"`
	// Source is "case:ID", "solution:ID" or "pack:CODE".
	Source string `json:"source"`
	// Support is the number of past cases behind it.
	Support int `json:"support"`
	// Satisfaction is the mean score (0..100) of those cases; nil when unknown.
	Satisfaction *float64 `json:"satisfaction"`
	// SatisfactionLow and SatisfactionHigh enclose the true mean nine times in
	// ten, see [Outcome.Estimate]; nil when nothing was measured.
	SatisfactionLow  *float64 `json:"satisfaction_low"`
	SatisfactionHigh *float64 `json:"satisfaction_high"`
	// Version is that of a standard solution, 0 for anything else.
	Version int `json:"version,omitempty"`
}
