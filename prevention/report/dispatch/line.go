package dispatch

import (
	"time"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/triage"
)

// State is how far a line has come.
type State string

// The states of a line.
const (
	Waiting State = "waiting" // to be sent at NextAt
	Sending State = "sending" // claimed
	Sent    State = "sent"
	Failed  State = "failed"  // given up
	Unclear State = "unclear" // may have been sent; only a person sends it again
)

// Line is the report of a week for one receiver.
type Line struct {
	ID         int64
	Report     int64
	Schedule   int64
	Week       report.Week
	Department string
	Language   report.Language
	Receiver   triage.Email
	State      State
	Attempts   int
	// NextAt is when to try, At when the state was reached.
	NextAt, At time.Time
	// Reason is why the last attempt failed.
	Reason string
}

// Kept is a report as it was made for a schedule.
type Kept struct {
	ID       int64
	Schedule int64
	Language report.Language
	Report   report.Report
}
