package cascade

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// SourceLLM marks an alternative that a language model proposes.
const SourceLLM = "llm"

// Deps is what a Reviewer is made of.
type Deps struct {
	Ask       Asker
	Catalogue Catalogue
	Store     Store
	// Model is the name of the language model: an opinion belongs to it.
	Model string
	Now   func() time.Time
	Log   *slog.Logger
}

// Reviewer asks for second opinions.
type Reviewer struct {
	config Config
	d      Deps
}

// New returns a Reviewer; the error names a setting that cannot be used.
func New(config Config, d Deps) (*Reviewer, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	return &Reviewer{config: config.withDefaults(), d: d}, nil
}

// Figures are what the language model has cost and how well it agrees with
// people.
func (r *Reviewer) Figures(ctx context.Context) (Figures, error) {
	n, err := r.d.Store.OpinionCounts(ctx, r.d.Model)
	if err != nil {
		return Figures{}, err
	}
	return r.config.figures(r.d.Model, n), nil
}

// Review asks about the latest cases in doubt and stores what it hears, case by
// case, so that it may end at any time. A language model that does not answer
// ends the run with an error; what was heard before stays. The note counts.
func (r *Reviewer) Review(ctx context.Context) (note string, err error) {
	figures, err := r.Figures(ctx)
	if err != nil {
		return "", err
	}
	cases, err := r.d.Store.Doubtful(ctx, r.d.Model, r.config.Below, r.config.MaxPerRun)
	if err != nil {
		return "", err
	}
	heard := map[Verdict]int{}
	for i := range cases {
		o, err := r.consult(ctx, &cases[i])
		if err != nil {
			return "", fmt.Errorf("after %d of %d opinions: %w", i, len(cases), err)
		}
		assessed := r.assess(&cases[i], &o, figures.Trusted)
		err = r.d.Store.PutOpinion(ctx, o, assessed)
		if err != nil && triage.CodeOf(err) != triage.CodeConflict { // somebody was faster
			return "", err
		}
		heard[o.Verdict]++
	}
	r.d.Log.DebugContext(ctx, "second opinions", "asked", len(cases), "none", heard[VerdictNone], "withheld", heard[VerdictWithheld])
	return fmt.Sprintf("%d opinions: %d agree, %d differ, %d none, %d withheld", len(cases),
		heard[VerdictAgrees], heard[VerdictDiffers], heard[VerdictNone], heard[VerdictWithheld]), nil
}

// consult asks about one case: twice, unless the first answer names nothing.
func (r *Reviewer) consult(ctx context.Context, c *triage.Case) (Opinion, error) {
	o := Opinion{Case: c.ID, Model: r.d.Model, At: r.d.Now(), Seen: c.Work.Version, Ours: c.Assessment.Type, Verdict: VerdictNone}
	types := r.d.Catalogue.Types()
	if suspect(c.Body(), types) {
		o.Verdict = VerdictWithheld
		return o, nil
	}
	err := r.listen(ctx, &o, plain(c.Body()), types)
	return o, err
}

// listen asks twice about what may be sent of a text, the second time without
// the names of types in it, and writes the verdict on which both answers agree.
func (r *Reviewer) listen(ctx context.Context, o *Opinion, text string, types []triage.TypeInfo) error {
	rest := nameless(text, types)
	if rest == "" {
		return nil
	}
	first, ok, err := r.call(ctx, o, text, types)
	if err != nil || !ok {
		return err
	}
	second, ok, err := r.call(ctx, o, rest, types)
	if err != nil || !ok || first.typ != second.typ {
		return err
	}
	o.Type, o.Verdict = first.typ, VerdictDiffers
	if first == second {
		o.Subtype = first.subtype
	}
	if o.Type == o.Ours {
		o.Verdict = VerdictAgrees
	}
	return nil
}

// call makes one call and adds what it took to the opinion.
func (r *Reviewer) call(ctx context.Context, o *Opinion, text string, types []triage.TypeInfo) (choice, bool, error) {
	q, err := ask(text, types)
	if err != nil {
		return choice{}, false, err
	}
	answer, err := r.d.Ask.Ask(ctx, q.Request)
	if err != nil {
		return choice{}, false, err
	}
	o.Calls++
	o.Tokens += answer.Tokens
	o.Cost += float64(answer.Tokens) / 1000 * r.config.PricePer1K
	c, ok := q.read(answer.Text)
	return c, ok, nil
}

// assess returns the assessment that follows from an opinion that differs, nil
// for any other. The type changes when the language model is trusted and our own
// model holds the type possible; it is an alternative otherwise. The case asks
// for review in any case.
func (r *Reviewer) assess(c *triage.Case, o *Opinion, trusted bool) *triage.Assessment {
	if o.Verdict != VerdictDiffers {
		return nil
	}
	old := c.Assessment
	at := slices.IndexFunc(old.Alternatives, func(a nlp.Alternative) bool { return a.Type == o.Type })
	if at >= 0 && trusted {
		if a, ok := r.d.Catalogue.Retype(old, c.At, o.Type, o.Subtype); ok {
			a.Confidence = old.Alternatives[at].Confidence
			a.Alternatives = slices.Clone(old.Alternatives)
			a.Alternatives[at] = nlp.Alternative{Type: old.Type, Subtype: old.Subtype, Confidence: old.Confidence}
			o.Applied = true
			return &a
		}
	}
	a := old
	a.Alternatives = slices.Clone(old.Alternatives)
	if at < 0 {
		a.Alternatives = append(a.Alternatives, nlp.Alternative{Type: o.Type, Subtype: o.Subtype, Source: SourceLLM})
	} else {
		a.Alternatives[at].Source = SourceLLM
	}
	return &a
}
