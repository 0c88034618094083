package console

import (
	"context"
	"html/template"
	"net/http"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

const (
	// troublesShown bounds the failed and unclear notices on the page.
	troublesShown = 50
	// previewShown is on how many real recipients a message is shown.
	previewShown = 4
)

// planView is the page of one plan.
type planView struct {
	Row         planRow
	Path        string
	Version     int64
	Steps       []planStep
	Words       string
	Subject     string
	Text        string
	Channels    []string
	Start       string
	Holdout     string
	Remark      string
	Creator     string
	Submitter   string
	Approver    string
	Stopper     string
	Approved    string
	Finished    string
	Preview     *reachView
	Progress    *progressView
	Effect      *effectView
	BeforeAfter *forecastView
	Trail       []trailRow

	// What may be done now. NeedsSecond is set when this person may not approve,
	// having written or submitted the plan.
	MayEdit, MaySubmit, MayApprove, MayStop, MayResume, MayCancel, MayDecide bool
	NeedsSecond                                                              bool
	// Problem is why the last action was refused.
	Problem string
}

// planStep is one station in the life of a plan.
type planStep struct {
	Status prevention.PlanStatus
	State  string
}

type progressView struct {
	Bar      template.HTML
	States   []stateCount
	Troubles []noticeTrouble
	More     bool
	Export   string
	Done     int
	Left     int
	Percent  string
}

type stateCount struct {
	State prevention.NoticeState
	Count int
}

// noticeTrouble is a notice that failed or whose end nobody knows.
type noticeTrouble struct {
	ID                        int64
	Customer, Channel, Reason string
	State                     prevention.NoticeState
	Attempts                  int
	At                        string
}

func (c *Console) showPlan(v *visit) error { return c.renderPlan(v, http.StatusOK, nil) }

// renderPlan shows the plan of the path; refused is why an action on it was not
// done, nil for none.
func (c *Console) renderPlan(v *visit, status int, refused error) error {
	ctx := v.r.Context()
	p, err := c.d.Outreach.Desk.Plan(ctx, v.planID())
	if err != nil {
		return err
	}
	view := c.planView(v, &p)
	view.allow(v)
	if refused != nil {
		_, view.Problem = c.said(v.lang, refused)
	}
	if !fixed(&p) && p.Rule == "" && p.Status != prevention.PlanCancelled {
		preview, err := c.d.Outreach.Desk.Preview(ctx, p, previewShown)
		switch {
		case triage.CodeOf(err) == triage.CodeInvalid:
			_, view.Problem = c.said(v.lang, err)
			view.MaySubmit, view.MayApprove = false, false
		case err != nil:
			return err
		default:
			view.Preview = c.reachView(v.lang, &preview)
			view.NeedsSecond = view.NeedsSecond && preview.Reached > c.d.Outreach.Desk.Policy().ApprovalAbove
		}
	}
	if fixed(&p) {
		if view.Progress, err = c.progress(ctx, v.lang, &p); err != nil {
			return err
		}
		if err := c.addEffect(ctx, v.lang, &p, &view); err != nil {
			return err
		}
		if err := c.addForecast(ctx, &p, &view); err != nil {
			return err
		}
	}
	trail, err := c.d.Audit.Trail(ctx, "plan:"+string(p.ID))
	if err != nil {
		return err
	}
	view.Trail = c.trailRows(v.lang, trail)
	return c.render(v, status, "plan", page{Title: "nav.outreach", Nav: "/outreach", Name: view.Row.ID + " " + view.Row.Title, View: view})
}

// allow leaves out what the visitor's role may not do.
func (p *planView) allow(v *visit) {
	p.MayDecide = v.may(access.OutreachWrite)
	p.MayEdit, p.MaySubmit, p.MayCancel = p.MayEdit && p.MayDecide, p.MaySubmit && p.MayDecide, p.MayCancel && p.MayDecide
	p.MayStop, p.MayResume = p.MayStop && p.MayDecide, p.MayResume && p.MayDecide
	p.MayApprove = p.MayApprove && v.may(access.OutreachApprove)
}

func (c *Console) planView(v *visit, p *prevention.Plan) planView {
	view := planView{
		Row: c.planRow(v.lang, p), Path: planPath(p.ID), Version: p.Version, Steps: planSteps(p.Status),
		Words: c.d.Alarms.RuleWords(p.Cohort), Subject: c.masked(p.Template.Subject, nil), Text: c.masked(p.Template.Text, nil),
		Channels: p.Channels, Start: c.when(p.StartAt), Holdout: percent(p.Holdout), Remark: c.masked(p.Remark, nil),
		Creator: p.CreatedBy, Submitter: p.SubmittedBy, Approver: p.ApprovedBy, Stopper: p.StoppedBy,
		Approved: c.when(p.ApprovedAt), Finished: c.when(p.FinishedAt),
	}
	switch p.Status {
	case prevention.PlanDraft, prevention.PlanRejected:
		view.MayEdit, view.MaySubmit, view.MayCancel = true, true, true
	case prevention.PlanSubmitted:
		view.MayEdit, view.MayApprove, view.MayCancel = true, true, true
		view.NeedsSecond = v.user.Name == p.CreatedBy || v.user.Name == p.SubmittedBy
	case prevention.PlanStopped:
		view.MayResume, view.MayCancel = p.Rule == "", true
	}
	view.MayStop = sends(p)
	return view
}

var planWay = []prevention.PlanStatus{
	prevention.PlanDraft, prevention.PlanSubmitted, prevention.PlanApproved, prevention.PlanRunning, prevention.PlanFinished,
}

// planSteps are the stations of a plan; one that left the way (stopped,
// rejected, cancelled) has it in place of the station where it left.
func planSteps(now prevention.PlanStatus) []planStep {
	way := slices.Clone(planWay)
	switch now {
	case prevention.PlanRejected:
		way[1] = now
	case prevention.PlanStopped:
		way[3] = now
	case prevention.PlanCancelled:
		way = []prevention.PlanStatus{prevention.PlanDraft, now}
	}
	at := slices.Index(way, now)
	steps := make([]planStep, len(way))
	for i, s := range way {
		steps[i] = planStep{Status: s, State: "ahead"}
		switch {
		case i < at:
			steps[i].State = "done"
		case i == at:
			steps[i].State = "now"
		}
	}
	return steps
}

func (c *Console) progress(ctx context.Context, l language, p *prevention.Plan) (*progressView, error) {
	counts, err := c.d.Outreach.Notices.CountNotices(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	view := &progressView{Export: planPath(p.ID) + "/notices.csv"}
	view.Done, view.Left = settled(counts)
	view.Percent = percent(float64(view.Done) / float64(max(view.Done+view.Left, 1)))
	if view.Bar, err = progressBar(l, counts); err != nil {
		return nil, err
	}
	for _, s := range append(slices.Clone(noticeStates), prevention.NoticeHeld) {
		if counts[s] > 0 {
			view.States = append(view.States, stateCount{s, counts[s]})
		}
	}
	troubled, err := c.d.Outreach.Notices.Notices(ctx, prevention.NoticeQuery{
		Plan: p.ID, States: []prevention.NoticeState{prevention.NoticeUnclear, prevention.NoticeFailed}, Limit: troublesShown + 1,
	})
	if err != nil {
		return nil, err
	}
	view.More = len(troubled) > troublesShown
	for _, n := range troubled[:min(len(troubled), troublesShown)] {
		view.Troubles = append(view.Troubles, noticeTrouble{
			ID: n.ID, Customer: c.maskedLine(string(n.Customer)), Channel: n.Channel, Reason: l.reason(n.Reason),
			State: n.State, Attempts: n.Attempts, At: c.when(n.BegunAt),
		})
	}
	return view, nil
}

func (c *Console) exportNotices(v *visit) error {
	ctx := v.r.Context()
	id := v.planID()
	if _, err := c.d.Outreach.Desk.Plan(ctx, id); err != nil {
		return err
	}
	var rows [][]string
	q := prevention.NoticeQuery{Plan: id, Limit: exportPage}
	for len(rows) < maxExportRows {
		part, err := c.d.Outreach.Notices.Notices(ctx, q)
		if err != nil {
			return err
		}
		for _, n := range part {
			rows = append(rows, []string{
				c.masked(string(n.Customer), nil), v.lang.label("arm", n.Arm), v.lang.label("notice", n.State), n.Channel, count(n.Attempts),
				v.lang.reason(n.Reason), c.when(n.SentAt), c.when(n.DeliveredAt), c.when(n.AnsweredAt),
			})
		}
		if len(part) < q.Limit {
			break
		}
		q.After = part[len(part)-1].ID
	}
	return c.sendTable(v, "plan:"+string(id), noticeColumns, rows)
}

var noticeColumns = []string{
	"field.customer", "plan.arm", "field.status", "plan.channel", "plan.attempts", "plan.reason", "notice.sent", "notice.delivered", "notice.answered",
}
