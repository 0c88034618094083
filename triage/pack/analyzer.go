package pack

import (
	"context"
	"errors"
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
	// Calendar counts the time limits; nil counts every hour of every day.
	Calendar Calendar
}

// Calendar says when a time limit ends.
type Calendar interface {
	// Limit returns the end of a limit that starts at t, for a case of a level
	// of urgency.
	Limit(level nlp.UrgencyLevel, t time.Time, limit time.Duration) time.Time
}

// everyHour is the calendar of an office that never closes.
type everyHour struct{}

func (everyHour) Limit(_ nlp.UrgencyLevel, t time.Time, limit time.Duration) time.Time {
	return t.Add(limit)
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
	calendar  Calendar
	// config is what text was made of, shipped the models in it; nil for words
	// only.
	config  nlp.Config
	shipped *Shipped
}

// NewAnalyzer loads dictionary, pack and models; it takes about half a second.
func NewAnalyzer(o Options) (*Analyzer, error) {
	p, err := Load(o.PackDir, o.Pack)
	if err != nil {
		return nil, err
	}
	a := &Analyzer{pack: p, types: p.Infos(), byCode: map[string]*Type{}, calendar: o.Calendar}
	if a.calendar == nil {
		a.calendar = everyHour{}
	}
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
	a.config = c
	if a.text, err = nlp.NewAnalyzer(c); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Analyzer) loadModels(c *nlp.Config, o Options) error {
	var err error
	if a.shipped, err = LoadShipped(); err != nil {
		return err
	}
	c.General, c.Mood = a.shipped.General, a.shipped.Mood
	a.cards = []nlp.Card{c.General.Card, c.Mood.Card}
	if o.Model == "" {
		return nil
	}
	m, err := a.shipped.ReadModelFile(o.Model)
	if err != nil {
		return err
	}
	if err := a.use(c, m); err != nil {
		return fmt.Errorf("model %s: %w", o.Model, err)
	}
	return nil
}

// use makes m the trained model of c when it belongs to dictionary and pack.
func (a *Analyzer) use(c *nlp.Config, m *nlp.Model) (err error) {
	if _, err = nlp.NewClassifier(m, a.tokenizer); err != nil {
		return err
	}
	c.Trained, err = a.pack.adopt(m)
	a.cards = append(a.cards, m.Card)
	return err
}

// WithModel returns an analyser that differs from a in its trained model alone:
// the one of this file's content, none for empty content. Everything else is
// shared, so that it takes milliseconds. The error says what keeps the model
// from being used: it is damaged, or belongs to another dictionary or pack.
func (a *Analyzer) WithModel(content []byte) (*Analyzer, error) {
	if a.shipped == nil {
		return nil, errors.New("a model cannot be used with words only")
	}
	other := *a
	c := a.config
	c.Trained = nil
	other.cards = slices.Clip(a.cards[:2])
	if len(content) > 0 {
		m, err := readAttached(content, a.shipped.Background)
		if err == nil {
			err = other.use(&c, m)
		}
		if err != nil {
			return nil, fmt.Errorf("model: %w", err)
		}
	}
	other.config = c
	text, err := nlp.NewAnalyzer(c)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	other.text = text
	return &other, nil
}

// Train learns the types of the pack from people's labels, on top of the
// shipped models and the words of all packs.
func (a *Analyzer) Train(ctx context.Context, examples []nlp.Example) (*nlp.Model, error) {
	if a.shipped == nil {
		return nil, errors.New("a model cannot be trained with words only")
	}
	return a.shipped.Train(ctx, nlp.TaskType, examples, a.tokenizer, nil)
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
	a.settle(&s, t, sub, c.At)
	return s
}

// Retype returns an assessment of a complaint made at that time with another
// type, and the department and clocks that follow from it; all else stays. ok is
// false when the pack has no such type, or the sub-type is not one of it.
func (a *Analyzer) Retype(s triage.Assessment, at time.Time, typ, subtype string) (_ triage.Assessment, ok bool) {
	t := a.byCode[typ]
	if t == nil || !slices.ContainsFunc(a.pack.Types, func(t Type) bool { return t.Code == typ }) {
		return s, false
	}
	var sub *Type
	if subtype != "" {
		i := slices.IndexFunc(t.Subtypes, func(t Type) bool { return t.Code == subtype })
		if i < 0 {
			return s, false
		}
		sub = &t.Subtypes[i]
	}
	s.Type, s.Subtype = typ, subtype
	a.settle(&s, t, sub, at)
	return s, true
}

// settle fills what follows from the type; both may be nil.
func (a *Analyzer) settle(s *triage.Assessment, t, sub *Type, at time.Time) {
	if t != nil {
		s.TypeName, s.Department = t.Name, t.Department
	}
	if sub != nil && sub.Department != "" {
		s.Department = sub.Department
	}
	s.SLA = a.clocks(t, sub, s.Urgency.Level, at)
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
func (a *Analyzer) clocks(t, sub *Type, level nlp.UrgencyLevel, at time.Time) triage.SLA {
	limit := a.pack.SLA
	for _, over := range []*Type{t, sub} {
		if over != nil {
			limit = limit.override(over.SLA)
		}
	}
	limit = limit.capped(a.pack.Urgency[string(level)])
	return triage.SLA{
		RespondBy: believable(a.calendar.Limit(level, at, time.Duration(limit.Respond))),
		VerifyBy:  believable(a.calendar.Limit(level, at, time.Duration(limit.Verify))),
		ResolveBy: believable(a.calendar.Limit(level, at, time.Duration(limit.Resolve))),
	}
}

// lastTime is the last time that is in the year 9999 in every time zone: RFC
// 3339, and with it JSON, knows no later year.
var lastTime = time.Date(9999, 12, 31, 9, 59, 59, 0, time.UTC)

// believable moves a limit that ends after lastTime there, in its own zone.
func believable(by time.Time) time.Time {
	if by.Before(lastTime) {
		return by
	}
	return lastTime.In(by.Location())
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
