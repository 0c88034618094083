package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/detect/replay"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// replayReader reads the files of a replay and counts what is unusable.
type replayReader struct {
	zone      *time.Location
	warn      func(format string, args ...any)
	good, bad int
}

func (r *replayReader) all(ctx context.Context, cmd *detectCmd, stdin io.Reader) (replay.Input, error) {
	var s replay.Input
	err := r.complaints(ctx, cmd.In, stdin, &s)
	if err == nil && cmd.Customers != "" {
		err = eachRecord(ctx, r, cmd.Customers, intake.Customer, func(c triage.Customer) { s.Customers = append(s.Customers, c) })
	}
	if err == nil && cmd.Exposures != "" {
		err = eachRecord(ctx, r, cmd.Exposures, intake.Exposure, func(e triage.Exposure) { s.Exposures = append(s.Exposures, e) })
	}
	return s, err
}

// complaints leaves out repeated ids and complaints without a time.
func (r *replayReader) complaints(ctx context.Context, path string, stdin io.Reader, s *replay.Input) error {
	in, name, err := openInput(path, stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	seen := map[triage.ComplaintID]bool{}
	for c, err := range intake.Lines(in, name, intake.Options{Zone: r.zone}) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		switch {
		case err != nil:
			if err := r.refuse(err); err != nil {
				return err
			}
		case seen[c.ID]:
		case c.At.IsZero():
			r.warn("%s: complaint %s: at: is missing; a stream needs the time of each complaint", name, c.ID)
			r.bad++
		default:
			seen[c.ID] = true
			r.good++
			s.Complaints = append(s.Complaints, c)
		}
	}
	return nil
}

// refuse counts a bad row and returns every other error.
func (r *replayReader) refuse(err error) error {
	if _, row := errors.AsType[*intake.RowError](err); !row {
		return err
	}
	r.warn("%v", err)
	r.bad++
	return nil
}

// eachRecord calls each with every readable record of a file.
func eachRecord[T any](ctx context.Context, r *replayReader, path string, parse func(intake.Row) (T, error), each func(T)) error {
	in, err := intake.Open(path, intake.Options{Zone: r.zone})
	if err != nil {
		return err
	}
	defer in.Close()
	for ctx.Err() == nil {
		row, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var record T
		if err == nil {
			record, err = parse(row)
		}
		if err != nil {
			if err := r.refuse(err); err != nil {
				return err
			}
			continue
		}
		r.good++
		each(record)
	}
	return ctx.Err()
}
