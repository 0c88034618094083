package fact

// TimingAsOf is Timing as it was when a day began: the times of clocks that had
// ended by then. It is for comparing days of which the last have not had the time
// for long times yet with earlier ones that have.
func (b *Book) TimingAsOf(f Filter, k Clock, asOf Day) (s Spread, late int) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	const day = 24 * 60
	var all []int32
	b.scanDays(f, func(in *columns, rows []uint32) {
		left := int64(asOf-in.day) * day
		times := in.times[k]
		for _, i := range rows {
			if m := times[i]; m != None && int64(in.minute[i])+int64(m) < left {
				all = append(all, m)
				if in.flags[i]&lateFlags[k] != 0 {
					late++
				}
			}
		}
	})
	return spreadOf(all), late
}

// ScoresAsOf is the scores of the cases that were closed when a day began, or of
// which nobody knows when they were closed; it counts nothing else.
func (b *Book) ScoresAsOf(f Filter, asOf Day) (sum Figures) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	const day = 24 * 60
	f.Scored = true
	b.scan(f, func(in *columns, i int) {
		if int64(in.minute[i])+int64(in.times[Resolve][i]) >= int64(asOf-in.day)*day {
			return
		}
		score := in.satisfaction[i]
		sum.Scored++
		sum.Scores += float64(score)
		sum.Squares += float64(score) * float64(score)
		if score >= satisfiedFrom {
			sum.Satisfied++
		}
	})
	return sum
}
