package learn_test

import (
	"context"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/evidence"
	"github.com/qianyi-dev/qianyi/triage/learn"
)

func TestLearnPromotesABetterModel(t *testing.T) {
	t.Parallel()
	s := &archive{}
	s.stories(0, 40)
	changed := 0
	l := learner(t, s, func(_ *learn.Config, d *learn.Deps) { d.Changed = func(context.Context) { changed++ } })
	m, err := l.Learn(t.Context(), "li")
	if err != nil {
		t.Fatal(err)
	}
	if m.State != learn.StateActive || m.Trial.Decision != learn.DecisionBetter || m.By != "li" || m.Pack != "telecom" || changed != 1 {
		t.Errorf("got %+v, changed %d times", m, changed)
	}
	if tr := m.Trial; tr.New.Value < 0.9 || tr.Old.Value > 0.6 || tr.P > 0.001 || tr.New.Of != 120 {
		t.Errorf("trial %+v", tr)
	}
	t.Run("that judges as people do", func(t *testing.T) {
		a, err := base(t).WithModel(s.files[m.ID])
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Assess(&triage.Complaint{Text: story("白泽", 999)}); got.Type != "network" {
			t.Errorf("got %s, want network", got.Type)
		}
	})
	t.Run("and reports on it", func(t *testing.T) {
		if r := s.reports[0]; r.Model != m.ID || r.Labels != 120 || r.Types["fee"] != 40 || r.Unseen.Of == 0 || r.Unseen.Of > 40 {
			t.Errorf("report %+v", r)
		}
	})
	t.Run("and learns no second time from the same labels", func(t *testing.T) {
		if _, err := l.Learn(t.Context(), "li"); triage.CodeOf(err) != triage.CodeConflict {
			t.Errorf("got %v, want a conflict", err)
		}
	})
	t.Run("and tries the next only on what neither has seen", func(t *testing.T) {
		s.stories(40, 50)
		next, err := l.Learn(t.Context(), "li")
		if err != nil {
			t.Fatal(err)
		}
		tests := 0
		for _, sample := range s.samples {
			if sample.Part == learn.PartTest || sample.First > 120 {
				tests++
			}
		}
		if next.Trial.Current != m.ID || next.Trial.New.Of != tests || next.State != learn.StateCandidate {
			t.Errorf("got %+v on %d, want model %d tried on %d", next.Trial, next.Trial.New.Of, m.ID, tests)
		}
		if _, kept := s.files[next.ID]; kept {
			t.Error("the weights of a candidate are kept")
		}
	})
}

func TestLearnKeepsAModelThatIsNotWorse(t *testing.T) {
	t.Parallel()
	s := &archive{}
	// What people say has nothing to do with the texts.
	types := []string{"fee", "network", "service", "usage"}
	for i := range 80 {
		s.label(story("青鸾", i), types[i*7%13%4])
	}
	m, err := learner(t, s).Learn(t.Context(), "li")
	if err != nil {
		t.Fatal(err)
	}
	if m.State != learn.StateCandidate || len(s.files) > 0 {
		t.Errorf("a model of noise is %s (%s)", m.State, m.Summary())
	}
}

// All tests against one model share one chance; those against others, and runs
// with too few cases to test on, take nothing from it.
func TestEachTestHasLessChance(t *testing.T) {
	t.Parallel()
	s := &archive{}
	for _, earlier := range []learn.Trial{
		{Decision: learn.DecisionChance}, {Decision: learn.DecisionTooFew}, {Decision: learn.DecisionChance},
		{Decision: learn.DecisionChance, Current: 7}, {Decision: learn.DecisionBetter},
	} {
		s.models = append(s.models, learn.Model{Pack: "telecom", State: learn.StateCandidate, Trial: earlier})
	}
	s.stories(0, 30)
	m, err := learner(t, s).Learn(t.Context(), "li")
	if err != nil {
		t.Fatal(err)
	}
	if want := evidence.Spend(0.05, 4); m.Trial.Look != 4 || m.Trial.Level != want {
		t.Errorf("look %d at level %v, want the fourth at %v", m.Trial.Look, m.Trial.Level, want)
	}
}

func TestNightly(t *testing.T) {
	t.Parallel()
	t.Run("waits for new labels and reports meanwhile", func(t *testing.T) {
		t.Parallel()
		s := &archive{}
		s.stories(0, 3)
		note, err := learner(t, s).Nightly(t.Context())
		if err != nil || !strings.Contains(note, "9 of 10") || len(s.models) > 0 || len(s.reports) != 1 {
			t.Errorf("got %q, %v, %d models, %d reports", note, err, len(s.models), len(s.reports))
		}
	})
	t.Run("does not wait when a person asked", func(t *testing.T) {
		t.Parallel()
		s := &archive{}
		s.stories(0, 3)
		l := learner(t, s)
		l.Ask("wang")
		if _, err := l.Nightly(t.Context()); err != nil || len(s.models) != 1 || s.models[0].By != "wang" {
			t.Errorf("got %v, models %+v", err, s.models)
		}
		if d := s.models[0].Trial.Decision; d != learn.DecisionTooFew {
			t.Errorf("nine labels are %s, want too few", d)
		}
	})
	t.Run("leaves a model alone that the configuration names", func(t *testing.T) {
		t.Parallel()
		s := &archive{}
		s.stories(0, 30)
		l := learner(t, s, func(_ *learn.Config, d *learn.Deps) { d.Fixed = true })
		if note, err := l.Nightly(t.Context()); err != nil || !strings.Contains(note, "configuration") || len(s.models) > 0 || len(s.reports) != 1 {
			t.Errorf("got %q, %v", note, err)
		}
		if err := l.Rollback(t.Context(), 0, "li"); triage.CodeOf(err) != triage.CodeConflict {
			t.Errorf("roll-back: got %v, want a conflict", err)
		}
	})
	t.Run("can be switched off", func(t *testing.T) {
		t.Parallel()
		s := &archive{}
		s.stories(0, 30)
		l := learner(t, s, func(c *learn.Config, _ *learn.Deps) { c.Disabled = true })
		if note, err := l.Nightly(t.Context()); err != nil || !strings.Contains(note, "off") || len(s.models) > 0 {
			t.Errorf("got %q, %v", note, err)
		}
	})
}

func TestADamagedModelIsNotUsed(t *testing.T) {
	t.Parallel()
	s := &archive{}
	s.stories(0, 30)
	l := learner(t, s)
	m, err := l.Learn(t.Context(), "li")
	if err != nil || m.State != learn.StateActive {
		t.Fatal(m.Summary(), err)
	}
	s.files[m.ID][100] ^= 1
	if _, _, err := learn.Active(t.Context(), s, "telecom"); triage.CodeOf(err) != triage.CodeInternal {
		t.Errorf("got %v, want an internal error", err)
	}
	s.stories(30, 40)
	next, err := l.Learn(t.Context(), "li")
	if err != nil || next.Trial.Current != 0 || next.State != learn.StateActive {
		t.Errorf("the next is compared with %d (%v), want the shipped one", next.Trial.Current, err)
	}
}

func TestRollbackChangesTheModel(t *testing.T) {
	t.Parallel()
	s := &archive{}
	s.stories(0, 30)
	changed := 0
	l := learner(t, s, func(_ *learn.Config, d *learn.Deps) { d.Changed = func(context.Context) { changed++ } })
	if _, err := l.Learn(t.Context(), "li"); err != nil {
		t.Fatal(err)
	}
	if err := l.Rollback(t.Context(), 0, "li"); err != nil || changed != 2 || s.models[0].State != learn.StateRolledBack {
		t.Errorf("got %v, changed %d times, %+v", err, changed, s.models[0].State)
	}
	if err := l.Rollback(t.Context(), -1, "li"); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("got %v, want invalid", err)
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for field, c := range map[string]learn.Config{"min_new": {MinNew: -1}, "min_tests": {MinTests: -1}, "max_labels": {MaxLabels: -1}} {
		if err := c.Validate(); triage.CodeOf(err) != triage.CodeInvalid || !strings.HasPrefix(err.Error(), field+": ") {
			t.Errorf("%s: got %v", field, err)
		}
	}
}
