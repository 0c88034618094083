package wording

import "cmp"

// Kind is a kind of mistake in a reply.
type Kind string

// The kinds of the output contract.
const (
	PrematureAdmission  Kind = "premature_admission"
	BlameColleague      Kind = "blame_colleague"
	Arguing             Kind = "arguing"
	OneSided            Kind = "one_sided"
	Lecturing           Kind = "lecturing"
	Mocking             Kind = "mocking"
	Doubting            Kind = "doubting"
	FlatRefusal         Kind = "flat_refusal"
	Hurdle              Kind = "hurdle"
	MeaninglessQuestion Kind = "meaningless_question"
	Evading             Kind = "evading"
	EmptyDelay          Kind = "empty_delay"
	OverPromise         Kind = "over_promise"
	PersonalData        Kind = "personal_data"
)

// Kinds lists every kind, in the order of the contract.
var Kinds = []Kind{
	PrematureAdmission, BlameColleague, Arguing, OneSided, Lecturing, Mocking, Doubting,
	FlatRefusal, Hurdle, MeaninglessQuestion, Evading, EmptyDelay, OverPromise, PersonalData,
}

// Flag is one mistake: the words, their place, and what to say instead.
type Flag struct {
	Kind Kind `json:"kind"`
	// Text is the span as written; Start and End are its rune offsets in the
	// reply, End exclusive.
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	// Advice is in Chinese and can be acted on as it stands.
	Advice string `json:"advice"`
}

// Report is the judgement of one reply.
type Report struct {
	// Score is 5 for a reply without a flag and falls, not below 1, by the
	// points of every kind that occurs.
	Score int `json:"score"`
	// Reasons say in Chinese which kinds cost how many points, dearest first.
	Reasons []string `json:"reasons"`
	// Flags are in the order of their start; spans of one kind do not overlap.
	Flags []Flag `json:"flags"`
}

const (
	bestScore  = 5
	worstScore = 1
)

// byPlace orders flags by start, then end, then kind.
func byPlace(a, b Flag) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Kind, b.Kind))
}
