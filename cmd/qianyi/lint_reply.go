package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
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
	options.WordsOnly = true // demand and entities need no model
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
	return nil
}
