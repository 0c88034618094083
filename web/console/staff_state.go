package console

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/staff"
)

// staffSpans are the times that the comparison can look back, in days, the usual
// one first.
var staffSpans = []int{90, 30, 365}

// staffState is the state of the comparison as its address has it.
type staffState struct {
	By      fact.Dim
	Days    int
	Type    string
	Measure staff.Measure // in the picture
}

func readStaffState(q url.Values) staffState {
	s := staffState{By: fact.Owner, Days: staffSpans[0], Type: cut(q.Get("type"), maxWho), Measure: staff.Resolve}
	if q.Get("by") == fact.Department.String() {
		s.By = fact.Department
	}
	if n, err := strconv.Atoi(q.Get("days")); err == nil && slices.Contains(staffSpans, n) {
		s.Days = n
	}
	if m, ok := staff.MeasureNamed(q.Get("measure")); ok {
		s.Measure = m
	}
	return s
}

func (s staffState) link(path string) string {
	return address(path, "by", s.By.String(), "days", count(s.Days), "type", s.Type, "measure", s.Measure.String())
}

// card is the address of a card.
func (s staffState) card(name string) string {
	if s.By == fact.Department {
		return "/staff/departments/" + url.PathEscape(name)
	}
	return "/staff/agents/" + url.PathEscape(name)
}

// of is the address of a card for the same cases.
func (s staffState) of(card string) string {
	return address(card, "days", count(s.Days), "type", s.Type)
}

// staffFilter chooses the cases of so many days up to today, within what the
// visitor may see.
func (c *Console) staffFilter(v *visit, s staffState) fact.Filter {
	f := fact.Filter{To: c.today() + 1}
	f.From = f.To - fact.Day(s.Days)
	if s.Type != "" {
		f = f.With(fact.Type, s.Type)
	}
	return v.ownFigures(f)
}

// spans are the choices of how far to look back.
func (s staffState) spans(link func(staffState) string) []spanTab {
	tabs := make([]spanTab, len(staffSpans))
	for i, days := range staffSpans {
		at := s
		at.Days = days
		tabs[i] = spanTab{Days: days, Href: link(at), Active: days == s.Days}
	}
	return tabs
}

// staffTypes are the types to choose from.
func (c *Console) staffTypes(l language, chosen string) []option {
	var all []option
	for _, code := range c.d.Staff.Book.Values(fact.Type) {
		if code != "" {
			all = append(all, option{Value: code, Label: c.typeName(l, code), Selected: code == chosen})
		}
	}
	return all
}
