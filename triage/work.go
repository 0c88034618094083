package triage

import "time"

// Work is where the handling of a case stands: who has to act, until when, and
// what has been found so far.
type Work struct {
	// Owner is who has to act and Department where; "" while nobody is named.
	Owner      string
	Department string
	// EnteredAt is when the present step began and DueAt when it must be over;
	// zero without a limit, and while the case waits for its customer.
	EnteredAt time.Time
	DueAt     time.Time
	// Clocks are the time limits as they are now: those of the assessment,
	// moved by the time spent waiting for the customer.
	Clocks SLA
	// WaitingSince is when the case began to wait for its customer, zero while
	// its clocks run.
	WaitingSince time.Time
	// RespondedAt is the first answer and VerifiedAt the end of the check of the
	// facts; zero before.
	RespondedAt time.Time
	VerifiedAt  time.Time
	// Cause and CauseDepartment say what led to the complaint and whose it is.
	Cause           Cause
	CauseDepartment string
	// Tier is the customer's value class as it was when last looked at.
	Tier Tier
	// PriorityAt orders open cases, the earliest first: see package life.
	PriorityAt time.Time
	// Reopened counts how often a closed case was taken up again.
	Reopened int
	// MergedInto is the case that this one goes on in, "" for none.
	MergedInto ComplaintID
	// Version grows with every change of the work; a change based on an older
	// one is CodeConflict.
	Version int64
}

// Cause is why a complaint came about.
type Cause string

// The causes of the source documents.
const (
	CauseProduct          Cause = "product"          // 产品质量
	CauseService          Cause = "service"          // 服务失误
	CauseMisunderstanding Cause = "misunderstanding" // 客户误解
	CauseExternal         Cause = "external"         // 外部原因
)

// Causes lists every cause in the order the console shows them.
var Causes = []Cause{CauseProduct, CauseService, CauseMisunderstanding, CauseExternal}
