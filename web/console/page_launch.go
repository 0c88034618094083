package console

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// shownChecks bounds the list of earlier checks.
const shownChecks = 12

// showLaunchForm is the page to paste copy and rules into, filled for a
// registered campaign.
func (c *Console) showLaunchForm(v *visit) error {
	campaign := v.r.PathValue("id")
	form := launchForm{Campaign: campaign}
	if campaign != "" {
		d, _, err := c.d.Launch.Desk.Campaign(v.r.Context(), campaign)
		if err != nil {
			return err
		}
		form = c.formOfDraft(&d, campaign, 0)
	}
	return c.renderLaunch(v, http.StatusOK, launchView{Form: form})
}

// renderLaunch completes the page with what was checked before.
func (c *Console) renderLaunch(v *visit, status int, view launchView) error {
	kept, err := c.d.Launch.Desk.List(v.r.Context(), view.Form.Campaign, shownChecks)
	if err != nil {
		return err
	}
	view.Checks = c.launchRows(v, kept)
	view.MayWrite = v.may(access.CampaignWrite)
	p := page{Title: "nav.launch", Nav: "/campaigns/check", View: view}
	if view.Form.Campaign != "" {
		p.Name = c.maskedLine(view.Form.Campaign)
	}
	return c.render(v, status, "launch", p)
}

// checkLaunch judges what is in the form. A form that cannot be judged comes
// back with the reason.
func (c *Console) checkLaunch(v *visit) error {
	ask, err := c.askOf(v)
	if err == nil {
		var kept launch.Kept
		if kept, err = c.d.Launch.Desk.Check(v.r.Context(), ask); err == nil {
			return c.redirect(v, launchPath(kept.ID), "")
		}
	}
	refused, err := c.wrongForm(v, "check", err)
	if err != nil {
		return err
	}
	return c.renderLaunch(v, http.StatusUnprocessableEntity, launchView{Form: launchForm{Campaign: v.r.PostForm.Get("campaign")}, Refused: refused})
}

// askOf reads the form; an error names the field.
func (c *Console) askOf(v *visit) (launch.Ask, error) {
	get := v.r.PostForm.Get
	lines := func(name string) string { return strings.ReplaceAll(get(name), "\r\n", "\n") }
	a := launch.Ask{Campaign: get("campaign"), By: v.user.Name, Draft: launch.Draft{
		Name: strings.TrimSpace(get("name")), Copy: lines("copy"), Rules: lines("rules"), Channel: strings.TrimSpace(get("channel")),
	}}
	var err error
	if a.Draft.From, err = c.dayStart(get("from")); err != nil {
		return a, triage.FieldErrorf("from", "is not a date")
	}
	if a.Draft.To, err = c.dayEnd(get("to")); err != nil {
		return a, triage.FieldErrorf("to", "is not a date")
	}
	if !a.Draft.To.IsZero() {
		a.Draft.To = a.Draft.To.Add(-time.Second) // the last moment is part of the campaign
	}
	for _, n := range []struct {
		field string
		set   func(int64)
	}{{"reach", func(n int64) { a.Draft.Reach = int(n) }}, {"previous", func(n int64) { a.Previous = n }}} {
		text := strings.NewReplacer(",", "", "，", "", " ", "").Replace(get(n.field))
		if text == "" {
			continue
		}
		number, err := strconv.ParseInt(text, 10, 32)
		if err != nil || number < 0 {
			return a, triage.FieldErrorf(n.field, "is not a whole number")
		}
		n.set(number)
	}
	return a, nil
}

// dayStart reads a day as its beginning, "" as the zero time.
func (c *Console) dayStart(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	return time.ParseInLocation(dayFace, day, c.d.Zone)
}

// launchResult is the check named in the path with what is known of it.
func (c *Console) launchResult(v *visit) (launch.Result, error) {
	id, err := v.launchID()
	if err != nil {
		return launch.Result{}, err
	}
	return c.d.Launch.Desk.Result(v.r.Context(), id)
}

func (c *Console) showLaunchCheck(v *visit) error {
	return c.renderLaunchCheck(v, http.StatusOK, refusedForm{})
}

func (c *Console) renderLaunchCheck(v *visit, status int, refused refusedForm) error {
	r, err := c.launchResult(v)
	if err != nil {
		return err
	}
	shown, err := c.viewResult(v, &r)
	if err != nil {
		return err
	}
	return c.renderLaunch(v, status, launchView{Result: shown, Form: c.formOfDraft(&r.Draft, r.Campaign, r.ID), Refused: refused})
}

// acceptFinding lets a finding stand, with a reason.
func (c *Console) acceptFinding(v *visit) error {
	id, err := v.launchID()
	if err != nil {
		return err
	}
	err = c.d.Launch.Desk.Accept(v.r.Context(), id, v.r.PostForm.Get("finding"), v.r.PostForm.Get("reason"), v.user.Name)
	if err == nil {
		return c.redirect(v, launchPath(id), "finding_accepted")
	}
	refused, err := c.wrongForm(v, "accept", err)
	if err != nil {
		return err
	}
	return c.renderLaunchCheck(v, http.StatusUnprocessableEntity, refused)
}

// saveForecast sends the picture of the forecast as a file.
func (c *Console) saveForecast(v *visit) error {
	r, err := c.launchResult(v)
	if err != nil {
		return err
	}
	if r.Forecast == nil {
		return c.notFound(v)
	}
	view, err := c.viewForecast(v, &r)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="qianyi-forecast.svg"`)
	_, _ = io.WriteString(v.w, string(view.Picture)) // the reader may have gone
	return nil
}

var findingColumns = []string{"launch.kind", "launch.severity", "launch.in", "launch.words", "launch.start", "launch.end", "launch.advice", "launch.law", "launch.accepted"}

// exportFindings sends the findings of a check as CSV.
func (c *Console) exportFindings(v *visit) error {
	r, err := c.launchResult(v)
	if err != nil {
		return err
	}
	var rows [][]string
	for i := range r.Report.Findings {
		f := &r.Report.Findings[i]
		accepted, _ := r.Acceptance(f)
		rows = append(rows, []string{
			v.lang.label("copykind", f.Kind), v.lang.label("copyseverity", f.Severity), v.lang.label("copypart", f.In), f.Text,
			strconv.Itoa(f.Start), strconv.Itoa(f.End), f.Advice, f.Law, accepted.Reason,
		})
	}
	return c.sendTable(v, launch.Object(r.ID), findingColumns, rows)
}
