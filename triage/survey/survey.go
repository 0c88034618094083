package survey

import (
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// State is how far a survey has come.
type State string

// The states.
const (
	StateWaiting  State = "waiting"  // the invitation is still to be sent
	StateSent     State = "sent"     // the customer can answer
	StateAnswered State = "answered" // by the customer or on a call
	StateExpired  State = "expired"  // the time to answer is over
	StateFailed   State = "failed"   // no channel reaches the customer
)

// States lists every state in the order the console shows them.
var States = []State{StateWaiting, StateSent, StateAnswered, StateExpired, StateFailed}

// Open says whether the customer may still answer.
func (s State) Open() bool { return s == StateWaiting || s == StateSent }

// Reason is why a customer was not satisfied.
type Reason string

// The reasons of the source documents.
const (
	ReasonSlow     Reason = "slow"     // 处理慢
	ReasonSolution Reason = "solution" // 方案不合理
	ReasonAttitude Reason = "attitude" // 态度不好
	ReasonOther    Reason = "other"    // 其他
)

// Reasons lists every reason in the order the page shows them.
var Reasons = []Reason{ReasonSlow, ReasonSolution, ReasonAttitude, ReasonOther}

// Via is how the answer came.
type Via string

// The ways of an answer.
const (
	ViaLink Via = "link"
	ViaCall Via = "call" // somebody asked by phone
)

// Survey is the question to one customer about one case.
type Survey struct {
	ID   int64
	Case triage.ComplaintID
	// ClosedAt is the closing that it asks about: a case that is taken up and
	// closed again is another one.
	ClosedAt time.Time
	Customer triage.CustomerID
	// Addressee is a fingerprint of where it was sent; see Config.Every.
	Addressee string
	State     State
	CreatedAt time.Time
	ExpiresAt time.Time
	// Letters counts those begun; BegunAt is set while one is being sent. Unclear
	// says that one may not have gone out.
	Letters int
	BegunAt time.Time
	Unclear bool
	// NextAt is when something has to be done about it, zero for never.
	NextAt  time.Time
	Channel string // of the latest letter
	SentAt  time.Time

	AnsweredAt time.Time
	Answer     Answer
	Via        Via
	By         string // who took the answer, "customer" for the link
	// Type and Sentiment are what triage says of Answer.Text; NewIssue proposes
	// to take it up as a complaint of its own, FollowUp is that complaint.
	Type      string
	Sentiment nlp.Polarity
	NewIssue  bool
	FollowUp  triage.ComplaintID
}

// Answer is what the customer says.
type Answer struct {
	Score   float64 // 0..100
	Reasons []Reason
	// Text is at most 500 characters of hostile input.
	Text string
}

// Stars turns one to five stars into a score: 20 to 100.
func Stars(n int) float64 { return float64(n) * 20 }

// Page is what the public page shows. It holds nothing personal: a link may be
// forwarded.
type Page struct {
	State     State
	ExpiresAt time.Time
	// At is when the customer complained, Product about what ("" when unknown).
	At      time.Time
	Product string
	// Answer is the one given, when State is StateAnswered.
	Answer Answer
}

// CallBack is what a person heard when they asked by phone.
type CallBack struct {
	Case   triage.ComplaintID
	Answer Answer
	By     string
}

// Filter narrows the list of surveys, latest first. Zero fields do not filter;
// From and To bound CreatedAt, From <= t < To.
type Filter struct {
	From, To time.Time
	State    State
	Customer triage.CustomerID
	Case     triage.ComplaintID
	// Below lists answers with a lower score; 0 does not filter.
	Below  float64
	Reason Reason
	Cursor string
	Limit  int // 0 means 50, at most 500
}

// List is one page of surveys. Next is "" on the last one.
type List struct {
	Surveys []Survey
	Next    string
}

// Figures sum up the surveys created in a time.
type Figures struct {
	// Asked counts those that were sent or answered, Answered the answers.
	Asked, Answered int
	// Rate is Answered by Asked, 0 without any.
	Rate float64
	// Mean is the mean score, nil without an answer.
	Mean *float64
	// Bands counts scores of 0..19, 20..39, 40..59, 60..79 and 80..100.
	Bands [5]int
	// Low counts scores below the policy's LowScore, Reasons why.
	Low     int
	Reasons map[Reason]int
	// States counts all surveys.
	States map[State]int
}

// Object is the name under which the audit trail keeps a survey.
func Object(id int64) string { return "survey:" + number(id) }
