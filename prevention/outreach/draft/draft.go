// Package draft lets a language model propose the message of an outreach. It
// knows facts only (a brief), gives a proposal only, and sends nothing: package
// outreach checks what comes back, and people approve it.
package draft

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage/llm"
)

const (
	// patience bounds the whole answer, attempts included: somebody waits for
	// the page.
	patience  = 20 * time.Second
	maxTokens = 800
)

// system is our whole instruction; facts never go into it.
//
//go:embed system.txt
var system string

// Model answers one question, [llm.Client].
type Model interface {
	Complete(ctx context.Context, r llm.Request) (string, error)
}

var _ outreach.Drafter = (*Writer)(nil)

// Writer is an [outreach.Drafter] that asks a language model.
type Writer struct{ model Model }

// New makes a Writer.
func New(model Model) *Writer { return &Writer{model: model} }

// facts is the brief as the model reads it.
type facts struct {
	Problem  string   `json:"problem"`
	Type     string   `json:"type,omitempty"`
	Affected string   `json:"affected,omitempty"`
	Since    string   `json:"since,omitempty"`
	Actions  []string `json:"actions,omitempty"`
	Solution string   `json:"solution,omitempty"`
}

// Draft asks for a message. Personal data in the brief stays in the house and is
// put back into the answer. An answer that is not exactly one JSON object with
// subject and text is an error, as is a placeholder for data that the brief does
// not have. Errors hold neither brief nor answer. It takes at most 20 s.
func (w *Writer) Draft(ctx context.Context, b outreach.Brief) (prevention.Template, error) {
	question, err := question(b)
	if err != nil {
		return prevention.Template{}, err
	}
	redacted, restore := llm.Redacted(question)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := w.model.Complete(ctx, llm.Request{System: system, User: redacted, MaxTokens: maxTokens})
	if err != nil {
		return prevention.Template{}, fmt.Errorf("draft: %w", err)
	}
	t, err := parse(answer)
	if err != nil {
		return prevention.Template{}, err
	}
	// After parsing: what is put back may hold quotes.
	t.Subject, t.Text = restore(t.Subject), restore(t.Text)
	if strings.ContainsAny(t.Subject+t.Text, "〔〕") {
		return prevention.Template{}, errors.New("draft: the answer has a placeholder that stands for nothing")
	}
	return t, nil
}

// question writes the brief as JSON, in which no fact can end its own string.
func question(b outreach.Brief) (string, error) {
	f := facts{Problem: b.Title, Type: b.Type, Affected: b.Affected, Actions: b.Actions, Solution: b.Solution}
	if !b.Since.IsZero() {
		f.Since = b.Since.Format("2006年1月2日")
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(f); err != nil {
		return "", fmt.Errorf("draft: write the facts: %w", err)
	}
	return buf.String(), nil
}

// parse reads the answer, with or without the fence that models put around
// code.
func parse(answer string) (prevention.Template, error) {
	answer = strings.TrimSpace(answer)
	if inner, fenced := strings.CutPrefix(answer, "```"); fenced {
		answer = strings.TrimSuffix(strings.TrimPrefix(inner, "json"), "```")
	}
	var t prevention.Template
	dec := json.NewDecoder(strings.NewReader(answer))
	dec.DisallowUnknownFields()
	if dec.Decode(&t) != nil {
		return prevention.Template{}, errors.New("draft: the answer is not the JSON that was asked for")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return prevention.Template{}, errors.New("draft: the answer has more than the JSON that was asked for")
	}
	return t, nil
}
