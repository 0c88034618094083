package cascade_test

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

var telecom = sync.OnceValues(func() (*pack.Analyzer, error) {
	return pack.NewAnalyzer(pack.Options{Pack: "telecom", WordsOnly: true})
})

func analyzer(t testing.TB) *pack.Analyzer {
	t.Helper()
	a, err := telecom()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// store remembers.
type store struct {
	mu       sync.Mutex
	cases    []triage.Case
	counts   cascade.Counts
	opinions []cascade.Opinion
	assessed []*triage.Assessment
	labelled map[triage.ComplaintID]bool
}

func (s *store) Doubtful(_ context.Context, _ string, _ float64, limit int) ([]triage.Case, error) {
	return s.cases[:min(limit, len(s.cases))], nil
}

func (s *store) PutOpinion(_ context.Context, o cascade.Opinion, a *triage.Assessment) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.labelled[o.Case] {
		return triage.Errorf(triage.CodeConflict, "labelled")
	}
	s.opinions, s.assessed = append(s.opinions, o), append(s.assessed, a)
	return nil
}

func (s *store) OpinionCounts(context.Context, string) (cascade.Counts, error) { return s.counts, nil }

// trusting are counts that let opinions change cases.
var trusting = cascade.Counts{Decided: 100, Right: 90, OursRight: 60, Won: 35, Lost: 5}

// doubtful is a case whose type our own model is not sure of, every other type
// being possible: the worst case.
func doubtful(id, text, ours string) triage.Case {
	c := triage.Case{Seq: 1, Complaint: triage.Complaint{ID: triage.ComplaintID(id), Text: text, At: noon}}
	c.Assessment = triage.Assessment{ID: c.ID, Pack: "telecom", Type: ours, Confidence: 0.3, NeedsReview: true}
	for _, typ := range []string{"subscription", "usage", "handling", "security", "service", "campaign", "fee", "network"} {
		if typ != ours {
			c.Assessment.Alternatives = append(c.Assessment.Alternatives, nlp.Alternative{Type: typ, Confidence: 0.1})
		}
	}
	return c
}

// bench is a reviewer with its surroundings.
type bench struct {
	*cascade.Reviewer
	store *store
	log   *bytes.Buffer
}

func setup(t *testing.T, ask cascade.Asker, config cascade.Config, cases ...triage.Case) bench {
	t.Helper()
	b := bench{store: &store{cases: cases}, log: &bytes.Buffer{}}
	config.MaxPerRun = 1000
	r, err := cascade.New(config, cascade.Deps{
		Ask: ask, Catalogue: analyzer(t), Store: b.store, Model: "gullible",
		Now: func() time.Time { return noon },
		Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Reviewer = r
	return b
}
