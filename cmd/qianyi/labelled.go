package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

// labelledText is one row of a labelled file.
type labelledText struct {
	text, label string
}

// readLabelled reads the texts of a file that have a label for the task: the
// column "label", or the field of the task in complaint JSONL. Rows that cannot
// be read are named on err and left out, those without a label are left out.
func readLabelled(s *streams, file string, task nlp.Task) (list []labelledText, err error) {
	in, err := intake.Open(file, intake.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	unlabelled, bad := 0, 0
	for {
		row, err := in.Next()
		var damaged *intake.RowError
		switch {
		case errors.Is(err, io.EOF):
			if len(list) == 0 {
				return nil, fmt.Errorf("%s: no row has a text and a label for %s; expected a header with label and text, or JSONL with text and %s", file, task, task)
			}
			if unlabelled+bad > 0 {
				s.say("%s: %d rows used, %d without text or label, %d unreadable", file, len(list), unlabelled, bad)
			}
			return list, nil
		case errors.As(err, &damaged):
			bad++
			s.say("%s", oneLine(damaged.Error()))
		case err != nil:
			return nil, err
		default:
			t := labelledText{text: bodyOf(&row), label: labelOf(&row, task)}
			if t.text == "" || t.label == "" {
				unlabelled++
				continue
			}
			list = append(list, t)
		}
	}
}

func bodyOf(row *intake.Row) string {
	title, text := row.Text("title"), row.Text("text")
	switch {
	case title == "":
		return text
	case text == "":
		return title
	}
	return title + "\n" + text
}

func labelOf(row *intake.Row, task nlp.Task) string {
	if label := row.Text("label"); label != "" {
		return label
	}
	return row.Text(string(task))
}
