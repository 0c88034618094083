package launch

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

// Attributor knows which complaints are about which campaign.
type Attributor interface {
	// AttributionsOf returns those of the complaints that are attributed, also
	// those that a person has taken out of every campaign.
	AttributionsOf(ctx context.Context, ids []triage.ComplaintID) (map[triage.ComplaintID]campaign.Attribution, error)
}

// CaseReader reads cases.
type CaseReader interface {
	Cases(ctx context.Context, ids []triage.ComplaintID) ([]triage.Case, error)
}

// Finder finds past complaints about rules like those of a draft.
type Finder struct {
	Similar    triage.SimilarFinder
	Cases      CaseReader
	Attributed Attributor
	// Types are the types of complaints about marketing. A complaint of another
	// type counts only when it is attributed to a campaign.
	Types []string
	// Threshold is the least score of a hit that counts, 0 for the rule of the
	// house.
	Threshold float64
}

// Earlier is a statement of a draft with the complaints that a similar one
// brought.
type Earlier struct {
	Statement  string
	In         Part
	Complaints []EarlierComplaint
}

// EarlierComplaint is one of them; Campaign is "" where none is known.
type EarlierComplaint struct {
	Case     triage.Case
	Campaign string
	Score    float64
}

const (
	// earlierThreshold is the rule of the house for hits: of 16 that were read, of
	// five statements against the complaints of a made-up telecom company, 14 were
	// about a similar offer. Below it, what is common is no more than a word.
	earlierThreshold = 0.25
	// shortStatement is the least length, in runes, of a statement that says
	// something of its own; maxStatements bounds how many are looked up.
	shortStatement = 6
	maxStatements  = 24
	// hitsOfStatement bounds the complaints of one statement.
	hitsOfStatement = 10
)

// Find looks up every statement of copy and rules and returns those with
// complaints, most complaints first. A complaint stands with the statement that
// it fits best. The error is CodeUnavailable when the index cannot answer.
func (f *Finder) Find(ctx context.Context, d *Draft) ([]Earlier, error) {
	statements := statementsOf(d)
	best := map[triage.ComplaintID]place{}
	for i, s := range statements {
		hits, err := f.Similar.Similar(ctx, triage.SimilarQuery{Text: s.Statement, TypeWeights: f.weights(), Limit: 2 * hitsOfStatement})
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			if h.Score >= cmp.Or(f.Threshold, earlierThreshold) && h.Score > best[h.ID].score {
				best[h.ID] = place{i, h.Score}
			}
		}
	}
	if len(best) == 0 {
		return nil, nil
	}
	if err := f.gather(ctx, statements, best); err != nil {
		return nil, err
	}
	statements = slices.DeleteFunc(statements, func(e Earlier) bool { return len(e.Complaints) == 0 })
	slices.SortStableFunc(statements, func(a, b Earlier) int { return cmp.Compare(len(b.Complaints), len(a.Complaints)) })
	return statements, nil
}

// place is the statement that a complaint fits best, and how well.
type place struct {
	statement int
	score     float64
}

func (f *Finder) gather(ctx context.Context, statements []Earlier, best map[triage.ComplaintID]place) error {
	ids := make([]triage.ComplaintID, 0, len(best))
	for id := range best {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	cases, err := f.Cases.Cases(ctx, ids)
	if err != nil {
		return err
	}
	campaigns, err := f.Attributed.AttributionsOf(ctx, ids)
	if err != nil {
		return err
	}
	for i := range cases {
		k := &cases[i]
		about := campaigns[k.ID].Campaign
		if about == "" && !slices.Contains(f.Types, k.FinalType()) {
			continue
		}
		at := best[k.ID]
		e := &statements[at.statement]
		e.Complaints = append(e.Complaints, EarlierComplaint{*k, about, at.score})
	}
	for i := range statements {
		e := &statements[i]
		slices.SortStableFunc(e.Complaints, func(a, b EarlierComplaint) int { return cmp.Compare(b.Score, a.Score) })
		e.Complaints = e.Complaints[:min(len(e.Complaints), hitsOfStatement)]
	}
	return nil
}

func (f *Finder) weights() map[string]float64 {
	w := make(map[string]float64, len(f.Types))
	for _, t := range f.Types {
		w[t] = 1 / float64(len(f.Types))
	}
	return w
}

var statement = regexp.MustCompile(`[^。！？；!?;\n]+`)

// statementsOf cuts copy and rules into what can be looked up, each once.
func statementsOf(d *Draft) []Earlier {
	var list []Earlier
	for _, t := range []struct {
		part Part
		text string
	}{{InRules, d.Rules}, {InCopy, d.Copy}} {
		for _, s := range statement.FindAllString(t.text, -1) {
			known := slices.ContainsFunc(list, func(e Earlier) bool { return e.Statement == s })
			if utf8.RuneCountInString(s) >= shortStatement && !known && len(list) < maxStatements {
				list = append(list, Earlier{Statement: s, In: t.part})
			}
		}
	}
	return list
}
