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

// differMeans is the two-sided p-value of the mean scores of two groups being
// the same (B. Welch 1947), 1 where a group has less than two.
func differMeans(a, b fact.Figures) float64 {
	if a.Scored < 2 || b.Scored < 2 {
		return 1
	}
	meanA, errA := meanOf(a)
	meanB, errB := meanOf(b)
	gap, spread := math.Abs(meanA-meanB), math.Sqrt(errA+errB)
	if gap == 0 {
		return 1
	}
	if spread == 0 {
		return 0
	}
	freedom := (errA + errB) * (errA + errB) / (errA*errA/float64(a.Scored-1) + errB*errB/float64(b.Scored-1))
	return 2 * distuv.StudentsT{Sigma: 1, Nu: freedom}.Survival(gap/spread)
}

// meanOf returns the mean score and its squared standard error.
func meanOf(f fact.Figures) (mean, squared float64) {
	n := float64(f.Scored)
	mean = f.Scores / n
	return mean, max(0, f.Squares/n-mean*mean) / (n - 1)
}
