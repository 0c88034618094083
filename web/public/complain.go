package public

import (
	"net/http"
	"net/mail"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// The limits of the form in characters.
const (
	maxText = 5000
	maxWant = 1000
	maxLine = 100
)

// draft is the form as the customer has filled it in.
type draft struct {
	Token   string
	Name    string
	Phone   string
	Email   string
	Order   string
	Product string
	Text    string
	Want    string
	// Trap is left empty by people, who do not see it.
	Trap string
	// Faults are what is wrong, by field; "" is the form as a whole.
	Faults map[string]string
}

// content is what makes two drafts the same.
func (d *draft) content() []string {
	return []string{d.Name, d.Phone, d.Email, d.Order, d.Product, d.Text, d.Want}
}

func (p *Public) showForm(v *visit) {
	if !p.d.Config.Complain {
		p.showNothing(v)
		return
	}
	v.render(http.StatusOK, "complain", "complain.title", draft{Token: newToken()})
}

// takeComplaint stores the complaint and its code before it answers.
func (p *Public) takeComplaint(v *visit) {
	if !p.d.Config.Complain {
		p.showNothing(v)
		return
	}
	if !v.form() {
		return
	}
	d := draft{
		Token: v.r.PostForm.Get("token"), Name: v.field("name"), Phone: v.field("phone"), Email: v.field("email"), Order: v.field("order"),
		Product: v.field("product"), Text: v.paragraph("text"), Want: v.paragraph("want"), Trap: v.field("website"),
	}
	if d.check(); len(d.Faults) > 0 {
		v.render(http.StatusUnprocessableEntity, "complain", "complain.title", d)
		return
	}
	if !p.gate.enter("complain "+p.d.Client(v.r), p.d.Config.PerHour, time.Hour) {
		v.w.Header().Set("Retry-After", "3600")
		d.Faults = map[string]string{"": "fault.often"}
		v.render(http.StatusTooManyRequests, "complain", "complain.title", d)
		return
	}
	code, status := p.store(v, &d)
	if status != http.StatusOK {
		d.Faults = map[string]string{"": "fault.unavailable"}
		v.render(status, "complain", "complain.title", d)
		return
	}
	v.render(http.StatusOK, "sent", "sent.title", sent{Code: shown(code), Phone: tailOf(d.Phone) != "", Raw: code})
}

// sent is what the customer takes away.
type sent struct {
	Code string
	// Phone tells that the last digits of it will be asked for.
	Phone bool
	Raw   string
}

func (p *Public) store(v *visit, d *draft) (code string, status int) {
	ctx := v.r.Context()
	r, err := p.d.Intake.Submit(ctx, d.complaint(), 0)
	if err != nil {
		return "", v.failed(err)
	}
	code = newCode(d.Token, d.content()...)
	if err := p.d.Codes.AddFollowCode(ctx, codeHash(code, tailOf(d.Phone)), r.Case.ID, p.d.Now()); err != nil {
		return "", v.failed(err)
	}
	return code, http.StatusOK
}

func (d *draft) complaint() triage.Complaint {
	c := triage.Complaint{
		ID:      triage.ComplaintID(formID(d.Token, d.content()...)),
		Channel: triage.ChannelWeb, Text: d.Text, Product: d.Product, OrderID: d.Order, Attrs: map[string]any{},
	}
	if d.Want != "" {
		c.Text += "\n\n客户诉求：" + d.Want
	}
	for name, value := range map[string]string{"name": d.Name, "phone": d.Phone, "email": d.Email} {
		if value != "" {
			c.Attrs[name] = value
		}
	}
	return c
}

// check finds what is wrong with a draft. A token that is none of ours is
// replaced, so that the next attempt is right.
func (d *draft) check() {
	d.Faults = map[string]string{}
	if !validToken.MatchString(d.Token) {
		d.Token = newToken()
		d.Faults[""] = "fault.again"
	}
	if d.Trap != "" {
		d.Faults[""] = "fault.trap"
	}
	for _, f := range []struct {
		name, value string
		limit       int
	}{
		{"name", d.Name, maxLine}, {"phone", d.Phone, maxLine}, {"email", d.Email, maxLine}, {"order", d.Order, maxLine},
		{"product", d.Product, maxLine}, {"text", d.Text, maxText}, {"want", d.Want, maxWant},
	} {
		if utf8.RuneCountInString(f.value) > f.limit {
			d.Faults[f.name] = "fault.long"
		}
	}
	if d.Text == "" {
		d.Faults["text"] = "fault.text"
	}
	if n := len(digitsOf(d.Phone)); d.Phone != "" && (n < 5 || n > 20) {
		d.Faults["phone"] = "fault.phone"
	}
	if d.Email != "" {
		if a, err := mail.ParseAddress(d.Email); err != nil || a.Address != d.Email {
			d.Faults["email"] = "fault.email"
		}
	}
	if d.Phone == "" && d.Email == "" {
		d.Faults["phone"] = "fault.contact"
	}
}
