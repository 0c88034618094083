package fact

import (
	"fmt"
	"sync"
)

// memo keeps the latest answers that take a look at every row, until the rows
// change. It is safe for concurrent use.
type memo struct {
	mu      sync.Mutex
	changes int64 // of rows
	answers map[string]any
}

// remembered is how many answers are kept; they are some kilobytes each.
const remembered = 256

// forget is called whenever rows have changed.
func (m *memo) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	clear(m.answers)
}

// Remember returns the answer to a question about the rows of a filter, and
// finds it if nobody has asked since the rows changed. One that was overtaken by a
// change while it was found is given, but not kept. Nobody may change what an
// answer points to.
func Remember[T any](b *Book, question string, f Filter, find func() T) T {
	key := fmt.Sprintf("%s %#v", question, f)
	b.memo.mu.Lock()
	kept, known := b.memo.answers[key]
	changes := b.memo.changes
	b.memo.mu.Unlock()
	if answer, ok := kept.(T); known && ok {
		return answer
	}
	answer := find()
	b.memo.mu.Lock()
	defer b.memo.mu.Unlock()
	if b.memo.changes != changes {
		return answer
	}
	if b.memo.answers == nil || len(b.memo.answers) >= remembered {
		b.memo.answers = make(map[string]any)
	}
	b.memo.answers[key] = answer
	return answer
}
