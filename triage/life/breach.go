package life

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Clock names a time limit of a case.
type Clock string

// The clocks.
const (
	ClockRespond Clock = "respond"
	ClockVerify  Clock = "verify"
	ClockResolve Clock = "resolve"
	ClockStep    Clock = "step"
)

// Clocks lists every clock in the order the console shows them.
var Clocks = []Clock{ClockRespond, ClockVerify, ClockResolve, ClockStep}

// BreachFilter narrows the list of breaches. Zero fields do not filter.
type BreachFilter struct {
	// Clock is the limit that was missed; "" means that of the step.
	Clock      Clock
	Department string
	Owner      string
	Scope      triage.Scope
	// At is the present time; the service sets it.
	At     time.Time
	Cursor string
	// Limit is the length of a page, 50 when it is 0, 500 at most.
	Limit int
}

// Breach is an open case that has missed a limit.
type Breach struct {
	Case  triage.Case
	Clock Clock
	Due   time.Time
	// Late is the working time since then.
	Late time.Duration
}

// BreachPage is one page of breaches, the longest missed first. Next is "" on
// the last page.
type BreachPage struct {
	Breaches []Breach
	Next     string
}
