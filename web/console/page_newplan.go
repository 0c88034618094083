package console

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage"
)

// usualHoldout is the part of a cohort left untold unless people say another:
// enough to measure, little to lose.
const usualHoldout = 20

// maxChannels bounds the channels a plan tries in turn.
const maxChannels = 3

// planForm is what somebody wrote into the editor of a plan.
type planForm struct {
	ID       string // "" for a new one
	Version  string
	Cluster  string
	Title    string
	Subject  string
	Text     string
	Channels [maxChannels]string
	Start    string
	Holdout  string // percent
	// Refresh takes the cluster's present rule instead of the plan's.
	Refresh bool
}

func readPlanForm(f url.Values) planForm {
	p := planForm{
		Version: f.Get("version"), Cluster: f.Get("cluster"), Title: strings.TrimSpace(f.Get("title")),
		Subject: strings.TrimSpace(f.Get("subject")), Text: strings.TrimSpace(strings.ReplaceAll(f.Get("text"), "\r\n", "\n")),
		Start: f.Get("start"), Holdout: f.Get("holdout"), Refresh: f.Get("refresh") == "1",
	}
	for i := range p.Channels {
		p.Channels[i] = f.Get("channel" + strconv.Itoa(i))
	}
	return p
}

// editorView is the page on which a plan is written.
type editorView struct {
	Form      planForm
	Action    string // where the form goes
	Back      string
	Cluster   clusterCard
	Words     string
	NoRule    bool
	RuleMoved bool // the cluster's rule is not the plan's
	Channels  []string
	Variables []string
	Policy    outreach.Policy
	Preview   *reachView
	// Wrong is the field at fault and Problem what is wrong with it.
	Wrong, Problem string
}

// newPlan begins a plan for the cluster of the address.
func (c *Console) newPlan(v *visit) error {
	k, err := c.d.Alarms.Desk.Cluster(v.r.Context(), prevention.ClusterID(v.r.URL.Query().Get("cluster")))
	if err != nil {
		return err
	}
	form := planForm{Cluster: string(k.ID), Holdout: count(usualHoldout), Title: c.clusterTitle(chinese, &k)}
	// Customers are Chinese whatever language the page has.
	if form.Subject, err = chinese.text("letter.subject"); err != nil {
		return err
	}
	if form.Text, err = chinese.text("letter.text", c.clusterTitle(chinese, &k)); err != nil {
		return err
	}
	if len(c.d.Outreach.Channels) > 0 {
		form.Channels[0] = c.d.Outreach.Channels[0]
	}
	return c.renderEditor(v, http.StatusOK, &k, ruleOf(&k), form, nil, nil)
}

func (c *Console) editPlan(v *visit) error {
	ctx := v.r.Context()
	p, err := c.d.Outreach.Desk.Plan(ctx, v.planID())
	if err != nil {
		return err
	}
	k, err := c.d.Alarms.Desk.Cluster(ctx, p.Cluster)
	if err != nil {
		return err
	}
	form := planForm{
		ID: string(p.ID), Version: strconv.FormatInt(p.Version, 10), Cluster: string(p.Cluster), Title: p.Title,
		Subject: p.Template.Subject, Text: p.Template.Text, Start: c.inputTime(p.StartAt), Holdout: decimal(p.Holdout * 100),
	}
	copy(form.Channels[:], p.Channels)
	return c.renderEditor(v, http.StatusOK, &k, p.Cohort, form, nil, nil)
}

func ruleOf(k *prevention.Cluster) prevention.Rule {
	if k.Rule == nil {
		return prevention.Rule{}
	}
	return *k.Rule
}

// savePlan takes a new plan, or an old one changed, or only shows what it would
// do. What is wrong is shown beside what was written.
func (c *Console) savePlan(v *visit) error {
	ctx := v.r.Context()
	form := readPlanForm(v.r.PostForm)
	form.ID = v.r.PathValue("id")
	content := prevention.Plan{Cluster: prevention.ClusterID(form.Cluster)}
	if form.ID != "" {
		stored, err := c.d.Outreach.Desk.Plan(ctx, v.planID())
		if err != nil {
			return err
		}
		content = stored
	}
	k, err := c.d.Alarms.Desk.Cluster(ctx, content.Cluster)
	if err != nil {
		return err
	}
	if form.ID == "" || form.Refresh {
		content.Cohort = ruleOf(&k)
	}
	err = c.fillPlan(&content, &form)
	var preview *outreach.Preview
	var stored prevention.Plan
	previewing := v.r.PostForm.Get("action") == "preview"
	switch {
	case err != nil:
	case previewing:
		var shown outreach.Preview
		if shown, err = c.d.Outreach.Desk.Preview(ctx, content, previewShown); err == nil {
			preview = &shown
		}
	case form.ID == "":
		stored, err = c.d.Outreach.Desk.Create(ctx, content, v.user.Name)
	default:
		stored, err = c.d.Outreach.Desk.Edit(ctx, content, v.user.Name)
	}
	switch {
	case triage.CodeOf(err) == triage.CodeInvalid:
		return c.renderEditor(v, http.StatusUnprocessableEntity, &k, content.Cohort, form, nil, err)
	case err != nil:
		return err
	case previewing:
		return c.renderEditor(v, http.StatusOK, &k, content.Cohort, form, preview, nil)
	}
	return c.redirect(v, planPath(stored.ID), "plan_saved")
}

// fillPlan puts the form into a plan; an error names the field.
func (c *Console) fillPlan(p *prevention.Plan, f *planForm) error {
	var err error
	if p.StartAt, err = c.readInputTime(f.Start); err != nil {
		return triage.FieldErrorf("start", "不是时间，请按 2026-03-01 09:30 填写")
	}
	share, err := strconv.ParseFloat(f.Holdout, 64)
	if err != nil || !(share >= 0 && share <= 100) {
		return triage.FieldErrorf("holdout", "请填写 0 到 50 的百分数")
	}
	if f.ID != "" {
		if p.Version, err = strconv.ParseInt(f.Version, 10, 64); err != nil {
			return triage.FieldErrorf("version", "不是数字")
		}
	}
	p.Title, p.Holdout, p.Template = f.Title, share/100, prevention.Template{Subject: f.Subject, Text: f.Text}
	p.Channels = nil
	for _, name := range f.Channels {
		if name != "" {
			p.Channels = append(p.Channels, name)
		}
	}
	return nil
}

func (c *Console) renderEditor(v *visit, status int, k *prevention.Cluster, cohort prevention.Rule, form planForm, preview *outreach.Preview, wrong error) error {
	view := editorView{
		Form: form, Action: "/outreach/new", Back: clusterPath(k.ID), Cluster: c.clusterCard(v.lang, k),
		Channels: c.d.Outreach.Channels, Variables: outreach.Variables, Policy: c.d.Outreach.Desk.Policy(),
		NoRule: len(cohort.Conditions) == 0,
	}
	if !view.NoRule {
		view.Words = c.d.Alarms.RuleWords(cohort)
	}
	title := "plan.new"
	if form.ID != "" {
		title, view.Action, view.Back = "plan.edit", planPath(prevention.PlanID(form.ID))+"/edit", planPath(prevention.PlanID(form.ID))
		view.RuleMoved = k.Rule != nil && c.d.Alarms.RuleWords(*k.Rule) != view.Words
	}
	if preview != nil {
		view.Preview = c.reachView(v.lang, preview)
	}
	if wrong != nil {
		view.Problem = wrong.Error()
		if e, ok := errors.AsType[*triage.Error](wrong); ok {
			view.Wrong, view.Problem = e.Field, c.masked(e.Message, nil)
		}
	}
	name, err := v.lang.text(title)
	if err != nil {
		return err
	}
	return c.render(v, status, "editplan", page{Title: "nav.outreach", Nav: "/outreach", Name: name, View: view})
}
