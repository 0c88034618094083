package detect

import (
	"cmp"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
)

// Options set up a Detector. Only Tokenizer is required.
type Options struct {
	// Tokenizer cuts texts into words.
	Tokenizer cluster.Tokenizer
	// MaxFalseAlarmsPerWeek is how many alarms by chance are accepted; default 1.
	MaxFalseAlarmsPerWeek float64
	// MemoryDays and MaxEvents bound what is remembered; defaults 400 days and
	// 700 000 complaints.
	MemoryDays int
	MaxEvents  int
	// Exposures tells what customers had to do with; nil knows nothing.
	Exposures Exposures
	// NextID reserves a cluster id; by default they are K1, K2 and so on. When it
	// fails, Observe returns the error and the alarm waits for the next complaint.
	NextID func() (prevention.ClusterID, error)
	// ThemeName turns a type or sub-type into words for titles.
	ThemeName func(code string) string
	// Now bounds the times of complaints: what claims to be later counts as now.
	// Nil trusts them, for replays.
	Now func() time.Time
	// Placed is told where each complaint went, alarm or not.
	Placed func(e Event, p cluster.Placement)
	// Thresholds replaces the start values; the nightly calibration moves on from
	// them unless Fixed.
	Thresholds Thresholds
}

// Thresholds are the scores, -log10 of a corrected probability, that alarm.
type Thresholds struct {
	Words float64 // issues, by wording and facts together
	Facts float64 // combinations of facts
	// Fixed keeps them; otherwise they are calibrated as the stream goes on.
	Fixed bool
}

func (o Options) withDefaults() Options {
	o.MaxFalseAlarmsPerWeek = cmp.Or(o.MaxFalseAlarmsPerWeek, 1)
	o.MemoryDays = cmp.Or(o.MemoryDays, 400)
	o.MaxEvents = cmp.Or(o.MaxEvents, 700_000)
	o.Thresholds.Words = cmp.Or(o.Thresholds.Words, startWords)
	o.Thresholds.Facts = cmp.Or(o.Thresholds.Facts, startFacts)
	if o.ThemeName == nil {
		o.ThemeName = func(code string) string { return code }
	}
	if o.NextID == nil {
		last := 0
		o.NextID = func() (prevention.ClusterID, error) {
			last++
			return prevention.ClusterID("K" + strconv.Itoa(last)), nil
		}
	}
	return o
}

// The thresholds before the first calibration: in the first weeks everything is
// new, and what is new alarms more easily than what is steady.
const (
	startWords = 4.5
	startFacts = 5.5
)
