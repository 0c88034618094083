package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/learn"
	"github.com/qianyi-dev/qianyi/web"
)

// school is where models are learned, and the jobs of a service that has it.
type school struct {
	web.JobRunner
	models     []learn.Model
	asked      []string
	rolledBack []int64
}

func (s *school) Models(_ context.Context, _ string, limit int) ([]learn.Model, error) {
	return s.models[:min(limit, len(s.models))], nil
}

func (s *school) Report(context.Context, string) (learn.Report, error) {
	if len(s.models) == 0 {
		return learn.Report{}, triage.Errorf(triage.CodeNotFound, "no report")
	}
	return learn.Report{At: noon, Pack: "p", Model: 2, Labels: 40, Types: map[string]int{"fee": 40}, Unseen: evidence.ShareOf(8, 10)}, nil
}

func (s *school) Ask(by string) { s.asked = append(s.asked, by) }

func (s *school) Rollback(_ context.Context, id int64, _ string) error {
	if id > 2 {
		return triage.Errorf(triage.CodeNotFound, "there is no model %d", id)
	}
	s.rolledBack = append(s.rolledBack, id)
	return nil
}

func (s *school) Figures(context.Context) (cascade.Figures, error) {
	return cascade.Figures{
		Model:  "m",
		Counts: cascade.Counts{Verdicts: map[cascade.Verdict]int{cascade.VerdictAgrees: 3}, Calls: 6, Tokens: 900, Cost: 0.5, Decided: 2},
		Theirs: evidence.ShareOf(2, 2), Ours: evidence.ShareOf(1, 2),
	}, nil
}

func (s *school) RunNow(_ context.Context, name, _ string) error {
	if name != "learn" {
		return triage.Errorf(triage.CodeNotFound, "there is no job of this name")
	}
	return nil
}

func (s *school) Jobs() []jobs.Job { return []jobs.Job{{Name: "learn"}} }

func withSchool(t *testing.T, models ...learn.Model) (*bundle, *school) {
	t.Helper()
	s := &school{models: models}
	return setup(t, func(d *web.Deps) {
		s.JobRunner = d.Jobs
		d.Jobs, d.Learning = s, &web.LearningDeps{Models: s, Desk: s, Opinions: s}
	}), s
}

func TestModels(t *testing.T) {
	t.Parallel()
	b, s := withSchool(t,
		learn.Model{ID: 2, At: noon, By: "system", State: learn.StateActive, UsedFrom: noon, Trial: learn.Trial{Decision: learn.DecisionBetter, New: evidence.ShareOf(9, 10)}},
		learn.Model{ID: 1, At: noon, By: "li", State: learn.StateRetired, UsedFrom: noon})
	body := string(b.do(http.MethodGet, "/api/v1/model", "").body)
	for _, want := range []string{`"id":2`, `"report":`, `"calls":6`, `"theirs":`, `"decision":"better"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the model has no %s: %s", want, body)
		}
	}
	if r := b.do(http.MethodGet, "/api/v1/models?limit=1", ""); r.status != http.StatusOK || strings.Count(string(r.body), `"state"`) != 1 {
		t.Errorf("models: %d %s", r.status, r.body)
	}
	if r := b.do(http.MethodPost, "/api/v1/models/learn", ""); r.status != http.StatusAccepted || len(s.asked) != 1 {
		t.Errorf("learn: %d %s", r.status, r.body)
	}
	if r := b.do(http.MethodPost, "/api/v1/models/1/rollback", ""); r.status != http.StatusOK || !slices.Equal(s.rolledBack, []int64{1}) {
		t.Errorf("roll-back: %d %s", r.status, r.body)
	}
	if r := b.do(http.MethodPost, "/api/v1/models/9/rollback", ""); r.status != http.StatusNotFound {
		t.Errorf("roll-back to an unknown model: %d %s", r.status, r.body)
	}
}

func TestModelBeforeAnythingWasLearned(t *testing.T) {
	t.Parallel()
	b, _ := withSchool(t)
	body := string(b.do(http.MethodGet, "/api/v1/model", "").body)
	if strings.Contains(body, `"report"`) || strings.Contains(body, `"active"`) {
		t.Errorf("got %s", body)
	}
}

func TestOpinionsAreInTheMetrics(t *testing.T) {
	t.Parallel()
	b, _ := withSchool(t)
	body := string(b.raw(http.MethodGet, "/metrics", "").body)
	for _, want := range []string{"qianyi_opinion_calls_total 6", "qianyi_opinion_tokens_total 900", "qianyi_opinion_cost_total 0.5", `qianyi_opinions_total{verdict="agrees"} 3`, `qianyi_opinion_agreement{who="llm"} 1`} {
		if !strings.Contains(body, want) {
			t.Errorf("the metrics have no %q", want)
		}
	}
}
