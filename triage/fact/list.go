package fact

import "slices"

// Cases returns the cases behind a count, the latest day first and within a day
// in descending order of Put, at most limit after the first skip, and how many
// there are.
func (b *Book) Cases(f Filter, skip, limit int) (seqs []int64, total int) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	c := b.choose(f)
	if c.never {
		return nil, 0
	}
	days := b.within(f)
	for _, in := range slices.Backward(days) {
		rows := c.rows(in)
		for n := max(skip-total, 0); n < len(rows) && len(seqs) < limit; n++ {
			seqs = append(seqs, in.seq[rows[len(rows)-1-n]])
		}
		total += len(rows)
	}
	return seqs, total
}

// Customers returns how many different customers the rows of the filter have;
// rows without one count one each.
func (b *Book) Customers(f Filter) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return Remember(b, "customers", f, func() int { return b.different(f) })
}

// Hours counts the rows of the filter by weekday, from Monday, and hour.
func (b *Book) Hours(f Filter) (counts [7][24]int) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	b.scanDays(f, func(in *columns, rows []uint32) {
		hours := &counts[(int(in.day.Time().Weekday())+6)%7]
		for _, i := range rows {
			hours[min(in.minute[i]/60, 23)]++
		}
	})
	return counts
}

// Each calls do for every row of the filter, by day. The row is reused: it holds
// until do returns; its Stays are not filled. do must not call the book.
func (b *Book) Each(f Filter, do func(*Row)) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var r Row
	b.scan(f, func(in *columns, i int) {
		r = Row{
			Seq: in.seq[i], Day: in.day, Minute: in.minute[i], Customer: b.people.id(in.customer[i]), Flags: in.flags[i],
			Respond: in.times[Respond][i], Verify: in.times[Verify][i], Resolve: in.times[Resolve][i],
			Satisfaction: in.satisfaction[i], HandOvers: in.handOvers[i], FactsNeeded: in.factsNeeded[i], FactsKnown: in.factsKnown[i],
			Replies: in.replies[i], Points: in.points[i],
		}
		for d := range Dims {
			r.Values[d] = b.words[d].list[in.values[d][i]]
		}
		do(&r)
	})
}
