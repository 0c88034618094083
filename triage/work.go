package triage

import (
	"context"
	"time"
)

// Work is where the handling of a case stands: who has to act, until when, and
// what has been found so far.
type Work struct {
	// Owner is who has to act and Department where; "" while nobody is named.
	Owner      string
	Department string
	// EnteredAt is when the present step began and DueAt when it must be over;
	// zero without a limit, and while the case waits for its customer, unless it
	// was over before.
	EnteredAt time.Time
	DueAt     time.Time
	// TaskBy is the date of the hand-over by which the department has the case,
	// ExecuteBy the one promised for the execution that goes on; zero for none.
	TaskBy    time.Time
	ExecuteBy time.Time
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
	// WatchAt is when the watch has to look at the case next, zero for never;
	// Raised says how far it has raised the lateness of the present step.
	WatchAt time.Time
	Raised  int
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

// Opener begins the work on a case: owner and department, clocks and priority.
type Opener interface {
	// Open fills c.Work from what is known of a new case.
	Open(c *Case, tier Tier)
}

// CustomerReader looks up entries of the customer file.
type CustomerReader interface {
	// CustomersByID returns those of the customers that exist, by id.
	CustomersByID(ctx context.Context, ids []CustomerID) (map[CustomerID]Customer, error)
}

// Scope narrows lists to the cases of a department: those it has, those the
// user owns wherever they are, and those that were handed over to or from it
// once. Without a department it is every case.
type Scope struct {
	Department string
	User       string
}

// Everything says whether the scope leaves nothing out.
func (s Scope) Everything() bool { return s.Department == "" }

// Sees says whether a case is in the scope as far as the case itself tells;
// the departments that it went through are in its hand-overs.
func (s Scope) Sees(c *Case) bool {
	return s.Everything() || c.Work.Department == s.Department || s.User != "" && c.Work.Owner == s.User
}
