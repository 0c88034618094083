package triage

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
)

// candidates is how many similar cases are weighed for suggestions; the answer
// shows only the best of them.
const candidates = 20

// maxSuggestions is how many proposals an agent can take in at a glance.
const maxSuggestions = 3

// advise fills Similar, with at most limit > 0 cases, and Suggestions, and
// returns the similar cases in full.
// Failures of the index are logged and leave both empty: advice is help, not a
// condition of intake.
func (s *Service) advise(ctx context.Context, c *Complaint, a *Assessment, limit int) []Case {
	a.Similar, a.Suggestions = []SimilarCase{}, []Suggestion{}
	past, err := s.neighbours(ctx, c, a, max(limit, candidates))
	if err != nil {
		s.d.Log.WarnContext(ctx, "no similar cases", "complaint_id", c.ID, "err", err)
	}
	solutions, err := s.d.Solutions.SolutionsFor(ctx, a.Type, a.Subtype)
	if err != nil {
		s.d.Log.WarnContext(ctx, "no standard solutions", "complaint_id", c.ID, "err", err)
	}
	a.Suggestions = rankSuggestions(past, a.Similar, weigh(c, a, solutions), s.d.Now())
	if len(a.Suggestions) == 0 {
		a.Suggestions = s.packAdvice(a)
	}
	limit = min(limit, len(a.Similar))
	a.Similar = a.Similar[:limit]
	return past[:limit]
}

// packAdvice is the pack's own handling note, for a store without history.
func (s *Service) packAdvice(a *Assessment) []Suggestion {
	for _, code := range []string{a.Subtype, a.Type} {
		if info, ok := FindType(s.d.Catalogue, code); ok && len(info.Notes) > 0 {
			return []Suggestion{{Text: info.Notes[0], Source: "pack:" + s.d.Catalogue.PackCode()}}
		}
	}
	return []Suggestion{}
}

// neighbours fills a.Similar and returns the same cases in full.
func (s *Service) neighbours(ctx context.Context, c *Complaint, a *Assessment, limit int) ([]Case, error) {
	a.Similar = []SimilarCase{}
	if s.d.Similar == nil || limit <= 0 {
		return nil, nil
	}
	hits, err := s.d.Similar.Similar(ctx, SimilarQuery{
		Exclude: c.ID, Text: c.Body(), TypeWeights: s.typeWeights(a), Limit: limit,
	})
	if err != nil {
		return nil, err
	}
	ids := make([]ComplaintID, len(hits))
	score := make(map[ComplaintID]float64, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
		score[h.ID] = h.Score
	}
	past, err := s.d.Cases.Cases(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range past {
		p := &past[i]
		a.Similar = append(a.Similar, SimilarCase{
			ID: p.ID, Score: score[p.ID], Type: p.FinalType(), Resolution: p.Resolution, Satisfaction: p.Satisfaction,
		})
	}
	return past, nil
}

// typeWeights turns an assessment into the probabilities of its types. Cases
// of the past carry the code or, as many sources write it, the name.
func (s *Service) typeWeights(a *Assessment) map[string]float64 {
	w := map[string]float64{}
	add := func(code string, p float64) {
		w[code] += p
		if info, found := FindType(s.d.Catalogue, code); found && info.Name != code {
			w[info.Name] += p
		}
	}
	add(a.Type, a.Confidence)
	for _, alt := range a.Alternatives {
		add(alt.Type, alt.Confidence)
	}
	return w
}

// rankSuggestions orders past resolutions and standard solutions by expected
// outcome. A past case counts by likeness, by success (a resolution exists),
// by satisfaction and by recency with a half-life of a year. Satisfaction counts
// with its doubt, see [Outcome], so that one happy customer does not beat fifty.
// The same wording is counted once, its support added; a standard solution of
// that wording lends it its name.
func rankSuggestions(past []Case, similar []SimilarCase, solutions []*proposal, now time.Time) []Suggestion {
	groups := map[string]*proposal{}
	var order []*proposal
	for i := range past {
		p := &past[i]
		if p.Resolution == "" {
			continue
		}
		key := nlp.Normalize(p.Resolution).Text
		g := groups[key]
		if g == nil {
			g = &proposal{Suggestion: Suggestion{Text: p.Resolution, Source: "case:" + string(p.ID)}}
			groups[key] = g
			order = append(order, g)
		}
		g.add(p, similar[i].Score, now)
	}
	for _, s := range solutions {
		if g := groups[nlp.Normalize(s.Text).Text]; g != nil {
			g.endorse(s)
			continue
		}
		order = append(order, s)
	}
	slices.SortStableFunc(order, func(a, b *proposal) int {
		switch d := b.worth() - a.worth(); {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
	suggestions := []Suggestion{}
	for _, p := range order[:min(len(order), maxSuggestions)] {
		suggestions = append(suggestions, p.shown())
	}
	return suggestions
}

const (
	// A standard solution of the right sub-type is worth a close match among
	// past cases, one of the right type alone a distant one; what it shares with
	// the complaint's own words comes on top.
	subtypeLikeness = 0.35
	typeLikeness    = 0.1
	wordingLikeness = 0.5
	recencyHalfLife = 365 * 24 * time.Hour
)

// weigh turns standard solutions into proposals by how well they fit the case.
func weigh(c *Complaint, a *Assessment, solutions []Solution) []*proposal {
	pairs := bigrams(c.Body())
	list := make([]*proposal, len(solutions))
	for i, s := range solutions {
		fit := typeLikeness
		if s.Subtype != "" && s.Subtype == a.Subtype {
			fit = subtypeLikeness
		}
		list[i] = &proposal{
			Suggestion: Suggestion{
				Text: s.Text, Source: "solution:" + s.ID, Support: s.Uses, Satisfaction: s.Satisfaction, Version: s.Version,
			},
			outcome:  OutcomeOf(&s),
			likeness: fit + wordingLikeness*overlap(pairs, bigrams(s.Title+"\n"+s.Text)),
			recency:  1,
		}
	}
	return list
}

// proposal is a suggestion while its evidence is being gathered.
type proposal struct {
	Suggestion
	likeness float64 // of the best case behind it
	recency  float64 // of the latest case behind it, 1 = today
	outcome  Outcome
}

func (p *proposal) add(c *Case, likeness float64, now time.Time) {
	p.Support++
	p.likeness = max(p.likeness, likeness)
	ended := c.ClosedAt
	if ended.IsZero() {
		ended = c.At
	}
	age := max(now.Sub(ended), 0)
	p.recency = max(p.recency, math.Exp2(-float64(age)/float64(recencyHalfLife)))
	if c.Satisfaction != nil {
		p.outcome = p.outcome.Add(*c.Satisfaction)
		p.Satisfaction = new(p.outcome.Mean)
	}
}

// endorse joins a standard solution of the same wording: people are shown the
// solution, with the better of the evidence of both.
func (p *proposal) endorse(s *proposal) {
	p.Source, p.Version = s.Source, s.Version
	p.Support = max(p.Support, s.Support)
	p.likeness, p.recency = max(p.likeness, s.likeness), max(p.recency, s.recency)
	if p.outcome.Scores == 0 {
		p.Satisfaction, p.outcome = s.Satisfaction, s.outcome
	}
}

// shown is the suggestion with the bounds of its satisfaction.
func (p *proposal) shown() Suggestion {
	s := p.Suggestion
	if p.outcome.Scores > 0 {
		e := p.outcome.Estimate()
		s.SatisfactionLow, s.SatisfactionHigh = &e.Low, &e.High
	}
	return s
}

// worth is the expected outcome of using the proposal: likeness × cautious
// satisfaction × recency (which takes at most half away).
func (p *proposal) worth() float64 {
	return p.likeness * p.outcome.Estimate().Cautious / 100 * (0.5 + 0.5*p.recency)
}
