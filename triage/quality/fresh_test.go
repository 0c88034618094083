package quality_test

import (
	"math/rand/v2"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/quality"
)

// A week that is just over has only its quick cases ended. Nothing has changed,
// and nothing may be called a change.
func TestAFreshWeekIsNoBetter(t *testing.T) {
	t.Parallel()
	today := day(t, "2026-03-09") // a Monday
	wrong := 0
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 4))
		b := fact.NewBook()
		for d := today - 70; d < today; d++ {
			rows := make([]fact.Row, 60)
			for i := range rows {
				row := fact.Row{Seq: int64(d)*1000 + int64(i), Day: d, Minute: uint16(r.IntN(1440)), Respond: 5, Verify: fact.None, Satisfaction: fact.None}
				row.Resolve = int32(r.ExpFloat64() * 4000)
				ended := int(d-today)*1440+int(row.Minute)+int(row.Resolve) < 0
				switch {
				case !ended:
					row.Resolve = fact.None
				case row.Resolve > 4320:
					row.Flags |= fact.LateResolve
				}
				if ended {
					row.Satisfaction = float32(max(100-row.Resolve/100, 0))
				}
				if d < today-7 && r.IntN(20) == 0 {
					row.Flags |= fact.Reopened
				}
				rows[i] = row
			}
			b.Put(d, rows)
		}
		f := fact.Filter{From: today - 7, To: today}
		s := quality.Summarise(b, f, quality.Compare(quality.Period{From: f.From, To: f.To}, quality.Before, today-70, today))
		for _, k := range s.Keys {
			if side := k.Change.Side(); side != 0 {
				wrong++
				t.Logf("seed %d: %s is said to go %d", seed, k.Name, side)
			}
		}
	}
	if wrong > 6 {
		t.Errorf("%d of 130 figures are called changed, want 3 or so", wrong)
	}
}

func TestAFewScoresAreNotCompared(t *testing.T) {
	t.Parallel()
	today := day(t, "2026-03-09")
	b := fact.NewBook()
	for d := today - 28; d < today; d++ {
		rows := make([]fact.Row, 30)
		for i := range rows {
			rows[i] = fact.Row{Seq: int64(d)*100 + int64(i), Day: d, Verify: fact.None, Satisfaction: float32(70 + i)}
			if d >= today-7 {
				rows[i].Satisfaction = fact.None
			}
		}
		if d == today-1 {
			rows[0].Satisfaction, rows[1].Satisfaction = 100, 100
		}
		b.Put(d, rows)
	}
	f := fact.Filter{From: today - 7, To: today}
	for _, k := range quality.Scores(b, f, quality.Compare(quality.Period{From: f.From, To: f.To}, quality.Before, today-28, today)) {
		if k.Name == "satisfaction" && k.Change.Side() != 0 {
			t.Errorf("two scores are called a change: %+v", k.Change)
		}
	}
}
