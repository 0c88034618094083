package outreach_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

var shanghai = time.FixedZone("CST", 8*3600)

// backend is a store under test, and how complaints get into it.
type backend struct {
	plans      prevention.PlanStore
	outbox     outreach.Outbox
	notices    prevention.NoticeReader
	guards     outreach.Guards
	customers  outreach.Customers
	complaints outreach.Complaints
	exposures  outreach.Exposures
	add        func(ctx context.Context, customers []triage.Customer) error
	complain   func(ctx context.Context, c triage.CustomerID, at time.Time) error
}

func inMemory() *backend {
	m := newMemory()
	return &backend{
		plans: m, outbox: m, notices: m, guards: m, customers: m, complaints: m, exposures: m,
		add: func(_ context.Context, customers []triage.Customer) error {
			for _, c := range customers {
				m.customers[c.ID] = c
			}
			return nil
		},
		complain: func(_ context.Context, c triage.CustomerID, at time.Time) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.complaints[c] = append(m.complaints[c], at)
			return nil
		},
	}
}

// world is one run: a store, gateways, and everything that goes wrong.
type world struct {
	*backend
	t        *testing.T
	clock    *testkit.Clock
	dice     *dice
	policy   outreach.Policy
	gateways []*gateway
	desk     *outreach.Service

	mu        sync.Mutex
	told      map[string]int // by customer and cluster
	forbidden map[string]bool
	wrong     []string
	stopped   map[prevention.PlanID]bool

	calm    atomic.Bool // nothing goes wrong any more
	alone   atomic.Bool // one sender is at work
	crashes atomic.Int64
}

func newWorld(t *testing.T, b *backend, seed uint64) *world {
	w := &world{
		backend: b, t: t, dice: newDice(seed), policy: outreach.DefaultPolicy(),
		clock: testkit.NewClock(time.Date(2026, time.May, 6, 14, 0, 0, 0, shanghai)),
		told:  map[string]int{}, forbidden: map[string]bool{}, stopped: map[prevention.PlanID]bool{},
	}
	w.policy.WeekCap, w.policy.MonthCap, w.policy.Rate = 10, 10, 5000
	w.gateways = []*gateway{
		{name: "sms", idempotent: true, address: prevention.AddressPhone},
		{name: "mail", address: prevention.AddressEmail},
	}
	for _, g := range w.gateways {
		g.mood, g.took = w.mood, w.took
	}
	desk, err := outreach.New(outreach.Deps{
		Plans: b.plans, Outbox: b.outbox, Notices: b.notices, Guards: b.guards, Customers: b.customers, Exposures: b.exposures,
		Cohorts: w, Draw: draw, Channels: w.channels(), Policy: w.policy, Zone: shanghai, Now: w.clock.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.desk = desk
	return w
}

func (w *world) channels() []prevention.Channel {
	var list []prevention.Channel
	for _, g := range w.gateways {
		list = append(list, g.channel())
	}
	return list
}

// mood goes wrong in four of ten attempts, and takes its time in all.
func (w *world) mood() mood {
	w.clock.Advance(time.Duration(w.dice.n(800)) * time.Millisecond)
	if w.calm.Load() || w.dice.chance(600) {
		return fine
	}
	return mood(w.dice.n(int(moodCount)))
}

func (w *world) took(_ string, m prevention.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	// By phone and by mail it is the same customer.
	who := strings.TrimSuffix(m.To, mailHost) + " " + causeOf(m)
	w.told[who]++
	if n := w.told[who]; n > 1 {
		w.wrong = append(w.wrong, fmt.Sprintf("%s was told %d times", who, n))
	}
	if w.forbidden[m.To] {
		w.wrong = append(w.wrong, who+" was told although they had complained or opted out")
	}
	if now := w.clock.Now(); w.policy.Quiet.Contains(now, shanghai) {
		w.wrong = append(w.wrong, who+" was told at "+now.In(shanghai).Format(time.TimeOnly))
	}
}

// Every phone and address names its customer, so that what arrives can be told
// by either.
func member(i int) triage.Customer {
	id := fmt.Sprintf("C%05d", i)
	return triage.Customer{ID: triage.CustomerID(id), Name: "王小明", Phone: triage.Phone(phone(i)), Email: triage.Email(phone(i) + mailHost)}
}

const mailHost = "@example.com"

func phone(i int) string { return fmt.Sprintf("139%08d", i) }

func draw(ids []triage.CustomerID, holdout float64, seed uint64) map[triage.CustomerID]prevention.Arm {
	arms := map[triage.CustomerID]prevention.Arm{}
	for _, id := range ids {
		h := fnv.New64a()
		fmt.Fprint(h, seed, id)
		arms[id] = prevention.ArmTold
		if float64(h.Sum64()%1000) < holdout*1000 {
			arms[id] = prevention.ArmHeld
		}
	}
	return arms
}

// Select gives each cluster its part of the customers: the first and the last
// third are in one cluster each, the middle is in both.
func (w *world) Select(ctx context.Context, cluster prevention.ClusterID, rule prevention.Rule, _ time.Time) (prevention.Cohort, error) {
	c := prevention.Cohort{Rule: rule}
	for i := range w.size(cluster) {
		if cluster == "K2" {
			i += w.size(cluster) / 2
		}
		c.Customers = append(c.Customers, prevention.Candidate{Customer: member(i).ID, Score: 1})
	}
	return c, nil
}

func (w *world) size(prevention.ClusterID) int { return crowd }

// crowd is the size of each of the two cohorts; half of one is in the other.
const crowd = 120

var errKilled = errors.New("the process was killed")

// process is a sender that dies when its fuse has burnt down: from then on
// nothing that it does has any effect.
type process struct {
	w    *world
	fuse atomic.Int64
	dead atomic.Bool
}

// step burns the fuse and says whether the process lives.
func (p *process) step() bool {
	if p.fuse.Add(-1) == 0 {
		p.dead.Store(true)
		p.w.crashes.Add(1)
	}
	return !p.dead.Load()
}

func (w *world) start(fuse int64) (*process, *outreach.Sender) {
	p := &process{w: w}
	p.fuse.Store(fuse)
	channels := w.channels()
	for i := range channels {
		channels[i].Sender = mortalChannel{p, channels[i].Sender}
	}
	s, err := outreach.NewSender(outreach.SenderDeps{
		Plans: w.plans, Outbox: mortalOutbox{p, w.outbox}, Guards: w.guards, Customers: w.customers, Exposures: w.exposures,
		Complaints: w.complaints, Channels: channels, Policy: w.policy, Zone: shanghai, Now: w.clock.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return p, s
}

// mortalChannel dies before the message leaves, or after it was taken.
type mortalChannel struct {
	p  *process
	to prevention.Sender
}

func (c mortalChannel) Send(ctx context.Context, m prevention.Message) (prevention.Receipt, error) {
	if !c.p.step() {
		return prevention.Receipt{}, errKilled
	}
	r, err := c.to.Send(ctx, m)
	if !c.p.step() {
		return prevention.Receipt{}, errKilled
	}
	return r, err
}

// mortalOutbox dies before an operation takes effect, or after. At Begin it
// also lets people act.
type mortalOutbox struct {
	p *process
	prevention.NoticeStore
}

func (o mortalOutbox) Begin(ctx context.Context, n prevention.Notice) (bool, error) {
	if !o.p.step() {
		return false, errKilled
	}
	// Of two senders, the other may have this very notice on its way.
	if o.p.w.alone.Load() {
		o.p.w.interfere(n)
	}
	stopped := o.p.w.isStopped(n.Plan)
	ok, err := o.NoticeStore.Begin(ctx, n)
	if ok && stopped {
		o.p.w.complainAbout("notice %d began after its plan was stopped", n.ID)
	}
	if ok {
		o.p.w.interfere(n)
	}
	if !o.p.step() {
		return false, errKilled
	}
	return ok, err
}

func (o mortalOutbox) Settle(ctx context.Context, n prevention.Notice) (bool, error) {
	if !o.p.step() {
		return false, errKilled
	}
	ok, err := o.NoticeStore.Settle(ctx, n)
	if !o.p.step() {
		return false, errKilled
	}
	return ok, err
}

func (o mortalOutbox) Due(ctx context.Context, now time.Time, limit int) ([]prevention.Notice, error) {
	if o.p.dead.Load() {
		return nil, errKilled
	}
	return o.NoticeStore.Due(ctx, now, limit)
}

func (o mortalOutbox) FinishPlans(ctx context.Context, now time.Time) ([]prevention.PlanID, error) {
	if o.p.dead.Load() {
		return nil, errKilled
	}
	return o.NoticeStore.FinishPlans(ctx, now)
}

// interfere lets the customer of a notice complain or opt out, and somebody
// press the stop button, just then. Customers of both clusters are spared: the
// other notice of theirs may be on its way at this very moment.
func (w *world) interfere(n prevention.Notice) {
	ctx := w.t.Context() // people act whether or not a sender is being stopped
	if w.calm.Load() || !w.dice.chance(15) {
		return
	}
	switch c, ok := w.customerOf(n.Customer); {
	case w.dice.chance(200):
		w.stop(ctx, n.Plan)
	case ok && (c < crowd/2 || c >= crowd):
		w.turnAway(ctx, c)
	}
}

func (w *world) customerOf(id triage.CustomerID) (i int, ok bool) {
	_, err := fmt.Sscanf(string(id), "C%d", &i)
	return i, err == nil
}

// turnAway makes a customer somebody who must not be told any more.
func (w *world) turnAway(ctx context.Context, i int) {
	c := member(i)
	var err error
	if w.dice.chance(500) {
		err = w.complain(ctx, c.ID, w.clock.Now())
	} else {
		err = w.desk.Replied(ctx, []prevention.Reply{{From: phone(i), Text: "TD"}})
	}
	if err != nil {
		w.complainAbout("turn %s away: %v", c.ID, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forbidden[phone(i)], w.forbidden[phone(i)+mailHost] = true, true
}

func (w *world) stop(ctx context.Context, id prevention.PlanID) {
	if _, err := w.desk.Stop(ctx, id, "质检", "停"); err != nil && triage.CodeOf(err) != triage.CodeConflict {
		w.complainAbout("stop %s: %v", id, err)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped[id] = true
}

func (w *world) isStopped(id prevention.PlanID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stopped[id]
}

func (w *world) resume(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id := range w.stopped {
		if _, err := w.desk.Resume(ctx, id, "质检"); err != nil && triage.CodeOf(err) != triage.CodeConflict {
			w.wrong = append(w.wrong, fmt.Sprintf("resume %s: %v", id, err))
		}
		delete(w.stopped, id)
	}
}

func (w *world) complainAbout(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
}

// launch brings a plan for the cluster to its approval, by two people.
func (w *world) launch(ctx context.Context, cluster prevention.ClusterID, holdout float64, channels ...string) prevention.Plan {
	w.t.Helper()
	p, err := w.desk.Create(ctx, prevention.Plan{
		Cluster: cluster, Title: "告知", Cohort: prevention.Rule{Conditions: []prevention.Condition{{Kind: "payment", Key: "银联"}}},
		Template: prevention.Template{Subject: "致歉", Text: string(cluster) + "：{{name}}您好，您的付款未成功，我们正在处理，给您带来不便请谅解。"},
		Channels: channels, Holdout: holdout,
	}, "甲")
	if err == nil {
		p, err = w.desk.Submit(ctx, p.ID, p.Version, "甲")
	}
	if err == nil {
		p, err = w.desk.Approve(ctx, p.ID, p.Version, "乙")
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) populate(ctx context.Context, n int) {
	w.t.Helper()
	var customers []triage.Customer
	for i := range n {
		customers = append(customers, member(i))
	}
	if err := w.add(ctx, customers); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) all(ctx context.Context) []prevention.Notice {
	w.t.Helper()
	list, err := w.notices.Notices(ctx, prevention.NoticeQuery{})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func isOpen(n prevention.Notice) bool {
	return n.State == prevention.NoticeQueued || n.State == prevention.NoticeSending
}

// audit compares what the store believes with what people have read.
func (w *world) audit(ctx context.Context) {
	w.t.Helper()
	for _, n := range w.all(ctx) {
		i, _ := w.customerOf(n.Customer)
		cluster := string(n.Cause[len("cluster:"):])
		told := w.told[phone(i)+" "+cluster]
		low, high := 0, 0
		switch {
		case isOpen(n):
			w.complainAbout("notice %d is still %s (%s)", n.ID, n.State, n.Reason)
		case n.State == prevention.NoticeUnclear:
			high = 1
		case slices.Contains([]prevention.NoticeState{prevention.NoticeSent, prevention.NoticeDelivered, prevention.NoticeAnswered}, n.State):
			low, high = 1, 1
		}
		if told < low || told > high {
			w.complainAbout("notice %d is %s (%s), but %s was told %d times", n.ID, n.State, n.Reason, n.Customer, told)
		}
	}
	for i, text := range w.wrong {
		if i < 20 {
			w.t.Error(text)
		}
	}
	if more := len(w.wrong) - 20; more > 0 {
		w.t.Errorf("and %d more", more)
	}
}
