package staff

import "math"

// z90, z95 and z998 are two-sided quantiles of the normal distribution.
const (
	z90  = 1.6448536269514722
	z95  = 1.959963984540054
	z998 = 3.090232306167814
)

// between estimates how much subjects really differ from their distances and
// the variances of those: the mean of a typical one and the variance around it,
// by the moments of DerSimonian and Laird. It is 0 when chance explains all.
func between(u, variance []float64) (mean, tau2 float64) {
	var w, wu, ww float64
	for i, v := range variance {
		w += 1 / v
		wu += u[i] / v
		ww += 1 / (v * v)
	}
	if w == 0 {
		return 0, 0
	}
	var q float64
	for i, v := range variance {
		d := u[i] - wu/w
		q += d * d / v
	}
	if scale := w - ww/w; scale > 0 {
		tau2 = max(0, (q-float64(len(u)-1))/scale)
	}
	w, wu = 0, 0
	for i, v := range variance {
		w += 1 / (v + tau2)
		wu += u[i] / (v + tau2)
	}
	return wu / w, tau2
}

// shrunk draws a distance towards the mean. It returns the distance from the
// mean that is left, half of its 90 % interval, and the weight of the own cases.
func shrunk(u, variance, mean, tau2 float64) (left, half, weight float64) {
	if math.IsInf(variance, 1) || tau2+variance <= 0 {
		return 0, 0, 0
	}
	weight = tau2 / (tau2 + variance)
	return weight * (u - mean), z90 * math.Sqrt(weight*variance), weight
}
