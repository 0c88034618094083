package fact_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// extremes is a row with everything at its end.
func extremes() fact.Row {
	r := fact.Row{
		Seq: math.MaxInt64, Day: firstDay, Minute: 1439, Customer: math.MaxUint64, Flags: 1<<fact.FlagCount - 1,
		Respond: math.MaxInt32, Verify: fact.None, Resolve: 0, Satisfaction: 33.333, HandOvers: 255, FactsNeeded: 255, FactsKnown: 255,
		Replies: 255, Points: math.MaxUint16,
		Stays: []fact.Stay{{Status: "received", Minutes: math.MaxInt32}, {Status: "\x00", Department: "=1+1", Owner: strings.Repeat("长", 1000)}},
	}
	for d := range fact.Dims {
		r.Values[d] = "值" + d.String()
	}
	return r
}

func encode(t testing.TB, rows []fact.Row) []byte {
	t.Helper()
	blob, err := fact.EncodeDay(rows)
	if err != nil {
		t.Fatal(err)
	}
	return blob
}

func TestADayComesBackAsItWas(t *testing.T) {
	t.Parallel()
	_, random := randomBook(3, 1, 500)
	for name, rows := range map[string][]fact.Row{"no rows": nil, "extremes": {extremes(), {Day: firstDay, Seq: 1}}, "random": random} {
		blob := encode(t, rows)
		got, err := fact.DecodeDay(firstDay, blob)
		if diff := gocmp.Diff(rows, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
		if again := encode(t, rows); !bytes.Equal(again, blob) {
			t.Errorf("%s: the same rows gave other bytes", name)
		}
	}
}

func TestADamagedDayIsRefused(t *testing.T) {
	t.Parallel()
	blob := encode(t, []fact.Row{extremes()})
	rng := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		bad := bytes.Clone(blob)
		bad[rng.IntN(len(bad))] ^= byte(1 + rng.IntN(255))
		rows, err := fact.DecodeDay(firstDay, bad)
		if err == nil && !gocmp.Equal(rows, []fact.Row{extremes()}) {
			t.Fatal("a damaged day was read as another one")
		}
		if err != nil && !strings.Contains(err.Error(), "2023-01-01") {
			t.Fatalf("%v does not name the day", err)
		}
	}
	for n := range blob {
		if _, err := fact.DecodeDay(firstDay, blob[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes were read", n, len(blob))
		}
	}
	newer := bytes.Clone(blob)
	newer[2]++
	if _, err := fact.DecodeDay(firstDay, newer); !errors.Is(err, fact.ErrNewer) {
		t.Errorf("a newer day: got %v, want %v", err, fact.ErrNewer)
	}
}

func FuzzDecodeDay(f *testing.F) {
	f.Add(encode(f, []fact.Row{extremes()}))
	f.Add([]byte("QF\x01"))
	f.Fuzz(func(t *testing.T, blob []byte) {
		rows, err := fact.DecodeDay(firstDay, blob)
		if err == nil {
			fact.NewBook().Put(firstDay, rows)
		}
	})
}
