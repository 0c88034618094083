package prevention

import (
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// ClusterID names a cluster, such as "K12". It is never used again.
type ClusterID string

// ClusterObject is the Object of audit entries about a cluster.
func ClusterObject(id ClusterID) string { return "cluster:" + string(id) }

// ClusterCause is what the notices about a cluster are about.
func ClusterCause(id ClusterID) Cause { return Cause("cluster:" + string(id)) }

// Stage is the place of a cluster in its life.
type Stage string

// The stages of a cluster.
const (
	// StageCandidate is an alarm that nobody has judged yet.
	StageCandidate Stage = "candidate"
	// StageConfirmed is a common problem in the eyes of a person.
	StageConfirmed Stage = "confirmed"
	// StageActing has actions or an outreach under way.
	StageActing Stage = "acting"
	// StageWatching waits for the rate to be back at its baseline.
	StageWatching Stage = "watching"
	// StageClosed is over; a new rise opens it again.
	StageClosed Stage = "closed"
	// StageDismissed is what a person called "not a cluster". It goes on taking
	// in what belongs to it and never alarms.
	StageDismissed Stage = "dismissed"
)

// Stages lists the stages in the order of the board, without the dismissed.
var Stages = []Stage{StageCandidate, StageConfirmed, StageActing, StageWatching, StageClosed}

// moves lists every allowed change of stage; what is not here is refused.
var moves = map[Stage][]Stage{
	StageCandidate: {StageConfirmed, StageActing, StageWatching, StageClosed, StageDismissed},
	StageConfirmed: {StageActing, StageWatching, StageClosed, StageDismissed},
	StageActing:    {StageWatching, StageClosed},
	StageWatching:  {StageConfirmed, StageActing, StageClosed},
	StageClosed:    {StageCandidate, StageConfirmed, StageActing},
	StageDismissed: {StageCandidate},
}

// Moves returns the stages that may follow.
func (s Stage) Moves() []Stage { return slices.Clone(moves[s]) }

// MayBecome says whether a change to the stage is allowed.
func (s Stage) MayBecome(to Stage) bool { return slices.Contains(moves[s], to) }

// Led returns the stage that detection leads to: closed, when it finds the
// cluster over, closes what nobody works on; candidate, when it finds it rising,
// opens again what was closed or watched. Everything else is for people.
func (s Stage) Led(to Stage) Stage {
	switch {
	case to == StageClosed && (s == StageCandidate || s == StageWatching):
		return StageClosed
	case to == StageCandidate && s == StageClosed:
		return StageCandidate
	case to == StageCandidate && s == StageWatching:
		return StageConfirmed
	}
	return s
}

// Active says whether the stage still needs somebody's eyes.
func (s Stage) Active() bool { return s != StageClosed && s != StageDismissed && s != "" }

// Path is the way a cluster was found.
type Path string

// The paths of detection.
const (
	PathText  Path = "text"  // common wording
	PathFacts Path = "facts" // a combination of attributes
	PathHand  Path = "hand"  // proposed by a person
)

// Severity ranks alarms.
type Severity string

// The severities.
const (
	SeverityAlert    Severity = "alert"
	SeverityCritical Severity = "critical"
)

// Term is a word that tells the members from all other complaints.
type Term struct {
	Text string `json:"text"`
	// Weight is the strength of the word; Coverage the part of the members that
	// have it, 0..1.
	Weight   float64 `json:"weight"`
	Coverage float64 `json:"coverage"`
}

// Attribute is a fact in which the members concentrate.
type Attribute struct {
	Field string `json:"field"`
	Value string `json:"value"`
	// Share is the part of the members with a known value who have this one;
	// Lift compares it with all complaints.
	Share  float64 `json:"share"`
	Lift   float64 `json:"lift"`
	PValue float64 `json:"p_value"`
}

// Neighbour is a past cluster like this one and how it was solved.
type Neighbour struct {
	Cluster    ClusterID `json:"cluster"`
	Title      string    `json:"title"`
	Similarity float64   `json:"similarity"`
	LastAt     time.Time `json:"last_at"`
	Solution   string    `json:"solution,omitempty"`
}

// Alarm is why a cluster was raised. It uses nothing later than At.
type Alarm struct {
	At time.Time `json:"at"`
	// Score is -log10 of PValue, which is corrected for the windows tried.
	Score    float64  `json:"score"`
	PValue   float64  `json:"p_value"`
	Severity Severity `json:"severity"`
	// Days is the length of the window that alarmed; Baseline the distinct
	// customers expected in it, Low to High their band of 90 %.
	Days     int     `json:"days"`
	Baseline float64 `json:"baseline"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	// Complaints and Customers were seen in the window; Copies of the complaints
	// repeat the text of another customer.
	Complaints int `json:"count"`
	Customers  int `json:"distinct_customers"`
	Copies     int `json:"copies"`
	// SinceAt is when the rise began, to six hours.
	SinceAt time.Time `json:"since_at,omitzero"`
	// EndedAt is when the rate was back at its baseline; zero while it is not.
	EndedAt time.Time `json:"ended_at,omitzero"`
}

// Combination is what the complaints of a cluster of PathFacts have in common:
// a type, or sub-type, and the values of facts by their fields.
type Combination struct {
	Type  string            `json:"type"`
	Facts map[string]string `json:"facts"`
}

// Explanation is what makes a cluster understood.
type Explanation struct {
	Terms           []Term               `json:"terms"`
	Attributes      []Attribute          `json:"attributes"`
	Representatives []triage.ComplaintID `json:"representatives"`
	Neighbours      []Neighbour          `json:"neighbours"`
	// Combination is nil unless facts found the cluster.
	Combination *Combination `json:"combination,omitempty"`
}

// Cluster is a common problem of several customers.
type Cluster struct {
	ID    ClusterID
	Title string
	Path  Path
	Stage Stage
	// Type is the type of most members.
	Type        string
	Alarm       Alarm
	Explanation Explanation
	Estimate    Estimate
	// Complaints, Customers (distinct) and Copies count all members.
	Complaints, Customers, Copies int
	FirstAt, LastAt               time.Time
	// Escalations counts how often it alarmed again while it went on.
	Escalations int

	Owner    string
	Solution string // id of a solution
	// Rule is the cohort's rule; RuleBy is who edited it, "" for the machine.
	Rule   *Rule
	RuleBy string
	// MergedInto is the cluster that took this one in; "" while it stands alone.
	MergedInto ClusterID
	// Historic was found in records that came in long after their time; nobody
	// was alarmed.
	Historic bool

	CreatedAt time.Time
	// StageAt is when it came into its stage.
	StageAt time.Time
	// Version grows by one with every change; an update with an old one fails.
	Version int64
}

// Member is one complaint of a cluster.
type Member struct {
	Complaint triage.ComplaintID
	Customer  triage.CustomerID
	At        time.Time
	// Copy repeats the text of another customer.
	Copy bool
	// Pinned was put here by a person; the machine leaves it alone.
	Pinned bool
}

// CorrectionKind is what a person did to the clustering.
type CorrectionKind string

// The corrections of people.
const (
	CorrectMove    CorrectionKind = "move"    // Complaints leave Cluster for Target; "" is none
	CorrectSplit   CorrectionKind = "split"   // Complaints leave Cluster for a new one
	CorrectMerge   CorrectionKind = "merge"   // Cluster goes into Target
	CorrectDismiss CorrectionKind = "dismiss" // Cluster is none
	CorrectPropose CorrectionKind = "propose" // Complaints become a new cluster
	CorrectRestore CorrectionKind = "restore" // Cluster, dismissed, is one after all: a candidate
)

// Correction is one decision about the clustering. It holds for ever.
type Correction struct {
	Seq        int64
	At         time.Time
	By         string
	Kind       CorrectionKind
	Cluster    ClusterID
	Target     ClusterID
	Complaints []triage.ComplaintID
	// Title names the new cluster of a split or a proposal.
	Title string
}

// Action is work on a cluster's cause.
type Action struct {
	ID         int64
	Cluster    ClusterID
	Title      string
	Department string
	Owner      string
	DueAt      time.Time
	DoneAt     time.Time // zero while open
	CreatedBy  string
	CreatedAt  time.Time
}

// Note is a remark of a person.
type Note struct {
	Cluster ClusterID
	By      string
	At      time.Time
	Text    string
}
