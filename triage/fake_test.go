package triage_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// noon is the time that the clock of every test shows.
var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// desk is a Service with everything it talks to. Set a function field to make
// a part fail or answer otherwise.
type desk struct {
	*triage.Service
	deps triage.Deps
	log  *bytes.Buffer

	mu     sync.Mutex
	cases  []triage.Case
	labels []triage.Label
	// calls names what was done, in order.
	calls []string

	assess    func(c *triage.Complaint) triage.Assessment
	accept    func(cases []triage.Case) error
	recent    func(q triage.RecentQuery) error
	similar   func(q triage.SimilarQuery) ([]triage.Hit, error)
	solutions func(typ, subtype string) ([]triage.Solution, error)
	trail     func(object string) ([]triage.AuditEntry, error)
}

// newDesk returns a desk whose analyser knows billing by the letter 费.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{log: &bytes.Buffer{}}
	d.assess = func(c *triage.Complaint) triage.Assessment {
		a := triage.Assessment{ID: c.ID, Pack: "test", Type: "network", Subtype: "network.outage", Confidence: 0.9}
		if bytes.ContainsRune([]byte(c.Body()), '费') {
			a.Type, a.Subtype = "billing", ""
		}
		return a
	}
	d.accept = func([]triage.Case) error { return nil }
	d.recent = func(triage.RecentQuery) error { return nil }
	d.similar = func(triage.SimilarQuery) ([]triage.Hit, error) { return nil, nil }
	d.solutions = func(string, string) ([]triage.Solution, error) { return nil, nil }
	d.trail = func(string) ([]triage.AuditEntry, error) { return nil, nil }
	d.deps = triage.Deps{
		Analyzer: analyzer{d}, Catalogue: types{}, Cases: store{d}, Decisions: store{d}, Solutions: store{d}, Audit: store{d},
		Similar: index{d}, Index: index{d}, Now: func() time.Time { return noon },
		Log: slog.New(slog.NewTextHandler(d.log, nil)),
	}
	d.Service = triage.New(d.deps)
	return d
}

func (d *desk) did(call string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, call)
}

type analyzer struct{ d *desk }

func (a analyzer) Assess(c *triage.Complaint) triage.Assessment {
	a.d.did("assess")
	return a.d.assess(c)
}

// types is a pack of two types, one of them with sub-types.
type types struct{}

func (types) PackCode() string { return "test" }

func (types) Types() []triage.TypeInfo {
	return []triage.TypeInfo{
		{Code: "billing", Name: "资费争议", Notes: []string{"先核对账单。"}},
		{Code: "network", Name: "网络质量", Notes: []string{"先排查群障。"}, Subtypes: []triage.TypeInfo{
			{Code: "network.outage", Name: "断网", Notes: []string{"先派单维修。"}},
			{Code: "network.slow", Name: "网速慢"},
		}},
	}
}

// store keeps the cases of a desk in memory.
type store struct{ d *desk }

func (s store) Accept(_ context.Context, cases []triage.Case) ([]triage.Accepted, error) {
	s.d.did("store")
	if err := s.d.accept(cases); err != nil {
		return nil, err
	}
	accepted := make([]triage.Accepted, len(cases))
	for i, c := range cases {
		k := slices.IndexFunc(s.d.cases, func(old triage.Case) bool { return old.ID == c.ID })
		if accepted[i].New = k < 0; k < 0 {
			k = len(s.d.cases)
			c.Seq = int64(k + 1)
			s.d.cases = append(s.d.cases, c)
		}
		accepted[i].Seq = int64(k + 1)
	}
	return accepted, nil
}

func (s store) Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error) {
	list, err := s.Cases(ctx, []triage.ComplaintID{id})
	if err != nil || len(list) == 0 {
		return triage.Case{}, triage.Errorf(triage.CodeNotFound, "no case %s", id)
	}
	return list[0], nil
}

func (s store) Cases(_ context.Context, ids []triage.ComplaintID) ([]triage.Case, error) {
	var list []triage.Case
	for _, id := range ids {
		for _, c := range s.d.cases {
			if c.ID == id {
				list = append(list, c)
			}
		}
	}
	return list, nil
}

func (s store) Recent(_ context.Context, q triage.RecentQuery) ([]triage.Case, error) {
	s.d.did("recent")
	if err := s.d.recent(q); err != nil {
		return nil, err
	}
	var list []triage.Case
	for _, c := range slices.Backward(s.d.cases) {
		if c.CustomerID == q.Customer && !c.At.Before(q.Since) && c.At.Before(q.Before) {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b triage.Case) int { return b.At.Compare(a.At) })
	return list[:min(len(list), q.Limit)], nil
}

func (s store) KnownCustomers(_ context.Context, ids []triage.CustomerID) (map[triage.CustomerID]bool, error) {
	known := map[triage.CustomerID]bool{}
	for _, c := range s.d.cases {
		known[c.CustomerID] = slices.Contains(ids, c.CustomerID)
	}
	return known, nil
}

func (s store) Confirm(_ context.Context, l triage.Label) error {
	s.d.did("confirm")
	s.d.labels = append(s.d.labels, l)
	for i := range s.d.cases {
		if c := &s.d.cases[i]; c.ID == l.Complaint {
			c.Type, c.Subtype = l.Type, l.Subtype
		}
	}
	return nil
}

func (s store) Close(_ context.Context, e triage.Closing) error {
	s.d.did("close")
	for i := range s.d.cases {
		if c := &s.d.cases[i]; c.ID == e.Complaint {
			c.Resolution, c.Satisfaction, c.ClosedAt, c.Status = e.Resolution, e.Satisfaction, e.At, triage.StatusClosed
			return nil
		}
	}
	return triage.Errorf(triage.CodeNotFound, "no case %s", e.Complaint)
}

func (s store) SolutionsFor(_ context.Context, typ, subtype string) ([]triage.Solution, error) {
	return s.d.solutions(typ, subtype)
}

func (s store) Append(context.Context, triage.AuditEntry) error { return nil }

func (s store) Trail(_ context.Context, object string) ([]triage.AuditEntry, error) {
	return s.d.trail(object)
}

// index is the search index of a desk.
type index struct{ d *desk }

func (i index) Similar(_ context.Context, q triage.SimilarQuery) ([]triage.Hit, error) {
	i.d.did("search")
	return i.d.similar(q)
}

func (i index) Enqueue(cases []triage.Case) {
	for _, c := range cases {
		i.d.did("index " + string(c.ID))
	}
}

// complaint returns a valid complaint of customer K-1.
func complaint(id, text string) triage.Complaint {
	return triage.Complaint{ID: triage.ComplaintID(id), CustomerID: "K-1", At: noon, Text: text}
}

// submit stores complaints in one batch, without similar cases.
func (d *desk) submit(t *testing.T, complaints ...triage.Complaint) []triage.Receipt {
	t.Helper()
	receipts, err := d.SubmitAll(t.Context(), complaints)
	if err != nil {
		t.Fatal(err)
	}
	return receipts
}

// wantCode checks the code of an error.
func wantCode(t *testing.T, err error, want triage.Code) {
	t.Helper()
	if got := triage.CodeOf(err); got != want {
		t.Errorf("got error %v of code %q, want code %q", err, got, want)
	}
}

func score(v float64) *float64 { return &v }
