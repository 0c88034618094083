// Command detect measures detection on the two visible streams and on simulated
// ones that nobody tuned on, and prints the figures of docs/detection.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

func main() {
	var b bench
	shared := flag.String("shared", "../shared/data", "folder of the shared data")
	only := flag.String("only", "", "one of citizen, sim, scenarios, cost")
	flag.Float64Var(&b.perWeek, "per-week", 1, "alarms by chance accepted in a week")
	flag.Float64Var(&b.thresholds.Words, "words", 0, "threshold of wording")
	flag.Float64Var(&b.thresholds.Facts, "facts", 0, "threshold of facts")
	flag.BoolVar(&b.thresholds.Fixed, "fixed", false, "keep the thresholds")
	flag.BoolVar(&b.verbose, "v", false, "list alarms and incidents")
	flag.Uint64Var(&b.seed, "seed", 100, "first seed of the simulated scenarios")
	flag.IntVar(&b.count, "scenarios", 10, "number of simulated scenarios")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := b.run(ctx, *shared, *only); err != nil {
		fmt.Fprintln(os.Stderr, "detect:", err)
		os.Exit(1)
	}
}

// bench holds what all measurements share.
type bench struct {
	analyzer   *pack.Analyzer
	perWeek    float64
	thresholds detect.Thresholds
	verbose    bool
	seed       uint64
	count      int
}

func (b *bench) run(ctx context.Context, shared, only string) (err error) {
	if b.analyzer, err = pack.NewAnalyzer(pack.Options{Pack: "general"}); err != nil {
		return err
	}
	if only == "" || only == "citizen" {
		if err := b.citizen(ctx, filepath.Join(shared, "citizen")); err != nil {
			return err
		}
	}
	if only == "" || only == "sim" {
		if err := b.simulated(ctx, filepath.Join(shared, "sim-a"), true); err != nil {
			return err
		}
		if err := b.simulated(ctx, filepath.Join(shared, "sim-a"), false); err != nil {
			return err
		}
	}
	if only == "" || only == "scenarios" {
		if err := b.scenarios(ctx, b.seed, b.count, false); err != nil {
			return err
		}
		if err := b.scenarios(ctx, b.seed+1000, b.count, true); err != nil {
			return err
		}
	}
	if only == "" || only == "cost" {
		return b.cost(ctx)
	}
	return nil
}

func (b *bench) themeName(code string) string {
	if info, found := triage.FindType(b.analyzer, code); found {
		return info.Name
	}
	return code
}
