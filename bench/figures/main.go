//go:build unix

// Command figures measures the roll-ups and the pages of figures at size: it
// fills a database with made-up cases over three years, rolls them up, reads
// them as a service does at start and, given a built qianyi, asks it for pages.
//
//	go build ./cmd/qianyi && go run ./bench/figures -bin ./qianyi -paths /figures/cases,/quality
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

type settings struct {
	binary, data, paths string
	cases, years        int
	worked              float64
	end                 time.Time // of the last case
	requests            int
	clients             []int // that ask at once
	rolled              bool  // leave the stored roll-up as it is
}

func main() {
	var s settings
	flag.StringVar(&s.binary, "bin", "", "the built program, to ask for pages")
	flag.StringVar(&s.data, "data", "", "data folder to fill, or to use again as it is (default a new one, removed at the end)")
	flag.StringVar(&s.paths, "paths", "", "pages to ask for, parted by commas (default all of figures, campaigns and reports)")
	flag.IntVar(&s.cases, "cases", 1_000_000, "cases to make up")
	flag.IntVar(&s.years, "years", 3, "years that they are spread over")
	flag.Float64Var(&s.worked, "worked", 0.05, "share of the cases with a record of steps and a reply")
	flag.IntVar(&s.requests, "requests", 100, "requests for each page")
	flag.BoolVar(&s.rolled, "rolled", false, "do not roll up anew")
	flag.Parse()
	s.clients = []int{1, 4}
	year, month, day := time.Now().In(zone).Date()
	s.end = time.Date(year, month, day, 0, 0, 0, 0, zone)
	if err := run(context.Background(), s); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) (err error) {
	if s.data == "" {
		if s.data, err = os.MkdirTemp("", "figures"); err != nil {
			return err
		}
		defer os.RemoveAll(s.data)
	}
	if err := measureStore(ctx, s); err != nil {
		return err
	}
	if s.binary == "" {
		return nil
	}
	paths := s.pages()
	if s.paths != "" {
		paths = strings.Split(s.paths, ",")
	}
	return servePages(ctx, s, paths)
}

// measureStore fills the database unless it is there already, and measures
// roll-up and reading.
func measureStore(ctx context.Context, s settings) (err error) {
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		return err
	}
	path := filepath.Join(s.data, "qianyi.db")
	_, statErr := os.Stat(path)
	db, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Shutdown()) }()
	if os.IsNotExist(statErr) {
		start := time.Now()
		if err := fill(ctx, db, s); err != nil {
			return err
		}
		if err := surround(ctx, db, s); err != nil {
			return err
		}
		fmt.Printf("made %d cases in %.0f s\n", s.cases, time.Since(start).Seconds())
	}
	check, err := wording.New()
	if err != nil {
		return err
	}
	if s.rolled {
		return nil
	}
	facts := db.Facts(zone, func(reply, complaint string) int { return check.Check(reply, wording.Matter{Text: complaint}).Score })
	if err := facts.Rebuild(ctx); err != nil {
		return err
	}
	start := time.Now()
	rolled, err := facts.RollUp(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("rolled up %d cases of %d days in %.1f s\n", rolled.Cases, rolled.Days, time.Since(start).Seconds())
	start = time.Now()
	if _, err := facts.RollUp(ctx); err != nil {
		return err
	}
	fmt.Printf("rolled up nothing in %.1f ms\n", 1000*time.Since(start).Seconds())
	return load(ctx, facts, rolled.Cases)
}

// sized counts the bytes of the days that are read.
type sized struct {
	fact.DaySource
	bytes int
}

func (s *sized) Days(ctx context.Context, after fact.Position, limit int) ([]fact.StoredDay, int64, error) {
	days, generation, err := s.DaySource.Days(ctx, after, limit)
	for _, d := range days {
		s.bytes += len(d.Body)
	}
	return days, generation, err
}

func load(ctx context.Context, facts fact.DaySource, cases int) error {
	before := heap()
	source := &sized{DaySource: facts}
	book := fact.NewBook()
	start := time.Now()
	if err := fact.NewKeeper(source, book).Follow(ctx); err != nil {
		return err
	}
	fmt.Printf("read %.1f MB (%.1f bytes a case) in %.2f s; in memory %.0f MB\n", float64(source.bytes)/1e6, float64(source.bytes)/float64(max(cases, 1)),
		time.Since(start).Seconds(), float64(heap()-before)/1e6)
	if got := book.Total(fact.Filter{}).Cases; got != cases {
		return fmt.Errorf("the book has %d cases, %d were rolled up", got, cases)
	}
	runtime.KeepAlive(book)
	return nil
}

// heap is the memory in use after everything else has been given back.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
