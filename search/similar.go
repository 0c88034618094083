package search

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// maxQueryTerms and postingBudget bound the cost of one query whatever the
	// size of the index: at most that many entries of posting lists are read.
	maxQueryTerms = 25
	postingBudget = 50_000
	// typeBoost is what a candidate gains when its type is certain: a score
	// three times that of an equal text of an impossible type.
	typeBoost = 2.0
)

var _ triage.SimilarFinder = (*Index)(nil)

// Similar finds the cases with the most telling words in common with q.Text.
// The score is the cosine of the two texts' weighted words, raised for
// candidates of a likely type and scaled back, so that 1 remains the same words
// and the likeliest type.
//
// It reads the posting lists itself: Bleve's disjunction keeps twenty-five lists
// in step and scores what is thrown away, at 200 to 500 ns an entry against 10.
func (x *Index) Similar(ctx context.Context, q triage.SimilarQuery) ([]triage.Hit, error) {
	if q.Limit <= 0 {
		return nil, nil
	}
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	var hits []triage.Hit
	err := x.use(func(g *generation) error {
		return g.view(func(snap *scorch.IndexSnapshot) (err error) {
			w := g.weights.Load()
			s.query = vectorOf(s.query, s.terms.read(q.Text))
			if err := s.gather(ctx, snap.Segments(), s.choose(w)); err != nil {
				return err
			}
			hits, err = s.rank(ctx, snap.Segments(), w, q)
			return err
		})
	})
	return hits, err
}

// scratch is the memory of one query, kept for the next.
type scratch struct {
	terms  termReader
	query  []entry
	chosen []queryTerm
	gatherer
	vector []entry
	card   []byte
}

type queryTerm struct {
	text   string
	hash   uint32
	df     int
	weight float64
}

// choose returns the most telling terms of the query within the budget. Rare
// terms tell most, but those of one or two cases are often slips of the pen:
// hence the factor that grows with the number of cases.
func (s *scratch) choose(w *weights) []queryTerm {
	s.chosen = s.chosen[:0]
	seen := make(map[uint32]bool, len(s.terms.terms))
	for _, t := range s.terms.terms {
		h := hashTerm(t.text)
		if seen[h] {
			continue
		}
		seen[h] = true
		i, _ := slices.BinarySearchFunc(s.query, h, func(e entry, h uint32) int { return cmp.Compare(e.hash(), h) })
		df := w.df(h)
		s.chosen = append(s.chosen, queryTerm{
			text: t.text, hash: h, df: df,
			weight: float64(s.query[i].boost()) * w.idf(h) * math.Log(1+float64(df)),
		})
	}
	slices.SortFunc(s.chosen, func(a, b queryTerm) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.text, b.text))
	})
	return withinBudget(s.chosen)
}

// withinBudget keeps the first terms whose posting lists fit into the budget
// together, and when none fits, the shortest.
func withinBudget(terms []queryTerm) []queryTerm {
	if len(terms) == 0 {
		return nil
	}
	rarest := slices.MinFunc(terms, func(a, b queryTerm) int { return cmp.Compare(a.df, b.df) })
	n, left := 0, postingBudget
	for _, t := range terms {
		if t.df <= left && n < maxQueryTerms {
			terms[n] = t
			n++
			left -= t.df
		}
	}
	if n == 0 {
		terms[0], n = rarest, 1
	}
	return terms[:n]
}

// rank compares the candidates with the query term by term.
func (s *scratch) rank(ctx context.Context, segments []*scorch.SegmentSnapshot, w *weights, q triage.SimilarQuery) ([]triage.Hit, error) {
	queryNorm := w.norm(s.query)
	likeliest := 0.0
	for _, p := range q.TypeWeights {
		likeliest = max(likeliest, p)
	}
	hits := make([]triage.Hit, 0, len(s.candidates))
	for _, c := range s.candidates {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		id, card, err := readCard(s.card, segments[c.segment], c.number)
		if err != nil {
			return nil, err
		}
		s.card = card
		if id == q.Exclude {
			continue
		}
		typ, v, err := decodeCard(s.vector, card)
		if err != nil {
			return nil, err
		}
		s.vector = v
		length := float64(queryNorm * w.norm(v))
		if length == 0 {
			continue
		}
		score := float64(w.dot(s.query, v)) / length
		score *= (1 + typeBoost*q.TypeWeights[string(typ)]) / (1 + typeBoost*likeliest)
		hits = append(hits, triage.Hit{ID: id, Score: min(max(score, 0), 1)})
	}
	slices.SortFunc(hits, func(a, b triage.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return hits[:min(len(hits), q.Limit)], nil
}
