package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/qianyi-dev/qianyi/triage/intake"
)

// rowSource reads the files of an import one after the other.
type rowSource struct {
	files   []string
	options intake.Options
	// total is the size of all files in bytes, read what has been read.
	total int64
	read  atomic.Int64
}

// measure adds up the sizes and fails on the first file that is not there.
func (r *rowSource) measure() error {
	for _, name := range r.files {
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		if info.IsDir() {
			return fmt.Errorf("%s: is a folder; name its files", name)
		}
		r.total += info.Size()
	}
	return nil
}

// each calls row for every row of all files, bad rows with their error.
func (r *rowSource) each(row func(intake.Row, error) error) error {
	for _, name := range r.files {
		if err := r.eachOf(name, row); err != nil {
			return err
		}
	}
	return nil
}

func (r *rowSource) eachOf(name string, row func(intake.Row, error) error) (err error) {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in, err := intake.New(&countedReader{f, &r.read}, name, r.options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	for {
		next, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if bad := (*intake.RowError)(nil); err != nil && !errors.As(err, &bad) {
			return err
		}
		if err := row(next, err); err != nil {
			return err
		}
	}
}

// countedReader adds what passes through it to n.
type countedReader struct {
	io.Reader
	n *atomic.Int64
}

func (r *countedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.n.Add(int64(n))
	return n, err
}

// portion is a stretch of a file: the records it holds and the rows that hold
// none.
type portion[T any] struct {
	records []T
	rows    []intake.Row // that the records come from
	bad     []*intake.RowError
	read    int64
}

// portionRows is how many rows are stored at once.
const portionRows = 500

// putter stores records in order. It returns how many were new, and those that
// the store refused although they could be read.
type putter[T any] func(ctx context.Context, records []T) (added int, refused []refusal, err error)

// refusal says which of the records was refused and why.
type refusal struct {
	index int
	err   error
}

// putAll is a putter on a store that refuses nothing.
func putAll[T any](put func(context.Context, []T) (int, error)) putter[T] {
	return func(ctx context.Context, records []T) (int, []refusal, error) {
		added, err := put(ctx, records)
		return added, nil, err
	}
}

// importRows reads and decodes on one goroutine while another stores, so that
// the disk and the processor work at the same time.
func importRows[T any](ctx context.Context, source *rowSource, t *tally, decode func(intake.Row) (T, error), put putter[T]) error {
	group, ctx := errgroup.WithContext(ctx)
	portions := make(chan portion[T], 4)
	group.Go(func() error {
		defer close(portions)
		return readPortions(ctx, source, decode, portions)
	})
	group.Go(func() error {
		for p := range portions {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := storePortion(ctx, t, p, put); err != nil {
				return err
			}
			t.meter.set(p.read)
		}
		return ctx.Err()
	})
	return group.Wait()
}

func readPortions[T any](ctx context.Context, source *rowSource, decode func(intake.Row) (T, error), portions chan<- portion[T]) error {
	var p portion[T]
	send := func() error {
		p.read = source.read.Load()
		select {
		case portions <- p:
			p = portion[T]{}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := source.each(func(row intake.Row, err error) error {
		var record T
		if err == nil {
			record, err = decode(row)
		}
		var bad *intake.RowError
		switch {
		case err == nil:
			p.records, p.rows = append(p.records, record), append(p.rows, row)
		case errors.As(err, &bad):
			p.bad = append(p.bad, bad)
		default:
			return err
		}
		if len(p.records)+len(p.bad) < portionRows {
			return nil
		}
		return send()
	})
	// What was read before a file broke off is stored all the same.
	if last := send(); err == nil {
		err = last
	}
	return err
}

func storePortion[T any](ctx context.Context, t *tally, p portion[T], put putter[T]) error {
	count := len(p.records)
	added, refused, err := put(ctx, p.records)
	if err != nil {
		return err
	}
	t.Read += count + len(p.bad)
	t.Added += added
	t.Known += count - added - len(refused)
	for _, r := range refused {
		p.bad = append(p.bad, p.rows[r.index].Refuse(r.err))
	}
	for _, bad := range p.bad {
		if err := t.reject(bad); err != nil {
			return err
		}
	}
	return nil
}
