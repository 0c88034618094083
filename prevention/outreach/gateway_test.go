package outreach_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
)

// dice are shared by the goroutines of a run.
type dice struct {
	mu sync.Mutex
	r  *rand.Rand
}

func newDice(seed uint64) *dice { return &dice{r: rand.New(rand.NewPCG(seed, 7))} }

func (d *dice) n(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.IntN(n)
}

// chance is true in so many of a thousand cases.
func (d *dice) chance(perMille int) bool { return d.n(1000) < perMille }

// mood is how a gateway answers one attempt.
type mood int

const (
	fine mood = iota
	refuses
	busy
	timesOut  // nothing was taken, but nobody can know
	vanishes  // taken, and then no answer
	babbles   // taken, and then an answer that nobody understands
	moodCount // of moods
)

var errGateway = errors.New("gateway")

// gateway is the receiving end: what it counts, people have read.
type gateway struct {
	name       string
	idempotent bool
	address    prevention.Address
	// mood is asked for every attempt; took is told of every message that
	// reaches somebody, before the answer.
	mood func() mood
	took func(channel string, m prevention.Message)

	mu       sync.Mutex
	taken    map[string]prevention.Receipt
	attempts int
	repeats  int // of messages already taken, which idempotency kept from people
}

func (g *gateway) channel() prevention.Channel {
	return prevention.Channel{Name: g.name, Address: g.address, Idempotent: g.idempotent, Sender: g}
}

func (g *gateway) Send(_ context.Context, m prevention.Message) (prevention.Receipt, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.attempts++
	if g.taken == nil {
		g.taken = map[string]prevention.Receipt{}
	}
	how := g.mood()
	if how == busy {
		return prevention.Receipt{}, &prevention.SendError{Outcome: prevention.OutcomeRetry, RetryAfter: time.Minute, Err: errGateway}
	}
	if r, known := g.taken[m.Key]; known && g.idempotent {
		g.repeats++
		return r, nil
	}
	switch how {
	case refuses:
		return prevention.Receipt{}, &prevention.SendError{Outcome: prevention.OutcomeRejected, Err: errGateway}
	case timesOut:
		return prevention.Receipt{}, &prevention.SendError{Outcome: prevention.OutcomeUnknown, Err: errGateway}
	}
	g.took(g.name, m)
	r := prevention.Receipt{Reference: g.name + "-" + m.Key}
	g.taken[m.Key] = r
	switch how {
	case vanishes:
		return prevention.Receipt{}, &prevention.SendError{Outcome: prevention.OutcomeUnknown, Err: errGateway}
	case babbles: // an error that is no *SendError
		return prevention.Receipt{}, errGateway
	}
	return r, nil
}

// causeOf reads the cluster that a test's message begins with.
func causeOf(m prevention.Message) string {
	cluster, _, _ := strings.Cut(m.Text, "：")
	return cluster
}
