package launch

import "cmp"

// Kind is a kind of fault in a campaign.
type Kind string

// The kinds of the output contract.
const (
	AbsoluteClaim   Kind = "absolute_claim"
	OverPromise     Kind = "over_promise"
	HiddenCondition Kind = "hidden_condition"
	MissingEnd      Kind = "missing_end_date"
	UnclearRenewal  Kind = "unclear_renewal"
	UnclearCharge   Kind = "unclear_charge"
	FinalSay        Kind = "final_say"
	FalseUrgency    Kind = "false_urgency"
	Comparison      Kind = "comparison_with_others"
	PrizeTerms      Kind = "prize_terms"
	PersonalInfo    Kind = "personal_info"
	SMSRules        Kind = "sms_rules"
	Contradiction   Kind = "contradiction"
	RuleChange      Kind = "rule_change"
)

// Kinds lists every kind, in the order of the contract.
var Kinds = []Kind{
	AbsoluteClaim, OverPromise, HiddenCondition, MissingEnd, UnclearRenewal, UnclearCharge, FinalSay,
	FalseUrgency, Comparison, PrizeTerms, PersonalInfo, SMSRules, Contradiction, RuleChange,
}

// Severity is how grave a finding is.
type Severity string

// The severities, the gravest first.
const (
	// High is what the law forbids or what tells customers something false.
	High Severity = "high"
	// Medium is what customers will complain about.
	Medium Severity = "medium"
	// Low is what could be said better.
	Low Severity = "low"
)

// Severities lists them, the gravest first.
var Severities = []Severity{High, Medium, Low}

// Part is the text that a finding is in.
type Part string

// The parts of a campaign.
const (
	InCopy  Part = "copy"
	InRules Part = "rules"
)

// Finding is one fault: the words, their place, what to write instead.
type Finding struct {
	Kind     Kind     `json:"kind"`
	Severity Severity `json:"severity"`
	// In is the text that the place is in.
	In Part `json:"in"`
	// Text is the span as written; Start and End are its rune offsets, End
	// exclusive. They are equal where something is missing.
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	// Advice is in Chinese and can be acted on as it stands.
	Advice string `json:"advice"`
	// Law is the article that speaks of it, "" where none plainly does.
	Law string `json:"law"`
}

// Key tells the finding apart from others of the same campaign, also after other
// parts of the text have changed.
func (f *Finding) Key() string { return string(f.In) + "/" + string(f.Kind) + "/" + f.Text }

// byPlace orders findings by part, start, end and kind.
func byPlace(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.In, b.In), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Kind, b.Kind))
}
