package learn

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Part is what a labelled case is used for.
type Part string

// The parts. A case that resembles cases of both others is used for neither.
const (
	PartTrain Part = "train"
	PartTest  Part = "test"
	PartAside Part = "aside"
)

// Sample is a case with the latest type that a person gave it.
type Sample struct {
	Case     triage.ComplaintID
	Customer triage.CustomerID
	Text     string
	Type     string
	// First and Last are the numbers of the case's first and latest label;
	// later labels have higher numbers.
	First, Last int64
	// Part is "" until the case is placed.
	Part Part
}

// Judged is a labelled case as the machine saw it before people did.
type Judged struct {
	At time.Time
	// Suggested is the type shown to the first person who gave one, Type that of
	// the latest.
	Suggested, Type string
}

// Arrival is a case as it was judged when it came in.
type Arrival struct {
	At          time.Time
	Text        string
	Type        string
	Confidence  float64
	NeedsReview bool
}
