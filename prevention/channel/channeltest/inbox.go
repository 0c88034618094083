package channeltest

import (
	"slices"
	"sync"
)

// Received is one message as it reached a person.
type Received struct {
	// Key is "" where the service knows none.
	Key     string
	To      string
	Subject string
	Text    string
}

// Inbox is what people received. It is safe for concurrent use.
type Inbox struct {
	mu   sync.Mutex
	list []Received
}

func (b *Inbox) add(r Received) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = append(b.list, r)
}

// All returns the messages in the order of their arrival.
func (b *Inbox) All() []Received {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.list)
}

// PerKey counts the messages of each key.
func (b *Inbox) PerKey() map[string]int {
	return b.count(func(r Received) string { return r.Key })
}

// PerAddress counts the messages that each person received.
func (b *Inbox) PerAddress() map[string]int {
	return b.count(func(r Received) string { return r.To })
}

func (b *Inbox) count(by func(Received) string) map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	counts := map[string]int{}
	for _, r := range b.list {
		counts[by(r)]++
	}
	return counts
}
