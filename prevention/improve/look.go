package improve

// look is a fixed time at which an effect is judged, so many weeks after the
// change, and the level of error of its interval.
type look struct {
	weeks int
	level float64
}

// looks are all times at which an effect is judged: who looks every week calls
// chance an effect sooner or later. The first ones need much, as P. C. O'Brien
// and T. R. Fleming, "A multiple testing procedure for clinical trials",
// Biometrics 35, 1979, have it. With what the looks have in common, the interval
// of any of them misses the truth in 5 % at most, however many weeks there are
// before: 4.3 % of 4, 4.7 % of 16, 5.0 % of very many (400 000 draws each). They
// are repeated confidence intervals (C. Jennison, B. W. Turnbull, "Interim
// analyses: the repeated confidence interval approach", Journal of the Royal
// Statistical Society B 51, 1989).
var looks = []look{{5, 0.005}, {8, 0.02}, {after, 0.04}}

// lookAt is the last look that the weeks after have come to, and leaves out those
// after it. Before the first it is the first, with the weeks that there are.
func lookAt(parts []Part) look {
	n := 0
	for _, p := range parts {
		if p == PartAfter {
			n++
		}
	}
	last := looks[0]
	for _, l := range looks {
		if n >= l.weeks {
			last = l
		}
	}
	n = 0
	for i, p := range parts {
		if p != PartAfter {
			continue
		}
		if n++; n > last.weeks {
			parts[i] = PartNext
		}
	}
	return last
}
