package fact

import (
	"context"
	"sync"
)

// StoredDay is a day as it is stored.
type StoredDay struct {
	Day     Day
	Version int64
	Body    []byte // see EncodeDay
}

// Position is how far somebody has read the stored days: all of a generation
// that were written up to a version.
type Position struct{ Generation, Version int64 }

// DaySource has the stored days.
type DaySource interface {
	// Days returns the generation that figures come from now, 0 while there is
	// none. If it is that of the position, it returns with it the days that were
	// written after the position, in the order of their versions, at most limit;
	// else those from the first on. Days that are stored later have higher
	// versions.
	Days(ctx context.Context, after Position, limit int) (days []StoredDay, generation int64, err error)
}

// Keeper keeps a book as the stored days are, whichever process has written
// them. It is safe for concurrent use.
type Keeper struct {
	source DaySource
	book   *Book

	mu   sync.Mutex
	at   Position
	next *Book // what is being read; the book itself once all has been
}

// NewKeeper returns a keeper of a book, which is filled by Follow.
func NewKeeper(source DaySource, book *Book) *Keeper {
	return &Keeper{source: source, book: book, next: NewBook()}
}

// keeperPage is how many days are read at a time.
const keeperPage = 32

// Follow reads what was written since the last call. The first call reads all,
// after which the book is ready; it counts what it did until a whole new
// generation has been read. After an error, which names the day that cannot be
// read, the next call goes on at it.
func (k *Keeper) Follow(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for {
		days, generation, err := k.source.Days(ctx, k.at, keeperPage)
		if err != nil || generation == 0 {
			return err
		}
		if generation != k.at.Generation {
			k.at, k.next = Position{Generation: generation}, NewBook()
		}
		for _, d := range days {
			rows, err := DecodeDay(d.Day, d.Body)
			if err != nil {
				return err
			}
			k.next.Put(d.Day, rows)
			k.at.Version = d.Version
		}
		if len(days) < keeperPage {
			k.book.become(k.next)
			k.next = k.book
			return nil
		}
	}
}
