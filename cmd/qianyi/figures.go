package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/jobs"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// figuresCmds look after what the figures are counted from.
type figuresCmds struct {
	Rebuild figuresRebuildCmd `cmd:"" help:"Roll all figures up anew from the cases; the old ones can be read meanwhile."`
	Verify  figuresVerifyCmd  `cmd:"" help:"Count everything once more from the cases and compare it with the figures."`
}

// figuresRebuildCmd rolls all figures up anew.
type figuresRebuildCmd struct {
	JSON bool `help:"Print the outcome as JSON."`
	settings
	dataSettings
}

// Run may be repeated and killed; a service that runs goes on from where this
// one was.
func (cmd *figuresRebuildCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		facts, err := newFacts(c, db)
		if err != nil {
			return err
		}
		start := time.Now()
		if err := facts.Rebuild(ctx); err != nil {
			return err
		}
		r, err := facts.RollUp(ctx)
		if err != nil {
			return err
		}
		if cmd.JSON {
			return json.NewEncoder(s.out).Encode(map[string]int{"days": r.Days, "cases": r.Cases})
		}
		s.say("figures: %d cases of %d days in %.1f s", r.Cases, r.Days, time.Since(start).Seconds())
		return nil
	})
}

// figuresVerifyCmd compares the figures with the cases.
type figuresVerifyCmd struct {
	JSON bool `help:"Print the outcome as JSON."`
	settings
	dataSettings
}

// errFiguresDiffer ends a verification that has found something.
var errFiguresDiffer = errors.New("the figures are not what the cases say; run \"qianyi figures rebuild\"")

// Run rolls up what is new first, and fails when something differs.
func (cmd *figuresVerifyCmd) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, cmd.settings, cmd.dataSettings, func(c *config, db *store.DB) error {
		facts, err := newFacts(c, db)
		if err != nil {
			return err
		}
		if _, err := facts.RollUp(ctx); err != nil {
			return err
		}
		v, err := facts.Verify(ctx)
		if err != nil {
			return err
		}
		if err := cmd.print(s, v); err != nil {
			return err
		}
		if len(v.Differ) > 0 {
			return errFiguresDiffer
		}
		return nil
	})
}

func (cmd *figuresVerifyCmd) print(s *streams, v fact.Verified) error {
	if cmd.JSON {
		return json.NewEncoder(s.out).Encode(v)
	}
	for _, d := range v.Differ {
		if d.Unreadable != "" {
			fmt.Fprintf(s.out, "%s  %s\n", d.Day, d.Unreadable)
		}
		for _, name := range slices.Sorted(maps.Keys(d.Cases)) {
			fmt.Fprintf(s.out, "%s  %s: %d cases, one of them has seq %d\n", d.Day, name, d.Cases[name], d.Example)
		}
	}
	s.say("figures: %d cases of %d days compared, %d days differ", v.Cases, v.Days, len(v.Differ))
	return nil
}

// newFacts returns the roll-ups by the days of the configured zone, with replies
// marked by the shipped rules of wording.
func newFacts(c *config, db *store.DB) (*store.Facts, error) {
	check, err := wording.New()
	if err != nil {
		return nil, err
	}
	return db.Facts(c.zone(), func(reply, complaint string) int {
		return check.Check(reply, wording.Matter{Text: complaint}).Score
	}), nil
}

// figures keeps a book up with the cases: the job rolls up, and whoever rolled
// up, here or in another process, the book follows.
type figures struct {
	facts  *store.Facts
	book   *fact.Book
	keeper *fact.Keeper
	log    *slog.Logger
}

func newFigures(c *config, db *store.DB, log *slog.Logger) (*figures, error) {
	facts, err := newFacts(c, db)
	if err != nil {
		return nil, err
	}
	book := fact.NewBook()
	return &figures{facts: facts, book: book, keeper: fact.NewKeeper(facts, book), log: log}, nil
}

// figuresEvery is how often a book looks for what other processes have rolled
// up.
const figuresEvery = 5 * time.Second

// rollUp is the job: what has changed, and the book with it.
func (f *figures) rollUp(ctx context.Context) (string, error) {
	r, err := f.facts.RollUp(ctx)
	if err == nil {
		err = f.keeper.Follow(ctx)
	}
	return fmt.Sprintf("rolled up %d cases of %d days", r.Cases, r.Days), err
}

// whenRead is a job that waits for the book: before that it would judge by
// complaints that are not there yet.
func (f *figures) whenRead(do jobs.Do) jobs.Do {
	return func(ctx context.Context) (string, error) {
		if !f.book.Ready() {
			return "", triage.Errorf(triage.CodeUnavailable, "the figures are still being read; the next run goes on")
		}
		return do(ctx)
	}
}

// start fills the book in the background and keeps it up. The function that it
// returns ends that and waits for the end.
func (f *figures) start() (stop func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(figuresEvery)
		defer tick.Stop()
		for last := ""; ; {
			last = f.follow(ctx, last)
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	return func(context.Context) error {
		cancel()
		wg.Wait()
		return nil
	}
}

// follow logs an error once until it is another one, and returns it.
func (f *figures) follow(ctx context.Context, last string) string {
	err := f.keeper.Follow(ctx)
	if err == nil || ctx.Err() != nil {
		return ""
	}
	if err.Error() != last {
		f.log.ErrorContext(ctx, "figures cannot be read", "err", err)
	}
	return err.Error()
}
