package staff

import "math"

const (
	// backing is how many cases the wider stratum weighs beside those of the
	// narrower one: a small stratum says little and lets the wider one speak.
	backing = 8
	// peers is how many cases of colleagues a stratum of type and urgency must
	// have for a case to be compared with its like.
	peers      = 10
	peersLevel = 2
)

// account is what one subject's cases gave and would have given elsewhere.
type account struct {
	n, observed, expected float64
	// rest is the sum of the squared distances of the cases from what was
	// expected of them, binomial that of e(1-e).
	rest, binomial float64
	// comparable cases have their like among those of colleagues.
	comparable float64
	// from is what the expectation comes from, by stratum, to know how sure it is.
	from map[int32]*origin
}

// origin is a stratum as a source of an expectation: its weight in the sum, the
// cases of others, and the sum of the squared numbers of each of these.
type origin struct{ weight, cases, crowd float64 }

// noise is the variance of one case around its expectation in the house, and
// that of how one subject differs from another, in the unit of a case.
type noise struct{ within, between float64 }

// accounts compares each subject with the others on one measure.
func (t *table) accounts(m Measure) []account {
	all := make([]account, len(t.subjects))
	for i := range all {
		all[i].from = make(map[int32]*origin)
	}
	for i := range t.cells {
		if c := &t.cells[i]; c.sums[m].n > 0 {
			t.expect(c, m, &all[c.subject])
		}
	}
	return all
}

// expect adds a cell to the account: what the colleagues' cases of the same
// strata, from the whole down to the narrowest, say its cases give.
func (t *table) expect(c *cell, m Measure, a *account) {
	var share [depth + 1]float64
	var e float64
	s := c.sums[m]
	for l, stratum := range c.path {
		all, own := t.strata[stratum][m], t.own[[2]int32{stratum, c.subject}][m]
		n := all.n - own.n
		if l == peersLevel && n >= peers {
			a.comparable += s.n
		}
		if a.from[stratum] == nil {
			a.from[stratum] = &origin{cases: n, crowd: t.crowd[stratum][m] - own.n*own.n}
		}
		if n <= 0 {
			continue
		}
		w := 1.0
		if l > 0 {
			w = n / (n + backing)
		}
		for k := range l {
			share[k] *= 1 - w
		}
		share[l] = w
		e += w * ((all.total-own.total)/n - e)
	}
	for l, stratum := range c.path {
		a.from[stratum].weight += s.n * share[l]
	}
	a.n += s.n
	a.observed += s.total
	a.expected += s.n * e
	a.rest += s.squares - 2*e*s.total + s.n*e*e
	a.binomial += s.n * e * (1 - e)
}

// priorCases is how many cases of the house the spread of the own ones is
// weighed with.
const priorCases = 20

// variance is that of observed - expected: of the own cases, and of the
// expectation, which comes from a limited number of cases of a limited number
// of colleagues, who are not all alike either.
func (a *account) variance(k Kind, of noise) float64 {
	v := a.binomial
	if k != Share {
		middle := (a.observed - a.expected) / a.n
		v = a.n * (max(a.rest-a.n*middle*middle, 0) + priorCases*of.within) / (a.n + priorCases)
	}
	for _, o := range a.from {
		if o.cases > 0 {
			v += o.weight * o.weight * (of.within/o.cases + of.between*o.crowd/(o.cases*o.cases))
		}
	}
	return v
}

// spread is the variance of one case around its expectation, over all subjects.
func spread(all []account) float64 {
	var n, rest float64
	for i := range all {
		a := &all[i]
		if a.n > 0 {
			middle := (a.observed - a.expected) / a.n
			rest += max(a.rest-a.n*middle*middle, 0)
			n += a.n - 1
		}
	}
	if n <= 0 {
		return 0
	}
	return rest / n
}

// distance is how far the account is from its expectation, and its variance: of
// times the difference of the mean logarithms, of all else observed/expected - 1.
func (a *account) distance(k Kind, of noise) (u, variance float64) {
	by := a.expected
	if k == Time {
		by = a.n
	}
	if by <= 0 {
		return 0, math.Inf(1)
	}
	return (a.observed - a.expected) / by, a.variance(k, of) / (by * by)
}

// ratio turns a distance into observed/expected.
func ratio(k Kind, u float64) float64 {
	if k == Time {
		return math.Exp(u)
	}
	return max(1+u, 0)
}
