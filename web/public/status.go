package public

import (
	"context"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
)

// key is what opens a case to its customer.
type key struct {
	Code  string
	Tail  string
	Fault string
	// own is the case of the code itself; foreign is set when it was merged into
	// one of another customer.
	own     triage.ComplaintID
	foreign bool
}

func (p *Public) showAsk(v *visit) { v.render(http.StatusOK, "ask", "ask.title", key{}) }

// progress is a case in the words of its customer.
type progress struct {
	Code string // as typed back by the forms of the page
	Tail string
	// Stage is a key of the catalogue, Note one that explains it.
	Stage string
	At    string
	Due   string // "" when nothing is due
	// Reply is our latest answer, "" for none.
	Reply   string
	ReplyAt string
	Ended   bool
	// Token, Text and Fault are of the form that adds something; Added tells that
	// it was taken.
	Token string
	Text  string
	Fault string
	Added bool
	// foreign keeps our answer back: it is to somebody else.
	foreign bool
}

func (p *Public) showStatus(v *visit) {
	if !v.form() {
		return
	}
	c, k, ok := p.open(v)
	if !ok {
		return
	}
	p.renderStatus(v, http.StatusOK, c, progress{Code: k.Code, Tail: k.Tail, foreign: k.foreign, Token: newToken()})
}

// takeMore keeps what the customer adds to the case.
func (p *Public) takeMore(v *visit) {
	if !v.form() {
		return
	}
	c, k, ok := p.open(v)
	if !ok {
		return
	}
	s := progress{Code: k.Code, Tail: k.Tail, foreign: k.foreign, Token: v.r.PostForm.Get("token"), Text: v.paragraph("text")}
	switch {
	case !validToken.MatchString(s.Token):
		s.Token, s.Fault = newToken(), "fault.again"
	case s.Text == "":
		s.Fault = "fault.text"
	case utf8.RuneCountInString(s.Text) > maxText:
		s.Fault = "fault.long"
	case !p.gate.enter("add "+string(c.ID), guessesByAddress, time.Hour):
		s.Fault = "fault.often"
	}
	if s.Fault != "" {
		p.renderStatus(v, http.StatusUnprocessableEntity, c, s)
		return
	}
	// What is said belongs to the customer's own case: where it is heard when that
	// was merged is for the desk to decide.
	err := p.d.Desk.Hear(v.r.Context(), Said{
		Case: k.own, Key: formID(s.Token, string(k.own), s.Text), Channel: triage.ChannelWeb, Text: s.Text, At: p.d.Now(), Reopen: true,
	})
	if err != nil {
		s.Fault = "fault.unavailable"
		p.renderStatus(v, v.failed(err), c, s)
		return
	}
	if c, err = p.d.Intake.Case(v.r.Context(), c.ID); err != nil {
		v.say(v.failed(err), "broken.title", "broken.text")
		return
	}
	p.renderStatus(v, http.StatusOK, c, progress{Code: k.Code, Tail: k.Tail, foreign: k.foreign, Token: newToken(), Added: true})
}

// open finds the case of the posted code; when it cannot, it has answered. A
// wrong code, a wrong digit and a case that is gone look the same.
func (p *Public) open(v *visit) (triage.Case, key, bool) {
	k := key{Code: v.field("code"), Tail: v.field("tail")}
	code, address := readCode(k.Code), "guess "+p.d.Client(v.r)
	byCode := "guess code " + codeHash(code, "")
	// Who has used up the attempts of an address has none at a code: nobody can
	// lock others out of theirs, nor push them out of the memory of the gate.
	allowed := p.gate.enter(address, guessesByAddress, guessWindow)
	if allowed && code != "" {
		allowed = p.gate.enter(byCode, guessesByCode, guessWindow)
	}
	if !allowed {
		v.w.Header().Set("Retry-After", "900")
		k.Fault = "fault.guess"
		v.render(http.StatusTooManyRequests, "ask", "ask.title", k)
		return triage.Case{}, k, false
	}
	c, own, err := p.followed(v.r.Context(), code, tailOf(k.Tail))
	k.own, k.foreign = own.ID, !sameCustomer(&own, &c)
	switch {
	case triage.CodeOf(err) == triage.CodeNotFound:
		k.Fault = "fault.code"
		v.render(http.StatusNotFound, "ask", "ask.title", k)
		return triage.Case{}, k, false
	case err != nil:
		k.Fault = "fault.unavailable"
		v.render(v.failed(err), "ask", "ask.title", k)
		return triage.Case{}, k, false
	}
	p.gate.forgive(address)
	p.gate.forgive(byCode)
	return c, k, true
}

// maxMerges bounds the way from a case to the one that it goes on in.
const maxMerges = 10

// followed returns the case that the one of a code goes on in, and that one
// itself. They may be of two customers: agents can merge what is about one fault.
func (p *Public) followed(ctx context.Context, code, tail string) (c, own triage.Case, err error) {
	if code == "" {
		return c, own, triage.Errorf(triage.CodeNotFound, "this is no code")
	}
	id, err := p.d.Codes.FollowedCase(ctx, codeHash(code, tail))
	if tail != "" && triage.CodeOf(err) == triage.CodeNotFound {
		id, err = p.d.Codes.FollowedCase(ctx, codeHash(code, "")) // a complaint without a phone
	}
	if err != nil {
		return c, own, err
	}
	own, err = p.d.Intake.Case(ctx, id)
	c = own
	for range maxMerges {
		if err != nil || c.Status != triage.StatusMerged || c.Work.MergedInto == "" {
			break
		}
		c, err = p.d.Intake.Case(ctx, c.Work.MergedInto)
	}
	return c, own, err
}

// sameCustomer says whether two cases are surely of one customer.
func sameCustomer(a, b *triage.Case) bool {
	if a.ID == b.ID || a.CustomerID != "" && a.CustomerID == b.CustomerID {
		return true
	}
	same := func(name string, clean func(string) string) bool {
		x, _ := a.Attrs[name].(string)
		y, _ := b.Attrs[name].(string)
		return clean(x) != "" && clean(x) == clean(y)
	}
	return same("phone", digitsOf) || same("email", strings.ToLower)
}

func (p *Public) renderStatus(v *visit, status int, c triage.Case, s progress) {
	said, err := p.d.Talk.Messages(v.r.Context(), c.ID)
	if err != nil {
		v.say(v.failed(err), "broken.title", "broken.text")
		return
	}
	for _, m := range said {
		if m.Direction == reply.Out && m.State == reply.StateSaid && !s.foreign {
			s.Reply, s.ReplyAt = m.Text, p.minute(m.At)
		}
	}
	s.Stage, s.At, s.Due, s.Ended = stage(&c), p.minute(c.At), p.minute(due(&c)), !c.Status.Open()
	v.render(status, "status", "status.title", s)
}

// minute is a time as people here write it, "" for none.
func (p *Public) minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.d.Zone).Format("2006-01-02 15:04")
}

// stage is where a case stands for its customer, as a key of the catalogue.
func stage(c *triage.Case) string {
	if c.Status.Open() && !c.Work.WaitingSince.IsZero() {
		return "stage.waiting"
	}
	switch c.Status {
	case triage.StatusReceived:
		return "stage.received"
	case triage.StatusProposing, triage.StatusAgreed:
		return "stage.proposing"
	case triage.StatusExecuting:
		return "stage.executing"
	case triage.StatusConfirming:
		return "stage.confirming"
	case triage.StatusClosed, triage.StatusCalledBack:
		return "stage.closed"
	case triage.StatusWithdrawn:
		return "stage.withdrawn"
	}
	return "stage.working"
}

// due is until when the customer hears from us; zero when nothing is due.
func due(c *triage.Case) time.Time {
	if !c.Status.Open() || !c.Work.WaitingSince.IsZero() {
		return time.Time{}
	}
	clocks := c.Work.Clocks
	if clocks == (triage.SLA{}) {
		clocks = c.Assessment.SLA
	}
	if c.Status == triage.StatusReceived && c.Work.RespondedAt.IsZero() {
		return clocks.RespondBy
	}
	return clocks.ResolveBy
}
