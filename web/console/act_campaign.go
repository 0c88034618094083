package console

import (
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/triage"
)

// attributeComplaint moves a complaint to another campaign, or to none.
func (c *Console) attributeComplaint(v *visit) error {
	f := v.r.PostForm
	id := triage.ComplaintID(f.Get("complaint"))
	if _, err := c.visibleCase(v, id); err != nil {
		return err
	}
	if _, err := c.d.Marketing.Register.Attribute(v.r.Context(), id, f.Get("campaign"), v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, campaignPath(v.campaignID())+"#complaints", "attributed")
}

// correctCause says what a complaint is caused by.
func (c *Console) correctCause(v *visit) error {
	f := v.r.PostForm
	id := triage.ComplaintID(f.Get("complaint"))
	if _, err := c.visibleCase(v, id); err != nil {
		return err
	}
	if err := c.d.Marketing.Cards.CorrectCause(v.r.Context(), id, card.Cause(f.Get("cause")), v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, campaignPath(v.campaignID())+"#complaints", "cause_corrected")
}

func (c *Console) saveLesson(v *visit) error {
	version, err := strconv.ParseInt(v.r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return triage.FieldErrorf("version", "is no number: open the card again")
	}
	if err := c.d.Marketing.Cards.Learn(v.r.Context(), v.campaignID(), v.r.PostForm.Get("text"), version, v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, campaignPath(v.campaignID())+"/card#lessons", "lesson_saved")
}

// saveCost changes what handling is taken to cost, for all campaigns.
func (c *Console) saveCost(v *visit) error {
	var a card.Assumptions
	for name, to := range map[string]*float64{"hourly": &a.Hourly, "case": &a.Case, "reply": &a.Reply, "hand_over": &a.HandOver} {
		var err error
		if *to, err = strconv.ParseFloat(v.r.PostForm.Get(name), 64); err != nil {
			return triage.FieldErrorf(name, "is no number")
		}
	}
	if err := c.d.Marketing.Cards.Assume(v.r.Context(), a, v.user.Name); err != nil {
		return err
	}
	return c.goBack(v, "/campaigns", "cost_saved")
}
