package console

import (
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
	// Drafted is who wrote subject and text just now: "model", "template", "" for
	// a person.
	Drafted string
	// Wrong is the field at fault and Problem what is wrong with it.
	Wrong, Problem string
}

// newPlan begins a plan for the cluster of the address.
func (c *Console) newPlan(v *visit) error {
	k, err := c.d.Alarms.Desk.Cluster(v.r.Context(), prevention.ClusterID(v.r.URL.Query().Get("cluster")))
	if err != nil {
		return err
	}
	letter := c.d.Outreach.Desk.Letter(outreach.Brief{Title: k.Title})
	form := planForm{
		Cluster: string(k.ID), Holdout: count(usualHoldout), Title: c.clusterTitle(chinese, &k), Subject: letter.Subject, Text: letter.Text,
	}
	if len(c.d.Outreach.Channels) > 0 {
		form.Channels[0] = c.d.Outreach.Channels[0]
	}
	return c.renderEditor(v, http.StatusOK, &k, ruleOf(&k), editorView{Form: form}, nil)
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
	return c.renderEditor(v, http.StatusOK, &k, p.Cohort, editorView{Form: form}, nil)
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
	doing := v.r.PostForm.Get("action")
	if doing == "draft" {
		return c.draftPlan(v, &k, content.Cohort, form)
	}
	view := editorView{Form: form}
	if err = c.fillPlan(v.lang, &content, &form); err == nil && doing == "preview" {
		var preview outreach.Preview
		if preview, err = c.d.Outreach.Desk.Preview(ctx, content, previewShown); err == nil {
			view.Preview = c.reachView(v.lang, &preview)
			return c.renderEditor(v, http.StatusOK, &k, content.Cohort, view, nil)
		}
	}
	if err == nil {
		err = c.storePlan(v, &content)
	}
	if triage.CodeOf(err) == triage.CodeInvalid {
		return c.renderEditor(v, http.StatusUnprocessableEntity, &k, content.Cohort, view, err)
	}
	return err
}

// storePlan stores a plan, a new one when it has no id yet, and shows it.
func (c *Console) storePlan(v *visit, content *prevention.Plan) error {
	store := c.d.Outreach.Desk.Edit
	if content.ID == "" {
		store = c.d.Outreach.Desk.Create
	}
	stored, err := store(v.r.Context(), *content, v.user.Name)
	if err != nil {
		return err
	}
	return c.redirect(v, planPath(stored.ID), "plan_saved")
}

// draftPlan writes a proposal into the editor in place of subject and text; all
// else stays as it was written. Nothing is stored.
func (c *Console) draftPlan(v *visit, k *prevention.Cluster, rule prevention.Rule, form planForm) error {
	ctx := v.r.Context()
	known, err := c.d.Alarms.Desk.View(ctx, k.ID)
	if err != nil {
		return err
	}
	brief := outreach.Brief{Title: k.Title, Type: c.typeName(chinese, k.Type), Since: k.FirstAt, Solution: k.Solution}
	if len(rule.Conditions) > 0 {
		brief.Affected = c.d.Alarms.RuleWords(rule)
	}
	for _, a := range known.Actions {
		brief.Actions = append(brief.Actions, a.Title)
	}
	draft := c.d.Outreach.Desk.Draft(ctx, brief)
	if draft.Refused != nil {
		c.d.Log.WarnContext(ctx, "draft of the model not used", "cluster", string(k.ID), "err", draft.Refused)
	}
	form.Subject, form.Text = draft.Template.Subject, draft.Template.Text
	view := editorView{Form: form, Drafted: "template"}
	if draft.ByModel {
		view.Drafted = "model"
	}
	return c.renderEditor(v, http.StatusOK, k, rule, view, nil)
}

// fillPlan puts the form into a plan; an error names the field
// and speaks the language of the page.
func (c *Console) fillPlan(l language, p *prevention.Plan, f *planForm) error {
	var err error
	if p.StartAt, err = c.readInputTime(f.Start); err != nil {
		return triage.FieldErrorf("start", "%s", catalogue["wrong.at"][l])
	}
	share, err := strconv.ParseFloat(f.Holdout, 64)
	if err != nil || !(share >= 0 && share <= 100) {
		return triage.FieldErrorf("holdout", "%s", catalogue["wrong.holdout"][l])
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

// renderEditor shows the editor; of the view form, preview and draft are given.
func (c *Console) renderEditor(v *visit, status int, k *prevention.Cluster, cohort prevention.Rule, view editorView, wrong error) error {
	form := &view.Form
	view.Action, view.Back, view.Cluster = "/outreach/new", clusterPath(k.ID), c.clusterCard(v.lang, k)
	view.Channels, view.Variables, view.Policy = c.d.Outreach.Channels, outreach.Variables, c.d.Outreach.Desk.Policy()
	view.NoRule = len(cohort.Conditions) == 0
	if !view.NoRule {
		view.Words = c.d.Alarms.RuleWords(cohort)
	}
	title := "plan.new"
	if form.ID != "" {
		title, view.Action, view.Back = "plan.edit", planPath(prevention.PlanID(form.ID))+"/edit", planPath(prevention.PlanID(form.ID))
		view.RuleMoved = k.Rule != nil && c.d.Alarms.RuleWords(*k.Rule) != view.Words
	}
	if wrong != nil {
		view.Wrong, view.Problem = c.said(v.lang, wrong)
	}
	name, err := v.lang.text(title)
	if err != nil {
		return err
	}
	return c.render(v, status, "editplan", page{Title: "nav.outreach", Nav: "/outreach", Name: name, View: view})
}
