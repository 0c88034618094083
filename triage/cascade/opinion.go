package cascade

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/evidence"
)

// Verdict is what came of asking.
type Verdict string

// The verdicts.
const (
	// VerdictAgrees and VerdictDiffers name a type: ours, or another.
	VerdictAgrees  Verdict = "agrees"
	VerdictDiffers Verdict = "differs"
	// VerdictNone is an answer that does not parse, names no type, or differs
	// between the two calls: it counts as nothing.
	VerdictNone Verdict = "none"
	// VerdictWithheld is a text that reads like instructions and was not sent.
	VerdictWithheld Verdict = "withheld"
)

// Opinion is a language model's second opinion on one case.
type Opinion struct {
	Case  triage.ComplaintID
	Model string
	At    time.Time
	// Seen is the version of the work on the case (triage.Work) that was asked
	// about; it is not kept.
	Seen int64
	// Ours is the type that our own model had given.
	Ours string
	// Type and Subtype are "" for none and withheld.
	Type, Subtype string
	Verdict       Verdict
	// Calls and Tokens are what it took, Cost what that costs by the configured
	// price.
	Calls, Tokens int
	Cost          float64
	// Applied says that it became the type of the case.
	Applied bool
}

// Counts are the opinions of one language model.
type Counts struct {
	Verdicts map[Verdict]int
	Applied  int
	Calls    int
	Tokens   int
	Cost     float64
	// Decided counts the opinions on cases that a person has labelled since;
	// Right and OursRight of them are as the person said, Won and Lost those
	// where only the language model, and only our own, was right.
	Decided, Right, OursRight, Won, Lost int
}

// Figures are the counts with what follows from them.
type Figures struct {
	Model string
	Counts
	// Agreement with people: of the language model and of our own, on the same
	// cases.
	Theirs, Ours evidence.Share
	// P is evidence.AtAnyTime of so much better an agreement: it is looked at
	// with every run.
	P float64
	// Trusted says that opinions may change the type of a case.
	Trusted bool
}

// significance is the chance that is accepted of ever trusting a language model
// that is not better than our own.
const significance = 0.05

func (c Config) figures(model string, n Counts) Figures {
	f := Figures{
		Model: model, Counts: n,
		Theirs: evidence.ShareOf(n.Right, n.Decided), Ours: evidence.ShareOf(n.OursRight, n.Decided),
		P: evidence.AtAnyTime(n.Won, n.Lost),
	}
	f.Trusted = !c.ShowOnly && n.Decided >= c.MinEvidence && f.P < significance
	return f
}
