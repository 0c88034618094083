package channeltest

import "sync"

// faults hands out failures that were ordered, one for each request.
type faults[F comparable] struct {
	mu   sync.Mutex
	next []F
}

// Fail makes the next requests fail, one fault each; the zero fault is none.
func (q *faults[F]) Fail(list ...F) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.next = append(q.next, list...)
}

func (q *faults[F]) take() F {
	q.mu.Lock()
	defer q.mu.Unlock()
	var none F
	if len(q.next) == 0 {
		return none
	}
	f := q.next[0]
	q.next = q.next[1:]
	return f
}
