package report

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// differ is the two-sided p-value of two shares, a of n and b of m, being the
// same: the score test of two proportions with the continuity correction of F.
// Yates (1934). It is 1 where one of them is a share of nothing.
func differ(a, n, b, m int) float64 {
	if n == 0 || m == 0 {
		return 1
	}
	x, y := float64(n), float64(m)
	pooled := float64(a+b) / (x + y)
	spread := math.Sqrt(pooled * (1 - pooled) * (1/x + 1/y))
	gap := math.Abs(float64(a)/x-float64(b)/y) - (1/x+1/y)/2
	if spread == 0 || gap <= 0 {
		return 1
	}
	return 2 * distuv.UnitNormal.Survival(gap/spread)
}

// few is how many scores tell how much they scatter.
const few = 30

// differMeans is the two-sided p-value of the mean scores of two groups being
// the same (B. Welch 1947), 1 where a group has less than two. Few scores may
// all be alike by chance: they are taken to scatter no less than both groups
// together do.
func differMeans(a, b fact.Figures) float64 {
	if a.Scored < 2 || b.Scored < 2 {
		return 1
	}
	meanA, squaresA := meanOf(a)
	meanB, squaresB := meanOf(b)
	freeA, freeB := float64(a.Scored-1), float64(b.Scored-1)
	pooled := (squaresA + squaresB) / (freeA + freeB)
	variance := func(squares, free float64) float64 {
		if free < few {
			return max(squares/free, pooled)
		}
		return squares / free
	}
	errA, errB := variance(squaresA, freeA)/(freeA+1), variance(squaresB, freeB)/(freeB+1)
	gap, spread := math.Abs(meanA-meanB), math.Sqrt(errA+errB)
	switch {
	case gap == 0 || spread == 0 && min(a.Scored, b.Scored) < few:
		return 1
	case spread == 0:
		return 0
	}
	freedom := (errA + errB) * (errA + errB) / (errA*errA/freeA + errB*errB/freeB)
	return 2 * distuv.StudentsT{Sigma: 1, Nu: freedom}.Survival(gap/spread)
}

// meanOf returns the mean score and the sum of the squared distances from it.
func meanOf(f fact.Figures) (mean, squares float64) {
	mean = f.Scores / float64(f.Scored)
	return mean, max(0, f.Squares-f.Scores*mean)
}
