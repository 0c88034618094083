package watch

import (
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Deps is what a Desk is made of; all but Reactions and Limits are needed. For
// Signals alone it takes neither Cards nor Causes.
type Deps struct {
	Register Register
	Book     *fact.Book
	Reach    Reaches
	People   People
	Signals  Signals
	Cards    Cards
	Causes   Causes
	// Reactions may be nil where nobody is asked at a counter.
	Reactions Reactions
	// Limits of the zero value are verdict.DefaultLimits.
	Limits verdict.Limits
	Now    func() time.Time
	Zone   *time.Location
}

// Desk answers about campaigns. It is safe for concurrent use.
type Desk struct {
	d    Deps
	left kept[card.Departures]
	hurt kept[[]Complainer]
}

// New makes a Desk.
func New(d Deps) *Desk {
	if d.Limits == (verdict.Limits{}) {
		d.Limits = verdict.DefaultLimits()
	}
	return &Desk{d: d}
}

// Limits are those by which campaigns are judged.
func (d *Desk) Limits() verdict.Limits { return d.d.Limits }

func (d *Desk) today() fact.Day { return fact.DayOf(d.d.Now(), d.d.Zone) }
