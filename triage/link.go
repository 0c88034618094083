package triage

import (
	"context"
	"runtime"
	"slices"
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

const (
	// maxEarlier is how many earlier cases of one customer are compared. Some
	// sources give all anonymous callers one id.
	maxEarlier = 20
	// comparedRunes says what an issue is about; the rest is not compared.
	comparedRunes = 2000
	tellingPairs  = 3
	// sameMoment is the finest difference of times that a store keeps.
	sameMoment = time.Millisecond
)

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
	known, err := s.knownCustomers(ctx, cases)
	if err != nil {
		return err
	}
	batch := map[CustomerID][]wording{}
	for i := range cases {
		c := &cases[i]
		if c.CustomerID == "" {
			continue
		}
		var stored []Case
		if known[c.CustomerID] {
			stored, err = s.d.Cases.Recent(ctx, RecentQuery{
				Customer: c.CustomerID, Since: c.At.Add(-repeatWindow), Before: c.At.Add(sameMoment), Limit: maxEarlier,
			})
			if err != nil {
				return err
			}
		}
		this := wording{c, bigrams(c.Body())}
		earlier := batch[c.CustomerID]
		earlier = earlier[max(0, len(earlier)-maxEarlier):]
		c.Predecessor = predecessor(this, earlier, stored)
		batch[c.CustomerID] = append(earlier, this)
	}
	return nil
}

// knownCustomers returns the customers of the cases who have stored ones.
func (s *Service) knownCustomers(ctx context.Context, cases []Case) (map[CustomerID]bool, error) {
	ids := customersOf(cases)
	if len(ids) == 0 {
		return map[CustomerID]bool{}, nil
	}
	return s.d.Cases.KnownCustomers(ctx, ids)
}

// customersOf lists the customers of the cases, each once.
func customersOf(cases []Case) []CustomerID {
	var ids []CustomerID
	for i := range cases {
		if id := cases[i].CustomerID; id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// wording is a case with the character pairs of its text.
type wording struct {
	*Case
	pairs map[[2]rune]bool
}

// predecessor picks the latest earlier case about the same issue, of stored,
// latest first, and batch. One of the very same time counts as earlier: many
// sources give no more than the day.
func predecessor(c wording, batch []wording, stored []Case) ComplaintID {
	var best *Case
	for i := range stored {
		if p := &stored[i]; follows(c.Case, p) && sameIssue(c, wording{p, bigrams(p.Body())}) {
			best = p
			break
		}
	}
	for _, p := range batch {
		if follows(c.Case, p.Case) && (best == nil || !p.At.Before(best.At)) && sameIssue(c, p) {
			best = p.Case
		}
	}
	if best == nil {
		return ""
	}
	return best.ID
}

// follows says whether p comes before c, and not too long before.
func follows(c, p *Case) bool {
	gap := c.At.Sub(p.At)
	return p.ID != c.ID && gap >= 0 && gap <= repeatWindow
}

// sameIssue says whether two cases of one customer are about one matter: the
// same order, or the same type (to people or to the machine) and like wording,
// or nearly the same text.
func sameIssue(a, b wording) bool {
	if a.OrderID != "" && a.OrderID == b.OrderID {
		return true
	}
	likeness := overlap(a.pairs, b.pairs)
	sameType := a.FinalType() == b.FinalType() || a.Assessment.Type == b.Assessment.Type
	return likeness >= copyLikeness || (sameType && likeness >= repeatLikeness)
}

// bigrams returns the pairs of neighbouring characters of the text's beginning.
func bigrams(text string) map[[2]rune]bool {
	pairs := map[[2]rune]bool{}
	var last rune
	n := nlp.Normalize(beginning(text))
	for _, r := range n.Text {
		if last > ' ' && r > ' ' {
			pairs[[2]rune{last, r}] = true
		}
		last = r
	}
	return pairs
}

// beginning returns the first comparedRunes of a text.
func beginning(text string) string {
	n := 0
	for i := range text {
		if n == comparedRunes {
			return text[:i]
		}
		n++
	}
	return text
}

// overlap is the overlap coefficient: common pairs by those of the shorter
// text, so that a short reminder of a long complaint is recognised. A text of
// fewer than tellingPairs is like none but its equal: a greeting alone is part
// of many complaints.
func overlap(a, b map[[2]rune]bool) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 || (len(a) < tellingPairs && len(a) < len(b)) {
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
