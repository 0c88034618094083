package detect

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// The tail is that of the negative binomial distribution, summed by hand.
func TestSurpriseIsTheNegativeBinomialTail(t *testing.T) {
	t.Parallel()
	for _, s := range []sample{
		{n: 3, expected: 0.2, pastN: 1, pastExpected: 2},
		{n: 5, expected: 1.5, pastN: 0, pastExpected: 0.1},
		{n: 12, expected: 3, pastN: 400, pastExpected: 380},
	} {
		shape, rate := s.posterior()
		q := s.expected / (rate + s.expected)
		tail, term := 1.0, math.Pow(1-q, shape)
		for k := range int(s.n) {
			tail -= term
			term *= q * (shape + float64(k)) / float64(k+1)
		}
		if got, want := s.surprise(), -math.Log10(tail); math.Abs(got-want) > 1e-6*want {
			t.Errorf("%+v: got %.6f, want %.6f", s, got, want)
		}
		if s.atMost() < s.surprise() {
			t.Errorf("%+v: the bound %.3f is below %.3f", s, s.atMost(), s.surprise())
		}
		if low, high := s.band(); low > s.mean() || high < s.mean() {
			t.Errorf("%+v: mean %.2f outside its band %v to %v", s, s.mean(), low, high)
		}
	}
}

// Units whose rates drift as the model says, looked at at any time: a p-value
// of 5 % or less comes up in at most 5 % of the scans, and is no idle bound.
func TestPValuesMeanWhatTheySay(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	drifting := distuv.Gamma{Alpha: steadiest, Beta: steadiest, Src: rng}
	const units = 20_000
	now := int32(10_000)
	var clock series
	for b := now - horizon; b <= now; b++ {
		clock.add(b, 20)
	}
	for _, rate := range []float64{0.002, 0.01, 0.05} { // of the clock
		small := 0
		for range units {
			var c counts
			add := func(from, to int32, rate float64) {
				mean := rate * clock.between(from, to)
				for range int(distuv.Poisson{Lambda: max(mean, 1e-9), Src: rng}.Rand()) {
					c = c.add(from+1+rng.Int32N(to-from), 1, now)
				}
			}
			add(now-memory, now-longest, rate)
			add(now-longest, now, rate*drifting.Rand())
			if c.scan(source{&clock, constant(rate)}, now, 0, 0).score >= -math.Log10(0.05) {
				small++
			}
		}
		part := float64(small) / units
		t.Logf("rate %v: p <= 0.05 in %.4f of the scans", rate, part)
		if part > 0.05 {
			t.Errorf("rate %v: p <= 0.05 in %.3f of the scans", rate, part)
		}
		if rate == 0.05 && part < 0.005 {
			t.Errorf("rate %v: p <= 0.05 in only %.4f of the scans: the correction is idle", rate, part)
		}
	}
}

func TestTwoFindingsTogether(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	const n = 200_000
	hits := 0
	for range n {
		if combine(-math.Log10(rng.Float64()), -math.Log10(rng.Float64())) >= 2 {
			hits++
		}
	}
	if part := float64(hits) / n; part < 0.009 || part > 0.011 {
		t.Errorf("a combined score of 2 comes up in %.4f of the cases, want 0.01", part)
	}
}

func TestSeriesAndCountsAgree(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	var s series
	var c counts
	now := int32(-500) // before 1970, too
	for range 3000 {
		now += rng.Int32N(3)
		b := now - rng.Int32N(20)
		s.add(b, 1)
		c = c.add(b, 1, now).fold(now)
	}
	for _, w := range windows {
		if got, want := c.between(now-w, now), s.between(now-w, now); got != want && w < longest-perDay {
			t.Errorf("window %d: counts say %v, series %v", w, got, want)
		}
	}
	if got := c.between(now-2*horizon, now-horizon-perDay); got != 0 {
		t.Errorf("%v are counted beyond the horizon", got)
	}
	s.add(now+10*horizon, 1)
	if got := s.between(now, now+10*horizon); got != 1 {
		t.Errorf("after a long silence: got %v, want 1", got)
	}
}
