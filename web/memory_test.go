package web_test

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// memory implements the ports of the domain and of web over maps.
type memory struct {
	// beforeAccept, when set, runs before anything is stored; its error is
	// that of the store.
	beforeAccept func() error

	mu      sync.Mutex
	cases   map[triage.ComplaintID]triage.Case
	order   []triage.ComplaintID
	trail   map[string][]triage.AuditEntry
	replays map[string]triage.Replay
	runs    []jobs.Run
}

func newMemory() *memory {
	return &memory{
		cases: map[triage.ComplaintID]triage.Case{}, trail: map[string][]triage.AuditEntry{}, replays: map[string]triage.Replay{},
	}
}

func (m *memory) Accept(_ context.Context, cases []triage.Case) ([]triage.Accepted, error) {
	if m.beforeAccept != nil {
		if err := m.beforeAccept(); err != nil {
			return nil, err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	accepted := make([]triage.Accepted, len(cases))
	for i, c := range cases {
		if old, known := m.cases[c.ID]; known {
			accepted[i].Seq = old.Seq
			continue
		}
		c.Seq = int64(len(m.order) + 1)
		m.cases[c.ID] = c
		m.order = append(m.order, c.ID)
		accepted[i] = triage.Accepted{Seq: c.Seq, New: true}
		m.note(c.ID, triage.AuditEntry{At: c.ReceivedAt, Actor: "system", Action: "accept"})
	}
	return accepted, nil
}

func (m *memory) note(id triage.ComplaintID, e triage.AuditEntry) {
	e.Object = "case:" + string(id)
	m.trail[e.Object] = append(m.trail[e.Object], e)
}

func (m *memory) Case(_ context.Context, id triage.ComplaintID) (triage.Case, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, known := m.cases[id]
	if !known {
		return c, triage.Errorf(triage.CodeNotFound, "there is no such case")
	}
	return c, nil
}

func (m *memory) Cases(_ context.Context, ids []triage.ComplaintID) ([]triage.Case, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []triage.Case
	for _, id := range ids {
		if c, known := m.cases[id]; known {
			found = append(found, c)
		}
	}
	return found, nil
}

func (m *memory) KnownCustomers(context.Context, []triage.CustomerID) (map[triage.CustomerID]bool, error) {
	return nil, nil
}
func (m *memory) Recent(context.Context, triage.RecentQuery) ([]triage.Case, error) { return nil, nil }

func (m *memory) change(id triage.ComplaintID, e triage.AuditEntry, f func(*triage.Case)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, known := m.cases[id]
	if !known {
		return triage.Errorf(triage.CodeNotFound, "there is no such case")
	}
	f(&c)
	m.cases[id] = c
	m.note(id, e)
	return nil
}

func (m *memory) Confirm(_ context.Context, l triage.Label) error {
	e := triage.AuditEntry{At: l.At, Actor: l.By, Action: "confirm", Detail: `{"type":"` + l.Type + `"}`}
	return m.change(l.Complaint, e, func(c *triage.Case) {
		c.Type, c.Subtype, c.Status = l.Type, l.Subtype, triage.StatusAcknowledged
	})
}

func (m *memory) Close(_ context.Context, d triage.Closing) error {
	return m.change(d.Complaint, triage.AuditEntry{At: d.At, Actor: d.By, Action: "close"}, func(c *triage.Case) {
		c.Resolution, c.Satisfaction, c.ClosedAt, c.Status = d.Resolution, d.Satisfaction, d.At, triage.StatusClosed
	})
}

func (m *memory) SolutionsFor(context.Context, string, string) ([]triage.Solution, error) {
	return []triage.Solution{{ID: "s1", Type: "network", Text: "派维修，电话13900139000"}}, nil
}

// Queue filters by status only and pages by position.
func (m *memory) Queue(_ context.Context, f triage.QueueFilter) (triage.QueuePage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	from, err := strconv.Atoi("0" + f.Cursor)
	if err != nil {
		return triage.QueuePage{}, triage.FieldErrorf("cursor", "is unknown")
	}
	page := triage.QueuePage{Total: -1}
	for i := from; i < len(m.order); i++ {
		if len(page.Cases) == f.Limit {
			page.Next = strconv.Itoa(i)
			break
		}
		if c := m.cases[m.order[i]]; f.Status == "" || c.Status == f.Status {
			page.Cases = append(page.Cases, c)
		}
	}
	return page, nil
}

func (m *memory) CountByStatus(context.Context) (map[triage.Status]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	counts := map[triage.Status]int{}
	for _, c := range m.cases {
		counts[c.Status]++
	}
	return counts, nil
}

func (m *memory) Append(context.Context, triage.AuditEntry) error { return nil }

func (m *memory) Trail(_ context.Context, object string) ([]triage.AuditEntry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.trail[object]), nil
}

// Similar finds every other case.
func (m *memory) Similar(_ context.Context, q triage.SimilarQuery) ([]triage.Hit, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var hits []triage.Hit
	for _, id := range m.order {
		if id != q.Exclude && len(hits) < q.Limit {
			hits = append(hits, triage.Hit{ID: id, Score: 0.5})
		}
	}
	return hits, nil
}

// Search finds the cases that contain the words as they are.
func (m *memory) Search(_ context.Context, words string, f triage.QueueFilter) ([]triage.Case, int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	skip, err := strconv.Atoi("0" + f.Cursor)
	if err != nil {
		return nil, 0, err
	}
	var found []triage.Case
	total := 0
	for _, id := range m.order {
		if c := m.cases[id]; strings.Contains(c.Text, words) {
			if total >= skip && len(found) < f.Limit {
				found = append(found, c)
			}
			total++
		}
	}
	return found, total, nil
}

func (m *memory) Begin(_ context.Context, key, fingerprint string, at time.Time, staleAfter time.Duration) (triage.Replay, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, known := m.replays[key]; known && (r.Done || r.At.After(at.Add(-staleAfter))) {
		return r, false, nil
	}
	m.replays[key] = triage.Replay{Fingerprint: fingerprint, At: at}
	return triage.Replay{}, true, nil
}

func (m *memory) Finish(_ context.Context, key string, r triage.Replay) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.replays[key] = r
	return nil
}

func (m *memory) Abandon(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.replays, key)
	return nil
}

func (m *memory) Prune(context.Context, time.Time) (int, error) { return 0, nil }

func (m *memory) Jobs() []jobs.Job {
	return []jobs.Job{{Name: "index-catch-up", Schedule: "@every 1m"}, {Name: "idle", Schedule: "0 3 * * *"}}
}

func (m *memory) Runs(_ context.Context, name string, limit int) ([]jobs.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	runs := slices.DeleteFunc(slices.Clone(m.runs), func(r jobs.Run) bool { return r.Job != name })
	return runs[:min(limit, len(runs))], nil
}

func (m *memory) RunNow(_ context.Context, name, by string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if name != "index-catch-up" {
		return triage.Errorf(triage.CodeNotFound, "there is no job of this name")
	}
	m.runs = append(m.runs, jobs.Run{ID: 1, Job: name, State: jobs.StateRunning, StartedAt: noon, By: by})
	return nil
}

func (m *memory) stored() []triage.ComplaintID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.cases))
}

// analyzer judges everything to be a network fault and finds telephone numbers.
type analyzer struct{}

var phones = regexp.MustCompile(`1[3-9]\d{9}`)

func (analyzer) Assess(c *triage.Complaint) triage.Assessment {
	if strings.Contains(c.Text, "panic") {
		panic("a fault of ours about 13812345678")
	}
	a := triage.Assessment{
		ID: c.ID, Pack: "test", Type: "network", Subtype: "network.outage", TypeName: "网络", Confidence: 0.9,
		Alternatives: []nlp.Alternative{{Type: "billing", Confidence: 0.1}},
		Sentiment:    nlp.Sentiment{Label: nlp.Negative, Score: -0.5, Intensity: 1},
		Urgency:      nlp.Urgency{Level: nlp.UrgencyNormal, Reasons: []string{"常规"}},
		Demand:       nlp.DemandFix, Style: nlp.StyleCalm, Department: "网络部",
		Entities: []nlp.Entity{}, Reasons: []nlp.Reason{{Text: "宽带", Weight: 1}},
		SLA: triage.SLA{RespondBy: c.At.Add(time.Hour), VerifyBy: c.At.Add(2 * time.Hour), ResolveBy: c.At.Add(48 * time.Hour)},
	}
	body := c.Body()
	for _, at := range phones.FindAllStringIndex(body, -1) {
		span := body[at[0]:at[1]]
		start := utf8.RuneCountInString(body[:at[0]])
		a.Entities = append(a.Entities, nlp.Entity{Kind: nlp.EntityPhone, Text: span, Value: span, Start: start, End: start + len(span)})
	}
	return a
}

func mask(text string) string { return phones.ReplaceAllStringFunc(text, nlp.MaskPhone) }

type catalogue struct{}

func (catalogue) PackCode() string { return "test" }

func (catalogue) Types() []triage.TypeInfo {
	return []triage.TypeInfo{
		{Code: "network", Name: "网络", NameEN: "Network", Department: "网络部", Subtypes: []triage.TypeInfo{{Code: "network.outage", Name: "断网", NameEN: "Outage"}}},
		{Code: "billing", Name: "资费", NameEN: "Billing", Department: "计费部"},
	}
}
