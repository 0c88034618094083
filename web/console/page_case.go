package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// similarShown is how many similar cases the page asks for.
const similarShown = 8

// maxResolution bounds the text of a resolution, in runes.
const maxResolution = 5000

// closeForm is what somebody typed into the form that closes a case.
type closeForm struct {
	Resolution   string
	Satisfaction string
	// The fields at fault.
	WrongResolution   bool
	WrongSatisfaction bool
}

// caseForms is what somebody typed into forms of the page that were not taken,
// and a suggestion to use.
type caseForms struct {
	close   closeForm
	refused refusedForm
	use     string
}

func (c *Console) showCase(v *visit) error {
	if _, err := c.visibleCase(v, v.caseID()); err != nil {
		return err
	}
	view, err := c.d.Cases.View(v.r.Context(), v.caseID(), similarShown)
	if err != nil {
		return err
	}
	if err := c.noteView(v, triage.CaseObject(view.Case.ID)); err != nil {
		return err
	}
	forms := caseForms{}
	if i, err := strconv.Atoi(v.r.URL.Query().Get("use")); err == nil && i >= 0 && i < len(view.Case.Assessment.Suggestions) {
		forms.use = c.masked(view.Case.Assessment.Suggestions[i].Text, nil)
		forms.close.Resolution = forms.use
	}
	return c.renderCase(v, http.StatusOK, view, forms)
}

func (c *Console) renderCase(v *visit, status int, view triage.View, forms caseForms) (err error) {
	if view.Neighbours, err = c.visible(v, view.Neighbours); err != nil {
		return err
	}
	if view.Earlier, err = c.visible(v, view.Earlier); err != nil {
		return err
	}
	revealed := c.reveal.valid(v.r.URL.Query().Get("reveal"), v.token, view.Case.ID, c.d.Now())
	shown := c.caseView(v.lang, &view, revealed, forms.close)
	if err := c.addCluster(v.r.Context(), v.lang, &shown); err != nil {
		return err
	}
	if err := c.addLife(v, &view, &shown, forms); err != nil {
		return err
	}
	if err := c.addReply(v, &view.Case, &shown); err != nil {
		return err
	}
	shown.Works, shown.Unmasks = v.may(access.CaseWork), v.may(access.CaseUnmask)
	// An id that is itself personal data, as with some sources, is in no address.
	if id := view.Case.CustomerID; id != "" && c.d.People != nil && v.may(access.CustomerRead) && c.maskAll(string(id)) == string(id) {
		shown.Customer = customerPath(id)
	}
	shown.MayPropose = shown.MayPropose && v.may(access.ClusterWork)
	return c.render(v, status, "case", page{Title: "nav.queue", Nav: "/", Name: c.maskedLine(string(view.Case.ID)), View: shown})
}

// addLife adds what can be done with the case and what was done, where cases
// have a life.
func (c *Console) addLife(v *visit, view *triage.View, shown *caseView, forms caseForms) error {
	if c.d.Life == nil {
		return nil
	}
	ctx, k := v.r.Context(), &view.Case
	steps, err := c.d.Life.Record.Steps(ctx, k.ID)
	if err != nil {
		return err
	}
	handOvers, err := c.d.Life.HandOvers.HandOvers(ctx, k.ID)
	if err != nil {
		return err
	}
	hide := c.maskAll
	if shown.Revealed {
		hide = func(s string) string { return s }
	}
	shown.Process = c.processOf(v, k, handOvers, forms.refused, forms.use)
	aftercare, err := c.aftercare(v, k.ID)
	if err != nil {
		return err
	}
	shown.Timeline = c.timeline(v.lang, steps, slices.Concat(view.Trail, aftercare), hide)
	return nil
}

// addCluster names the cluster that the case is part of, or offers to propose
// one; where there is no early warning it does neither.
func (c *Console) addCluster(ctx context.Context, l language, view *caseView) error {
	if c.d.Alarms == nil {
		return nil
	}
	in, err := c.d.Alarms.Records.ClustersOf(ctx, []triage.ComplaintID{view.CaseID})
	if err != nil {
		return err
	}
	id, found := in[view.CaseID]
	if !found {
		view.offerProposal()
		return nil
	}
	k, err := c.d.Alarms.Desk.Cluster(ctx, id)
	if err != nil {
		return ignoreNotFound(err)
	}
	card := c.clusterCard(l, &k)
	view.Cluster = &card
	return nil
}

// confirmType takes a type as "type" or "type:subtype".
func (c *Console) confirmType(v *visit) error {
	typ, subtype, _ := strings.Cut(v.r.PostForm.Get("choice"), ":")
	if typ == "" {
		return triage.FieldErrorf("choice", "is empty: choose a type")
	}
	id := v.caseID()
	if _, err := c.visibleCase(v, id); err != nil {
		return err
	}
	k, err := c.d.Desk.Confirm(v.r.Context(), id, typ, subtype, v.user.Name)
	if err != nil {
		return err
	}
	toast := "confirmed"
	if k.Assessment.Type != typ {
		toast = "corrected"
	}
	return c.redirect(v, casePath(id), toast)
}

func (c *Console) closeCase(v *visit) error {
	form := closeForm{
		Resolution:   strings.TrimSpace(v.r.PostForm.Get("resolution")),
		Satisfaction: strings.TrimSpace(v.r.PostForm.Get("satisfaction")),
	}
	id := v.caseID()
	if _, err := c.visibleCase(v, id); err != nil {
		return err
	}
	closing := triage.Closing{Complaint: id, Resolution: form.Resolution, By: v.user.Name, At: c.d.Now()}
	if n := utf8.RuneCountInString(form.Resolution); n == 0 || n > maxResolution {
		form.WrongResolution = true
	}
	if form.Satisfaction != "" {
		s, err := strconv.ParseFloat(form.Satisfaction, 64)
		if err != nil || !(s >= 0 && s <= 100) {
			form.WrongSatisfaction = true
		}
		closing.Satisfaction = &s
	}
	if form.WrongResolution || form.WrongSatisfaction {
		view, err := c.d.Cases.View(v.r.Context(), id, similarShown)
		if err != nil {
			return err
		}
		return c.renderCase(v, http.StatusUnprocessableEntity, view, caseForms{close: form})
	}
	if _, err := c.d.Desk.Close(v.r.Context(), closing); err != nil {
		return err
	}
	return c.redirect(v, casePath(id), "closed")
}

// unmaskCase writes the trail first: nobody sees what is not written down.
func (c *Console) unmaskCase(v *visit) error {
	id := v.caseID()
	ctx := v.r.Context()
	if _, err := c.visibleCase(v, id); err != nil {
		return err
	}
	if err := c.audit(ctx, v.user.Name, "unmask", triage.CaseObject(id), ""); err != nil {
		return err
	}
	grant := url.Values{"reveal": {c.reveal.grant(v.token, id, c.d.Now())}}
	return c.redirect(v, casePath(id)+"?"+grant.Encode(), "unmasked")
}
