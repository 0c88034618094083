package outreach

import "github.com/qianyi-dev/qianyi/prevention"

// The reasons of notices. ReasonNoValue is followed by the variable, as in
// "no_value:product".
const (
	ReasonUnknownCustomer = "unknown_customer" // not in the customer file
	ReasonOptedOut        = "opted_out"
	ReasonSuppressed      = "suppressed"
	ReasonComplained      = "complained"
	ReasonCap             = "cap"
	ReasonNoAddress       = "no_address"
	ReasonNoValue         = "no_value:"
	ReasonCancelled       = "cancelled"    // with its plan
	ReasonSettled         = "settled"      // a person decided what became of it
	ReasonUndone          = "undone"       // the mishap of an event rule is over
	ReasonSameAddress     = "same_address" // another customer of the plan has it

	// While a notice is queued, or why it ended.
	ReasonRejected    = "rejected"     // by its latest channel, for ever
	ReasonExhausted   = "exhausted"    // out of attempts on its latest channel
	ReasonRetry       = "retry"        // the latest attempt was certainly not taken
	ReasonUnknown     = "unknown"      // an attempt may have been taken
	ReasonChannelDown = "channel_down" // waits for its channel
)

// doubtful says whether an earlier attempt may have reached the customer. Such
// a notice stays on its channel and under its key, and never ends as failed or
// skipped.
func doubtful(n *prevention.Notice) bool { return n.Reason == ReasonUnknown }

// end brings a notice to its end, which is unclear when it may have been told.
func end(n prevention.Notice, state prevention.NoticeState, reason string) prevention.Notice {
	if doubtful(&n) {
		state, reason = prevention.NoticeUnclear, ReasonUnknown
	}
	n.State, n.Reason = state, reason
	return n
}
