package console

import (
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
)

// reachView is what a plan would do if it were approved now.
type reachView struct {
	Words              string
	Matched, Reached   int
	Excluded           prevention.Excluded
	Unreached          []reasonCount
	ByChannel          []reasonCount
	Segments           int
	FirstAt            string
	Recipients         []recipientRow
	Complained, Others int
}

type reasonCount struct {
	Reason string
	Count  int
}

type recipientRow struct {
	Customer, Name, Channel, Address, Subject, Text, Reason string
	Segments                                                int
}

func (c *Console) reachView(l language, p *outreach.Preview) *reachView {
	view := &reachView{
		Words: p.Cohort.Words, Matched: p.Cohort.Matched, Reached: p.Reached, Excluded: p.Cohort.Excluded, Segments: p.Segments,
		FirstAt: c.when(p.FirstAt), Unreached: counted(p.Unreached, l.reason), ByChannel: counted(p.ByChannel, func(s string) string { return s }),
	}
	if p.FirstAt.Sub(c.d.Now()) < time.Minute {
		view.FirstAt = ""
	}
	for _, r := range p.Recipients {
		view.Recipients = append(view.Recipients, recipientRow{
			Customer: c.maskedLine(string(r.Customer)), Name: r.Name, Channel: r.Channel, Address: c.maskedLine(r.Address),
			Subject: c.masked(r.Subject, nil), Text: c.masked(r.Text, nil), Reason: l.reason(r.Reason), Segments: r.Segments,
		})
	}
	return view
}

// counted lists the counts of a map, largest first, with the names people read.
func counted(counts map[string]int, name func(string) string) []reasonCount {
	var all []reasonCount
	for key, n := range counts {
		all = append(all, reasonCount{name(key), n})
	}
	slices.SortFunc(all, func(a, b reasonCount) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.Reason, b.Reason)
	})
	return all
}

// reason says why somebody is not told; a reason may name a variable behind a
// colon.
func (l language) reason(code string) string {
	kind, detail, found := strings.Cut(code, ":")
	if kind == "" {
		return ""
	}
	text := l.label("reason", kind)
	if found {
		text += " " + detail
	}
	return text
}
