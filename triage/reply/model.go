package reply

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/llm"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

const (
	// patience bounds the whole answer, attempts included: a person waits.
	patience  = 30 * time.Second
	maxTokens = 1000
	// maxComplaint is how much of a complaint the model is shown, in runes.
	maxComplaint = 2000
)

// system is our whole instruction; nothing of a case ever goes into it.
//
//go:embed system.txt
var system string

// Model streams the answer to one question, [llm.Client].
type Model interface {
	Stream(ctx context.Context, r llm.Request, f func(chunk string) error) error
}

var _ Model = (*llm.Client)(nil)

// Source says who wrote a draft.
type Source string

// The sources.
const (
	FromTemplate Source = "template"
	FromModel    Source = "model"
)

// Draft is a proposal for a reply. Nothing sends it.
type Draft struct {
	Text   string `json:"text"`
	Source Source `json:"source"`
	// Refused is why a configured model did not write it, "" otherwise.
	Refused Refusal        `json:"refused,omitempty"`
	Report  wording.Report `json:"report"`
}

// Writer writes drafts. It is safe for concurrent use.
type Writer struct {
	house  House
	check  *wording.Checker
	model  Model
	finder *nlp.EntityFinder
	now    func() time.Time
}

// NewWriter makes a Writer; model may be nil for one that uses the template
// alone.
func NewWriter(house House, check *wording.Checker, model Model, now func() time.Time) *Writer {
	finder := nlp.NewEntityFinder(nlp.EntityLexicon{Products: house.Products})
	return &Writer{house: house, check: check, model: model, finder: finder, now: now}
}

// Streams says whether Stream asks a model.
func (w *Writer) Streams() bool { return w.model != nil }

// Template returns the draft of the template, at once.
func (w *Writer) Template(b Brief) Draft {
	text := w.house.Template(b, w.now())
	return Draft{Text: text, Source: FromTemplate, Report: w.check.Check(text, about(&b))}
}

// about is what the wording check knows of the complaint.
func about(b *Brief) wording.Matter {
	k := &b.Case
	return wording.Matter{Text: k.Body(), Demand: k.Assessment.Demand, Entities: k.Assessment.Entities}
}

// Stream asks the model to say the template's draft in words that fit the
// customer, and calls show with every sentence as soon as it is whole, follows
// from the facts of the case, and has its personal data back. The draft that is
// returned counts: when the model fails, is too slow, invents, promises or
// breaks the rules of wording, it is that of the template, and what show has
// seen is to be thrown away. It takes 30 s at most. The only errors are those of
// show and of ctx.
func (w *Writer) Stream(ctx context.Context, b Brief, show func(sentence string) error) (Draft, error) {
	draft := w.Template(b)
	if w.model == nil {
		return draft, nil
	}
	text, err := w.ask(ctx, &b, draft.Text, show)
	if err := ctx.Err(); err != nil {
		return Draft{}, err
	}
	if shown, ok := errors.AsType[*showError](err); ok {
		return Draft{}, shown.cause
	}
	if err == nil {
		r := w.check.Check(masked(text), about(&b)) // the customer's own data is no leak, and masks keep places
		if len(r.Flags) == 0 {
			return Draft{Text: text, Source: FromModel, Report: r}, nil
		}
		err = &refusedError{RefusedWording}
	}
	draft.Refused = RefusedModel
	if refused, ok := errors.AsType[*refusedError](err); ok {
		draft.Refused = refused.why
	}
	return draft, nil
}

// refusedError ends a stream whose words are not taken, showError one that
// nobody listens to any more.
type (
	refusedError struct{ why Refusal }
	showError    struct{ cause error }
)

func (e *refusedError) Error() string { return "reply: refused: " + string(e.why) }
func (e *showError) Error() string    { return "reply: show: " + e.cause.Error() }

func (w *Writer) ask(ctx context.Context, b *Brief, draft string, show func(string) error) (string, error) {
	question, offered, err := w.question(b, draft)
	if err != nil {
		return "", err
	}
	redacted, restore := llm.Redacted(question)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s := &sentences{
		guard: newGuard(offered, draft, redacted, w.finder), restore: restore, show: show,
	}
	if err := w.model.Stream(ctx, llm.Request{System: system, User: redacted, MaxTokens: maxTokens}, s.add); err != nil {
		return "", err
	}
	if err := s.flush(); err != nil {
		return "", err
	}
	return strings.TrimSpace(s.shown.String()), nil
}

// facts is the case as the model reads it.
type facts struct {
	Draft     string `json:"draft"`
	Wording   string `json:"wording,omitempty"`
	Stage     string `json:"stage"`
	Style     string `json:"style"`
	Type      string `json:"type,omitempty"`
	Product   string `json:"product,omitempty"`
	Complaint string `json:"complaint"`
}

var (
	stageNames = map[stage]string{unclear: "核实中", known: "提出方案", agreed: "办理中", finished: "请客户确认", ended: "已办结"}
	styleNames = map[nlp.Style]string{
		nlp.StyleCalm: "平和", nlp.StyleEmotional: "情绪激动", nlp.StyleStubborn: "坚持己见", nlp.StylePrepared: "有备而来",
	}
)

// question writes the facts as JSON, in which no text can end its own string,
// and returns apart what of it a solution offers.
func (w *Writer) question(b *Brief, draft string) (question, offered string, err error) {
	k := &b.Case
	f := facts{
		Draft: draft, Stage: stageNames[stageOf(k)], Style: styleNames[k.Assessment.Style], Type: w.house.matter(k),
		Product: product(k), Complaint: clipped(k.Body(), maxComplaint),
	}
	if b.Solution != nil && stageOf(k) >= known {
		f.Wording = w.house.filled(b.Solution.Wording, b, w.now())
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(f); err != nil {
		return "", "", fmt.Errorf("reply: write the facts: %w", err)
	}
	return buf.String(), f.Wording, nil
}

func clipped(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

// sentences cuts a stream into sentences and shows those that may be shown. A
// placeholder is never cut in two, as no sentence ends inside one.
type sentences struct {
	guard   *guard
	restore func(string) string
	show    func(string) error
	pending string
	shown   strings.Builder
}

func (s *sentences) add(chunk string) error {
	s.pending += chunk
	if utf8.RuneCountInString(s.pending)+utf8.RuneCountInString(s.shown.String()) > maxAnswer {
		return &refusedError{RefusedLength}
	}
	for {
		i := strings.IndexAny(s.pending, "。！？；\n!?;")
		if i < 0 {
			return nil
		}
		_, size := utf8.DecodeRuneInString(s.pending[i:])
		sentence := s.pending[:i+size]
		s.pending = s.pending[i+size:]
		if err := s.release(sentence); err != nil {
			return err
		}
	}
}

// flush releases what has no mark at its end.
func (s *sentences) flush() error {
	rest := s.pending
	s.pending = ""
	return s.release(rest)
}

func (s *sentences) release(sentence string) error {
	if sentence == "" {
		return nil
	}
	if why := s.guard.allows(sentence); why != "" {
		return &refusedError{why}
	}
	sentence = s.restore(sentence)
	s.shown.WriteString(sentence)
	if err := s.show(sentence); err != nil {
		return &showError{err}
	}
	return nil
}
