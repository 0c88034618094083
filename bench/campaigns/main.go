// Command campaigns measures attribution and signals on the visible simulated
// operator and on simulated companies that nobody tuned on, and prints the
// figures of docs/campaigns.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	shared := flag.String("shared", "../shared/data", "folder of the shared data")
	first := flag.Uint64("seed", 7000, "first seed of the simulated companies")
	count := flag.Int("companies", 8, "number of simulated companies with a campaign's incident, and of those without")
	verbose := flag.Bool("v", false, "list what was attributed wrongly")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, filepath.Join(*shared, "sim-a"), *first, *count, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "campaigns:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, first uint64, count int, verbose bool) error {
	c, err := operator(dir)
	if err != nil {
		return err
	}
	fmt.Println(heading)
	if err := c.measure(ctx, verbose); err != nil {
		return err
	}
	for _, troubled := range []bool{true, false} {
		if err := companies(ctx, first, count, troubled, verbose); err != nil {
			return err
		}
	}
	return nil
}
