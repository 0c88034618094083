package solution

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// Solved reads the cases that solutions are proposed from.
type Solved interface {
	// SolvedCases calls each for every case since a time that ended with a
	// resolution and whose customer gave a score, latest first, until each
	// returns an error, which it returns.
	SolvedCases(ctx context.Context, since time.Time, each func(Resolved) error) error
}

// Resolved is a case that ended, as far as proposals need it.
type Resolved struct {
	ID           triage.ComplaintID
	Customer     triage.CustomerID
	Type         string
	Subtype      string
	Resolution   string
	Satisfaction float64 // 0..100
}

// What makes a way to settle cases worth proposing: so many customers, a mean of
// 80, the bound of satisfaction in the source documents, and a lower end of the
// estimate that leaves less than one chance in four that it is no better than
// the usual 75.
const (
	proposeCustomers = 3
	proposeMean      = 80.0
	proposeCautious  = 75.0

	// alike is the share of common pairs of characters from which two
	// resolutions are one; evidenceKept bounds the cases that are named.
	alike        = 0.55
	evidenceKept = 20
	// lookBack and perType bound what is read.
	lookBack = 365 * 24 * time.Hour
	perType  = 2000
	// shortest is a resolution that says something, in runes.
	shortest = 8
	// proposer is the author of what the job proposes.
	proposer = "system"
)

var finder = sync.OnceValue(func() *nlp.EntityFinder { return nlp.NewEntityFinder(nlp.EntityLexicon{}) })

// Propose looks at the solved cases of the last year and stores a proposal for
// every wording that satisfied and that the library does not have; what was
// retired once is not proposed again. It approves nothing. It returns how many
// were stored and may be run again at any time.
func (l *Library) Propose(ctx context.Context) (int, error) {
	known, err := l.store.SolutionVersions(ctx, Filter{})
	if err != nil {
		return 0, err
	}
	groups, err := l.gather(ctx)
	if err != nil {
		return 0, err
	}
	stored := 0
	for _, g := range groups {
		if !g.satisfied() || g.known(known) {
			continue
		}
		v, err := l.add(ctx, g.proposal(l.types))
		switch code := triage.CodeOf(err); {
		case code == triage.CodeConflict || code == triage.CodeInvalid:
			continue // proposed by another process, or of a type that is gone
		case err != nil:
			return stored, err
		}
		known = append(known, v)
		stored++
	}
	return stored, nil
}

// group is the cases that were settled alike.
type group struct {
	leader    map[string]bool
	cases     []Resolved
	customers map[triage.CustomerID]bool
	outcome   triage.Outcome
}

// gather puts each case to the first group of its type and sub-type that it is
// like.
func (l *Library) gather(ctx context.Context) ([]*group, error) {
	byType := map[string][]*group{}
	read := map[string]int{}
	var order []*group
	err := l.solved.SolvedCases(ctx, l.now().Add(-lookBack), func(r Resolved) error {
		key := r.Type + ":" + r.Subtype
		if read[r.Type]++; read[r.Type] > perType || utf8.RuneCountInString(r.Resolution) < shortest {
			return nil
		}
		words := pairs(r.Resolution)
		i := slices.IndexFunc(byType[key], func(g *group) bool { return jaccard(g.leader, words) >= alike })
		var g *group
		if i >= 0 {
			g = byType[key][i]
		} else {
			g = &group{leader: words, customers: map[triage.CustomerID]bool{}}
			byType[key], order = append(byType[key], g), append(order, g)
		}
		g.add(r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read solved cases: %w", err)
	}
	return order, nil
}

func (g *group) add(r Resolved) {
	g.cases = append(g.cases, r)
	g.outcome = g.outcome.Add(r.Satisfaction)
	if r.Customer != "" {
		g.customers[r.Customer] = true
	}
}

func (g *group) satisfied() bool {
	return len(g.customers) >= proposeCustomers && g.outcome.Mean >= proposeMean && g.outcome.Estimate().Cautious > proposeCautious
}

// known says whether the library has the wording, in any state.
func (g *group) known(versions []Version) bool {
	return slices.ContainsFunc(versions, func(v Version) bool {
		return v.Type == g.cases[0].Type && jaccard(g.leader, pairs(v.Text())) >= alike
	})
}

// proposal makes a version of the wording that is most like all others, without
// anybody's data.
func (g *group) proposal(types triage.Catalogue) Version {
	best := g.typical()
	text := redacted(best.Resolution)
	title := best.Subtype
	for _, code := range []string{best.Subtype, best.Type} {
		if info, ok := triage.FindType(types, code); ok {
			title = info.Name
			break
		}
	}
	v := Version{
		Solution: "S-" + fingerprint(best.Type+":"+best.Subtype+":"+text), Number: 1, State: Proposed, Author: proposer,
		Content: Content{Type: best.Type, Subtype: best.Subtype, Title: title, Steps: StepsOf(text)},
	}
	for _, c := range g.cases[:min(len(g.cases), evidenceKept)] {
		v.Evidence = append(v.Evidence, c.ID)
	}
	return v
}

// typical compares the latest cases only: the number of comparisons grows with
// the square.
func (g *group) typical() Resolved {
	latest := g.cases[:min(len(g.cases), evidenceKept)]
	sets := make([]map[string]bool, len(latest))
	for i, c := range latest {
		sets[i] = pairs(c.Resolution)
	}
	likeness := make(map[int]float64, len(latest))
	for i := range latest {
		for j := range latest {
			likeness[i] += jaccard(sets[i], sets[j])
		}
	}
	order := make([]int, len(latest))
	for i := range order {
		order[i] = i
	}
	return latest[slices.MaxFunc(order, func(a, b int) int { return cmp.Compare(likeness[a], likeness[b]) })]
}

// redacted is a text with 〔电话1〕 and the like in the place of personal data.
func redacted(text string) string {
	n := nlp.Normalize(text)
	out, _ := nlp.Redact(text, finder().Find(&n))
	return out
}

// pairs are the pairs of neighbouring characters of a text.
func pairs(text string) map[string]bool {
	letters := []rune(strings.Join(strings.Fields(nlp.Normalize(text).Text), ""))
	set := make(map[string]bool, len(letters))
	for i := 0; i+1 < len(letters); i++ {
		set[string(letters[i:i+2])] = true
	}
	return set
}

func jaccard(a, b map[string]bool) float64 {
	common := 0
	for p := range a {
		if b[p] {
			common++
		}
	}
	if all := len(a) + len(b) - common; all > 0 {
		return float64(common) / float64(all)
	}
	return 0
}

// fingerprint makes the same proposal of two processes one.
func fingerprint(text string) string {
	h := fnv.New64a()
	h.Write([]byte(text)) // never fails
	return fmt.Sprintf("%016x", h.Sum64())
}
