package public

import (
	"sync"
	"time"
)

// The limits of attempts. A code has 50 random bits, the digits behind it only
// 13: five tries in a quarter of an hour need three weeks for half of them.
const (
	guessWindow      = 15 * time.Minute
	guessesByAddress = 20
	guessesByCode    = 5
)

// maxKeys bounds the memory of a gate; beyond it the oldest windows end early.
const maxKeys = 100_000

// gate counts attempts by key in windows that begin with the first one.
type gate struct {
	now func() time.Time

	mu    sync.Mutex
	count map[string]*attempts
}

type attempts struct {
	n     int
	until time.Time
}

func newGate(now func() time.Time) *gate { return &gate{now: now, count: map[string]*attempts{}} }

// enter counts an attempt and says whether it is within the limit. Counting
// comes before trying, so that attempts at the same time count, too.
func (g *gate) enter(key string, limit int, window time.Duration) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	a := g.count[key]
	if a == nil || !now.Before(a.until) {
		g.sweep(now)
		a = &attempts{until: now.Add(window)}
		g.count[key] = a
	}
	a.n++
	return a.n <= limit
}

// forgive takes an attempt back that was right.
func (g *gate) forgive(key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if a := g.count[key]; a != nil {
		a.n = max(a.n-1, 0)
	}
}

// sweep makes room when there are too many keys: of those whose window is over,
// else of any.
func (g *gate) sweep(now time.Time) {
	if len(g.count) < maxKeys {
		return
	}
	for key, a := range g.count {
		if !now.Before(a.until) {
			delete(g.count, key)
		}
	}
	for key := range g.count {
		if len(g.count) < maxKeys {
			return
		}
		delete(g.count, key)
	}
}
