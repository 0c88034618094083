package search

import (
	"context"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	defaultPage = 20
	// maxPage bounds Limit, maxDepth how far Offset may reach: the engine keeps
	// that many hits in memory.
	maxPage  = 200
	maxDepth = 10_000
	// maxWords bounds the words of a query.
	maxWords = 32
)

// Query asks for cases. Zero fields do not filter.
type Query struct {
	// Words are searched in text and resolution. Of one or two words each must
	// occur, of more two in three; the more, the rarer and the denser, the
	// higher the score. Without words the latest cases come first.
	Words      string
	Type       string
	Status     triage.Status
	Product    string
	Channel    triage.Channel
	Region     string
	CustomerID triage.CustomerID
	// From and To bound the complaint's time, From <= At < To, widened to whole
	// days of the index's zone.
	From, To time.Time
	// Offset skips hits, at most 10 000. Limit is 20 when 0, at most 200.
	Offset, Limit int
}

// Page is one page of the answer.
type Page struct {
	// Hits are ordered by score, then by id. Score is 1 for the best hit of the
	// whole answer and 0 when the query had no words.
	Hits []triage.Hit
	// Total counts all cases that match.
	Total int
}

// Search finds cases by words and filters. It returns CodeInvalid for an
// offset out of range and CodeUnavailable when the index cannot answer.
func (x *Index) Search(ctx context.Context, q Query) (Page, error) {
	if q.Offset < 0 || q.Offset > maxDepth {
		return Page{}, triage.FieldErrorf("offset", "got %d, want 0 to %d; narrow the search instead", q.Offset, maxDepth)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultPage
	}
	s := x.scratch.Get().(*scratch)
	words := wordsQuery(s.terms.readWords(q.Words))
	x.scratch.Put(s)
	filters := x.filters(q)

	r := bleve.NewSearchRequestOptions(join(words, filters), min(limit, maxPage), q.Offset, false)
	if words == nil {
		r.SortBy([]string{"-" + fieldDay, fieldID})
		r.Score = "none"
	} else {
		r.SortBy([]string{"-_score", fieldID})
	}
	var page Page
	err := x.use(func(g *generation) error {
		res, err := g.SearchInContext(ctx, r)
		if err != nil {
			return err
		}
		page.Total = int(res.Total)
		page.Hits = make([]triage.Hit, 0, len(res.Hits))
		for _, h := range res.Hits {
			hit := triage.Hit{ID: triage.ComplaintID(h.ID)}
			if words != nil && res.MaxScore > 0 {
				hit.Score = h.Score / res.MaxScore
			}
			page.Hits = append(page.Hits, hit)
		}
		return nil
	})
	return page, err
}

// wordsQuery returns nil when there are no words.
func wordsQuery(terms []term) query.Query {
	var words []query.Query
	seen := make(map[string]bool)
	for _, t := range terms {
		if seen[t.text] || len(words) == maxWords {
			continue
		}
		seen[t.text] = true
		words = append(words, bleve.NewDisjunctionQuery(
			termQuery(fieldText, t.text, 1), termQuery(fieldResolution, t.text, 0.5)))
	}
	if len(words) == 0 {
		return nil
	}
	q := bleve.NewDisjunctionQuery(words...)
	q.SetMin(float64((2*len(words) + 2) / 3))
	return q
}

func termQuery(field, text string, boost float64) query.Query {
	q := bleve.NewTermQuery(text)
	q.SetField(field)
	q.SetBoost(boost)
	return q
}

// filters returns the conditions on fields; they do not change scores.
func (x *Index) filters(q Query) []query.Query {
	var filters []query.Query
	for _, f := range []struct{ field, value string }{
		{fieldType, q.Type},
		{fieldStatus, string(q.Status)},
		{fieldProduct, q.Product},
		{fieldChannel, string(q.Channel)},
		{fieldRegion, q.Region},
		{fieldCustomer, string(q.CustomerID)},
	} {
		if f.value != "" {
			filters = append(filters, termQuery(f.field, clip(f.value, maxKeywordBytes), 0))
		}
	}
	from, to := dayOf(q.From, x.zone), ""
	if !q.To.IsZero() {
		to = dayOf(q.To.Add(-1), x.zone)
	}
	if from != "" || to != "" {
		inclusive := true
		days := bleve.NewTermRangeInclusiveQuery(from, to, &inclusive, &inclusive)
		days.SetField(fieldDay)
		days.SetBoost(0)
		filters = append(filters, days)
	}
	return filters
}

func join(words query.Query, filters []query.Query) query.Query {
	switch {
	case words == nil && len(filters) == 0:
		return bleve.NewMatchAllQuery()
	case words == nil:
		return bleve.NewConjunctionQuery(filters...)
	case len(filters) == 0:
		return words
	}
	return bleve.NewConjunctionQuery(append(filters, words)...)
}
