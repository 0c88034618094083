package console

import (
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// replyView is the reply box of a case.
type replyView struct {
	Path      string // of the case
	Messages  []messageRow
	Solutions []option
	Form      replyForm
	// Drafted is where the text comes from, Refused why the language model's was
	// not taken; "" when somebody wrote it.
	Drafted reply.Source
	Refused reply.Refusal
	Verdict *verdictView
	// Confirm asks to send in spite of warnings.
	Confirm bool
	// Streams is set where a language model writes drafts.
	Streams bool
	Style   nlp.Style
	Why     []string // the words that led to the style
	Do      []string
	Dont    []string
}

// replyForm is what somebody wrote.
type replyForm struct {
	Text, Solution, Amount, Via string
	WrongAmount                 bool
}

type messageRow struct {
	Direction     reply.Direction
	Channel, Text string
	By, At        string
	State         reply.State
}

// verdictView is the judgement of a reply.
type verdictView struct {
	Score    int
	Reasons  []string
	Marked   []markedPart
	Flags    []flagRow
	Blocks   []findingRow
	Warnings []findingRow
}

// markedPart is a stretch of the reply, Kind "" where nothing is wrong.
type markedPart struct {
	Text string
	Kind wording.Kind
}

type flagRow struct {
	Kind         wording.Kind
	Text, Advice string
}

type findingRow struct {
	Reason      reply.Reason
	Text, Limit string
}

func viewVerdict(text string, v *reply.Verdict) *verdictView {
	view := &verdictView{Score: v.Score, Reasons: v.Reasons, Marked: markedParts([]rune(text), v.Flags)}
	for _, f := range v.Flags {
		view.Flags = append(view.Flags, flagRow{f.Kind, f.Text, f.Advice})
	}
	view.Blocks, view.Warnings = findingRows(v.Blocks), findingRows(v.Warnings)
	return view
}

func findingRows(all []reply.Finding) []findingRow {
	var rows []findingRow
	for _, f := range all {
		rows = append(rows, findingRow{f.Reason, f.Text, f.Limit})
	}
	return rows
}

// markedParts cuts a text at the flags; where flags overlap the first keeps its
// words.
func markedParts(text []rune, flags []wording.Flag) []markedPart {
	var parts []markedPart
	at := 0
	add := func(to int, kind wording.Kind) {
		if to > at {
			parts = append(parts, markedPart{string(text[at:to]), kind})
			at = to
		}
	}
	for _, f := range flags {
		if f.Start < at || f.End > len(text) || f.Start >= f.End {
			continue
		}
		add(f.Start, "")
		add(f.End, f.Kind)
	}
	add(len(text), "")
	return parts
}

// replyBox gathers the box of a case; revealed shows what the customer said as
// it was said.
func (c *Console) replyBox(v *visit, k *triage.Case, form replyForm, revealed bool) (*replyView, error) {
	desk := c.d.Library.Replies
	messages, err := desk.Messages(v.r.Context(), k.ID)
	if err != nil {
		return nil, err
	}
	solutions, err := c.solutionOptions(v, k, form.Solution)
	if err != nil {
		return nil, err
	}
	style := k.Assessment.Style
	view := &replyView{
		Path: casePath(k.ID), Solutions: solutions, Form: form, Streams: desk.Streams(),
		Style: style, Do: linesOf(v.lang, "advice.do", style), Dont: linesOf(v.lang, "advice.dont", style),
	}
	for _, r := range k.Assessment.StyleReasons {
		why := c.masked(r.Text, nil)
		if rule, ok := strings.CutPrefix(r.Text, rulePrefix); ok {
			why = v.lang.label("rule", rule)
		}
		view.Why = append(view.Why, why)
	}
	for i := range messages {
		m := &messages[i]
		row := messageRow{Direction: m.Direction, Channel: v.lang.label("via", m.Channel), Text: m.Text, By: v.lang.label("actor", m.By), At: c.when(m.At), State: m.State}
		if !revealed {
			row.Text = c.maskAll(m.Text)
		}
		view.Messages = append(view.Messages, row)
	}
	return view, nil
}

// linesOf are the lines of a phrase whose code comes from data.
func linesOf(l language, group string, code nlp.Style) []string {
	text, err := l.text(group + "." + string(code))
	if err != nil {
		return nil // a style of a later version has no advice here
	}
	return strings.Split(text, "\n")
}
