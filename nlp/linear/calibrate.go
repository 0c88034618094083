package linear

import "math"

// Softmax turns finite scores into probabilities at a temperature (> 0),
// writing them over the scores.
func Softmax(scores []float64, temperature float64) {
	if len(scores) == 0 {
		return
	}
	top := scores[0]
	for _, s := range scores {
		top = max(top, s)
	}
	var sum float64
	for i, s := range scores {
		scores[i] = math.Exp((s - top) / temperature)
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
}

// FitTemperature returns the temperature at which Softmax of the scores has
// the least negative log likelihood of the classes y (Guo et al., "On
// Calibration of Modern Neural Networks", ICML 2017), by golden-section search
// in log space between 0.01 and 100. Without scores it is 1.
func FitTemperature(scores [][]float64, y []int) float64 {
	if len(scores) == 0 {
		return 1
	}
	loss := func(logT float64) float64 {
		t := math.Exp(logT)
		var sum float64
		for i, s := range scores {
			sum += logLoss(s, y[i], t)
		}
		return sum
	}
	const ratio = 0.6180339887498949
	a, b := math.Log(0.01), math.Log(100.0)
	c, d := b-ratio*(b-a), a+ratio*(b-a)
	fc, fd := loss(c), loss(d)
	for range 60 {
		if fc < fd {
			b, d, fd = d, c, fc
			c = b - ratio*(b-a)
			fc = loss(c)
		} else {
			a, c, fc = c, d, fd
			d = a + ratio*(b-a)
			fd = loss(d)
		}
	}
	return math.Exp((a + b) / 2)
}

// logLoss is -log softmax(s/t)[y], computed without overflow.
func logLoss(s []float64, y int, t float64) float64 {
	top := s[0]
	for _, v := range s {
		top = max(top, v)
	}
	var sum float64
	for _, v := range s {
		sum += math.Exp((v - top) / t)
	}
	return math.Log(sum) - (s[y]-top)/t
}
