package customer

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Score is how satisfied a customer was with one case.
type Score struct {
	// Survey is the answered survey, 0 for a score that came with the case.
	Survey   int64
	Case     triage.ComplaintID
	Customer triage.CustomerID
	Score    float64 // 0..100
	Reasons  []string
	// Text is what the customer wrote: hostile input.
	Text string
	At   time.Time
	// By took the score; "customer" for a survey that the customer answered.
	By string
}
