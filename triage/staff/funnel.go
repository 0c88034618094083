package staff

import "math"

// unit is the standard deviation of the ratio of one case: of a share that of a
// binomial one, of times that of their logarithm.
func unit(k Kind, mean, spread float64) float64 {
	switch {
	case k == Time:
		return math.Sqrt(spread)
	case mean <= 0:
		return 0
	case k == Share:
		return math.Sqrt(max(1-mean, 0) / mean)
	default:
		return math.Sqrt(spread) / mean
	}
}

// Limits are the ratios between which somebody like the house stays.
type Limits struct{ Low95, High95, Low998, High998 float64 }

// Limits returns the control limits of a funnel plot at n cases of a measure: 95
// and 99.8 of 100 subjects who work like the house are within them (D. J.
// Spiegelhalter, "Funnel plots for comparing institutional performance",
// Statistics in Medicine 24, 2005). They know nothing of the mix of cases of
// anybody; the intervals of the cards do.
func (h *House) Limits(m Measure, n int) Limits {
	k := m.Kind()
	s := h.Measures[m].unit / math.Sqrt(float64(max(n, 1)))
	return Limits{ratio(k, -z95*s), ratio(k, z95*s), ratio(k, -z998*s), ratio(k, z998*s)}
}
