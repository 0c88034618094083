// Command modelbuild trains the models that ship with qianyi and states their
// figures on texts they have not seen. It needs the shared data folder; it is
// for maintainers, not for users (docs/models.md).
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "modelbuild:", err)
		os.Exit(1)
	}
}

func run() error {
	shared := flag.String("shared", "../shared/data", "folder of the shared data")
	out := flag.String("out", "triage/pack/models", "folder for the models")
	only := flag.String("only", "", "words, general or sentiment: build one of them")
	check := flag.Bool("check", false, "measure only, write nothing")
	measure := flag.Bool("measure", true, "state figures on unseen texts first, which takes minutes")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	tokenizer, err := pack.NewTokenizer(nil)
	if err != nil {
		return err
	}
	b := builder{ctx: ctx, data: *shared, folder: *out, tokenizer: tokenizer, measure: *measure}
	for _, kind := range []struct {
		file  string
		build func(check bool) (io.WriterTo, error)
	}{{"words.vectors", b.buildVectors}, {"general.model", b.buildGeneral}, {"sentiment.model", b.buildSentiment}} {
		if *only != "" && !strings.HasPrefix(kind.file, *only) {
			continue
		}
		result, err := kind.build(*check)
		if err != nil {
			return err
		}
		if !*check {
			if err := write(result, filepath.Join(*out, kind.file)); err != nil {
				return err
			}
		}
	}
	return nil
}

// builder holds what both models are built from.
type builder struct {
	ctx       context.Context
	data      string
	folder    string
	measure   bool
	tokenizer nlp.Tokenizer
}

func write(m io.WriterTo, file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	n, err := m.WriteTo(f)
	if err != nil {
		f.Close()
		return err
	}
	fmt.Printf("%s: %d bytes\n", file, n)
	return f.Close()
}
