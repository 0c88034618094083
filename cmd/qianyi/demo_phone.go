package main

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
)

// demoChannel is the way to the customers of the demo: text messages, which
// the service writes to a file.
const demoChannel = "sms-demo"

// demoContact is how the customers of the demo reach it.
const demoContact = "客服热线4008001234"

// demoURL is where customers of the demo open their links.
func demoURL(c *config) string {
	_, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		port = "8080"
	}
	return "http://localhost:" + port
}

// useDemoCompany adds the file of text messages to the channels, and what
// letters say of the company.
func useDemoCompany(c *config) {
	c.House.Contact = cmp.Or(c.House.Contact, demoContact)
	if c.Survey.BaseURL == "" {
		c.Survey.Enabled, c.Survey.BaseURL = true, demoURL(c)
	}
	if slices.ContainsFunc(c.Channels, func(ch channel.Config) bool { return ch.Name == demoChannel }) {
		return
	}
	c.Channels = append(slices.Clone(c.Channels), channel.Config{
		Name: demoChannel,
		File: &channel.FileConfig{Path: filepath.Join(c.Data, "outbox.csv"), Address: prevention.AddressPhone},
	})
}

// demoClock is the time of the demo's past. It is safe for concurrent use.
type demoClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *demoClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *demoClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at.Truncate(time.Millisecond)
}

// pass lets time go by and returns the time then.
func (c *demoClock) pass(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return c.at
}

// demoPhone takes the text messages of the demo's past. It is safe for
// concurrent use.
type demoPhone struct {
	clock *demoClock
	rand  *rand.Rand

	mu    sync.Mutex
	keys  map[string]bool
	taken []takenMessage // not answered yet
}

// takenMessage is one that has gone out.
type takenMessage struct {
	key, to string
	at      time.Time
}

func newDemoPhone(clock *demoClock) *demoPhone {
	source := rand.NewPCG(demoSeed, 0)
	return &demoPhone{clock: clock, rand: rand.New(source), keys: map[string]bool{}} //nolint:gosec // invented customers need no secrets
}

func (p *demoPhone) channel() prevention.Channel {
	return prevention.Channel{Name: demoChannel, Address: prevention.AddressPhone, Idempotent: true, Sender: p}
}

// demoPace is the time from one message to the next on the demo's clock.
const demoPace = 50 * time.Millisecond

// Send takes the message, once for each key.
func (p *demoPhone) Send(_ context.Context, m prevention.Message) (prevention.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keys[m.Key] {
		return prevention.Receipt{}, nil
	}
	p.keys[m.Key] = true
	at := p.clock.pass(demoPace)
	p.taken = append(p.taken, takenMessage{key: m.Key, to: m.To, at: at})
	return prevention.Receipt{}, nil
}

// What becomes of the messages: most arrive, of a few the telephone is off and
// of others nothing is heard; some customers answer.
const (
	demoArrives = .96
	demoFails   = .02
)

var demoReplies = []string{"收到，谢谢提醒", "退款什么时候到账？", "退订"}

// answer reports what became of the messages, and what customers answered.
func (p *demoPhone) answer(ctx context.Context, desk *outreach.Service) error {
	p.mu.Lock()
	taken := p.taken
	p.taken = nil
	p.mu.Unlock()
	// Senders run side by side; the draws follow the telephone numbers.
	slices.SortFunc(taken, func(a, b takenMessage) int { return strings.Compare(a.to, b.to) })
	var reports []prevention.Delivery
	var replies []prevention.Reply
	for _, m := range taken {
		d := prevention.Delivery{Key: m.key, At: m.at.Add(time.Duration(2+p.rand.IntN(40)) * time.Second)}
		switch x := p.rand.Float64(); {
		case x < demoArrives:
			d.Delivered = true
		case x < demoArrives+demoFails:
			d.Reason = "phone_off"
		default:
			continue
		}
		reports = append(reports, d)
		if d.Delivered && len(replies) < len(demoReplies) {
			replies = append(replies, prevention.Reply{From: m.to, Text: demoReplies[len(replies)], At: d.At.Add(4 * time.Minute)})
		}
	}
	if _, err := desk.Delivered(ctx, demoChannel, reports); err != nil {
		return err
	}
	return desk.Replied(ctx, replies)
}
