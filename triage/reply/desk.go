package reply

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/solution"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// Cases reads cases.
type Cases interface {
	Case(ctx context.Context, id triage.ComplaintID) (triage.Case, error)
}

// Customers reads the customer file.
type Customers interface {
	Customer(ctx context.Context, id triage.CustomerID) (triage.Customer, error)
}

// Solutions is the part of [solution.Library] that replies need.
type Solutions interface {
	InForce(ctx context.Context, id string) (solution.Version, error)
	Use(ctx context.Context, c triage.ComplaintID, id, by string) error
}

var _ Solutions = (*solution.Library)(nil)

// Deps is what a Desk is made of.
type Deps struct {
	Cases     Cases
	Customers Customers
	Solutions Solutions
	Talk      Talk
	Check     *wording.Checker
	Writer    *Writer
	// Postman may be nil: then replies are only recorded.
	Postman triage.Postman
	// Answered is told of every reply that went out, after it is recorded; the
	// life of a case counts its first answer by it. May be nil; its error is
	// logged, as the reply is gone.
	Answered func(ctx context.Context, id triage.ComplaintID, by string) error
	Now      func() time.Time
	Log      *slog.Logger
}

// Desk is where replies are written, checked, sent and recorded. It is safe for
// concurrent use.
type Desk struct {
	d Deps
	// under are the keys of the letters that are between being sent and being
	// recorded.
	under sync.Map
}

// NewDesk makes a Desk.
func NewDesk(d Deps) *Desk { return &Desk{d: d} }

// Streams says whether a language model writes drafts.
func (d *Desk) Streams() bool { return d.d.Writer.Streams() }

// Draft returns the template's draft of a reply that offers a solution, "" for
// none.
func (d *Desk) Draft(ctx context.Context, a Answer) (Draft, error) {
	b, err := d.brief(ctx, &a)
	if err != nil {
		return Draft{}, err
	}
	return d.d.Writer.Template(b), nil
}

// Stream returns the draft of the language model, or of the template, as
// [Writer.Stream] does.
func (d *Desk) Stream(ctx context.Context, a Answer, show func(sentence string) error) (Draft, error) {
	b, err := d.brief(ctx, &a)
	if err != nil {
		return Draft{}, err
	}
	draft, err := d.d.Writer.Stream(ctx, b, show)
	if draft.Refused != "" {
		d.d.Log.InfoContext(ctx, "draft of the model not taken", "complaint_id", a.Complaint, "reason", string(draft.Refused))
	}
	return draft, err
}

func (d *Desk) brief(ctx context.Context, a *Answer) (Brief, error) {
	k, err := d.d.Cases.Case(ctx, a.Complaint)
	if err != nil {
		return Brief{}, err
	}
	version, err := d.version(ctx, a.Solution)
	return Brief{Case: k, Solution: version, Amount: a.Amount}, err
}

// version is the version in force, nil for no solution.
func (d *Desk) version(ctx context.Context, id string) (*solution.Version, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // a reply need not offer a solution
	}
	v, err := d.d.Solutions.InForce(ctx, id)
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// Check judges an answer without sending it.
func (d *Desk) Check(ctx context.Context, a Answer) (Verdict, error) {
	_, _, v, err := d.weigh(ctx, &a)
	return v, err
}

// weigh gathers what an answer is judged by.
func (d *Desk) weigh(ctx context.Context, a *Answer) (triage.Case, triage.Customer, Verdict, error) {
	b, err := d.brief(ctx, a)
	if err != nil {
		return triage.Case{}, triage.Customer{}, Verdict{}, err
	}
	var c triage.Customer
	if b.Case.CustomerID != "" {
		c, err = d.d.Customers.Customer(ctx, b.Case.CustomerID)
		if err != nil && triage.CodeOf(err) != triage.CodeNotFound {
			return triage.Case{}, triage.Customer{}, Verdict{}, err
		}
	}
	c.Phone = cmp.Or(c.Phone, triage.Phone(attr(&b.Case, "phone")))
	c.Email = cmp.Or(c.Email, triage.Email(attr(&b.Case, "email")))
	c.Name = cmp.Or(c.Name, triage.PersonName(attr(&b.Case, "name")))
	return b.Case, c, d.judge(&b.Case, &c, a, b.Solution), nil
}

// RefusedError is a reply that was not sent, with why.
type RefusedError struct{ Verdict Verdict }

// Error names the reasons, not the words.
func (e *RefusedError) Error() string {
	var why []string
	for _, f := range append(append([]Finding{}, e.Verdict.Blocks...), e.Verdict.Warnings...) {
		why = append(why, string(f.Reason))
	}
	return "the reply was not sent: " + strings.Join(why, ", ")
}

// Unwrap gives the refusal its code: CodeForbidden when something blocks it,
// CodeConflict when a confirmation is enough.
func (e *RefusedError) Unwrap() error {
	if len(e.Verdict.Blocks) > 0 {
		return triage.Errorf(triage.CodeForbidden, "the reply cannot be sent as it stands")
	}
	return triage.Errorf(triage.CodeConflict, "the reply has mistakes; confirm that it is to be sent all the same")
}

// Sending is how an answer goes out.
type Sending struct {
	// Via is "" for a letter, Spoken or AtCounter for what was said already.
	Via string
	// Confirmed sends in spite of warnings.
	Confirmed bool
	By        string
}

// Send sends an answer and records it; or, with Via, only records it. It is
// refused with a *RefusedError when the check blocks it, or warns and nobody has
// confirmed. The same text goes out for a case once: a second time, also while
// the first is on its way in this process, is CodeConflict, and a time after a
// crash goes on under the same key. A message that offers a solution to a
// customer counts as its use.
func (d *Desk) Send(ctx context.Context, a Answer, s Sending) (Message, error) {
	if s.Via != "" && s.Via != Spoken && s.Via != AtCounter {
		return Message{}, triage.FieldErrorf("via", "%.20q is not %q, %q or empty", s.Via, Spoken, AtCounter)
	}
	a.Text = strings.TrimSpace(a.Text)
	k, c, verdict, err := d.weigh(ctx, &a)
	if err != nil {
		return Message{}, err
	}
	if len(verdict.Blocks) > 0 || len(verdict.Warnings) > 0 && !s.Confirmed {
		return Message{}, &RefusedError{verdict}
	}
	m := Message{
		Complaint: k.ID, Direction: Out, Channel: s.Via, Text: masked(a.Text), By: s.By, At: d.d.Now(),
	}
	if s.Via == "" {
		m.Key = letterKey(k.ID, a.Text)
		if _, twice := d.under.LoadOrStore(m.Key, true); twice {
			return Message{}, triage.Errorf(triage.CodeConflict, "this reply is being sent already")
		}
		defer d.under.Delete(m.Key)
		if err := d.post(ctx, &m, &k, &c, a.Text); err != nil {
			return Message{}, err
		}
	}
	m.ID, err = d.d.Talk.AddMessage(ctx, m, sent(&m, &a, verdict.Score))
	if err != nil {
		return Message{}, err
	}
	d.follow(ctx, &k, &a, s.By)
	return m, nil
}

// post sends the letter. It asks first whether it is known: a postman that has
// forgotten an old key must not send it again.
func (d *Desk) post(ctx context.Context, m *Message, k *triage.Case, c *triage.Customer, text string) error {
	if d.d.Postman == nil {
		return triage.FieldErrorf("via", "no channel to customers is configured: record a call, or configure one")
	}
	before, err := d.d.Talk.Messages(ctx, k.ID)
	if err != nil {
		return err
	}
	for _, b := range before {
		if b.Key == m.Key {
			return triage.Errorf(triage.CodeConflict, "this reply has been sent already")
		}
	}
	m.Channel, err = d.d.Postman.Send(ctx, triage.Letter{
		// The code in brackets brings an answer back to the case: package mailbox.
		Key: m.Key, Phone: c.Phone, Email: c.Email, Subject: "关于您反映的问题的回复 [#" + string(k.ID) + "]",
		Text: strings.ReplaceAll(text, solution.Salutation, salutation(c.Name.Reveal())),
	})
	return err
}

// follow does what a reply brings with it. The reply is gone, so that nothing of
// this may fail it.
func (d *Desk) follow(ctx context.Context, k *triage.Case, a *Answer, by string) {
	if a.Solution != "" && stageOf(k) >= known {
		if err := d.d.Solutions.Use(ctx, k.ID, a.Solution, by); err != nil {
			d.d.Log.WarnContext(ctx, "use of a solution not counted", "complaint_id", k.ID, "err", err)
		}
	}
	if d.d.Answered != nil {
		if err := d.d.Answered(ctx, k.ID, by); err != nil {
			d.d.Log.WarnContext(ctx, "answer not counted", "complaint_id", k.ID, "err", err)
		}
	}
}

// Messages returns the conversation of a case, oldest first.
func (d *Desk) Messages(ctx context.Context, id triage.ComplaintID) ([]Message, error) {
	return d.d.Talk.Messages(ctx, id)
}

// letterKey is the same for the same words about the same case.
func letterKey(id triage.ComplaintID, text string) string {
	sum := sha256.Sum256([]byte(string(id) + "\x00" + text))
	return "reply-" + hex.EncodeToString(sum[:24])
}

// sent is the audit entry of a message: how, by which solution and with what
// score, never the words.
func sent(m *Message, a *Answer, score int) triage.AuditEntry {
	detail, err := json.Marshal(map[string]any{"channel": m.Channel, "key": m.Key, "solution": a.Solution, "score": score})
	if err != nil {
		detail = nil // cannot happen: texts and a number have a JSON form
	}
	return triage.AuditEntry{At: m.At, Actor: m.By, Action: "reply", Object: triage.CaseObject(m.Complaint), Detail: string(detail)}
}

// twoRunes are the common family names of two characters.
const twoRunes = "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 司徒 南宫 长孙 端木"

// salutation turns a name into how a letter addresses somebody whose sex is not
// known; companies and names in other scripts are used as they are.
func salutation(name string) string {
	runes := []rune(strings.TrimSpace(name))
	switch n := len(runes); {
	case n == 0 || strings.ContainsAny(name, "\n{}〔〕*"):
		return "客户"
	case n > 4 || n == 1 || runes[0] < 0x3400:
		return string(runes)
	case strings.Contains(" "+twoRunes+" ", " "+string(runes[:2])+" "):
		return string(runes[:2]) + "先生/女士"
	}
	return string(runes[:1]) + "先生/女士"
}
