package cascade_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/llm"
)

// script is a language model that answers with what a function makes of the
// question.
type script func(r llm.Request) (string, error)

func (s script) Ask(_ context.Context, r llm.Request) (llm.Answer, error) {
	text, err := s(r)
	return llm.Answer{Text: text, Tokens: 50}, err
}

// codeOf finds the code of a type in a question.
func codeOf(r llm.Request, name string) string {
	m := regexp.MustCompile(`(?m)^([A-Z0-9]{6}) ` + name).FindStringSubmatch(r.System)
	if m == nil {
		return ""
	}
	return m[1]
}

// choosing always chooses a type.
func choosing(name string) script {
	return func(r llm.Request) (string, error) {
		return fmt.Sprintf(`{"type":%q,"subtype":""}`, codeOf(r, name)), nil
	}
}

// inDoubt is a case whose second guess is fee.
func inDoubt(id string) triage.Case {
	c := doubtful(id, victim, "network")
	c.Assessment.Alternatives = []nlp.Alternative{{Type: "fee", Confidence: 0.25}, {Type: "service", Confidence: 0.1}}
	return c
}

func TestAnOpinionThatAgreesChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, choosing("网络问题"), cascade.Config{PricePer1K: 0.02}, inDoubt("c1"))
	note, err := b.Review(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []cascade.Opinion{{
		Case: "c1", Model: "gullible", At: noon, Ours: "network", Type: "network", Verdict: cascade.VerdictAgrees,
		Calls: 2, Tokens: 100, Cost: 0.002,
	}}
	if diff := cmp.Diff(want, b.store.opinions); diff != "" {
		t.Errorf("opinions (-want +got)\n%s", diff)
	}
	if b.store.assessed[0] != nil || !strings.HasPrefix(note, "1 opinions: 1 agree") {
		t.Errorf("assessed %v, note %q", b.store.assessed[0], note)
	}
}

func TestAnOpinionThatDiffers(t *testing.T) {
	t.Parallel()
	t.Run("is an alternative before there is evidence", func(t *testing.T) {
		t.Parallel()
		b := setup(t, choosing("费用问题"), cascade.Config{}, inDoubt("c1"))
		b.store.counts = cascade.Counts{Decided: 49, Right: 49, Won: 49}
		if _, err := b.Review(t.Context()); err != nil {
			t.Fatal(err)
		}
		a := b.store.assessed[0]
		want := []nlp.Alternative{{Type: "fee", Confidence: 0.25, Source: "llm"}, {Type: "service", Confidence: 0.1}}
		if diff := cmp.Diff(want, a.Alternatives); diff != "" || a.Type != "network" || b.store.opinions[0].Applied {
			t.Errorf("type %s, alternatives (-want +got)\n%s", a.Type, diff)
		}
	})
	t.Run("becomes the type when people have mostly agreed with it", func(t *testing.T) {
		t.Parallel()
		b := setup(t, choosing("费用问题"), cascade.Config{}, inDoubt("c1"))
		b.store.counts = trusting
		if _, err := b.Review(t.Context()); err != nil {
			t.Fatal(err)
		}
		a := b.store.assessed[0]
		want := []nlp.Alternative{{Type: "network", Confidence: 0.3}, {Type: "service", Confidence: 0.1}}
		if diff := cmp.Diff(want, a.Alternatives); diff != "" {
			t.Errorf("alternatives (-want +got)\n%s", diff)
		}
		if a.Type != "fee" || a.TypeName != "费用问题" || a.Department == "" || a.SLA.ResolveBy.IsZero() || !a.NeedsReview || a.Confidence != 0.25 {
			t.Errorf("assessed %+v", a)
		}
		if !b.store.opinions[0].Applied {
			t.Error("the opinion does not say that it was applied")
		}
	})
	for name, change := range map[string]func(*store, *cascade.Config){
		"never when it may only be shown":             func(_ *store, c *cascade.Config) { c.ShowOnly = true },
		"never when it is better by chance only":      func(s *store, _ *cascade.Config) { s.counts.Won, s.counts.Lost = 12, 10 },
		"never when it is better on one look of many": func(s *store, _ *cascade.Config) { s.counts.Won, s.counts.Lost = 25, 13 },
		"never when our own model rules it out":       func(s *store, _ *cascade.Config) { s.cases[0].Assessment.Alternatives = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, s := cascade.Config{}, &store{cases: []triage.Case{inDoubt("c1")}, counts: trusting}
			change(s, &config)
			b := setup(t, choosing("费用问题"), config, s.cases...)
			b.store.counts = s.counts
			if _, err := b.Review(t.Context()); err != nil {
				t.Fatal(err)
			}
			if a := b.store.assessed[0]; a.Type != "network" || b.store.opinions[0].Applied {
				t.Errorf("the type became %s", a.Type)
			}
		})
	}
}

func TestAnswersThatCountAsNothing(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(r llm.Request) string{
		"no JSON":            func(llm.Request) string { return "费用问题" },
		"JSON in prose":      func(r llm.Request) string { return `好的：{"type":"` + codeOf(r, "费用问题") + `"}` },
		"two objects":        func(r llm.Request) string { return strings.Repeat(`{"type":"`+codeOf(r, "费用问题")+`"}`, 2) },
		"a list":             func(r llm.Request) string { return `["` + codeOf(r, "费用问题") + `"]` },
		"a further field":    func(r llm.Request) string { return `{"type":"` + codeOf(r, "费用问题") + `","why":"x"}` },
		"a code of the pack": func(llm.Request) string { return `{"type":"fee","subtype":""}` },
		"a name":             func(llm.Request) string { return `{"type":"费用问题","subtype":""}` },
		"a number":           func(llm.Request) string { return `{"type":7}` },
		"nothing":            func(llm.Request) string { return `{"type":"","subtype":""}` },
		"null":               func(llm.Request) string { return `null` },
		"an unknown subtype": func(r llm.Request) string { return `{"type":"` + codeOf(r, "费用问题") + `","subtype":"ZZZZZZ"}` },
		"another type as subtype": func(r llm.Request) string {
			return `{"type":"` + codeOf(r, "费用问题") + `","subtype":"` + codeOf(r, "网络问题") + `"}`
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, script(func(r llm.Request) (string, error) { return answer(r), nil }), cascade.Config{}, inDoubt("c1"))
			if _, err := b.Review(t.Context()); err != nil {
				t.Fatal(err)
			}
			if o := b.store.opinions[0]; o.Verdict != cascade.VerdictNone || o.Type != "" || o.Calls != 1 || o.Tokens != 50 {
				t.Errorf("got %+v", o)
			}
		})
	}
	t.Run("two that differ", func(t *testing.T) {
		t.Parallel()
		calls := 0
		b := setup(t, script(func(r llm.Request) (string, error) {
			calls++
			return choosing([]string{"费用问题", "服务问题"}[calls%2])(r)
		}), cascade.Config{}, inDoubt("c1"))
		if _, err := b.Review(t.Context()); err != nil {
			t.Fatal(err)
		}
		if o := b.store.opinions[0]; o.Verdict != cascade.VerdictNone || o.Type != "" || o.Calls != 2 {
			t.Errorf("got %+v", o)
		}
	})
}

func TestReviewGoesOn(t *testing.T) {
	t.Parallel()
	t.Run("when a person was faster", func(t *testing.T) {
		t.Parallel()
		b := setup(t, choosing("费用问题"), cascade.Config{}, inDoubt("c1"), inDoubt("c2"))
		b.store.labelled = map[triage.ComplaintID]bool{"c1": true}
		if _, err := b.Review(t.Context()); err != nil || len(b.store.opinions) != 1 || b.store.opinions[0].Case != "c2" {
			t.Errorf("got %v, %+v", err, b.store.opinions)
		}
	})
	t.Run("until the model does not answer, keeping what it has", func(t *testing.T) {
		t.Parallel()
		calls, down := 0, errors.New("down")
		b := setup(t, script(func(r llm.Request) (string, error) {
			if calls++; calls > 2 {
				return "", down
			}
			return choosing("费用问题")(r)
		}), cascade.Config{}, inDoubt("c1"), inDoubt("c2"))
		if _, err := b.Review(t.Context()); !errors.Is(err, down) || len(b.store.opinions) != 1 {
			t.Errorf("got %v, %+v", err, b.store.opinions)
		}
	})
}

func TestQuestionsAreNeverTheSame(t *testing.T) {
	t.Parallel()
	var asked []llm.Request
	b := setup(t, script(func(r llm.Request) (string, error) {
		asked = append(asked, r)
		return choosing("网络问题")(r)
	}), cascade.Config{}, inDoubt("c1"))
	if _, err := b.Review(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 2 || codeOf(asked[0], "费用问题") == codeOf(asked[1], "费用问题") {
		t.Errorf("the codes of two calls are alike")
	}
	if strings.Contains(asked[0].System, "信号很差") || !strings.Contains(asked[0].User, "信号很差") {
		t.Error("the complaint is not where data belongs")
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	b := setup(t, choosing(""), cascade.Config{})
	b.store.counts = trusting
	f, err := b.Figures(t.Context())
	if err != nil || !f.Trusted || f.Theirs.Value != 0.9 || f.Ours.Value != 0.6 || f.P > 0.001 {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for field, c := range map[string]cascade.Config{
		"below": {Below: 1.1}, "max_per_run": {MaxPerRun: -1}, "price_per_1k": {PricePer1K: -1}, "min_evidence": {MinEvidence: -1},
	} {
		if err := c.Validate(); triage.CodeOf(err) != triage.CodeInvalid || !strings.HasPrefix(err.Error(), field+": ") {
			t.Errorf("%s: got %v", field, err)
		}
	}
}
