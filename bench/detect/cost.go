package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	costPerDay = 20_000
	costDays   = 30
	costTimed  = 20_000
)

// cost fills a detector with 30 days at 20 000 complaints a day and measures the
// complaints after that, without understanding them, on one core, and the heap.
func (b *bench) cost(ctx context.Context) error {
	rng := rand.New(rand.NewPCG(1, 1))
	d := detect.New(detect.Options{Tokenizer: b.analyzer.Tokenizer(), MaxEvents: costPerDay * costDays})
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var begun time.Time
	const all = costPerDay*costDays + costTimed
	for i := range all {
		if i == all-costTimed {
			begun = time.Now()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		at = at.Add(24 * time.Hour / costPerDay)
		if _, err := d.Observe(costEvent(rng, i, at)); err != nil {
			return err
		}
	}
	took := time.Since(begun)
	var after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&after)
	fmt.Printf("cost: %.3f ms per complaint and %d MB with %d in memory\n", took.Seconds()*1000/costTimed,
		(after.HeapAlloc-min(before.HeapAlloc, after.HeapAlloc))>>20, d.Remembered())
	return nil
}

// costEvent is a complaint of random words: about 60 characters on one of 3 000
// things.
func costEvent(rng *rand.Rand, i int, at time.Time) detect.Event {
	var text strings.Builder
	thing := rng.IntN(3000)
	fmt.Fprintf(&text, "客户反映%c%c%c%c", rune(0x4E00+thing), rune(0x5200+thing*7%5000), rune(0x5A00+thing*13%4000), rune(0x6000+thing*17%3000))
	for range 24 {
		w := rng.IntN(20_000)
		text.WriteRune(rune(0x4E00 + w%6000))
		text.WriteRune(rune(0x5200 + w*31%9000))
	}
	return detect.Event{
		ID: triage.ComplaintID(fmt.Sprint("c", i)), Customer: triage.CustomerID(fmt.Sprint("u", rng.IntN(5_000_000))), At: at, Text: text.String(),
		Type: fmt.Sprint("t", rng.IntN(15)), Subtype: fmt.Sprint("s", rng.IntN(60)),
		Facts: []detect.Fact{{Field: "region", Value: fmt.Sprint("r", rng.IntN(30))}, {Field: "product", Value: fmt.Sprint("p", rng.IntN(50))}},
	}
}
