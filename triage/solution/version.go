package solution

import (
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// State is how far a version has come.
type State string

// The states, in the order of a version's life.
const (
	Draft    State = "draft"    // being written
	Proposed State = "proposed" // waits for somebody else than its author
	Approved State = "approved" // in force
	Retired  State = "retired"  // replaced, refused or out of use; stays readable
)

// States lists every state in the order of a version's life.
var States = []State{Draft, Proposed, Approved, Retired}

// moves are the changes that people make. Retired is the end: going back is a
// new version.
var moves = map[State][]State{
	Draft:    {Proposed, Retired},
	Proposed: {Approved, Draft, Retired},
	Approved: {Retired},
}

// Content is what people write.
type Content struct {
	Type    string
	Subtype string
	Title   string
	// Steps are what agents and departments do, in order.
	Steps []string
	// Wording is what the customer is told, with Placeholders; "" leaves it to
	// the draft of a reply.
	Wording string
	Policy  Policy
}

// Version is one state of the text of a solution.
type Version struct {
	// Solution is the id of the solution, Number counts its versions from 1.
	Solution string
	Number   int
	Content
	State     State
	Author    string
	CreatedAt time.Time
	// DecidedBy approved or retired it; "" before that.
	DecidedBy string
	DecidedAt time.Time
	// Evidence is the cases that it was proposed from, none when a person
	// thought of it.
	Evidence []triage.ComplaintID
	// Uses is how many cases it settled, Outcome what their customers said; both
	// include what came with an import.
	Uses    int
	Outcome triage.Outcome
}

// Text is the steps as one text, a step a line.
func (c *Content) Text() string { return strings.Join(c.Steps, "\n") }

// StepsOf splits a text into steps: the lines that have something in them.
func StepsOf(text string) []string {
	var steps []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			steps = append(steps, line)
		}
	}
	return steps
}

// The words that Wording may have in braces, filled from the case. Amount is
// filled by the person who grants it.
const (
	Salutation = "{客户称呼}"
	Product    = "{产品}"
	Amount     = "{金额}"
	Deadline   = "{时限}"
	Contact    = "{联系方式}"
)

// Placeholders lists them in the order a letter needs them.
var Placeholders = []string{Salutation, Product, Amount, Deadline, Contact}

// InForce returns the approved one of the versions of a solution, and whether
// there is one.
func InForce(versions []Version) (Version, bool) {
	i := slices.IndexFunc(versions, func(v Version) bool { return v.State == Approved })
	if i < 0 {
		return Version{}, false
	}
	return versions[i], true
}
