package reply

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
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
	Talk      Store
	Check     *wording.Checker
	Writer    *Writer
	// Postman may be nil: then replies are only recorded.
	Postman triage.Postman
	// Answered is told of every reply that went out, after it is recorded, and
	// again when that was not heard; the life of a case counts its first answer by
	// it. May be nil; its error is logged, as the reply is gone.
	Answered func(ctx context.Context, id triage.ComplaintID, by string) error
	Now      func() time.Time
	Log      *slog.Logger
}

// Desk is where replies are written, checked, sent and recorded. It is safe for
// concurrent use.
type Desk struct{ d Deps }

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

// Messages returns the conversation of a case, oldest first.
func (d *Desk) Messages(ctx context.Context, id triage.ComplaintID) ([]Message, error) {
	return d.d.Talk.Messages(ctx, id)
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
