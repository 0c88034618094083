package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// fieldError says that a field of a form cannot be read.
func fieldError(field string, err error) error {
	return triage.FieldErrorf(field, "cannot be read: %v", err)
}

// formDay reads a field that holds a day; "" is 0.
func formDay(field, value string) (fact.Day, error) {
	if value = strings.TrimSpace(value); value == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return 0, triage.FieldErrorf(field, "is not a day such as 2026-03-01")
	}
	return fact.Date(t.Date()), nil
}

// readImprovement reads the form into a. What it cannot read it names; the rest
// is there nevertheless, to be shown again.
func (c *Console) readImprovement(v *visit, a *improve.Improvement) error {
	form := v.r.PostForm
	a.Title, a.Cause, a.Department, a.Owner = form.Get("title"), form.Get("cause"), form.Get("department"), form.Get("owner")
	var wrong error
	keep := func(err error) { wrong = cmp.Or(wrong, err) }
	scope := slices.Clone(form["condition"])
	for _, d := range improveDims {
		scope = append(scope, form["add_"+d.String()]...)
	}
	was, control := a.Scope, a.Control
	var err error
	a.Scope, err = scopeFromForm("scope", scope)
	keep(err)
	a.Control, err = scopeFromForm("control", form["control"])
	keep(err)
	a.Scope, err = viewer(v).Narrow("scope", a.Scope, was)
	keep(err)
	a.Control, err = viewer(v).Narrow("control", a.Control, control)
	keep(err)
	for name, day := range map[string]*fact.Day{"due": &a.Due, "started": &a.Started, "done": &a.Done} {
		*day, err = formDay(name, form.Get(name))
		keep(err)
	}
	target, err := strconv.ParseFloat(cmp.Or(strings.TrimSpace(form.Get("target")), "0"), 64)
	if err != nil || !(target >= 0 && target < 100) {
		keep(triage.FieldErrorf("target", "is not a number from 0 to 99"))
		target = 0
	}
	a.Target = -target / 100
	return wrong
}

func (c *Console) addImprovement(v *visit) error {
	form := v.r.PostForm
	a := improve.Improvement{Cluster: prevention.ClusterID(form.Get("cluster"))}
	err := c.readImprovement(v, &a)
	if a.CopyOf, _ = strconv.ParseInt(form.Get("copy"), 10, 64); err == nil {
		a.Peak.From, err = formDay("peak", form.Get("peak_from"))
	}
	if err == nil {
		a.Peak.To, err = formDay("peak", form.Get("peak_to"))
	}
	if err == nil {
		var put improve.Improvement
		if put, err = c.d.Staff.Improvements.Put(v.r.Context(), a, v.user.Name); err == nil {
			return c.redirect(v, improvePath(put.ID), "improve_added")
		}
	}
	return c.refuseImprovement(v, &a, err)
}

func (c *Console) changeImprovement(v *visit) error {
	a, _, err := c.improvement(v)
	if err != nil {
		return err
	}
	if err = c.readImprovement(v, &a); err == nil {
		if a.Version, err = strconv.ParseInt(v.r.PostForm.Get("version"), 10, 64); err != nil {
			return triage.FieldErrorf("version", "is not a number")
		}
		if _, err = c.d.Staff.Improvements.Put(v.r.Context(), a, v.user.Name); err == nil {
			return c.redirect(v, improvePath(a.ID), "improve_saved")
		}
	}
	return c.refuseImprovement(v, &a, err)
}

// refuseImprovement shows the form again when one of its fields is at fault.
func (c *Console) refuseImprovement(v *visit, a *improve.Improvement, err error) error {
	form, err := c.wrongForm(v, "improve", err)
	if err != nil {
		return err
	}
	return c.renderImproveForm(v, http.StatusUnprocessableEntity, a, form)
}

func (c *Console) moveImprovement(v *visit) error {
	return c.workOnImprovement(v, "move", "improve_moved", func(a *improve.Improvement, version int64) error {
		day, err := formDay("day", v.r.PostForm.Get("day"))
		if err != nil {
			return err
		}
		step := improve.Step{Version: version, To: improve.Status(v.r.PostForm.Get("to")), Day: day, Note: v.r.PostForm.Get("note")}
		_, err = c.d.Staff.Improvements.Move(v.r.Context(), a.ID, step, v.user.Name)
		return err
	})
}

func (c *Console) noteImprovement(v *visit) error {
	return c.workOnImprovement(v, "note", "improve_noted", func(a *improve.Improvement, version int64) error {
		_, err := c.d.Staff.Improvements.Note(v.r.Context(), a.ID, version, v.r.PostForm.Get("note"), v.user.Name)
		return err
	})
}

// workOnImprovement does something about an improvement that the visitor may
// see, in the version that they saw.
func (c *Console) workOnImprovement(v *visit, name, toast string, do func(a *improve.Improvement, version int64) error) error {
	a, _, err := c.improvement(v)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(v.r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return triage.FieldErrorf("version", "is not a number")
	}
	if err := do(&a, version); err != nil {
		form, err := c.wrongForm(v, name, err)
		if err != nil {
			return err
		}
		return c.renderImprovement(v, http.StatusUnprocessableEntity, form)
	}
	return c.redirect(v, improvePath(a.ID), toast)
}
