//go:build unix

// Command load measures a built qianyi as its users see it: throughput of
// triage, import of many complaints, then the latency of POST /complaints with
// similar cases at a fixed rate, start-up time and memory. It prints the
// figures of docs/performance.md.
//
//	go build ./cmd/qianyi && go run ./bench/load -bin ./qianyi
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/internal/corpus"
)

type settings struct {
	binary string
	cases  int
	rate   int
	during time.Duration
	folder string
}

func main() {
	var s settings
	flag.StringVar(&s.binary, "bin", "", "the built program")
	flag.IntVar(&s.cases, "cases", 100_000, "complaints to import")
	flag.IntVar(&s.rate, "rate", 50, "requests a second")
	flag.DurationVar(&s.during, "during", 30*time.Second, "how long to send requests")
	flag.Parse()
	if err := run(context.Background(), s); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) error {
	folder, err := os.MkdirTemp("", "load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	s.folder = folder
	texts, err := makeTexts(s.cases)
	if err != nil {
		return err
	}
	file := filepath.Join(folder, "complaints.jsonl")
	if err := writeComplaints(file, texts); err != nil {
		return err
	}
	steps := []func(context.Context, settings, string) error{firstTriage, triageAll, importAll}
	for _, step := range steps {
		if err := step(ctx, s, file); err != nil {
			return err
		}
	}
	return serve(ctx, s, texts)
}

// makeTexts joins sentences of the written corpus into complaints of about 120
// characters.
func makeTexts(n int) ([]string, error) {
	items, err := corpus.Read()
	if err != nil {
		return nil, err
	}
	var sentences []string
	for _, it := range items {
		for _, s := range strings.FieldsFunc(it.Text, func(r rune) bool { return strings.ContainsRune("。！？!?；", r) }) {
			if utf8.RuneCountInString(s) > 5 {
				sentences = append(sentences, s)
			}
		}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	texts := make([]string, n)
	for i := range texts {
		var b strings.Builder
		for length := 0; length < 105; {
			s := sentences[rng.IntN(len(sentences))]
			b.WriteString(s + "。")
			length += utf8.RuneCountInString(s) + 1
		}
		texts[i] = b.String()
	}
	return texts, nil
}

func writeComplaints(file string, texts []string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	at := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	runes := 0
	for i, text := range texts {
		runes += utf8.RuneCountInString(text)
		record := map[string]any{
			"id": fmt.Sprintf("L%07d", i), "text": text, "channel": "app",
			"customer_id": fmt.Sprintf("C%06d", i*7919%60_000), "at": at.Add(time.Duration(i) * time.Minute),
		}
		if i%2 == 0 {
			record["resolution"], record["satisfaction"] = "已核实并处理，客户认可", i%101
		}
		if err := e.Encode(record); err != nil {
			return err
		}
	}
	fmt.Printf("%d complaints of %d characters on average\n", len(texts), runes/len(texts))
	return os.WriteFile(file, b.Bytes(), 0o600)
}

// firstTriage measures the cold start of the command line: one line in, one
// line out.
func firstTriage(ctx context.Context, s settings, _ string) error {
	best := time.Hour
	for range 3 {
		c := exec.CommandContext(ctx, s.binary, "triage")
		c.Stdin = strings.NewReader("充值三天还没到账\n")
		start := time.Now()
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("triage: %w: %s", err, out)
		}
		best = min(best, time.Since(start))
	}
	fmt.Printf("start to first triage: %.2f s\n", best.Seconds())
	return nil
}

func triageAll(ctx context.Context, s settings, file string) error {
	c := exec.CommandContext(ctx, s.binary, "triage", "--in", file)
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	start := time.Now()
	if err := c.Start(); err != nil {
		return err
	}
	var first time.Duration
	lines := 0
	for r := bufio.NewReaderSize(out, 1<<20); ; lines++ {
		if _, err := r.ReadSlice('\n'); err != nil {
			break
		}
		if lines == 0 {
			first = time.Since(start)
		}
	}
	if err := c.Wait(); err != nil {
		return err
	}
	took := time.Since(start)
	fmt.Printf("triage: %d lines in %.1f s, %.0f a second (%.0f a second after the first line)\n", lines, took.Seconds(),
		float64(lines)/took.Seconds(), float64(lines)/(took-first).Seconds())
	return nil
}

func importAll(ctx context.Context, s settings, file string) error {
	c := exec.CommandContext(ctx, s.binary, "import", "complaints", file, "--data", filepath.Join(s.folder, "data"))
	start := time.Now()
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("import: %w: %s", err, out)
	}
	fmt.Printf("import of %d, triaged, stored, indexed: %.1f s, %d MB at most\n", s.cases, time.Since(start).Seconds(), peak(c))
	return nil
}
