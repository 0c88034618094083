package fact

import "time"

// Day is a day of the calendar in the zone of the service, counted from
// 1970-01-01.
type Day int32

// DayOf returns the day in which t lies in the zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return Date(y, m, d)
}

// Date returns the day of a date.
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / int64(24*60*60))
}

// Time is midnight UTC of the date, for formatting and for its weekday.
func (d Day) Time() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// In is when the day begins in the zone: the first moment of which DayOf is the
// day, also where clocks are changed at midnight.
func (d Day) In(zone *time.Location) time.Time {
	const step = 15 * time.Minute // clocks are changed by multiples of it
	y, m, day := d.Time().Date()
	t := time.Date(y, m, day, 0, 0, 0, 0, zone)
	for DayOf(t, zone) < d {
		t = t.Add(step)
	}
	for DayOf(t.Add(-step), zone) >= d {
		t = t.Add(-step)
	}
	return t
}

// String returns the day as 2006-01-02.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// Dim is a dimension: what cases can be told apart by.
type Dim uint8

// The dimensions. Campaign is the campaign that the case is attributed to;
// Department and Owner are who has the case, or had it last.
const (
	Type Dim = iota
	Subtype
	Channel
	Region
	Product
	Campaign
	Department
	Owner
	Tier
	Urgency
	Sentiment
	Intensity
	Demand
	Style
	Cause
	CauseDepartment
	Status
	Dims // how many there are
)

// dimNames are the names of the dimensions in addresses and files.
var dimNames = [Dims]string{
	"type", "subtype", "channel", "region", "product", "campaign", "department", "owner", "tier", "urgency",
	"sentiment", "intensity", "demand", "style", "cause", "cause_department", "status",
}

// String returns the name of the dimension in addresses and files.
func (d Dim) String() string {
	if d < Dims {
		return dimNames[d]
	}
	return ""
}

// DimNamed returns the dimension of a name.
func DimNamed(name string) (Dim, bool) {
	for d := range Dims {
		if dimNames[d] == name {
			return d, true
		}
	}
	return 0, false
}

// Flags are what a case can have or not have.
type Flags uint32

// The flags. A limit was missed when what it is for came after it; a case that
// is late and still open is not among them, because that changes with the clock
// alone (package life lists those).
const (
	Repeat       Flags = 1 << iota // a case of the same customer about the same issue came before
	Reopened                       // taken up again after it was closed
	Ended                          // closed, with or without a call-back
	Withdrawn                      // taken back, or merged into another
	LateResponse                   // the first answer came after its limit
	LateVerify                     // the check of the facts ended after its limit
	LateResolve                    // the case was closed after its limit
	NeedsReview                    // the machine is unsure and nobody has looked
	Labelled                       // somebody has said what type it is
	Corrected                      // … and it was another than the suggested one
	To12315                        // the customer names 12315, a consumer association or market supervision
	ToMIIT                         // … the ministry, 12300, 12381
	ToMedia                        // … press, television, exposure in public
	ToCourt                        // … a lawyer, a court
	ToGovernment                   // … 12345, petitions
	Slow                           // dissatisfied because it took long
	BadSolution                    // … with the solution
	BadAttitude                    // … with the manner
	OtherReason                    // … for another reason
	flagsEnd
)

// Escalated are the flags of a customer who turns to somebody else.
const Escalated = To12315 | ToMIIT | ToMedia | ToCourt | ToGovernment

// flagNames are the names of the flags in addresses and files, in their order.
var flagNames = [...]string{
	"repeat", "reopened", "ended", "withdrawn", "late_response", "late_verify", "late_resolve", "needs_review",
	"labelled", "corrected", "to_12315", "to_miit", "to_media", "to_court", "to_government",
	"slow", "bad_solution", "bad_attitude", "other_reason",
}

// FlagCount is how many flags there are.
const FlagCount = len(flagNames)

// FlagNamed returns the flag of a name.
func FlagNamed(name string) (Flags, bool) {
	for i, n := range flagNames {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// Names returns the names of the flags that are set.
func (f Flags) Names() []string {
	var names []string
	for i, n := range flagNames {
		if f&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return names
}

// None is a time or a score that is not there.
const None = -1

// Row is what the figures know of one case.
type Row struct {
	// Seq is that of the case; Day and Minute are the local time of the
	// complaint.
	Seq    int64
	Day    Day
	Minute uint16
	// Customer tells customers apart, 0 for a case without one.
	Customer uint64
	Values   [Dims]string
	Flags    Flags
	// Respond, Verify and Resolve are the minutes from the complaint to the first
	// answer, the end of the check of the facts and the closing, None before.
	Respond, Verify, Resolve int32
	// Satisfaction is the score, 0..100, None without one.
	Satisfaction float32
	// HandOvers were sent; they needed so many facts and knew so many of them.
	HandOvers, FactsNeeded, FactsKnown uint8
	// Replies went to the customer and could be marked; Points is the sum of the
	// marks for their wording, 1 to 5 each.
	Replies uint8
	Points  uint16
	// Stays are the steps of the case that have ended, in their order.
	Stays []Stay
}

// Stay is a step of a case: how long it was where.
type Stay struct {
	Status     string
	Department string
	Owner      string
	Minutes    int32
}
