package console

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// callBackForm is the form for what a customer said on the phone.
type callBackForm struct {
	Case triage.ComplaintID // "" is asked for
	Back string
	Form refusedForm
}

// Reasons are those that the form offers.
func (f *callBackForm) Reasons() []survey.Reason { return survey.Reasons }

// Ticked says whether a refused form had the reason.
func (f *callBackForm) Ticked(reason string) bool {
	return f.Form.Is("callback") && slices.Contains(f.Form.written["reason"], reason)
}

// recordCallBack keeps what a customer said on the phone. The form stands on
// the page of satisfaction and beside a task.
func (c *Console) recordCallBack(v *visit) error {
	f := v.r.PostForm
	b := survey.CallBack{Case: triage.ComplaintID(strings.TrimSpace(f.Get("case"))), By: v.user.Name, Answer: survey.Answer{Text: f.Get("text")}}
	for _, r := range f["reason"] {
		b.Answer.Reasons = append(b.Answer.Reasons, survey.Reason(r))
	}
	var err error
	if b.Answer.Score, err = strconv.ParseFloat(strings.TrimSpace(f.Get("score")), 64); err != nil {
		err = triage.FieldErrorf("score", "is not a number from 0 to 100")
	} else {
		_, err = c.visibleCase(v, b.Case)
	}
	if err == nil {
		_, err = c.d.People.Surveys.Record(v.r.Context(), b)
	}
	switch triage.CodeOf(err) {
	case triage.CodeNotFound:
		err = triage.FieldErrorf("case", "there is no such case")
	case triage.CodeConflict:
		err = triage.FieldErrorf("state", "the case is open, or has another answer")
	}
	if err == nil {
		return c.goBack(v, "/satisfaction", "call_back_recorded")
	}
	form, err := c.wrongForm(v, "callback", err)
	if err != nil {
		return err
	}
	return c.again(v, form, "/satisfaction")
}

// takeUp makes a complaint of what a customer wrote.
func (c *Console) takeUp(v *visit) error {
	id, err := strconv.ParseInt(v.r.PathValue("survey"), 10, 64)
	if err != nil {
		return triage.Errorf(triage.CodeNotFound, "no such survey")
	}
	sv, err := c.d.People.Surveys.Survey(v.r.Context(), id)
	if err != nil {
		return err
	}
	if _, err := c.visibleCase(v, sv.Case); err != nil {
		return err
	}
	k, err := c.d.People.Surveys.TakeUp(v.r.Context(), id, v.user.Name)
	if err != nil {
		return err
	}
	return c.redirect(v, casePath(k.ID), "taken_up")
}
