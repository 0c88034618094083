package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// item is one record on its way from input to output.
type item struct {
	complaint triage.Complaint
	// err is why it cannot be judged; line is the answer.
	err  error
	line []byte
}

// batch is a run of neighbouring records. It is finished when done is closed.
type batch struct {
	items []item
	done  chan struct{}
}

// batchItems bounds a batch: enough that handing it over costs nothing, few
// enough that all cores have work on small files.
const batchItems = 32

// judgeLines writes what judge answers for every complaint, in order, using all
// cores and bounded memory. Output is flushed whenever the input pauses. A
// record that cannot be read or judged is named on err.
func judgeLines(ctx context.Context, s *streams, input iter.Seq2[triage.Complaint, error], name string,
	judge func(*triage.Complaint) ([]byte, error),
) error {
	// cancel ends the reader when writing fails.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	records := make(chan item, 4*batchItems)
	// A reader that is blocked on a terminal or a pipe cannot be woken; it is
	// the one goroutine that nobody waits for, and ends with the process.
	go readItems(ctx, input, records)

	workers := runtime.GOMAXPROCS(0)
	work := make(chan *batch)
	ordered := make(chan *batch, 4*workers)
	var busy sync.WaitGroup
	for range workers {
		busy.Go(func() {
			for b := range work {
				b.judge(judge)
			}
		})
	}
	busy.Go(func() {
		defer close(ordered)
		defer close(work)
		gatherBatches(ctx, records, work, ordered)
	})
	err := writeBatches(ctx, s, ordered, name)
	cancel()
	for range ordered { // lets gatherBatches end
	}
	busy.Wait()
	return err
}

func readItems(ctx context.Context, input iter.Seq2[triage.Complaint, error], records chan<- item) {
	defer close(records)
	for c, err := range input {
		select {
		case records <- item{complaint: c, err: err}:
		case <-ctx.Done():
			return
		}
	}
}

// gatherBatches makes batches of what is there, without waiting for more, and
// hands each to a worker and, in order, to the writer.
func gatherBatches(ctx context.Context, records <-chan item, work, ordered chan<- *batch) {
	for {
		b := &batch{done: make(chan struct{})}
		select {
		case it, open := <-records:
			if !open {
				return
			}
			b.items = append(b.items, it)
		case <-ctx.Done():
			return
		}
		for more := true; more && len(b.items) < batchItems; {
			select {
			case it, open := <-records:
				if more = open; open {
					b.items = append(b.items, it)
				}
			default:
				more = false
			}
		}
		select {
		case ordered <- b:
		case <-ctx.Done():
			return
		}
		work <- b
	}
}

func (b *batch) judge(judge func(*triage.Complaint) ([]byte, error)) {
	defer close(b.done)
	for i := range b.items {
		it := &b.items[i]
		if it.err == nil {
			it.line, it.err = judge(&it.complaint)
		}
	}
}

// writeBatches writes the answers in order and returns an error at the end when
// a record was bad, at once when output or input fails.
func writeBatches(ctx context.Context, s *streams, ordered <-chan *batch, name string) error {
	out := bufio.NewWriterSize(s.out, 64<<10)
	count, bad := 0, 0
	for b := range ordered {
		<-b.done
		for i := range b.items {
			it := &b.items[i]
			var row *intake.RowError
			switch {
			case it.err == nil:
				if _, err := out.Write(it.line); err != nil {
					return fmt.Errorf("write the answers: %w", err)
				}
			case errors.As(it.err, &row):
				bad++
				s.say("%s", oneLine(row.Error()))
			default:
				return errors.Join(it.err, out.Flush())
			}
			count++
		}
		if len(ordered) == 0 {
			if err := out.Flush(); err != nil {
				return fmt.Errorf("write the answers: %w", err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the answers: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%s: %d of %d records could not be judged", name, bad, count)
	}
	return nil
}
