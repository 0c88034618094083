package staff

import (
	"cmp"
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Verdict is where somebody stands to the typical colleague.
type Verdict string

// The verdicts.
const (
	Better Verdict = "better"
	Same   Verdict = "same"
	Worse  Verdict = "worse"
	// TooFew cases, or colleagues, to compare.
	TooFew Verdict = "too_few"
	// NoPeers has cases whose like nobody else has.
	NoPeers Verdict = "no_peers"
)

const (
	// fewest is how many cases a verdict needs, and fewestOf how many of them must
	// be expected on either side of a share.
	fewest   = 20
	fewestOf = 3
	// fewestSubjects is how many have to be compared to know how much they differ.
	fewestSubjects = 3
	// fewestComparable is the part of the cases that must have their like.
	fewestComparable = 0.5
)

// Result is one measure of one subject. Times are geometric means in minutes,
// shares are 0..1, marks 1..5.
type Result struct {
	N int
	// Observed is the mean of the own cases, Expected what the colleagues would
	// have had with such cases.
	Observed, Expected float64
	// Raw compares the own cases with those of the house as they are, Ratio is
	// Observed to Expected: what the mix of cases makes of it is between them.
	Raw, Ratio float64
	// Comparable is the part of the cases that have their like elsewhere.
	Comparable float64
	// Adjusted is the ratio to the typical colleague after shrinking, with its 90 %
	// interval; Weight is how much of it are the own cases, 0..1.
	Adjusted, Low, High, Weight float64
	Verdict                     Verdict
}

// Card is one agent or department.
type Card struct {
	Name string
	// Filter chooses the own cases.
	Filter  fact.Filter
	Cases   int
	Results [Measures]Result
	// Hardness is the time to the closing that is expected of the own cases, as a
	// multiple of that of the house; Harder the part of the others whose cases are
	// easier. Both are 0 without enough cases.
	Hardness, Harder float64
}

// Whole is one measure of the house.
type Whole struct {
	N    int
	Mean float64
	// Differ is how far apart subjects really are: the standard deviation of their
	// ratios around the typical one, 0 when chance explains all.
	Differ float64
	// Compared is of how many subjects.
	Compared int
	// unit is the standard deviation of the ratio of one case.
	unit float64
}

// House is the comparison of all subjects.
type House struct {
	By       fact.Dim
	Filter   fact.Filter
	Cards    []Card // by name
	Measures [Measures]Whole
}

// Compare compares the subjects of a dimension, fact.Owner or fact.Department,
// on the cases of a filter. Cases that were taken back are left out. It takes one
// pass over the rows, and a book remembers the answer: nobody may change it.
func Compare(src source, f fact.Filter, by fact.Dim) *House {
	if book, ok := src.(*fact.Book); ok {
		return fact.Remember(book, "staff by "+by.String(), f, func() *House { return houseOf(src, f, by) })
	}
	return houseOf(src, f, by)
}

func houseOf(src source, f fact.Filter, by fact.Dim) *House {
	f.Not |= fact.Withdrawn
	t := count(src, f, by)
	h := &House{By: by, Filter: f, Cards: make([]Card, len(t.subjects))}
	for i, name := range t.subjects {
		h.Cards[i] = Card{Name: name, Filter: f.Within(by, name)}
	}
	t.cases(h.Cards)
	for m := range Measures {
		h.measure(t, m)
	}
	h.mix()
	slices.SortFunc(h.Cards, func(a, b Card) int { return cmp.Compare(a.Name, b.Name) })
	return h
}

// Card returns the card of a name.
func (h *House) Card(name string) (Card, bool) {
	i, found := slices.BinarySearchFunc(h.Cards, name, func(c Card, name string) int { return cmp.Compare(c.Name, name) })
	if !found {
		return Card{}, false
	}
	return h.Cards[i], true
}

// measure fills in one measure of all cards.
func (h *House) measure(t *table, m Measure) {
	k, all := m.Kind(), t.accounts(m)
	whole, house := &h.Measures[m], t.strata[0][m]
	if house.n == 0 {
		for i := range h.Cards {
			h.Cards[i].Results[m].Verdict = TooFew
		}
		return
	}
	middle, deviation := house.total/house.n, spread(all)
	whole.N, whole.Mean, whole.unit = int(house.n), scaled(k, middle), unit(k, middle, deviation)
	var compared []*account
	for i := range all {
		r := all[i].result(m, middle, len(all))
		if r.Verdict == "" {
			compared = append(compared, &all[i])
		}
		h.Cards[i].Results[m] = r
	}
	g := compare(k, compared, noise{within: deviation}, middle)
	whole.Compared, whole.Differ = len(compared), math.Sqrt(g.tau2)
	for i := range all {
		r := &h.Cards[i].Results[m]
		if r.Verdict == "" {
			r.judge(m, &all[i], &g)
		}
	}
}

// group is what the compared have in common.
type group struct {
	size       int
	of         noise
	mean, tau2 float64
}

// compare estimates how much the subjects differ. They are the measure of each
// other, so that the estimate is taken into account and made once more.
func compare(k Kind, all []*account, of noise, house float64) group {
	g := group{size: len(all), of: of}
	for range 2 {
		var u, variance []float64
		for _, a := range all {
			if d, v := a.distance(k, g.of); v > 0 && !math.IsInf(v, 1) {
				u, variance = append(u, d), append(variance, v)
			}
		}
		g.mean, g.tau2 = between(u, variance)
		g.of.between = g.tau2
		if k != Time {
			g.of.between *= house * house
		}
	}
	return g
}

// result says what is observed, and why there is no verdict if there can be none.
func (a *account) result(m Measure, house float64, subjects int) Result {
	if a.n == 0 {
		return Result{Verdict: TooFew}
	}
	k := m.Kind()
	r := Result{
		N: int(a.n), Observed: scaled(k, a.observed/a.n), Expected: scaled(k, a.expected/a.n), Comparable: a.comparable / a.n,
	}
	if k == Time {
		r.Raw, r.Ratio = math.Exp(a.observed/a.n-house), math.Exp((a.observed-a.expected)/a.n)
	} else {
		r.Raw, r.Ratio = quotient(a.observed/a.n, house), quotient(a.observed, a.expected)
	}
	switch {
	case a.n < fewest || subjects < fewestSubjects || k == Share && min(a.expected, a.n-a.expected) < fewestOf:
		r.Verdict = TooFew
	case r.Comparable < fewestComparable:
		r.Verdict = NoPeers
	}
	return r
}

func (r *Result) judge(m Measure, a *account, g *group) {
	if g.size < fewestSubjects {
		r.Verdict = TooFew
		return
	}
	k := m.Kind()
	u, variance := a.distance(k, g.of)
	left, half, weight := shrunk(u, variance, g.mean, g.tau2)
	r.Adjusted, r.Low, r.High, r.Weight = ratio(k, left), ratio(k, left-half), ratio(k, left+half), weight
	switch {
	case math.Abs(left) > half && (left > 0) == m.MoreIsBetter():
		r.Verdict = Better
	case math.Abs(left) > half:
		r.Verdict = Worse
	default:
		r.Verdict = Same
	}
}

// mix says whose cases are harder than whose.
func (h *House) mix() {
	var known []float64
	for i := range h.Cards {
		if r := &h.Cards[i].Results[Resolve]; r.N >= fewest && h.Measures[Resolve].Mean > 0 {
			h.Cards[i].Hardness = r.Expected / h.Measures[Resolve].Mean
			known = append(known, h.Cards[i].Hardness)
		}
	}
	slices.Sort(known)
	for i := range h.Cards {
		if c := &h.Cards[i]; c.Hardness > 0 && len(known) > 1 {
			easier, _ := slices.BinarySearch(known, c.Hardness)
			c.Harder = float64(easier) / float64(len(known)-1)
		}
	}
}

// cases counts the cases of each card.
func (t *table) cases(cards []Card) {
	for i := range t.cells {
		cards[t.cells[i].subject].Cases += t.cells[i].cases
	}
}

// scaled turns a mean into its unit: the mean logarithm into minutes.
func scaled(k Kind, mean float64) float64 {
	if k == Time {
		return math.Expm1(mean)
	}
	return mean
}

func quotient(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
