package fact

import (
	"cmp"
	"slices"
)

// Rolled is what a run of the roll-up has done.
type Rolled struct {
	Days, Cases int
	// Anew says that all days have been rolled up into a new generation.
	Anew bool
}

// Verified is what a comparison of the stored days with the cases has seen.
type Verified struct {
	Days  int `json:"days"`
	Cases int `json:"cases"`
	// Differ are the days that differ, in order.
	Differ []DayDiffers `json:"differ"`
}

// DayDiffers says what a day differs in: how many cases by the name of each
// field (see Row.Differ), "missing" for those that are not counted and
// "extra" for those that are counted and not there; "unreadable" says why the
// whole day cannot be read.
type DayDiffers struct {
	Day        string         `json:"day"`
	Cases      map[string]int `json:"cases,omitempty"`
	Example    int64          `json:"example_seq,omitempty"`
	Unreadable string         `json:"unreadable,omitempty"`
}

// Compare compares the stored rows of a day with what they should be, nil for no
// difference.
func Compare(day Day, got, want []Row) *DayDiffers {
	d := &DayDiffers{Day: day.String(), Cases: map[string]int{}}
	note := func(seq int64, names ...string) {
		for _, n := range names {
			d.Cases[n]++
			d.Example = cmp.Or(d.Example, seq)
		}
	}
	stored := make(map[int64]*Row, len(got))
	for i := range got {
		if stored[got[i].Seq] != nil {
			note(got[i].Seq, "extra")
		}
		stored[got[i].Seq] = &got[i]
	}
	for i := range want {
		seq := want[i].Seq
		if row := stored[seq]; row != nil {
			note(seq, row.Differ(&want[i])...)
		} else {
			note(seq, "missing")
		}
		delete(stored, seq)
	}
	for seq := range stored {
		note(seq, "extra")
	}
	if len(d.Cases) == 0 {
		return nil
	}
	return d
}

// Differ names what two rows of a case differ in: "day", "minute", "customer",
// dimensions, flags and clocks by their names, "satisfaction", "handovers",
// "replies" and "stays".
func (r *Row) Differ(other *Row) []string {
	var names []string
	say := func(name string, differ bool) {
		if differ {
			names = append(names, name)
		}
	}
	say("day", r.Day != other.Day)
	say("minute", r.Minute != other.Minute)
	say("customer", r.Customer != other.Customer)
	for d := range Dims {
		say(dimNames[d], r.Values[d] != other.Values[d])
	}
	names = append(names, (r.Flags ^ other.Flags).Names()...)
	say(clockNames[Respond], r.Respond != other.Respond)
	say(clockNames[Verify], r.Verify != other.Verify)
	say(clockNames[Resolve], r.Resolve != other.Resolve)
	say("satisfaction", r.Satisfaction != other.Satisfaction)
	say("handovers", r.HandOvers != other.HandOvers || r.FactsNeeded != other.FactsNeeded || r.FactsKnown != other.FactsKnown)
	say("replies", r.Replies != other.Replies || r.Points != other.Points)
	say("stays", !slices.Equal(r.Stays, other.Stays))
	return names
}
