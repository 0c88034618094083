package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// triageCmd judges complaints from a file or a pipe, in order.
type triageCmd struct {
	settings
	dataSettings
	packSettings
	In        string `help:"Complaint JSONL, a table with a header, or one text per line; - is standard input." default:"-" placeholder:"FILE"`
	WordsOnly bool   `help:"Use the words and rules of the pack alone, no model."`
	Similar   int    `help:"Add this many similar cases, and suggestions, from the data folder." placeholder:"N"`
}

// Run writes one assessment per readable line. Lines that cannot be read are
// named on err, and the command fails at its end.
func (cmd *triageCmd) Run(ctx context.Context, s *streams) (err error) {
	if cmd.Similar < 0 || cmd.Similar > 50 {
		return usagef("--similar: %d is outside 0..50", cmd.Similar)
	}
	c, err := cmd.load(cmd.dataSettings.flags(), cmd.packSettings.flags())
	if err != nil {
		return err
	}
	favourThroughput()
	options := c.packOptions()
	options.WordsOnly = cmd.WordsOnly
	a, err := s.load(options)
	if err != nil {
		return err
	}
	service := triage.New(triage.Deps{Analyzer: a, Catalogue: a, Now: c.now, Log: quietLogger()})
	if cmd.Similar > 0 {
		db, err := existingStore(ctx, &c)
		if err != nil {
			return err
		}
		defer db.Shutdown() //nolint:errcheck // nothing was written
		index := newShadow(&c, a.Tokenizer().Segmenter, db, quietLogger())
		defer index.Close() // nothing was written
		if err := index.open(); err != nil {
			return fmt.Errorf("%w (stop the service that uses it, or ask the service: POST /api/v1/triage)", err)
		}
		if service, err = newService(&c, a, db, index, quietLogger()); err != nil {
			return err
		}
	}
	in, name, err := openInput(cmd.In, s.in)
	if err != nil {
		return err
	}
	defer in.Close()
	return judgeLines(ctx, s, intake.Lines(in, name, intake.Options{Zone: c.zone()}), name, func(c *triage.Complaint) ([]byte, error) {
		assessment, err := service.Assess(ctx, *c, cmd.Similar)
		if err != nil {
			return nil, err
		}
		return encodeLine(&assessment)
	})
}

// openInput opens a file, or standard input for "-", and says what messages
// call it.
func openInput(path string, stdin io.Reader) (io.ReadCloser, string, error) {
	if path == "-" {
		return io.NopCloser(stdin), "standard input", nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, "", errors.Join(fmt.Errorf("%s: is a folder; name a file", path), f.Close())
	}
	return f, path, nil
}

// encodeLine writes a value as one line of JSON, Chinese and < > & as they are.
func encodeLine(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode an assessment: %w", err)
	}
	return b.Bytes(), nil
}
