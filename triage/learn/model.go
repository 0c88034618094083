package learn

import (
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/evidence"
)

// State is what became of a model.
type State string

// The states of a model.
const (
	// StateActive is the model in use, one at most in a pack.
	StateActive State = "active"
	// StateCandidate was not better by more than chance and is kept as a record
	// without its weights.
	StateCandidate State = "candidate"
	// StateRetired was in use until a better one came.
	StateRetired State = "retired"
	// StateRolledBack was in use until a person took it back.
	StateRolledBack State = "rolled_back"
)

// Model is the record of one run: what was learned from how much, and how it
// compared with the model then in use.
type Model struct {
	ID    int64     `json:"id"`
	Pack  string    `json:"pack"`
	At    time.Time `json:"at"`
	By    string    `json:"by"`
	State State     `json:"state"`
	Card  nlp.Card  `json:"card"`
	// Through is the number of the last label that was known.
	Through int64   `json:"through"`
	Trial   Trial   `json:"trial"`
	Curve   []Point `json:"curve"`
	// SHA256 and Size are of the model's file, "" and 0 for a candidate.
	SHA256 string `json:"sha256"`
	Size   int    `json:"size"`
	// UsedFrom is when it became the model in use, zero if never.
	UsedFrom time.Time `json:"used_from"`
}

// Trial is the comparison of a candidate with the model in use on cases that
// neither has seen.
type Trial struct {
	// Trained counts the cases the candidate was trained on.
	Trained int `json:"trained"`
	// Current is the id of the model it was compared with, 0 for the shipped one.
	Current int64          `json:"current"`
	Old     evidence.Share `json:"old"`
	New     evidence.Share `json:"new"`
	// Won and Lost count the cases that only the candidate, and only the model
	// in use, judged right; P is evidence.ByChance of them.
	Won  int     `json:"won"`
	Lost int     `json:"lost"`
	P    float64 `json:"p"`
	// Look is the number of this test against the model in use, from 1, and Level
	// what P had to be below: evidence.Spend of the accepted chance. Both are 0
	// where too few cases were there to test.
	Look  int     `json:"look"`
	Level float64 `json:"level"`
	// Decision is why the candidate was promoted, or not.
	Decision Decision `json:"decision"`
}

// Decision is the outcome of a trial.
type Decision string

// The outcomes of a trial.
const (
	DecisionBetter  Decision = "better"
	DecisionChance  Decision = "not_better"
	DecisionTooFew  Decision = "too_few_tests"
	DecisionRefused Decision = "refused"
)

// Point is one point of the learning curve: with at most PerType labels of each
// type, Trained in all, this share of the test cases was judged right.
type Point struct {
	PerType  int            `json:"per_type"`
	Trained  int            `json:"trained"`
	Accuracy evidence.Share `json:"accuracy"`
}

// Activation makes a model the one in use.
type Activation struct {
	// ID is a model that was in use before; 0 is the shipped one.
	ID   int64
	Pack string
	By   string
	At   time.Time
}
