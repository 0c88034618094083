package access

import (
	"sync"
	"time"
)

const (
	// seenFor is how long one look counts: a page that is opened again and again
	// leaves one line an hour in the trail.
	seenFor = time.Hour
	// seenRoom bounds the memory; beyond it looks are written once too often,
	// never too seldom.
	seenRoom = 100_000
)

// Seen remembers who has looked at what, so that the trail says it once an hour
// instead of with every page. It is safe for concurrent use; the zero value is
// ready.
type Seen struct {
	mu   sync.Mutex
	last map[[2]string]time.Time
}

// First says whether this is the person's first look at an object within the
// hour, and remembers it.
func (s *Seen) First(person, object string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{person, object}
	if at, known := s.last[key]; known && now.Sub(at) < seenFor {
		return false
	}
	if len(s.last) >= seenRoom {
		for k, at := range s.last {
			if now.Sub(at) >= seenFor {
				delete(s.last, k)
			}
		}
	}
	if s.last == nil || len(s.last) >= seenRoom {
		s.last = map[[2]string]time.Time{}
	}
	s.last[key] = now
	return true
}

// Forget lets the next look count again: the entry about the last one could not
// be written.
func (s *Seen) Forget(person, object string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.last, [2]string{person, object})
}
