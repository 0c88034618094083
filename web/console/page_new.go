package console

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// intakeForm is the complaint as somebody typed it.
type intakeForm struct {
	ID       string
	Channel  string
	Customer string
	At       string // in the form of a date-time field
	Title    string
	Text     string
	Region   string
	Product  string
	Campaign string
	Order    string
}

// intakeView is the page that takes a complaint in.
type intakeView struct {
	Form     intakeForm
	Channels []triage.Channel
	// Wrong is the field at fault, "" when all is well. Used is set when the id
	// belongs to another complaint.
	Wrong   string
	Used    bool
	Preview *previewView
}

// previewView is a triage of which nothing is kept.
type previewView struct {
	Choices     []choice
	Reasons     []reasonBar
	Fragments   []fragment
	Review      bool
	Sentiment   nlp.Sentiment
	Urgency     nlp.Urgency
	Demand      nlp.Demand
	Style       nlp.Style
	Department  string
	Suggestions []suggestionRow
}

func (c *Console) showIntake(v *visit) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return c.renderIntake(v, http.StatusOK, intakeView{Form: intakeForm{
		ID: id.String(), Channel: string(triage.ChannelHotline), At: c.d.Now().In(c.d.Zone).Format(inputFace),
	}})
}

func (c *Console) renderIntake(v *visit, status int, view intakeView) error {
	view.Channels = triage.Channels
	return c.render(v, status, "new", page{Title: "nav.new", Nav: "/new", View: view})
}

// takeIn stores the complaint, or with action=preview judges it and keeps
// nothing. The id makes a form that is sent twice one complaint.
func (c *Console) takeIn(v *visit) error {
	form := readIntake(v.r.PostForm)
	complaint, err := form.complaint(c.d.Zone)
	if err == nil && v.r.PostForm.Get("action") == "preview" {
		return c.preview(v, form, complaint)
	}
	var r triage.Receipt
	if err == nil {
		r, err = c.d.Desk.Submit(v.r.Context(), complaint, 0)
	}
	if field, ok := fieldAtFault(err); ok {
		return c.renderIntake(v, http.StatusUnprocessableEntity, intakeView{Form: form, Wrong: field})
	}
	if err != nil {
		return err
	}
	switch {
	case r.Duplicate && r.Case.Body() != complaint.Body():
		return c.renderIntake(v, http.StatusConflict, intakeView{Form: form, Wrong: "id", Used: true})
	case r.Duplicate:
		return c.redirect(v, casePath(r.Case.ID), "duplicate")
	}
	return c.redirect(v, casePath(r.Case.ID), "submitted")
}

func (c *Console) preview(v *visit, form intakeForm, complaint triage.Complaint) error {
	a, err := c.d.Desk.Assess(v.r.Context(), complaint, similarShown)
	if field, ok := fieldAtFault(err); ok {
		return c.renderIntake(v, http.StatusUnprocessableEntity, intakeView{Form: form, Wrong: field})
	}
	if err != nil {
		return err
	}
	k := triage.Case{Complaint: complaint, Assessment: a}
	body := complaint.Body()
	return c.renderIntake(v, http.StatusOK, intakeView{Form: form, Preview: &previewView{
		Choices: c.choices(v.lang, &k), Reasons: reasonBars(a.Reasons), Review: a.NeedsReview,
		Fragments: fragments([]rune(c.masked(body, a.Entities)), a.Entities, reasonStretches(body, a.Reasons)),
		Sentiment: a.Sentiment, Urgency: a.Urgency, Demand: a.Demand, Style: a.Style,
		Department: a.Department, Suggestions: c.suggestionRows(&a),
	}})
}

func readIntake(q url.Values) intakeForm {
	field := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	return intakeForm{
		ID: field("id"), Channel: field("channel"), Customer: field("customer_id"), At: field("at"),
		Title: field("title"), Text: strings.ReplaceAll(field("text"), "\r\n", "\n"), Region: field("region"),
		Product: field("product"), Campaign: field("campaign"), Order: field("order_id"),
	}
}

// complaint returns an Error of CodeInvalid for a time that is none.
func (f intakeForm) complaint(zone *time.Location) (triage.Complaint, error) {
	c := triage.Complaint{
		ID: triage.ComplaintID(f.ID), CustomerID: triage.CustomerID(f.Customer), Channel: triage.Channel(f.Channel),
		Title: f.Title, Text: f.Text, Region: f.Region, Product: f.Product, Campaign: f.Campaign, OrderID: f.Order,
	}
	if f.At == "" {
		return c, nil
	}
	for _, face := range []string{inputFace, inputFace + ":05"} {
		if at, err := time.ParseInLocation(face, f.At, zone); err == nil {
			c.At = at
			return c, nil
		}
	}
	return c, triage.FieldErrorf("at", "%q is not a time", f.At)
}

// fieldAtFault returns the field that an error is about, false for an error
// that is about none.
func fieldAtFault(err error) (string, bool) {
	var e *triage.Error
	if !errors.As(err, &e) || e.Field == "" || e.Code != triage.CodeInvalid && e.Code != triage.CodeTooLarge {
		return "", false
	}
	return e.Field, true
}
