package cohort_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/cohort"
	"github.com/qianyi-dev/qianyi/triage"
)

// small is a handful of records out of order.
func small() *cohort.Memory {
	at := func(d float64) time.Time { return worldDay(d) }
	return cohort.NewMemory([]triage.Exposure{
		{CustomerID: "B", Kind: "pay", Key: "y", At: at(3), Attrs: map[string]any{"ok": false}},
		{CustomerID: "A", Kind: "pay", Key: "x", At: at(5), Attrs: map[string]any{"ok": true}},
		{CustomerID: "A", Kind: "pay", Key: "x", At: at(1), Attrs: map[string]any{"ok": true}},
		{CustomerID: "", Kind: "pay", Key: "x", At: at(1)},
		{CustomerID: "A", Kind: "buy", Key: "z", At: at(4), Attrs: map[string]any{"lot": 7.0}},
		{CustomerID: "C", Kind: "pay", Key: "", At: at(2)},
	}, []triage.Customer{{ID: "A", Region: "N"}, {ID: "B", Region: "S"}, {ID: "A", Region: "S"}})
}

func keysOf(list []triage.Exposure) (keys []string) {
	for _, e := range list {
		keys = append(keys, string(e.CustomerID)+" "+e.Kind+" "+e.Key)
	}
	return keys
}

func TestMemory(t *testing.T) {
	t.Parallel()
	m := small()
	t.Run("a scan of every key is in order of time", func(t *testing.T) {
		t.Parallel()
		var got []triage.Exposure
		err := m.ScanExposures(t.Context(), "pay", "", worldDay(1), worldDay(5), func(e triage.Exposure) error {
			got = append(got, e)
			return nil
		})
		if diff := cmp.Diff([]string{"A pay x", "C pay ", "B pay y"}, keysOf(got)); diff != "" || err != nil {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("a scan stops at the first error", func(t *testing.T) {
		t.Parallel()
		stop, calls := errors.New("stop"), 0
		err := m.ScanExposures(t.Context(), "pay", "x", time.Time{}, worldDay(9), func(triage.Exposure) error { calls++; return stop })
		if !errors.Is(err, stop) || calls != 1 {
			t.Errorf("got %v after %d calls", err, calls)
		}
	})
	t.Run("a scan ends with its context", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := m.ScanExposures(ctx, "pay", "x", time.Time{}, worldDay(9), func(triage.Exposure) error { return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("exposures of customers are in order of customer and time", func(t *testing.T) {
		t.Parallel()
		got, err := m.ExposuresOf(t.Context(), []triage.CustomerID{"B", "A", "nobody", "A"}, worldDay(1), worldDay(5))
		if diff := cmp.Diff([]string{"A pay x", "A buy z", "B pay y"}, keysOf(got)); diff != "" || err != nil {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	})
	t.Run("counts", func(t *testing.T) {
		t.Parallel()
		kinds, err := m.CountKinds(t.Context(), worldDay(0), worldDay(4))
		want := []prevention.KindCount{{Kind: "pay", Key: "", Count: 1}, {Kind: "pay", Key: "x", Count: 1}, {Kind: "pay", Key: "y", Count: 1}}
		if diff := cmp.Diff(want, kinds); diff != "" || err != nil {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
		regions, err := m.CountByRegion(t.Context())
		if diff := cmp.Diff(map[string]int{"S": 2}, regions); diff != "" || err != nil {
			t.Errorf("error %v, the last entry of a customer counts (-want +got):\n%s", err, diff)
		}
	})
}
