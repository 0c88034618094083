package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// lintCampaignCmd checks the copy of campaigns from a file or a pipe, in order.
type lintCampaignCmd struct {
	settings
	In string `help:"Campaign JSONL with copy and, where known, id, name, rules, channel, from, to; - is standard input." default:"-" placeholder:"FILE"`
}

// copyVerdict is a line of the output contract.
type copyVerdict struct {
	ID string `json:"id"`
	launch.Report
	Verdict launch.Verdict `json:"verdict"`
}

// Run writes one verdict per readable line. Lines that cannot be read are named
// on err, and the command fails at its end.
func (cmd *lintCampaignCmd) Run(ctx context.Context, s *streams) error {
	c, err := cmd.load(nil)
	if err != nil {
		return err
	}
	favourThroughput()
	checker, err := launch.New()
	if err != nil {
		return err
	}
	in, name, err := openInput(cmd.In, s.in)
	if err != nil {
		return err
	}
	defer in.Close()
	r, err := intake.New(in, name, intake.Options{Zone: c.zone()})
	if err != nil {
		return err
	}
	return judgeLines(ctx, s, draftLines(r, c.zone()), name, func(carrier *triage.Complaint) ([]byte, error) {
		d, ok := carrier.Attrs[draftAttr].(launch.Draft)
		if !ok {
			return nil, errors.New("no draft came with the line")
		}
		report := checker.Check(d)
		return encodeLine(copyVerdict{string(carrier.ID), report, launch.VerdictOf(report.Findings)})
	})
}

// draftAttr is where a line of the pipe carries its draft: lines are judged in
// the form of complaints.
const draftAttr = "draft"

// draftLines yields the drafts of the rows. A row without copy, or with a date
// that is none, is a *intake.RowError and the sequence goes on.
func draftLines(r *intake.Reader, zone *time.Location) iter.Seq2[triage.Complaint, error] {
	return func(yield func(triage.Complaint, error) bool) {
		for {
			row, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			carrier := triage.Complaint{}
			if err == nil {
				carrier, err = draftRow(&row, zone)
			}
			damaged, isRow := errors.AsType[*intake.RowError](err)
			if isRow {
				err = damaged
			}
			if !yield(carrier, err) || err != nil && !isRow {
				return
			}
		}
	}
}

func draftRow(row *intake.Row, zone *time.Location) (triage.Complaint, error) {
	d := launch.Draft{Name: row.Text("name"), Copy: row.Text("copy"), Rules: row.Text("rules"), Channel: row.Text("channel")}
	for _, bound := range []struct {
		field string
		to    *time.Time
	}{{"from", &d.From}, {"to", &d.To}} {
		var err error
		if *bound.to, err = readDay(row.Text(bound.field), zone); err != nil {
			return triage.Complaint{}, row.Refuse(triage.FieldErrorf(bound.field, "is not a date such as 2026-06-01"))
		}
	}
	if err := d.Validate(); err != nil {
		return triage.Complaint{}, row.Refuse(err)
	}
	id := cmp.Or(row.Text("id"), strconv.Itoa(row.Line))
	return triage.Complaint{ID: triage.ComplaintID(id), Attrs: map[string]any{draftAttr: d}}, nil
}

// readDay reads a date, with or without a time; "" is the zero time.
func readDay(s string, zone *time.Location) (t time.Time, err error) {
	s = strings.ReplaceAll(strings.TrimSpace(s), "/", "-")
	if s == "" {
		return t, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly, "2006-1-2"} {
		if t, err = time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	return t, err
}
