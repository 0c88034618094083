package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/detect/replay"
	"github.com/qianyi-dev/qianyi/triage"
)

// goldIssue is one issue that readers found. Kind C is a concrete problem, P a
// policy, S one person's series, which nobody is asked to find.
type goldIssue struct {
	Issue   int                  `json:"issue"`
	Name    string               `json:"name"`
	Kind    string               `json:"kind"`
	Members []triage.ComplaintID `json:"members"`
}

func (g *goldIssue) label() string { return strconv.Itoa(g.Issue) }

// tuned says whether the issue is in the half that parameters were chosen on.
func (g *goldIssue) tuned() bool {
	h := fnv.New32a()
	h.Write([]byte(g.Name))
	return h.Sum32()%2 == 0
}

// A burst is an issue of kind C or P with at least burstPeople distinct people
// within burstTime.
const (
	burstPeople = 5
	burstTime   = 14 * 24 * time.Hour
)

func (b *bench) citizen(ctx context.Context, dir string) error {
	complaints, err := readComplaints(filepath.Join(dir, "stream.until-2019-08.jsonl"))
	if err != nil {
		return err
	}
	gold, err := readJSONLines[goldIssue](filepath.Join(dir, "issues.until-2019-08.jsonl"))
	if err != nil {
		return err
	}
	o, err := b.replay(ctx, replay.Input{Complaints: complaints})
	if err != nil {
		return err
	}
	g := newGoldStream(complaints, gold)
	fmt.Printf("citizen: %d complaints, %d issues; %.2f ms per complaint\n", len(complaints), len(gold), perComplaint(o))
	g.bursts(b, o)
	g.alarms(b, o)
	for _, half := range halves {
		p, r, f := bcubed(gold, o.assignments, half.use)
		fmt.Printf("  B-cubed %-10s P %.3f R %.3f F1 %.3f\n", half.name, p, r, f)
	}
	return nil
}

var halves = []struct {
	name string
	use  func(*goldIssue) bool
}{
	{"all", func(*goldIssue) bool { return true }},
	{"tuned", (*goldIssue).tuned},
	{"untouched", func(g *goldIssue) bool { return !g.tuned() }},
}

type goldStream struct {
	gold  []goldIssue
	label map[triage.ComplaintID]string
	kind  map[string]string
	of    map[triage.ComplaintID]*triage.Complaint
	weeks float64
}

func newGoldStream(complaints []triage.Complaint, gold []goldIssue) *goldStream {
	g := &goldStream{gold: gold, label: map[triage.ComplaintID]string{}, kind: map[string]string{}, of: map[triage.ComplaintID]*triage.Complaint{}}
	days := map[string]bool{}
	for i := range complaints {
		g.of[complaints[i].ID] = &complaints[i]
		days[complaints[i].At.Format(time.DateOnly)] = true
	}
	g.weeks = float64(len(days)) / 7
	for _, x := range gold {
		g.kind[x.label()] = x.Kind
		for _, m := range x.Members {
			g.label[m] = x.label()
		}
	}
	return g
}

// bursts prints how many bursts had an alarm between their first complaint and
// two weeks after their last, at which distinct person of the issue.
func (g *goldStream) bursts(b *bench, o outcome) {
	for _, half := range halves {
		found, all := 0, 0
		var at []int
		for i := range g.gold {
			x := &g.gold[i]
			from, to, is := g.burst(x)
			if !is || !half.use(x) {
				continue
			}
			all++
			n := g.alarmedAt(x, o, from, to)
			if n > 0 {
				found++
				at = append(at, n)
			}
			if b.verbose && half.name == "all" {
				fmt.Printf("    burst %s %s %d members, %s to %s: person %d, tuned %v\n", x.label(), x.Name, len(x.Members),
					from.Format(time.DateOnly), to.Format(time.DateOnly), n, x.tuned())
			}
		}
		fmt.Printf("  bursts alarmed %-10s %d of %d, at distinct person (median) %v\n", half.name, found, all, median(at))
	}
}

// burst returns the first time with enough people, from its first complaint to
// the latest of an unbroken chain of such times.
func (g *goldStream) burst(x *goldIssue) (from, to time.Time, is bool) {
	if x.Kind == "S" {
		return from, to, false
	}
	members := g.inOrder(x)
	for i, c := range members {
		people := map[triage.CustomerID]bool{}
		last := c.At
		for _, later := range members[i:] {
			if later.At.Sub(c.At) > burstTime {
				break
			}
			people[later.CustomerID] = true
			last = later.At
		}
		switch {
		case len(people) < burstPeople:
		case from.IsZero():
			from, to = c.At, last
		case !c.At.After(to):
			to = last
		}
	}
	return from, to, !from.IsZero()
}

func (g *goldStream) inOrder(x *goldIssue) []*triage.Complaint {
	var list []*triage.Complaint
	for _, m := range x.Members {
		if c := g.of[m]; c != nil {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *triage.Complaint) int { return a.At.Compare(b.At) })
	return list
}

// alarmedAt is the number of distinct people of the issue in the four weeks up to
// the first alert about it that is due to the burst, 0 without one.
func (g *goldStream) alarmedAt(x *goldIssue, o outcome, from, to time.Time) int {
	for _, a := range o.alerts {
		if a.at.Before(from.Add(-2*burstTime)) || a.at.After(to.Add(burstTime)) || 2*a.labels(g.label)[x.label()] < len(a.members) {
			continue
		}
		people := map[triage.CustomerID]bool{}
		for _, c := range g.inOrder(x) {
			if !c.At.After(a.at) && c.At.After(a.at.Add(-2*burstTime)) {
				people[c.CustomerID] = true
			}
		}
		return len(people)
	}
	return 0
}

// alarms prints how many there are in a week and how many have no support: less
// than half of the members are of one gold issue.
func (g *goldStream) alarms(b *bench, o outcome) {
	unsupported := 0
	for _, a := range o.alerts {
		best, label := 0, ""
		for l, n := range a.labels(g.label) {
			if l != "" && n > best {
				best, label = n, l
			}
		}
		if 2*best < len(a.members) {
			unsupported++
		}
		if b.verbose {
			fmt.Printf("    %v: %d of %d in issue %s %s\n", &a, best, len(a.members), label, g.kind[label])
		}
	}
	fmt.Printf("  alarms %d, %.2f a week (%.1f weeks); without gold support %d (%.0f %%); escalated %d, resolved %d\n", len(o.alerts),
		float64(len(o.alerts))/g.weeks, g.weeks, unsupported, 100*float64(unsupported)/max(float64(len(o.alerts)), 1), o.escalations, o.resolved)
}
