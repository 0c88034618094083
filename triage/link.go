package triage

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
)

// A repeat is a complaint of the same customer about the same issue within
// this time. 58 % of complaints are repeats of an earlier one in the sources;
// three months covers a billing cycle and its dispute.
const repeatWindow = 90 * 24 * time.Hour

// repeatLikeness is the share of common character pairs from which two texts
// of one customer and one type count as the same issue.
const repeatLikeness = 0.3

// copyLikeness is the share from which two texts are the same issue whatever
// their types.
const copyLikeness = 0.6

// understand judges all complaints, on all cores when there are many.
func (s *Service) understand(complaints []Complaint, now time.Time) []Case {
	cases := make([]Case, len(complaints))
	workers := min(runtime.GOMAXPROCS(0), (len(complaints)+15)/16)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(complaints); i += workers {
				cases[i] = s.newCase(complaints[i], now)
			}
		})
	}
	wg.Wait()
	return cases
}

func (s *Service) newCase(c Complaint, now time.Time) Case {
	k := Case{Complaint: c, Assessment: s.d.Analyzer.Assess(&c), Status: StatusReceived, ReceivedAt: now}
	switch {
	case !c.ClosedAt.IsZero() || c.Resolution != "":
		k.Status = StatusClosed
	case c.Type != "":
		k.Status = StatusAcknowledged
	}
	return k
}

// link sets the predecessor of every case whose customer complained of the
// same issue before, in the store or earlier in the same batch.
func (s *Service) link(ctx context.Context, cases []Case) error {
	batch := map[CustomerID][]*Case{}
	for i := range cases {
		c := &cases[i]
		if c.CustomerID == "" {
			continue
		}
		stored, err := s.d.Cases.Recent(ctx, RecentQuery{
			Customer: c.CustomerID, Since: c.At.Add(-repeatWindow), Before: c.At, Limit: 20,
		})
		if err != nil {
			return err
		}
		c.Predecessor = predecessor(c, batch[c.CustomerID], stored)
		batch[c.CustomerID] = append(batch[c.CustomerID], c)
	}
	return nil
}

// predecessor picks the latest earlier case about the same issue.
func predecessor(c *Case, batch []*Case, stored []Case) ComplaintID {
	var best *Case
	pairs := bigrams(c.Body())
	consider := func(p *Case) {
		gap := c.At.Sub(p.At)
		if p.ID == c.ID || gap < 0 || gap > repeatWindow || (best != nil && p.At.Before(best.At)) {
			return
		}
		if sameIssue(c, p, pairs) {
			best = p
		}
	}
	for i := range stored {
		consider(&stored[i])
	}
	for _, p := range batch {
		consider(p)
	}
	if best == nil {
		return ""
	}
	return best.ID
}

// sameIssue says whether two cases of one customer are about one matter: the
// same order, or the same type and like wording, or nearly the same text.
func sameIssue(a, b *Case, pairs map[[2]rune]bool) bool {
	if a.OrderID != "" && a.OrderID == b.OrderID {
		return true
	}
	likeness := overlap(pairs, bigrams(b.Body()))
	return likeness >= copyLikeness || (a.FinalType() == b.FinalType() && likeness >= repeatLikeness)
}

func bigrams(text string) map[[2]rune]bool {
	pairs := map[[2]rune]bool{}
	var last rune
	n := nlp.Normalize(text)
	for _, r := range n.Text {
		if last > ' ' && r > ' ' {
			pairs[[2]rune{last, r}] = true
		}
		last = r
	}
	return pairs
}

// overlap is the overlap coefficient: common pairs by those of the shorter
// text, so that a short reminder of a long complaint is recognised.
func overlap(a, b map[[2]rune]bool) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0
	}
	common := 0
	for p := range a {
		if b[p] {
			common++
		}
	}
	return float64(common) / float64(len(a))
}
