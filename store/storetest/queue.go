package storetest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

var queueTests = map[string]func(*testing.T, Store){
	"an empty store has an empty page": func(t *testing.T, s Store) {
		page, err := s.Queue(t.Context(), triage.QueueFilter{})
		check(t, err)
		equal(t, "page", page, triage.QueuePage{})
	},
	"filters and orders agree with a plain list": filterAndOrder,
	"new cases do not shift the next page": func(t *testing.T, s Store) {
		accept(t, s, many(4)...)
		first, err := s.Queue(t.Context(), triage.QueueFilter{Limit: 2})
		check(t, err)
		accept(t, s, simple(9))
		second, err := s.Queue(t.Context(), triage.QueueFilter{Limit: 2, Cursor: first.Next})
		check(t, err)
		equal(t, "ids", ids(second.Cases), []triage.ComplaintID{"c0001", "c0000"})
		equal(t, "cursor of the last page", second.Next, "")
	},
	"a person's type replaces the suggested one and ends the review": func(t *testing.T, s Store) {
		c := simple(0)
		c.Assessment.NeedsReview = true
		accept(t, s, c)
		check(t, s.Confirm(t.Context(), triage.Label{Complaint: c.ID, Type: "network", At: start}))
		review := true
		for _, tt := range []struct {
			name   string
			filter triage.QueueFilter
			want   int
		}{
			{"suggested type", triage.QueueFilter{Type: "billing"}, 0},
			{"given type", triage.QueueFilter{Type: "network"}, 1},
			{"review", triage.QueueFilter{NeedsReview: &review}, 0},
			{"status and type", triage.QueueFilter{Type: "network", Status: triage.StatusReceived}, 1},
		} {
			page, err := s.Queue(t.Context(), tt.filter)
			check(t, err)
			equal(t, tt.name, []int{len(page.Cases), page.Total}, []int{tt.want, tt.want})
		}
	},
	"counts by status follow the decisions": func(t *testing.T, s Store) {
		accept(t, s, many(4)...)
		check(t, s.Confirm(t.Context(), triage.Label{Complaint: "c0001", Type: "network", At: start}))
		check(t, s.Close(t.Context(), triage.Closing{Complaint: "c0002", At: start}))
		check(t, s.Close(t.Context(), triage.Closing{Complaint: "c0001", At: start}))
		counts, err := s.CountByStatus(t.Context())
		check(t, err)
		equal(t, "counts", counts, map[triage.Status]int{triage.StatusReceived: 2, triage.StatusClosed: 2})
	},
	"a bad cursor, order or urgency is invalid": func(t *testing.T, s Store) {
		accept(t, s, many(3)...)
		page, err := s.Queue(t.Context(), triage.QueueFilter{Limit: 1})
		check(t, err)
		for _, f := range []triage.QueueFilter{
			{Cursor: "!!"}, {Cursor: "bmV3ZXN0"}, {Cursor: "bmV3ZXN0IDEgeA"}, {Cursor: page.Next, Sort: "urgency"},
			{Sort: "text; DROP TABLE cases"}, {Urgency: "extreme"},
		} {
			_, err := s.Queue(t.Context(), f)
			code(t, err, triage.CodeInvalid)
		}
	},
}

// mixed returns cases of all kinds in no order.
func mixed() []triage.Case {
	cases := many(60)
	levels := []nlp.UrgencyLevel{nlp.UrgencyLow, nlp.UrgencyCritical, nlp.UrgencyNormal, nlp.UrgencyHigh}
	statuses := []triage.Status{triage.StatusReceived, triage.StatusAcknowledged, triage.StatusClosed}
	for i := range cases {
		c := &cases[i]
		c.Assessment.Urgency.Level = levels[i*7%4]
		c.Status = statuses[i%3]
		c.Assessment.Type = []string{"billing", "network"}[i%2]
		c.Product = []string{"宽带", "套餐", ""}[i*5%3]
		c.Channel = triage.Channels[i%4]
		c.CustomerID = []triage.CustomerID{"K-1", "K-2", "K-3"}[i*3%7%3]
		c.Assessment.NeedsReview = i%5 == 0
		c.At = start.Add(time.Duration(i*37%20) * time.Minute)
		if i%6 > 0 {
			c.Assessment.SLA.ResolveBy = start.Add(time.Duration(i*11%8) * time.Hour)
		}
		if i%10 == 0 {
			c.At = time.Time{}
		}
	}
	return cases
}

// filterAndOrder walks every filter in both orders, page by page, and compares
// with a list that was filtered and sorted in memory.
func filterAndOrder(t *testing.T, s Store) {
	cases := mixed()
	accept(t, s, cases...)
	for i := range cases {
		cases[i].Seq = int64(i + 1)
	}
	yes, no := true, false
	for name, f := range map[string]triage.QueueFilter{
		"all":      {},
		"type":     {Type: "billing"},
		"status":   {Status: triage.StatusReceived},
		"product":  {Product: "宽带"},
		"channel":  {Channel: triage.ChannelApp},
		"urgency":  {Urgency: "critical"},
		"customer": {CustomerID: "K-2"},
		"review":   {NeedsReview: &yes},
		"sure":     {NeedsReview: &no},
		"range":    {From: start.Add(3 * time.Minute), To: start.Add(9 * time.Minute)},
		"several":  {Type: "network", Status: triage.StatusReceived, Channel: triage.ChannelApp, From: start},
		"nothing":  {Type: "billing", Product: "没有的产品"},
	} {
		for _, sort := range []string{"", "newest", "urgency"} {
			f.Sort, f.Limit = sort, 7
			want := expected(cases, f)
			var got []triage.ComplaintID
			for f.Cursor = ""; ; {
				page, err := s.Queue(t.Context(), f)
				check(t, err)
				equal(t, name+": total", page.Total, len(want))
				got = append(got, ids(page.Cases)...)
				if f.Cursor = page.Next; page.Next == "" {
					break
				}
			}
			equal(t, name+" by "+sort, got, want)
		}
	}
}

func expected(cases []triage.Case, f triage.QueueFilter) []triage.ComplaintID {
	var list []triage.Case
	for _, c := range cases {
		if passes(&c, f) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b triage.Case) int {
		if f.Sort == "urgency" {
			return cmp.Or(cmp.Compare(rank(&a), rank(&b)), deadline(&a).Compare(deadline(&b)), cmp.Compare(a.Seq, b.Seq))
		}
		return cmp.Or(listed(&b).Compare(listed(&a)), cmp.Compare(b.Seq, a.Seq))
	})
	return ids(list)
}

func passes(c *triage.Case, f triage.QueueFilter) bool {
	return (f.Type == "" || c.FinalType() == f.Type) &&
		(f.Status == "" || c.Status == f.Status) &&
		(f.Product == "" || c.Product == f.Product) &&
		(f.Channel == "" || c.Channel == f.Channel) &&
		(f.Urgency == "" || string(c.Assessment.Urgency.Level) == f.Urgency) &&
		(f.CustomerID == "" || c.CustomerID == f.CustomerID) &&
		(f.NeedsReview == nil || c.Assessment.NeedsReview == *f.NeedsReview) &&
		(f.From.IsZero() || !listed(c).Before(f.From)) &&
		(f.To.IsZero() || listed(c).Before(f.To))
}

func listed(c *triage.Case) time.Time {
	if c.At.IsZero() {
		return c.ReceivedAt
	}
	return c.At
}

func rank(c *triage.Case) int {
	return slices.Index([]nlp.UrgencyLevel{nlp.UrgencyCritical, nlp.UrgencyHigh, nlp.UrgencyNormal, nlp.UrgencyLow}, c.Assessment.Urgency.Level)
}

func deadline(c *triage.Case) time.Time {
	if c.Assessment.SLA.ResolveBy.IsZero() {
		return start.AddDate(1000, 0, 0)
	}
	return c.Assessment.SLA.ResolveBy
}
