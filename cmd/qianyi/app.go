package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/pack"
	"github.com/qianyi-dev/qianyi/web"
	"github.com/qianyi-dev/qianyi/web/console"
)

// app is the running service: the one place that knows every package. It is
// used once: newApp, start, stop.
type app struct {
	config   config
	log      *slog.Logger
	analyzer *pack.Analyzer
	db       *store.DB
	index    *shadow
	service  *triage.Service
	prevent  *prevent
	learning *learning
	handling *handling
	stream   *stream
	sealer   *access.Sealer
	// stopping ends the streams of open pages.
	stopping chan struct{}
	jobs     *scheduler
	listener net.Listener
	ending   cleanups
	// failed hears from the server when it ends by itself.
	failed chan error
}

// newApp opens everything and listens, but answers nobody yet. After an error
// everything is closed again.
func newApp(ctx context.Context, s *streams, c *config, log *slog.Logger) (_ *app, err error) {
	a := &app{config: *c, log: log, failed: make(chan error, 1), stopping: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.stop())
		}
	}()
	// The address first: a second service by mistake should fail at once.
	if a.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", c.Addr); err != nil {
		return nil, fmt.Errorf("listen on %s: %w (choose another with --addr)", c.Addr, err)
	}
	a.ending.add("listener", func(context.Context) error {
		if err := a.listener.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	if a.db, err = createStore(ctx, c); err != nil {
		return nil, err
	}
	a.ending.add("database", func(context.Context) error { return a.db.Shutdown() })
	if a.analyzer, err = s.load(c.packOptions()); err != nil {
		return nil, err
	}
	a.index = newShadow(c, a.analyzer.Tokenizer().Segmenter, a.db, log)
	a.ending.add("search index", func(context.Context) error { return a.index.Close() })
	if err := a.index.open(); err != nil {
		log.Debug("search index is not open yet", "err", err) // its Run tries again and says so
	}
	return a, a.joinParts(ctx)
}

// joinParts makes what works on the open database.
func (a *app) joinParts(ctx context.Context) error {
	c := &a.config
	model, err := newLLM(c)
	if err != nil {
		return fmt.Errorf("configuration: llm: %w", err)
	}
	if a.sealer, err = newSealer(c, os.LookupEnv); err != nil {
		return err
	}
	if a.learning, err = newLearning(ctx, c, a.analyzer, a.db, model, a.log); err != nil {
		return err
	}
	if a.service, err = newService(c, a.learning.swap, a.db, a.index, a.log); err != nil {
		return err
	}
	if a.prevent, err = newPrevent(c, a.db, a.analyzer, model, c.now, a.log); err != nil {
		return err
	}
	a.ending.add("channels", func(context.Context) error { return a.prevent.close() })
	a.handling, err = newHandling(handlingDeps{
		config: c, db: a.db, analyst: a.learning.swap, service: a.service, model: model, index: a.index, prevent: a.prevent,
		mask: newMask(), now: c.now, log: a.log,
	})
	if err != nil {
		return err
	}
	a.stream, err = newStream(streamDeps{
		config: c, db: a.db, analyst: a.learning.swap, service: a.service, prevent: a.prevent, similar: a.index,
		tokenizer: a.analyzer.Tokenizer(), mask: newMask(), now: c.now, log: a.log,
	})
	if err != nil {
		return err
	}
	a.jobs, err = newScheduler(a.db, a.index, a.prevent, a.handling, a.stream, a.learning, c.zone(), a.log)
	return err
}

// start begins to answer requests and to do scheduled work. hint is shown on
// the sign-in page.
func (a *app) start(hint string) error {
	server, err := a.newServer(hint)
	if err != nil {
		return err
	}
	a.background("index follower", a.index.Run)
	a.background("model follower", a.learning.swap.Run)
	a.background("mailboxes", a.watchMailboxes)
	a.ending.add("figures", a.stream.figures.start())
	a.background("counts of campaigns", a.stream.refresh)
	a.jobs.Start(context.Background())
	a.ending.add("jobs", a.jobs.Stop)

	ctx, drain := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		err := server.Serve(ctx, a.listener, stopLimit)
		ended <- err
		if ctx.Err() == nil {
			a.failed <- err
		}
	}()
	a.ending.add("web server", func(context.Context) error {
		close(a.stopping)
		drain()
		return <-ended // at the latest after stopLimit
	})
	return nil
}

// background runs do until the app stops, and waits for its end then.
func (a *app) background(name string, do func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { do(ctx) })
	a.ending.add(name, func(context.Context) error {
		cancel()
		running.Wait()
		return nil
	})
}

// stop ends everything in reverse order: no new requests, accepted ones are
// answered, jobs end, the index and the database are closed. It may be called
// twice.
func (a *app) stop() error { return a.ending.run() }

func (a *app) newServer(hint string) (*web.Server, error) {
	finder := &caseFinder{index: a.index, cases: a.db}
	scored := scores{a.handling.customers, a.log}
	rights, err := a.rightsPages()
	if err != nil {
		return nil, err
	}
	pages, err := console.New(console.Deps{
		Cases: a.service, Desk: scoringService{a.service, scored}, Users: a.db, Sessions: a.db, Audit: a.db,
		Search: finder, Jobs: a.jobs, Card: a.card,
		Alarms: a.prevent.alarmPages(&a.config, a.db), Outreach: a.prevent.outreachPages(a.db),
		Life: a.handling.lifePages(a.db, a.stopping), People: a.handling.peoplePages(a.config.Customers),
		Library: a.handling.libraryPages(), Learning: a.learning.pages(),
		Figures: a.stream.figurePages(), Quality: a.stream.qualityPages(a.config.workingTime()), Marketing: a.stream.campaignPages(),
		Counter: a.stream.counterPages(a.handling.customers), Launch: a.stream.launchPages(), Staff: a.stream.staffPages(),
		Reports: a.stream.reportPages(),
		Rights:  rights, SessionIdle: a.config.Console.Idle, SessionLife: a.config.Console.Life,
		Now: time.Now, Log: a.log, Zone: a.config.zone(),
		DemoHint: hint, SecureCookies: a.config.Console.SecureCookies,
	})
	if err != nil {
		return nil, err
	}
	customers, err := newPublic(a.config.Public, a.db, a.service, a.handling.talk, a.handling.surveys, a.config.zone(), a.config.now, a.log)
	if err != nil {
		return nil, err
	}
	webhooks, err := newWebhooks(a.config.Webhooks, a.service, a.config.zone(), a.config.now)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return web.New(web.Deps{
		Service: scoringService{a.service, scored}, Audit: a.db, Replays: a.db,
		Search: finder, Jobs: a.jobs, Mask: newMask(),
		Clusters: a.prevent.desk, Plans: a.prevent.plans, Notices: a.db, Effects: a.prevent.effects,
		Rules: a.prevent.rules,
		Hooks: &hooks{a.prevent.channels, a.prevent.plans},
		Life:  a.handling.desk(), Passed: a.db, Customers: a.handling.customers, Surveys: a.handling.surveys,
		Solutions: a.handling.library, Replies: a.handling.replies, Persons: a.handling.persons,
		Learning: a.learning.api(), Keys: a.db,
		Figures: a.stream.figureAPI(), Quality: a.stream.qualityAPI(), Campaigns: a.stream.register, Marketing: a.stream.campaignAPI(),
		Counter: a.stream.counterAPI(), Launch: a.stream.launchAPI(), Staff: a.stream.staffAPI(), Reports: a.stream.reportAPI(),
		Now: time.Now, Log: a.log,
		Console: pages.Handler(), Public: customers.Handler(), Webhooks: webhooks,
		Checks: []web.Check{
			{Name: "database", Probe: a.db.Ping},
		},
		IndexLag:       a.lag,
		Tokens:         hashTokens(a.config.API.Tokens),
		TrustedProxies: a.config.API.TrustedProxies,
		RateLimit:      web.RateLimit{PerSecond: a.config.API.RateLimit},
		Zone:           a.config.zone(),
		Version:        readBuildInfo().Version,
	})
}

// card returns the card of the model that decides the type.
func (a *app) card() (nlp.Card, bool) { return a.learning.swap.card(a.config.Model != "") }

// watchMailboxes has new mails fetched as soon as a server announces them.
func (a *app) watchMailboxes(ctx context.Context) {
	a.handling.mailboxes.Watch(ctx, func() {
		if err := a.jobs.RunNow(ctx, "mailboxes", "mail server"); err != nil && triage.CodeOf(err) != triage.CodeConflict {
			a.log.DebugContext(ctx, "mailboxes are left to their schedule", "err", err)
		}
	})
}

// lag answers for metrics; -1 means that the database does not answer.
func (a *app) lag() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	n, err := a.index.lag(ctx)
	if err != nil {
		return -1
	}
	return float64(n)
}

// newMask hides personal data in texts that leave through the API.
func newMask() func(string) string {
	finder := nlp.NewEntityFinder(nlp.EntityLexicon{})
	return func(text string) string {
		n := nlp.Normalize(text)
		return nlp.MaskText(text, finder.Find(&n))
	}
}

// hashTokens keeps the tokens themselves out of the server.
func hashTokens(tokens map[string]string) map[string]string {
	hashed := make(map[string]string, len(tokens))
	for name, token := range tokens {
		sum := sha256.Sum256([]byte(token))
		hashed[hex.EncodeToString(sum[:])] = name
	}
	return hashed
}
