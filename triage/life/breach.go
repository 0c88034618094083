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
	// Near asks for the limits that are nearly missed instead: they end today,
	// or the owner has been warned of them.
	Near bool
	// At is the present time and Until the end of its day; the service sets them.
	At, Until time.Time
	Cursor    string
	// Limit is the length of a page, 50 when it is 0, 500 at most.
	Limit int
}

// Breach is an open case that has missed a limit, or nearly.
type Breach struct {
	Case  triage.Case
	Clock Clock
	Due   time.Time
	// Late is the working time since then, without that of waiting for the
	// customer; of a limit that is still to come, minus what is left.
	Late time.Duration
}

// BreachPage is one page of breaches, the earliest limit first. Next is "" on
// the last page.
type BreachPage struct {
	Breaches []Breach
	Next     string
}
