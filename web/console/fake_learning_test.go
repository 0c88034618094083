package console_test

import (
	"context"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/nlp/linear"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/learn"
	"github.com/qianyi-dev/qianyi/web/console"
)

// school is where models are learned.
type school struct {
	mu         sync.Mutex
	models     []learn.Model
	report     *learn.Report
	opinions   cascade.Figures
	asked      []string
	rolledBack []int64
}

func newSchool() *school {
	from := time.Date(2026, time.March, 2, 0, 0, 0, 0, shanghai)
	curve := []learn.Point{{Accuracy: evidence.ShareOf(80, 100)}, {PerType: 10, Trained: 80, Accuracy: evidence.ShareOf(84, 100)}, {PerType: 62, Trained: 400, Accuracy: evidence.ShareOf(90, 100)}}
	report := &learn.Report{
		At: noon, Pack: "general", Model: 3, Labels: 412, Types: map[string]int{"billing": 50}, Unseen: evidence.ShareOf(88, 100), ECE: 0.031,
		Pairs: []learn.Pair{{True: "billing", Given: "service", N: 7}},
		Weeks: []learn.Week{{From: from.AddDate(0, 0, -7), Judged: evidence.ShareOf(41, 50), Cases: 120, Sure: 90}, {From: from, Cases: 30, Sure: 24}},
		Drift: learn.Drift{
			Before: 900, Recent: 300, Types: evidence.Shift{PSI: 0.31, Limit: 0.02, Unusual: true}, Confidence: evidence.Shift{PSI: 0.01, Limit: 0.02},
			Words: learn.NewWords{Before: 0.02, Recent: 0.03}, Shares: []learn.TypeShare{{Type: "billing", Before: 0.2, Recent: 0.4}},
		},
	}
	for i := range 20 {
		share := float64(i+1) / 20
		report.Coverage = append(report.Coverage, linear.CoveragePoint{Coverage: share, Accuracy: 1 - share/10, Confidence: 1 - share/2})
	}
	return &school{
		report: report,
		models: []learn.Model{
			{ID: 4, Pack: "general", At: noon, By: "system", State: learn.StateCandidate, Curve: curve, Trial: learn.Trial{Trained: 400, Current: 3, Old: evidence.ShareOf(88, 100), New: evidence.ShareOf(89, 100), Won: 3, Lost: 2, P: 0.5, Decision: learn.DecisionChance}},
			{ID: 3, Pack: "general", At: noon.AddDate(0, 0, -1), By: "quality", State: learn.StateActive, UsedFrom: noon, Trial: learn.Trial{Trained: 350, Decision: learn.DecisionBetter, P: 0.01}},
			{ID: 2, Pack: "general", At: noon.AddDate(0, 0, -9), By: "system", State: learn.StateRetired, UsedFrom: noon, Trial: learn.Trial{Trained: 200, Decision: learn.DecisionBetter, P: 0.02}},
		},
		opinions: cascade.Figures{
			Model:  "deepseek-chat",
			Counts: cascade.Counts{Verdicts: map[cascade.Verdict]int{cascade.VerdictAgrees: 30, cascade.VerdictWithheld: 2}, Calls: 64, Tokens: 51200, Cost: 1.234, Decided: 20},
			Theirs: evidence.ShareOf(15, 20), Ours: evidence.ShareOf(12, 20),
		},
	}
}

func (s *school) deps() *console.LearningDeps {
	return &console.LearningDeps{Models: s, Desk: s, Opinions: s}
}

func (s *school) Models(context.Context, string, int) ([]learn.Model, error) { return s.models, nil }

func (s *school) Report(context.Context, string) (learn.Report, error) {
	if s.report == nil {
		return learn.Report{}, triage.Errorf(triage.CodeNotFound, "no report")
	}
	return *s.report, nil
}

func (s *school) Ask(by string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, by)
}

func (s *school) Rollback(_ context.Context, id int64, _ string) error {
	if id > 4 {
		return triage.Errorf(triage.CodeNotFound, "there is no model %d", id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rolledBack = append(s.rolledBack, id)
	return nil
}

func (s *school) Figures(context.Context) (cascade.Figures, error) { return s.opinions, nil }

// evening runs the job of learning, too.
type evening struct{ console.JobRunner }

func (e evening) RunNow(ctx context.Context, name, by string) error {
	if name == "learn" {
		return nil
	}
	return e.JobRunner.RunNow(ctx, name, by)
}
