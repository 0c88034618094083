package silence

import (
	"math"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Key names an assumption.
type Key string

// The assumptions.
const (
	Silent          Key = "silent"           // silent customers for one complaint
	Relieved        Key = "relieved"         // part of the silent who are helped by what prevented the complaint
	LeaveComplained Key = "leave_complained" // part of those who complain and leave
	LeaveSilent     Key = "leave_silent"     // part of the silent who leave
	Told            Key = "told"             // others whom one unhappy customer tells
	Deterred        Key = "deterred"         // part of those told who therefore do not become customers
	KeepCost        Key = "keep_cost"        // yuan to keep a customer
	WinMultiple     Key = "win_multiple"     // winning a customer over keeping one
	Replaced        Key = "replaced"         // part of the lost customers who are won anew
	YearValue       Key = "year_value"       // yuan of sales a year and customer
	Margin          Key = "margin"           // part of the sales that is profit
	Years           Key = "years"            // years that a lost customer would have stayed
	Handling        Key = "handling"         // yuan to handle a complaint
	Programme       Key = "programme"        // yuan that the prevention has cost
)

// Unit is what an assumption is counted in.
type Unit string

// The units.
const (
	Heads Unit = "heads"
	Part  Unit = "part" // 0..1
	Times Unit = "times"
	Span  Unit = "years"
	Money Unit = "yuan"
)

// Assumption is a figure that nobody knows for sure: Low and High bound what is
// believable, Likely is the best guess.
type Assumption struct {
	Key    Key     `json:"key"`
	Unit   Unit    `json:"unit"`
	Low    float64 `json:"low"`
	Likely float64 `json:"likely"`
	High   float64 `json:"high"`
	// Source says where it comes from: "S2" and "S3" are the documents of the
	// glossary, "own" asks for the company's own figure, "edited" was entered by a
	// person.
	Source string `json:"source"`
}

// The sources of assumptions.
const (
	SourceLifeCycle    = "S2"
	SourceSatisfaction = "S3"
	SourceOwn          = "own"
	SourceEdited       = "edited"
)

// Defaults returns the assumptions of the source documents. S2: one complaint
// stands for 24 silent customers, each unhappy customer tells 12 others, winning
// a customer costs six times keeping one. S3: 30 % of complaints end in churn,
// 25 % stop buying; 12 % complain, which means 7.3 silent ones for one complaint
// and is the lower bound there. The other bounds are a third around the likely
// value or so. What the documents do not say is an example that the company has
// to replace.
func Defaults() []Assumption {
	return []Assumption{
		{Silent, Heads, 7.3, 24, 32, SourceLifeCycle},
		{Relieved, Part, 0, 0.2, 1, SourceOwn},
		{LeaveComplained, Part, 0.2, 0.3, 0.4, SourceSatisfaction},
		{LeaveSilent, Part, 0.15, 0.25, 0.35, SourceSatisfaction},
		{Told, Heads, 8, 12, 16, SourceLifeCycle},
		{Deterred, Part, 0, 0.005, 0.02, SourceOwn},
		{KeepCost, Money, 20, 40, 80, SourceOwn},
		{WinMultiple, Times, 5, 6, 7, SourceLifeCycle},
		{Replaced, Part, 0.3, 0.5, 0.8, SourceOwn},
		{YearValue, Money, 400, 600, 1000, SourceOwn},
		{Margin, Part, 0.1, 0.2, 0.3, SourceOwn},
		{Years, Span, 1, 2, 3, SourceOwn},
		{Handling, Money, 20, 35, 60, SourceOwn},
		{Programme, Money, 0, 0, 0, SourceOwn},
	}
}

// Version is one state of all assumptions. Number is 0 for the defaults.
type Version struct {
	Number      int64        `json:"number"`
	Assumptions []Assumption `json:"assumptions"`
	By          string       `json:"by,omitempty"`
	At          time.Time    `json:"at,omitzero"`
	Why         string       `json:"why,omitempty"`
}

// most bounds a number of each unit.
var most = map[Unit]float64{Heads: 1e4, Part: 1, Times: 1e3, Span: 100, Money: 1e12}

// Check returns the assumptions in the order of Defaults, with the units that
// belong to them. An error is of CodeInvalid and names the key: one that is
// missing, unknown or twice there, or not 0 <= low <= likely <= high within the
// bounds of its unit.
func Check(list []Assumption) ([]Assumption, error) {
	all := Defaults()
	if len(list) != len(all) {
		return nil, triage.FieldErrorf("assumptions", "are %d, want %d", len(list), len(all))
	}
	for i := range all {
		at := slices.IndexFunc(list, func(a Assumption) bool { return a.Key == all[i].Key })
		if at < 0 {
			return nil, triage.FieldErrorf(string(all[i].Key), "is missing")
		}
		a := list[at]
		a.Unit = all[i].Unit
		for _, v := range []float64{a.Low, a.Likely, a.High} {
			if math.IsNaN(v) || v < 0 || v > most[a.Unit] {
				return nil, triage.FieldErrorf(string(a.Key), "%g is not between 0 and %g", v, most[a.Unit])
			}
		}
		if a.Low > a.Likely || a.Likely > a.High {
			return nil, triage.FieldErrorf(string(a.Key), "want low <= likely <= high, got %g, %g, %g", a.Low, a.Likely, a.High)
		}
		all[i] = a
	}
	return all, nil
}
