package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"

	"github.com/qianyi-dev/qianyi/prevention/detect/replay"
)

// detectCmd replays a stream and says what a live service would have said.
type detectCmd struct {
	settings
	packSettings
	In          string  `help:"Complaints: JSONL, CSV or XLSX; - is standard input." required:"" placeholder:"FILE"`
	JSON        bool    `name:"json" help:"Print one JSON event per line."`
	Exposures   string  `help:"What customers had to do with, for facts and cohorts." placeholder:"FILE"`
	Customers   string  `help:"The customer file." placeholder:"FILE"`
	Assignments string  `help:"Write the issue of every complaint as CSV." placeholder:"FILE"`
	FalseAlarms float64 `name:"max-false-alarms-per-week" help:"Alarms by chance that are accepted in a week." default:"1"`
}

// Run reads everything, sorts it by time, and replays it.
func (cmd *detectCmd) Run(ctx context.Context, s *streams) (err error) {
	if !(cmd.FalseAlarms > 0) {
		return usagef("--max-false-alarms-per-week: %v is not positive", cmd.FalseAlarms)
	}
	c, err := cmd.load(cmd.packSettings.flags())
	if err != nil {
		return err
	}
	a, err := s.load(c.packOptions())
	if err != nil {
		return err
	}
	read := replayReader{zone: c.zone(), warn: s.say}
	in, err := read.all(ctx, cmd, s.in)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	defer func() { err = errors.Join(err, out.Flush()) }()
	r := replay.New(in, replay.Options{
		Analyzer: a, Tokenizer: a.Tokenizer(), MaxFalseAlarmsPerWeek: cmd.FalseAlarms,
		ThemeName: themeName(a),
	})
	p := detectPrinter{out: out, json: cmd.JSON, zone: c.zone()}
	if err := r.Run(ctx, p.print); err != nil {
		return err
	}
	if cmd.Assignments != "" {
		if err := writeAssignments(cmd.Assignments, r.Assignments()); err != nil {
			return err
		}
	}
	if read.bad > 0 {
		return fmt.Errorf("%d of %d records could not be read", read.bad, read.bad+read.good)
	}
	return nil
}

func writeAssignments(path string, list []replay.Assignment) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := csv.NewWriter(f)
	rows := [][]string{{"id", "cluster"}}
	for _, a := range list {
		rows = append(rows, []string{string(a.Complaint), a.Issue})
	}
	return w.WriteAll(rows)
}
