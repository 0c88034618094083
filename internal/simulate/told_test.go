package simulate_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/simulate"
	"github.com/qianyi-dev/qianyi/triage"
)

// halves splits the affected into those who are told and the rest.
func halves(p *simulate.Planted) (told []triage.CustomerID, isTold map[triage.CustomerID]bool) {
	isTold = map[triage.CustomerID]bool{}
	for i, a := range p.Affected {
		if i%2 == 0 {
			told = append(told, a.CustomerID)
			isTold[a.CustomerID] = true
		}
	}
	return told, isTold
}

func TestTellingChangesTheToldAlone(t *testing.T) {
	t.Parallel()
	w := generate(t, handWritten(t))
	p := w.Truth.Incidents[0]
	told, isTold := halves(&p)
	at := p.FirstComplaint.Add(3 * 24 * time.Hour)
	count := func(rr float64, seed uint64) (of map[bool]int) {
		of = map[bool]int{}
		for _, c := range w.Told(told, at, rr, seed) {
			if !c.At.After(at) || c.Text == "" || c.ID == "" {
				t.Errorf("complaint %q of %v after %v", c.ID, c.At, at)
			}
			of[isTold[c.CustomerID]]++
		}
		return of
	}
	const runs = 30
	sum := map[float64]map[bool]int{}
	for _, rr := range []float64{0, .5, 1, 2} {
		sum[rr] = map[bool]int{}
		for seed := range uint64(runs) {
			for is, n := range count(rr, seed) {
				sum[rr][is] += n
			}
		}
		if got, want := sum[rr][false], sum[0][false]; got != want {
			t.Errorf("rr %v: %d complaints of the untold, without them told %d", rr, got, want)
		}
	}
	if sum[0][true] != 0 || sum[0][false] == 0 {
		t.Errorf("rr 0: %d complaints of the told, %d of the untold", sum[0][true], sum[0][false])
	}
	near(t, "rr 0.5", sum[.5][true], .5*float64(sum[1][true]))
	near(t, "rr 2", sum[2][true], 2*float64(sum[1][true]))
}

func TestTellingNobodyIsTheWorldItself(t *testing.T) {
	t.Parallel()
	s := handWritten(t)
	s.Incidents[0].Repeat = 0
	w := generate(t, s)
	want := map[triage.ComplaintID]bool{}
	for _, id := range w.Truth.Incidents[0].ComplaintIDs {
		want[id] = true
	}
	got := map[triage.ComplaintID]bool{}
	for _, c := range w.Told(nil, time.Time{}, 0, 1) {
		got[c.ID] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("complaints (-world +told nobody):\n%s", diff)
	}
}

func TestTellingIsReproducible(t *testing.T) {
	t.Parallel()
	w := generate(t, handWritten(t))
	told, _ := halves(&w.Truth.Incidents[0])
	first := w.Told(told, w.Truth.Incidents[0].FirstComplaint.Time, 1.5, 9)
	if diff := cmp.Diff(first, w.Told(told, w.Truth.Incidents[0].FirstComplaint.Time, 1.5, 9)); diff != "" {
		t.Errorf("seed 9 twice:\n%s", diff)
	}
}
