package demo

import (
	"math/rand/v2"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
)

// story is what was found behind a complaint and what was done about it; see
// resolution for Quality.
type story struct {
	Type     string
	Subtypes []string
	Cause    triage.Cause
	Quality  float64

	Findings, Solution, Task, Result, Resolution string
}

// handlingContent is what people write while they work.
type handlingContent struct {
	Answered []string
	Waiting  []struct{ Ask, Answer string }
	Refusals []struct{ Demand, Offer string }

	Consents, Confirmations, Withdrawals []string

	CallBacks       []string `yaml:"call_backs"`
	ComplaintsAgain []string `yaml:"complaints_again"`
	Promised        string
	HandOvers       map[string]handOverContent `yaml:"hand_overs"`
	// Offer tells the customer of {solution}.
	Offer         string
	Contacts      []struct{ Content, Feedback string }
	ManagerReason string   `yaml:"manager_reason"`
	TaskPlans     []string `yaml:"task_plans"`
	TaskOutcomes  []string `yaml:"task_outcomes"`
	Praise        []string
	Blame         map[string][]string // by reason
	TwinReason    string              `yaml:"twin_reason"`
	Editions      []editionContent
}

// handOverContent is what a department is asked for, what was checked before,
// and why it sends a case back.
type handOverContent struct{ Task, Checked, Returned string }

// editionContent is a new version of the first standard solution of a sub-type,
// or, with a title and steps, a new solution. Limits are in yuan.
type editionContent struct {
	Subtype, Author, Approver, State string

	Title   string
	Steps   []string
	Wording string
	Limits  map[triage.Tier]int64
}

// storyOf picks what happened to a complaint; a story of its sub-type is more
// likely than one of its type alone.
func (f *founder) storyOf(r *rand.Rand, e *event) *story {
	var fit []*story
	var weights []float64
	for i := range f.content.Stories {
		s := &f.content.Stories[i]
		switch {
		case s.Type != e.truth.Type:
			continue
		case slices.Contains(s.Subtypes, e.truth.Subtype):
			weights = append(weights, 3)
		case len(s.Subtypes) > 0 || e.of != 0: // what is behind an incident is known
			continue
		default:
			weights = append(weights, 1)
		}
		fit = append(fit, s)
	}
	if len(fit) == 0 {
		return nil
	}
	return fit[draw(r, weights)]
}
