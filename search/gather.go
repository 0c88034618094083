package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/qianyi-dev/qianyi/triage"
)

// maxCandidates is how many cases are compared with the query term by term.
const maxCandidates = 200

// gatherer adds up the weights of the query's terms by case. Its memory is kept
// from query to query.
type gatherer struct {
	candidates []candidate
	score      []float32 // by number within a segment; all zero between segments
	touched    []uint32  // numbers with a score
	buffer     [256]uint32
}

// candidate is a case by its place in the index.
type candidate struct {
	segment int
	number  uint32
	score   float32
}

// gather leaves the cases with the highest sums in candidates, best first.
func (g *gatherer) gather(ctx context.Context, segments []*scorch.SegmentSnapshot, terms []queryTerm) error {
	g.candidates = g.candidates[:0]
	for i, segment := range segments {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := g.addSegment(segment, terms)
		g.collect(i)
		if err != nil {
			return err
		}
	}
	g.keepBest()
	return nil
}

func (g *gatherer) addSegment(segment *scorch.SegmentSnapshot, terms []queryTerm) error {
	if need := segment.FullSize() - int64(len(g.score)); need > 0 {
		g.score = append(g.score, make([]float32, need)...)
	}
	dict, err := segment.Segment().Dictionary(fieldText)
	if err != nil {
		return err
	}
	for _, t := range terms {
		postings, err := dict.PostingsList([]byte(t.text), segment.Deleted(), nil)
		if err != nil {
			return err
		}
		switch it := postings.Iterator(false, false, false, nil).(type) {
		// A list is a bitmap, or nothing but one number. Reading them in bulk
		// is ten times faster than asking for the next entry.
		case interface {
			ActualBitmap() *roaring.Bitmap
			DocNum1Hit() (uint64, bool)
		}:
			if number, ok := it.DocNum1Hit(); ok {
				g.add(float32(t.weight), uint32(number))
			} else if numbers := it.ActualBitmap(); numbers != nil {
				g.addBitmap(float32(t.weight), numbers)
			}
		default:
			return fmt.Errorf("posting list of the kind %T", it)
		}
	}
	return nil
}

func (g *gatherer) addBitmap(weight float32, numbers *roaring.Bitmap) {
	it := numbers.ManyIterator()
	for n := it.NextMany(g.buffer[:]); n > 0; n = it.NextMany(g.buffer[:]) {
		g.add(weight, g.buffer[:n]...)
	}
}

func (g *gatherer) add(weight float32, numbers ...uint32) {
	for _, number := range numbers {
		if g.score[number] == 0 {
			g.touched = append(g.touched, number)
		}
		g.score[number] += weight
	}
}

// collect moves the best cases of a segment to the candidates.
func (g *gatherer) collect(segment int) {
	least := float32(0)
	if len(g.candidates) >= maxCandidates {
		g.keepBest()
		least = g.candidates[maxCandidates-1].score
	}
	for _, number := range g.touched {
		score := g.score[number]
		g.score[number] = 0
		if score <= least {
			continue
		}
		g.candidates = append(g.candidates, candidate{segment, number, score})
		if len(g.candidates) == 4*maxCandidates {
			g.keepBest()
			least = g.candidates[maxCandidates-1].score
		}
	}
	g.touched = g.touched[:0]
}

// keepBest sorts the candidates and drops all but the best.
func (g *gatherer) keepBest() {
	slices.SortFunc(g.candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.segment, b.segment), cmp.Compare(a.number, b.number))
	})
	g.candidates = g.candidates[:min(len(g.candidates), maxCandidates)]
}

// readCard returns the id and the card of a case; the card uses the memory of
// dst. Bleve's own way goes by id and builds a document of all fields, which
// takes twenty times as long.
func readCard(dst []byte, segment *scorch.SegmentSnapshot, number uint32) (id triage.ComplaintID, card []byte, err error) {
	card = dst[:0]
	err = segment.VisitDocument(uint64(number), func(field string, _ byte, value []byte, _ []uint64) bool {
		switch field {
		case fieldID:
			id = triage.ComplaintID(value)
		case fieldCard:
			card = append(card, value...)
		}
		return true
	})
	return id, card, err
}
