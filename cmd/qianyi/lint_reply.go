package main

import (
	"context"
	"fmt"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
	"github.com/qianyi-dev/qianyi/triage/pack"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// lintReplyCmd checks the wording of replies from a file or a pipe, in order.
type lintReplyCmd struct {
	settings
	packSettings
	In string `help:"Reply JSONL with id, text and, where known, complaint; - is standard input." default:"-" placeholder:"FILE"`
}

// replyVerdict is a line of the output contract.
type replyVerdict struct {
	ID triage.ComplaintID `json:"id"`
	wording.Report
}

// Run writes one verdict per readable line. Lines that cannot be read are named
// on err, and the command fails at its end.
func (cmd *lintReplyCmd) Run(ctx context.Context, s *streams) error {
	c, err := cmd.load(cmd.packSettings.flags())
	if err != nil {
		return err
	}
	favourThroughput()
	options := c.packOptions()
	options.WordsOnly = true // the demand and the entities of a complaint need no model
	analyzer, err := s.load(options)
	if err != nil {
		return err
	}
	checker, err := wording.New()
	if err != nil {
		return err
	}
	in, name, err := openInput(cmd.In, s.in)
	if err != nil {
		return err
	}
	defer in.Close()
	// A reply comes in the form of a complaint: what it answers is a fact beside it.
	return judgeLines(ctx, s, intake.Lines(in, name, intake.Options{Zone: c.zone()}), name, func(reply *triage.Complaint) ([]byte, error) {
		about := readMatter(analyzer, reply.Attrs["complaint"])
		return encodeLine(replyVerdict{ID: reply.ID, Report: checker.Check(reply.Text, about)})
	})
}

// readMatter understands the complaint that a reply answers; nil is none.
func readMatter(analyzer *pack.Analyzer, complaint any) wording.Matter {
	if complaint == nil {
		return wording.Matter{}
	}
	text := fmt.Sprint(complaint)
	a := analyzer.Assess(&triage.Complaint{Text: text})
	return wording.Matter{Text: text, Demand: a.Demand, Entities: a.Entities}
}
