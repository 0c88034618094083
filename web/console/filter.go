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

// anyStatus in the address shows the cases of every status; without a status
// the queue shows those that nobody has looked at, or everything for a search.
const anyStatus = "all"

// maxWords bounds the text of a search.
const maxWords = 200

var (
	statuses = []triage.Status{triage.StatusReceived, triage.StatusAcknowledged, triage.StatusClosed}
	levels   = []nlp.UrgencyLevel{nlp.UrgencyCritical, nlp.UrgencyHigh, nlp.UrgencyNormal, nlp.UrgencyLow}
	orders   = []string{"urgency", "newest"}
)

// queueState is the state of the queue as its address has it. A value that
// makes no sense is as good as none.
type queueState struct {
	Words   string
	Status  string // a status or anyStatus
	Type    string
	Product string
	Channel string
	Urgency string
	Review  bool
	From    string // a day, in the form of a date field
	To      string // a day, itself included
	Sort    string
	Cursor  string
}

func readQueueState(q url.Values) queueState {
	s := queueState{
		Words:   strings.TrimSpace(q.Get("q")),
		Status:  oneOf(q.Get("status"), append(slices.Clone(statuses), anyStatus)),
		Type:    q.Get("type"),
		Product: strings.TrimSpace(q.Get("product")),
		Channel: oneOf(q.Get("channel"), triage.Channels),
		Urgency: oneOf(q.Get("urgency"), levels),
		Review:  q.Get("review") == "1",
		From:    day(q.Get("from")),
		To:      day(q.Get("to")),
		Sort:    oneOf(q.Get("sort"), orders),
		Cursor:  q.Get("cursor"),
	}
	if utf8.RuneCountInString(s.Words) > maxWords {
		s.Words = string([]rune(s.Words)[:maxWords])
	}
	if s.Status == "" {
		s.Status = string(triage.StatusReceived)
		if s.Words != "" {
			s.Status = anyStatus
		}
	}
	if s.Sort == "" {
		s.Sort = orders[0]
	}
	return s
}

// values is the state as an address, without what is the default.
func (s queueState) values() url.Values {
	q := url.Values{}
	for _, f := range []struct{ name, value string }{
		{"q", s.Words}, {"status", s.Status}, {"type", s.Type}, {"product", s.Product}, {"channel", s.Channel},
		{"urgency", s.Urgency}, {"from", s.From}, {"to", s.To}, {"sort", s.Sort}, {"cursor", s.Cursor},
	} {
		if f.value != "" {
			q.Set(f.name, f.value)
		}
	}
	if s.Review {
		q.Set("review", "1")
	}
	if s.Sort == orders[0] {
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

// filter is the state for the store. Days are those of the zone.
func (s queueState) filter(zone *time.Location) triage.QueueFilter {
	f := triage.QueueFilter{
		Type: s.Type, Product: s.Product, Channel: triage.Channel(s.Channel), Urgency: s.Urgency,
		Sort: s.Sort, Cursor: s.Cursor, Limit: pageRows,
	}
	if s.Status != anyStatus {
		f.Status = triage.Status(s.Status)
	}
	if s.Review {
		review := true
		f.NeedsReview = &review
	}
	if t, err := time.ParseInLocation(dayFace, s.From, zone); err == nil {
		f.From = t
	}
	if t, err := time.ParseInLocation(dayFace, s.To, zone); err == nil {
		f.To = t.AddDate(0, 0, 1)
	}
	return f
}

// narrowed reports whether more than the status narrows the list.
func (s queueState) narrowed() bool {
	return s.Words != "" || s.Type != "" || s.Product != "" || s.Channel != "" || s.Urgency != "" ||
		s.Review || s.From != "" || s.To != ""
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
