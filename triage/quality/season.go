package quality

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// Season is how the year usually runs: the rate of cases per day in each month
// relative to that of the whole year, 1 being the mean, from January on. It is
// the ratio to the centred mean of twelve months, averaged over the years
// (F. R. Macaulay, "The Smoothing of Time Series", 1931), so that growth over the
// years is not taken for season.
type Season struct {
	Index [12]float64
	// Counts is over how many years each index is the mean, Years the least of
	// them.
	Counts [12]int
	Years  int
}

// SeasonOf needs 24 whole months before today; ok is false without them, and
// where a whole year is without cases.
func SeasonOf(d Days, today fact.Day) (s Season, ok bool) {
	months := wholeMonths(d.Span(), today)
	if len(months) < 24 {
		return Season{}, false
	}
	rates := make([]float64, len(months))
	for i, m := range months {
		rates[i] = float64(d.In(m)) / float64(m.Days())
	}
	var sums [12]float64
	var counts [12]int
	for i := 6; i+6 < len(rates); i++ {
		mean := (rates[i-6] + rates[i+6]) / 2
		for _, r := range rates[i-5 : i+6] {
			mean += r
		}
		if mean <= 0 {
			return Season{}, false
		}
		k := months[i].From.Time().Month() - time.January
		sums[k] += rates[i] / (mean / 12)
		counts[k]++
	}
	return seasonFrom(sums, counts), true
}

// seasonFrom makes the mean of the indices 1.
func seasonFrom(sums [12]float64, counts [12]int) (s Season) {
	total := 0.0
	s.Counts, s.Years = counts, counts[0]
	for k := range sums {
		s.Index[k] = sums[k] / float64(max(counts[k], 1))
		total += s.Index[k]
		s.Years = min(s.Years, counts[k])
	}
	for k := range s.Index {
		s.Index[k] *= 12 / total
	}
	return s
}

// wholeMonths are the months that lie in the period and are over on the day.
func wholeMonths(p Period, today fact.Day) []Period {
	var all []Period
	from := fact.Monthly.Start(p.From)
	if from < p.From {
		from = fact.Monthly.Next(from)
	}
	for to := fact.Monthly.Next(from); to <= min(p.To, today); from, to = to, fact.Monthly.Next(to) {
		all = append(all, Period{from, to})
	}
	return all
}
