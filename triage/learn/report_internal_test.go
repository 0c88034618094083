package learn

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/evidence"
)

var wednesday = time.Date(2026, time.March, 4, 2, 30, 0, 0, time.FixedZone("CST", 8*3600))

func TestWeeksBeginOnMonday(t *testing.T) {
	t.Parallel()
	zone := wednesday.Location()
	at := func(day, hour int) time.Time { return time.Date(2026, time.March, day, hour, 0, 0, 0, zone) }
	got := weeks(
		[]Judged{{at(1, 23), "fee", "fee"}, {at(2, 0), "fee", "usage"}, {at(3, 9), "fee", "fee"}},
		[]Arrival{{At: at(1, 23), NeedsReview: true}, {At: at(2, 1)}, {At: at(8, 23).UTC(), NeedsReview: true}}, zone)
	want := []Week{
		{From: time.Date(2026, time.February, 23, 0, 0, 0, 0, zone), Judged: evidence.ShareOf(1, 1), Cases: 1},
		{From: at(2, 0), Judged: evidence.ShareOf(1, 2), Cases: 2, Sure: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("weeks (-want +got)\n%s", diff)
	}
}

// cutter cuts a text into pairs of characters.
type cutter struct{}

func (cutter) Fingerprint() string { return "pairs" }

func (cutter) SearchTokens(dst []nlp.Token, text string) []nlp.Token {
	for i := 0; i+6 <= len(text); i += 6 {
		dst = append(dst, nlp.Token{Start: i, End: i + 6})
	}
	return dst
}

func TestDrift(t *testing.T) {
	t.Parallel()
	types := []string{"fee", "network"}
	arrivals := func(n int, from time.Time, text, typ string, confidence float64) []Arrival {
		var list []Arrival
		for i := range n {
			list = append(list, Arrival{At: from.Add(time.Duration(i) * time.Minute), Text: text, Type: typ, Confidence: confidence})
		}
		return list
	}
	earlier, later := wednesday.AddDate(0, 0, -40), wednesday
	before := append(arrivals(60, earlier, "话费多了", "fee", 0.9), arrivals(60, earlier.Add(time.Hour), "信号很差", "network", 0.9)...)
	t.Run("nothing has changed", func(t *testing.T) {
		t.Parallel()
		same := append(arrivals(60, later, "话费多了", "fee", 0.9), arrivals(58, later.Add(time.Hour), "信号很差", "network", 0.9)...)
		d := drift(append(append([]Arrival{}, before...), same...), later, cutter{}, types)
		if d.Types.Unusual || d.Confidence.Unusual || d.Words.Unusual || d.Before != 120 || d.Recent != 118 {
			t.Errorf("got %+v", d)
		}
	})
	t.Run("types, confidence and words have", func(t *testing.T) {
		t.Parallel()
		d := drift(append(append([]Arrival{}, before...), arrivals(100, later, "卫星直连", "network", 0.4)...), later, cutter{}, types)
		if !d.Types.Unusual || !d.Confidence.Unusual || !d.Words.Unusual || d.Words.Recent != 1 || d.Shares[1].Recent != 1 {
			t.Errorf("got %+v", d)
		}
	})
	t.Run("too few to say", func(t *testing.T) {
		t.Parallel()
		d := drift(append(append([]Arrival{}, before...), arrivals(10, later, "卫星直连", "network", 0.4)...), later, cutter{}, types)
		if d.Types != (evidence.Shift{}) || d.Words.Unusual {
			t.Errorf("got %+v", d)
		}
	})
}

func TestPairsAreTheWorst(t *testing.T) {
	t.Parallel()
	var r Report
	r.confuse([]string{"fee", "network", "service"}, [][]int{{9, 1, 4}, {0, 5, 0}, {4, 0, 7}})
	want := []Pair{{"fee", "service", 4}, {"service", "fee", 4}, {"fee", "network", 1}}
	if diff := cmp.Diff(want, r.Pairs); diff != "" {
		t.Errorf("pairs (-want +got)\n%s", diff)
	}
}
