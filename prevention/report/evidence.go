package report

import (
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Evidence is what a report tells beside the figures of cases. Nil of a kind
// means that nothing is known of it, and the report is silent; an empty list is
// told as nothing.
type Evidence struct {
	Clusters  []Cluster
	Actions   []Action
	Campaigns []Signal
	Outreach  *Effect
}

// Cluster is a common problem that was seen, or is open, in the week.
type Cluster struct {
	Title string
	Link  string
	// Cases is how many complaints it has by now.
	Cases int
	// Type is that of its complaints and Is what they concentrate in.
	Type string
	Is   []fact.Is
	// New was raised in the week, Closed ended in it, Open is neither closed nor
	// dismissed.
	New, Closed, Open bool
}

// about says whether the cluster concerns what rose.
func (k *Cluster) about(c *Change) bool {
	return c.dim == fact.Type && k.Type != "" && k.Type == c.Value || slices.Contains(k.Is, fact.Is{Dim: c.dim, Value: c.Value})
}

// Effect is a number of complaints that something prevented, with its interval.
// Early is set while it cannot be told from nothing.
type Effect struct {
	Prevented, Low, High float64
	Early                bool
	Link                 string
}

// Action is an improvement action.
type Action struct {
	Title string
	Link  string
	// DueAt may be zero; DoneAt is zero while it is not done.
	DueAt, DoneAt time.Time
	// Effect is nil for an action that is not measured.
	Effect *Effect
}

// Signal is what is advised about a campaign: go, adjust or stop.
type Signal struct {
	Title  string
	Link   string
	Advice string
	// Rate is complaints per 10 000 reached with its interval of SignalLevel, of
	// the days or the part that the advice is about, Usual what it is compared with,
	// 0 where there is nothing.
	Rate, Low, High, Usual float64
	// Why is "" for an advice because of the rate, else what Share is of:
	// "escalated" complaints, or "unwelcome" contacts at the counter.
	Why   string
	Share float64
}

// SignalLevel is the confidence of the intervals of the rates of campaigns.
const SignalLevel = 0.9
