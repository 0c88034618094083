package console

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// pageRows is the length of one page of the queue.
const pageRows = 50

// anyStatus in an address of earlier versions shows the cases of every status.
const anyStatus = "all"

// maxWords bounds the text of a search.
const maxWords = 200

var levels = []nlp.UrgencyLevel{nlp.UrgencyCritical, nlp.UrgencyHigh, nlp.UrgencyNormal, nlp.UrgencyLow}

// ordersOf are the orders a view has, the usual one first. Only open cases have
// a priority.
func ordersOf(view string) []string {
	switch view {
	case viewCallBack, viewEnded, viewAll:
		return []string{"newest", "urgency"}
	}
	return []string{"priority", "urgency", "newest"}
}

// queueState is the state of the queue as its address has it. A value that
// makes no sense is as good as none.
type queueState struct {
	Words      string
	View       string // one of queueViews
	Status     string // a status, "" for all of the view
	Type       string
	Product    string
	Channel    string
	Urgency    string
	Department string
	Owner      string
	Review     bool
	From       string // a day, in the form of a date field
	To         string // a day, itself included
	Sort       string
	Cursor     string
}

func readQueueState(q url.Values) queueState {
	s := queueState{
		Words:      strings.TrimSpace(q.Get("q")),
		View:       oneOf(q.Get("view"), queueViews),
		Status:     oneOf(q.Get("status"), triage.Statuses),
		Type:       q.Get("type"),
		Product:    strings.TrimSpace(q.Get("product")),
		Channel:    oneOf(q.Get("channel"), triage.Channels),
		Urgency:    oneOf(q.Get("urgency"), levels),
		Department: strings.TrimSpace(q.Get("department")),
		Owner:      strings.TrimSpace(q.Get("owner")),
		Review:     q.Get("review") == "1",
		From:       day(q.Get("from")),
		To:         day(q.Get("to")),
		Sort:       q.Get("sort"),
		Cursor:     q.Get("cursor"),
	}
	if utf8.RuneCountInString(s.Words) > maxWords {
		s.Words = string([]rune(s.Words)[:maxWords])
	}
	if s.View == "" {
		s.View = viewReceived
		if s.Words != "" || s.Status != "" || q.Get("status") == anyStatus {
			s.View = viewAll
		}
	}
	if s.Status == string(triage.StatusReceived) && s.View == viewAll {
		s.View, s.Status = viewReceived, "" // the tab says the same
	}
	return s.ordered()
}

// ordered is the state with an order that its view has.
func (s queueState) ordered() queueState {
	if orders := ordersOf(s.View); !slices.Contains(orders, s.Sort) {
		s.Sort = orders[0]
	}
	return s
}

// values is the state as an address, without what is the default.
func (s queueState) values() url.Values {
	q := url.Values{}
	for _, f := range []struct{ name, value string }{
		{"q", s.Words}, {"view", s.View}, {"status", s.Status}, {"type", s.Type}, {"product", s.Product},
		{"channel", s.Channel}, {"urgency", s.Urgency}, {"department", s.Department}, {"owner", s.Owner},
		{"from", s.From}, {"to", s.To}, {"sort", s.Sort}, {"cursor", s.Cursor},
	} {
		if f.value != "" {
			q.Set(f.name, f.value)
		}
	}
	if s.Review {
		q.Set("review", "1")
	}
	if s.Sort == ordersOf(s.View)[0] {
		q.Del("sort")
	}
	return q
}

// link is the address of the queue, or of its export, in this state.
func (s queueState) link(path string) string {
	q := s.values().Encode()
	if q == "" {
		return path
	}
	return path + "?" + q
}

// filter is the state for the store, as one person sees it. Days are those of
// the zone.
func (s queueState) filter(u triage.User, now time.Time, zone *time.Location) triage.QueueFilter {
	f := triage.QueueFilter{
		Scope: triage.ScopeOf(u),
		Type:  s.Type, Product: s.Product, Channel: triage.Channel(s.Channel), Urgency: s.Urgency,
		Status: triage.Status(s.Status), Department: s.Department, Owner: s.Owner,
		Sort: s.Sort, Cursor: s.Cursor, Limit: pageRows,
	}
	narrow(&f, s.View, u, now)
	if s.Review {
		f.NeedsReview = new(true)
	}
	if t, err := time.ParseInLocation(dayFace, s.From, zone); err == nil {
		f.From = t
	}
	if t, err := time.ParseInLocation(dayFace, s.To, zone); err == nil {
		f.To = t.AddDate(0, 0, 1)
	}
	return f
}

// narrowed reports whether more than the view narrows the list.
func (s queueState) narrowed() bool {
	return s.Words != "" || s.Status != "" || s.Type != "" || s.Product != "" || s.Channel != "" || s.Urgency != "" ||
		s.Department != "" || s.Owner != "" || s.Review || s.From != "" || s.To != ""
}

// Detailed reports whether one of the conditions is set that the page keeps
// folded away.
func (s queueState) Detailed() bool {
	return s.Product != "" || s.Owner != "" || s.From != "" || s.To != ""
}

func oneOf[T ~string](value string, allowed []T) string {
	if slices.Contains(allowed, T(value)) {
		return value
	}
	return ""
}

func day(s string) string {
	if _, err := time.Parse(dayFace, s); err != nil {
		return ""
	}
	return s
}
