package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// campaignForm is the form of a campaign, new or known.
type campaignForm struct {
	Path     string
	New      bool
	ID       string
	Version  int64
	From, To string
	Campaign triage.Campaign
	// Aliases and Regions are one to a line; Needs and Excludes one KIND:KEY to a
	// line.
	Aliases, Regions, Needs, Excludes string
	Tiers                             []tierChoice
	Form                              refusedForm
}

type tierChoice struct {
	Tier   triage.Tier
	Chosen bool
}

func (c *Console) newCampaign(v *visit) error {
	return c.renderCampaignForm(v, http.StatusOK, campaignForm{Path: "/campaigns/new", New: true, Tiers: tierChoices(nil)})
}

func (c *Console) editCampaign(v *visit) error {
	d, err := c.d.Marketing.Desk.Campaign(v.r.Context(), v.campaignID())
	if err != nil {
		return err
	}
	return c.renderCampaignForm(v, http.StatusOK, c.campaignForm(&d.Campaign))
}

func (c *Console) campaignForm(k *triage.Campaign) campaignForm {
	e := &k.Eligible
	return campaignForm{
		Path: campaignPath(k.ID) + "/edit", ID: k.ID, Version: k.Version, Campaign: *k, From: c.inputTime(k.From), To: c.inputTime(k.To),
		Aliases: strings.Join(k.Aliases, "\n"), Regions: strings.Join(e.Regions, "\n"), Needs: recordLines(e.Needs), Excludes: recordLines(e.Excludes),
		Tiers: tierChoices(e.Tiers),
	}
}

func tierChoices(chosen []triage.Tier) []tierChoice {
	var list []tierChoice
	for _, t := range tierOrder {
		k := tierChoice{Tier: t}
		for _, x := range chosen {
			k.Chosen = k.Chosen || x == t
		}
		list = append(list, k)
	}
	return list
}

func recordLines(records []triage.RecordOf) string {
	lines := make([]string, len(records))
	for i, r := range records {
		lines[i] = r.Kind
		if r.Key != "" {
			lines[i] += ":" + r.Key
		}
	}
	return strings.Join(lines, "\n")
}

func (c *Console) renderCampaignForm(v *visit, status int, f campaignForm) error {
	title := "campaignform.edit"
	if f.New {
		title = "campaignform.new"
	}
	return c.render(v, status, "campaignform", page{Title: title, Nav: "/campaigns", Name: f.ID, View: f})
}

// saveCampaign registers a campaign or changes it.
func (c *Console) saveCampaign(v *visit) error {
	k, err := c.readCampaign(v)
	if err == nil {
		if v.campaignID() == "" || k.Version == 0 {
			k, err = c.d.Marketing.Register.Create(v.r.Context(), k, v.user.Name)
		} else {
			k, err = c.d.Marketing.Register.Change(v.r.Context(), k, v.user.Name)
		}
	}
	if err == nil {
		return c.redirect(v, campaignPath(k.ID), "campaign_saved")
	}
	refused, err := c.wrongForm(v, "campaign", err)
	if err != nil {
		return err
	}
	f := c.campaignForm(&k)
	f.Form = refused
	if v.campaignID() == "" {
		f.New, f.Path = true, "/campaigns/new"
	}
	f.From, f.To = v.r.PostForm.Get("from"), v.r.PostForm.Get("to")
	f.Needs, f.Excludes = v.r.PostForm.Get("needs"), v.r.PostForm.Get("excludes")
	return c.renderCampaignForm(v, http.StatusUnprocessableEntity, f)
}

// readCampaign reads the form; of a wrong field the rest is there all the same.
func (c *Console) readCampaign(v *visit) (triage.Campaign, error) {
	f := v.r.PostForm
	k := triage.Campaign{
		ID: f.Get("id"), Name: f.Get("name"), Channel: f.Get("channel"), Rules: f.Get("rules"), Audience: f.Get("audience"), Copy: f.Get("copy"),
		Objective: f.Get("objective"), Owner: f.Get("owner"), Department: f.Get("department"), Aliases: lines(f.Get("aliases")),
	}
	if id := v.campaignID(); id != "" {
		k.ID = id
	}
	var errs []error
	keep := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	var err error
	k.From, err = c.readTime("from", f.Get("from"))
	keep(err)
	k.To, err = c.readTime("to", f.Get("to"))
	keep(err)
	if t := f.Get("to"); err == nil && len(t) == len(dayFace) {
		k.To = k.To.AddDate(0, 0, 1).Add(-time.Millisecond) // the whole of the last day
	}
	if text := f.Get("version"); text != "" {
		k.Version, err = strconv.ParseInt(text, 10, 64)
		if err != nil {
			keep(triage.FieldErrorf("version", "is no number"))
		}
	}
	e := &k.Eligible
	e.Regions, e.Needs, e.Excludes, e.Repeatable = lines(f.Get("regions")), records(f.Get("needs")), records(f.Get("excludes")), f.Get("repeatable") != ""
	for _, t := range f["tiers"] {
		e.Tiers = append(e.Tiers, triage.Tier(t))
	}
	for name, to := range map[string]*int{"min_months": &e.MinMonths, "max_months": &e.MaxMonths, "quiet_days": &e.QuietDays} {
		if text := strings.TrimSpace(f.Get(name)); text != "" {
			if *to, err = strconv.Atoi(text); err != nil {
				keep(triage.FieldErrorf(name, "is no number"))
			}
		}
	}
	if len(errs) > 0 {
		return k, errs[0]
	}
	return k, nil
}

// lines are the lines of a field that are not empty; commas part them as well.
func lines(text string) []string {
	var list []string
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\r\n,，;；、", r) }) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// records reads lines of KIND or KIND:KEY.
func records(text string) []triage.RecordOf {
	var list []triage.RecordOf
	for _, line := range lines(text) {
		kind, key, _ := strings.Cut(strings.Replace(line, "：", ":", 1), ":")
		list = append(list, triage.RecordOf{Kind: strings.TrimSpace(kind), Key: strings.TrimSpace(key)})
	}
	return list
}
