package verdict

import "github.com/qianyi-dev/qianyi/triage/fact"

// Signal is what should become of a running campaign.
type Signal string

// The signals, the worst first.
const (
	Stop   Signal = "stop"
	Adjust Signal = "adjust"
	Go     Signal = "go"
)

// Signals lists every signal, the worst first.
var Signals = []Signal{Stop, Adjust, Go}

// Why is what a signal rests on.
type Why string

// The reasons.
const (
	WhyFar       Why = "far"       // far more complaints than campaigns alike, or than before
	WhyEscalated Why = "escalated" // many of them go to authorities or the media
	WhyUnwelcome Why = "unwelcome" // most at the counter refuse or are annoyed
	WhyChange    Why = "change"    // more than on its own earlier days
	WhySegment   Why = "segment"   // one part is worse than the rest
	WhyAbove     Why = "above"     // more than campaigns alike
	WhyEarly     Why = "early"     // too early to say
	WhyFine      Why = "fine"
	WhyUnknown   Why = "unknown" // nobody knows whom it reached
)

// Limits are what a company makes of the figures.
type Limits struct {
	// Above is the multiple of campaigns alike that calls for adjusting, Far the
	// one that calls for stopping if the rate is also over FarRate per 10 000.
	Above   float64 `yaml:"above"`
	Far     float64 `yaml:"far"`
	FarRate float64 `yaml:"far_rate"`
	// Escalated is the least share of complaints that go to authorities or the
	// media that calls for stopping, if it is also over three times the usual.
	Escalated float64 `yaml:"escalated"`
	// Unwelcome is the share of contacts at the counter that end in refusal or
	// annoyance that calls for stopping.
	Unwelcome float64 `yaml:"unwelcome"`
	// FalseAdjust and FalseStop are the chances, over the whole life of a campaign
	// with nothing wrong, of either of them by one reason.
	FalseAdjust float64 `yaml:"false_adjust"`
	FalseStop   float64 `yaml:"false_stop"`
}

// DefaultLimits are those of a company that has not set its own.
func DefaultLimits() Limits {
	return Limits{Above: 2, Far: 5, FarRate: 100, Escalated: 0.15, Unwelcome: 0.6, FalseAdjust: 0.03, FalseStop: 0.004}
}

// Evidence is what a signal is judged by, as it was on one day.
type Evidence struct {
	History History
	// Length is how many days the campaign is to run, 0 when nobody knows.
	Length int
	Prior  Prior
	// General counts complaints of all kinds of all customers in 30 days.
	General Count
	Delay   Delay
	// Dispersion is that of past campaigns, see [Dispersion]; 0 is 1.
	Dispersion float64
	// Escalated of Complaints name an authority or the media; the share is usually
	// UsualEscalated.
	Escalated, Complaints int
	UsualEscalated        float64
	// Unwelcome of Contacts at the counter ended in refusal or annoyance.
	Unwelcome, Contacts int
	// Was is the signal of the day before.
	Was Signal
}

// Verdict is a signal with everything behind it.
type Verdict struct {
	Signal Signal `json:"signal"`
	// Sure is false for a Go because it is too early to say anything else.
	Sure bool `json:"sure"`
	Why  Why  `json:"why"`
	// Rate is per 10 000 reached, of the whole campaign; Recent since Since, when
	// the rate has gone up; Segment and SegmentRate name the part that is worse.
	Rate        Rate     `json:"rate"`
	Recent      Rate     `json:"recent"`
	Since       fact.Day `json:"since,omitempty"`
	Segment     string   `json:"segment,omitempty"`
	SegmentRate Rate     `json:"segment_rate"`
	// Own compares the days since Since, or the last seven, with those before,
	// General with customers in general, Similar with campaigns alike, Rest the
	// segment with the rest. The zero Ratio is nothing to compare with.
	Own     Ratio `json:"own"`
	General Ratio `json:"general"`
	Similar Ratio `json:"similar"`
	Rest    Ratio `json:"rest"`
	// SimilarRate and GeneralRate are what is compared with; SimilarCampaigns is
	// how many.
	SimilarRate      Rate `json:"similar_rate"`
	GeneralRate      Rate `json:"general_rate"`
	SimilarCampaigns int  `json:"similar_campaigns"`
	Count            int  `json:"complained"`
	RecentCount      int  `json:"recent_complained"`
	SegmentCount     int  `json:"segment_complained"`
	Escalated        int  `json:"escalated"`
	Complaints       int  `json:"complaints"`
	Unwelcome        int  `json:"unwelcome"`
	Contacts         int  `json:"contacts"`
}
