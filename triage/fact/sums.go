package fact

import "math/bits"

// sum is Figures in half the memory, of the rows of one day with one value. A
// day with a sum for each value of each dimension takes some 40 kB, and answers
// what most pages ask without a look at its rows.
type sum struct {
	code                               uint16
	cases                              uint32
	with                               [FlagCount]uint32
	scored, satisfied                  uint32
	responded, verified, resolved      uint32
	handOvers, factsNeeded, factsKnown uint32
	replies, points                    uint32
	escalated                          uint32 // rows with any flag of Escalated
	scores, squares                    float64
}

func (s *sum) add(in *columns, i int) {
	s.cases++
	for flags := uint32(in.flags[i]); flags != 0; flags &= flags - 1 {
		s.with[bits.TrailingZeros32(flags)]++
	}
	if in.flags[i]&Escalated != 0 {
		s.escalated++
	}
	if v := in.satisfaction[i]; v >= 0 {
		s.scored++
		s.scores += float64(v)
		s.squares += float64(v) * float64(v)
		if v >= satisfiedFrom {
			s.satisfied++
		}
	}
	s.responded += uint32(happened(in.times[Respond][i]))
	s.verified += uint32(happened(in.times[Verify][i]))
	s.resolved += uint32(happened(in.times[Resolve][i]))
	s.handOvers += uint32(in.handOvers[i])
	s.factsNeeded += uint32(in.factsNeeded[i])
	s.factsKnown += uint32(in.factsKnown[i])
	s.replies += uint32(in.replies[i])
	s.points += uint32(in.points[i])
}

func (f *Figures) addSum(s *sum) {
	f.Cases += int(s.cases)
	for k, n := range s.with {
		f.With[k] += int(n)
	}
	f.Scored += int(s.scored)
	f.Satisfied += int(s.satisfied)
	f.Scores += s.scores
	f.Squares += s.squares
	f.Responded += int(s.responded)
	f.Verified += int(s.verified)
	f.Resolved += int(s.resolved)
	f.HandOvers += int(s.handOvers)
	f.FactsNeeded += int(s.factsNeeded)
	f.FactsKnown += int(s.factsKnown)
	f.Replies += int(s.replies)
	f.Points += int(s.points)
}

// addUp makes the sums of a day.
func (c *columns) addUp() {
	for d := range Dims {
		at := make(map[uint16]int)
		for i, code := range c.values[d] {
			n, known := at[code]
			if !known {
				n = len(c.sums[d])
				at[code] = n
				c.sums[d] = append(c.sums[d], sum{code: code})
			}
			c.sums[d][n].add(c, i)
		}
	}
}

// eachSum calls do for the sums of a dimension that make up what the filter
// chooses, day by day, and says whether there are such: the filter must ask for
// nothing but days and values of that dimension. The caller holds the lock.
func (b *Book) eachSum(f Filter, d Dim, do func(in *columns, s *sum)) bool {
	c := b.choose(f)
	if c.never {
		return true
	}
	if !c.plain() || len(c.dims) > 1 || len(c.dims) == 1 && c.dims[0] != d {
		return false
	}
	asked := c.codes[d]
	for _, in := range b.within(f) {
		for i := range in.sums[d] {
			if s := &in.sums[d][i]; asked == nil || asked[s.code] {
				do(in, s)
			}
		}
	}
	return true
}

// onlyDim is the dimension whose sums may make up what the filter chooses.
func onlyDim(f Filter) Dim {
	if len(f.Is) > 0 && f.Is[0].Dim < Dims {
		return f.Is[0].Dim
	}
	return Tier // any would do; this one has few values
}
