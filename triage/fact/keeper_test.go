package fact_test

import (
	"context"
	"errors"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// shelf has stored days.
type shelf struct {
	generation int64
	days       []fact.StoredDay
	err        error
}

func (s *shelf) Days(_ context.Context, after fact.Position, limit int) ([]fact.StoredDay, int64, error) {
	var page []fact.StoredDay
	for _, d := range s.days {
		if len(page) < limit && (after.Generation != s.generation || d.Version > after.Version) {
			page = append(page, d)
		}
	}
	return page, s.generation, s.err
}

// put stores a day of n rows.
func (s *shelf) put(t *testing.T, day fact.Day, n int) {
	t.Helper()
	rows := make([]fact.Row, n)
	for i := range rows {
		rows[i] = fact.Row{Seq: int64(i + 1), Day: day}
	}
	s.days = append(s.days, fact.StoredDay{Day: day, Version: int64(len(s.days) + 1), Body: encode(t, rows)})
}

func TestABookFollowsWhatIsStored(t *testing.T) {
	t.Parallel()
	source := &shelf{}
	book := fact.NewBook()
	keeper := fact.NewKeeper(source, book)
	follow := func(cases int, ready bool) {
		t.Helper()
		err := keeper.Follow(t.Context())
		if got := book.Total(fact.Filter{}).Cases; err != nil || got != cases || book.Ready() != ready {
			t.Fatalf("got %d cases, ready %v, %v; want %d, %v", got, book.Ready(), err, cases, ready)
		}
	}
	follow(0, false)
	source.generation = 1
	for n := range 70 { // more than are read at a time
		source.put(t, firstDay+fact.Day(n), 2)
	}
	follow(140, true)
	source.put(t, firstDay+3, 5)
	follow(143, true)
	source.put(t, firstDay+3, 0)
	follow(138, true)

	// A new generation counts once all of it can be read.
	source.generation, source.days = 2, nil
	source.put(t, firstDay, 7)
	source.days = append(source.days, fact.StoredDay{Day: firstDay + 1, Version: 2, Body: []byte("damaged")})
	if err := keeper.Follow(t.Context()); err == nil {
		t.Error("a damaged day is no error")
	}
	if got := book.Total(fact.Filter{}).Cases; got != 138 {
		t.Errorf("while the new generation cannot be read: got %d cases, want 138", got)
	}
	source.days = source.days[:1]
	source.put(t, firstDay+1, 1)
	follow(8, true)
	source.err = errors.New("no database")
	if err := keeper.Follow(t.Context()); !errors.Is(err, source.err) {
		t.Errorf("got %v, want the error of the source", err)
	}
}
