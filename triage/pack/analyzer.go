package pack

import (
	"fmt"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// Options choose what an Analyzer is made of.
type Options struct {
	// PackDir overrides packs of the binary; may be empty.
	PackDir string
	// Pack is the code of the pack.
	Pack string
	// Model is the file of a model trained for the pack's types; may be empty.
	Model string
	// Products and Campaigns are known names beside those of the pack.
	Products, Campaigns []string
	// WordsOnly leaves all models out: words and rules alone.
	WordsOnly bool
}

// Analyzer judges complaints for one pack. It satisfies triage.Analyzer and
// triage.Catalogue, is immutable and safe for concurrent use.
type Analyzer struct {
	pack      *Pack
	types     []triage.TypeInfo
	byCode    map[string]*Type
	text      *nlp.Analyzer
	tokenizer *Tokenizer
	cards     []nlp.Card
}

// NewAnalyzer loads dictionary, pack and models; it takes about half a second.
func NewAnalyzer(o Options) (*Analyzer, error) {
	p, err := Load(o.PackDir, o.Pack)
	if err != nil {
		return nil, err
	}
	a := &Analyzer{pack: p, types: p.Infos(), byCode: map[string]*Type{}}
	for i := range p.Types {
		a.byCode[p.Types[i].Code] = &p.Types[i]
		for j := range p.Types[i].Subtypes {
			a.byCode[p.Types[i].Subtypes[j].Code] = &p.Types[i].Subtypes[j]
		}
	}
	if a.tokenizer, err = NewTokenizer(p); err != nil {
		return nil, err
	}
	words, err := p.lexicons()
	if err != nil {
		return nil, err
	}
	c := nlp.Config{
		Tokenizer: a.tokenizer,
		Types:     words.types,
		Subtypes:  words.subtypes,
		Meaning:   p.meaning,
		Entities: nlp.NewEntityFinder(nlp.EntityLexicon{
			Products:  append(slices.Clip(p.Products), o.Products...),
			Campaigns: append(slices.Clip(p.Campaigns), o.Campaigns...),
		}),
	}
	if !o.WordsOnly {
		if err := a.loadModels(&c, o); err != nil {
			return nil, err
		}
	}
	if a.text, err = nlp.NewAnalyzer(c); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Analyzer) loadModels(c *nlp.Config, o Options) error {
	shipped, err := LoadShipped()
	if err != nil {
		return err
	}
	c.General, c.Mood = shipped.General, shipped.Mood
	a.cards = []nlp.Card{c.General.Card, c.Mood.Card}
	if o.Model == "" {
		return nil
	}
	m, err := shipped.ReadModelFile(o.Model)
	if err != nil {
		return err
	}
	if _, err = nlp.NewClassifier(m, a.tokenizer); err == nil {
		c.Trained, err = a.pack.adopt(m)
	}
	if err != nil {
		return fmt.Errorf("model %s: %w", o.Model, err)
	}
	a.cards = append(a.cards, m.Card)
	return nil
}

// Assess judges a complaint; the clocks of its SLA start at its time.
func (a *Analyzer) Assess(c *triage.Complaint) triage.Assessment {
	r := a.text.Analyze(c.Body())
	t := a.byCode[r.Type]
	sub := a.byCode[r.Subtype]
	s := triage.Assessment{
		ID: c.ID, Pack: a.pack.Code, Type: r.Type, Subtype: r.Subtype,
		Confidence: r.Confidence, Alternatives: r.Alternatives, NeedsReview: r.Confidence < a.pack.ReviewBelow,
		Sentiment: r.Sentiment, Urgency: r.Urgency, Demand: r.Demand, Style: r.Style,
		DemandReasons: r.DemandReasons, StyleReasons: r.StyleReasons,
		Entities: r.Entities, Reasons: r.Reasons,
		Similar: []triage.SimilarCase{}, Suggestions: []triage.Suggestion{},
	}
	if t != nil {
		s.TypeName, s.Department = t.Name, t.Department
	}
	if sub != nil && sub.Department != "" {
		s.Department = sub.Department
	}
	s.SLA = a.pack.clocks(t, sub, r.Urgency.Level, c.At)
	return s
}

// PackCode returns the code of the pack.
func (a *Analyzer) PackCode() string { return a.pack.Code }

// Types lists the types of the pack.
func (a *Analyzer) Types() []triage.TypeInfo { return a.types }

// Cards returns the model cards in use: general, sentiment, and that of the
// model trained for the pack if there is one.
func (a *Analyzer) Cards() []nlp.Card { return a.cards }

// Tokenizer returns the segmenter in use, for the search index to share.
func (a *Analyzer) Tokenizer() *Tokenizer { return a.tokenizer }

// clocks sets the time limits: those of the sub-type, else of the type, else
// of the pack, and never longer than the urgency allows.
func (p *Pack) clocks(t, sub *Type, level nlp.UrgencyLevel, at time.Time) triage.SLA {
	limit := p.SLA
	for _, over := range []*Type{t, sub} {
		if over != nil {
			limit = limit.override(over.SLA)
		}
	}
	limit = limit.capped(p.Urgency[string(level)])
	return triage.SLA{
		RespondBy: limit.Respond.after(at),
		VerifyBy:  limit.Verify.after(at),
		ResolveBy: limit.Resolve.after(at),
	}
}

// lastTime is the last time that is in the year 9999 in every time zone: RFC
// 3339, and with it JSON, knows no later year.
var lastTime = time.Date(9999, 12, 31, 9, 59, 59, 0, time.UTC)

// after returns the end of the limit, in the zone of at; a limit that ends
// after lastTime ends there.
func (d Duration) after(at time.Time) time.Time {
	if by := at.Add(time.Duration(d)); by.Before(lastTime) {
		return by
	}
	return lastTime.In(at.Location())
}

func (l Limits) override(o Limits) Limits {
	if o.Respond > 0 {
		l.Respond = o.Respond
	}
	if o.Verify > 0 {
		l.Verify = o.Verify
	}
	if o.Resolve > 0 {
		l.Resolve = o.Resolve
	}
	return l
}

func (l Limits) capped(o Limits) Limits {
	if o.Respond > 0 {
		l.Respond = min(l.Respond, o.Respond)
	}
	if o.Verify > 0 {
		l.Verify = min(l.Verify, o.Verify)
	}
	if o.Resolve > 0 {
		l.Resolve = min(l.Resolve, o.Resolve)
	}
	return l
}
