package console

import (
	"strconv"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// planAction does something to the plan of the path. What the desk refuses is
// said on the plan's page.
func (c *Console) planAction(toast string, do func(v *visit, id prevention.PlanID, version int64) error) action {
	return func(v *visit) error {
		version, err := strconv.ParseInt(v.r.PostForm.Get("version"), 10, 64)
		if err != nil {
			return triage.FieldErrorf("version", "is not a number")
		}
		err = do(v, v.planID(), version)
		switch triage.CodeOf(err) {
		case "":
			return c.redirect(v, planPath(v.planID()), toast)
		case triage.CodeInvalid, triage.CodeConflict, triage.CodeForbidden:
			return c.renderPlan(v, httpStatus[triage.CodeOf(err)], err)
		}
		return err
	}
}

func (c *Console) submitPlan(v *visit, id prevention.PlanID, version int64) error {
	_, err := c.d.Outreach.Desk.Submit(v.r.Context(), id, version, v.user.Name)
	return err
}

func (c *Console) approvePlan(v *visit, id prevention.PlanID, version int64) error {
	_, err := c.d.Outreach.Desk.Approve(v.r.Context(), id, version, v.user.Name)
	return err
}

func (c *Console) rejectPlan(v *visit, id prevention.PlanID, version int64) error {
	_, err := c.d.Outreach.Desk.Reject(v.r.Context(), id, version, v.user.Name, v.remark())
	return err
}

func (c *Console) stopPlan(v *visit, id prevention.PlanID, _ int64) error {
	_, err := c.d.Outreach.Desk.Stop(v.r.Context(), id, v.user.Name, v.remark())
	return err
}

func (c *Console) resumePlan(v *visit, id prevention.PlanID, _ int64) error {
	_, err := c.d.Outreach.Desk.Resume(v.r.Context(), id, v.user.Name)
	return err
}

func (c *Console) cancelPlan(v *visit, id prevention.PlanID, _ int64) error {
	_, err := c.d.Outreach.Desk.Cancel(v.r.Context(), id, v.user.Name, v.remark())
	return err
}

// decideNotice is a person's word on a notice whose end nobody knows.
func (c *Console) decideNotice(v *visit, id prevention.PlanID, _ int64) error {
	notice, err := strconv.ParseInt(v.r.PostForm.Get("notice"), 10, 64)
	if err != nil {
		return triage.FieldErrorf("notice", "is not a number")
	}
	return c.d.Outreach.Desk.Decide(v.r.Context(), id, notice, v.r.PostForm.Get("told") == "1", v.user.Name)
}

// maxRemark bounds why a plan was rejected, stopped or cancelled, in runes.
const maxRemark = 500

func (v *visit) remark() string { return cut(v.r.PostForm.Get("remark"), maxRemark) }
