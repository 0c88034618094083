package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// act is one change of a case that a form asks for. It returns the name of the
// toast.
type act func(v *visit, k *triage.Case, version int64) (toast string, err error)

// caseAction wraps the change that the form of a name asks for: the case must
// be within the person's scope, a wrong form is shown again, and where somebody
// else was faster a page says what they did.
func (c *Console) caseAction(name string, do act) action {
	return func(v *visit) error {
		k, err := c.visibleCase(v, v.caseID())
		if err != nil {
			return err
		}
		version, err := strconv.ParseInt(v.r.PostForm.Get("version"), 10, 64)
		if err != nil || version < 0 {
			return triage.FieldErrorf("version", "is missing: send the form of the page")
		}
		toast, err := do(v, &k, version)
		switch triage.CodeOf(err) {
		case "":
			return c.redirect(v, casePath(k.ID), toast)
		case triage.CodeConflict:
			return c.showConflict(v, k.ID, version, err)
		case triage.CodeInvalid, triage.CodeTooLarge:
			return c.refuseMove(v, k.ID, name, err)
		}
		return err
	}
}

// refuseMove shows the page of the case again with what is wrong with a form.
func (c *Console) refuseMove(v *visit, id triage.ComplaintID, name string, err error) error {
	if name == "" {
		name = v.r.PostForm.Get("move")
	}
	field, words := c.said(v.lang, err)
	field = strings.TrimPrefix(field, "facts.")
	if field != "" {
		words = c.wrongFact(v.lang, name, field)
	}
	view, viewErr := c.d.Cases.View(v.r.Context(), id, similarShown)
	if viewErr != nil {
		return viewErr
	}
	return c.renderCase(v, http.StatusUnprocessableEntity, view, caseForms{refused: refusedForm{name, field, v.r.PostForm, words}})
}

// wrongFact says what is wrong with a fact, by the kind it should be of.
func (c *Console) wrongFact(l language, name, field string) string {
	kind := life.KindText
	needs := slices.Clone(life.Needed)
	for _, r := range life.Rules() {
		if string(r.Move) == name {
			needs = r.Needs
		}
	}
	if i := slices.IndexFunc(needs, func(n life.Need) bool { return n.Key == field }); i >= 0 {
		kind = needs[i].Kind
	}
	return l.label("wrong.fact", string(kind))
}

// moveCase makes a move of the table, with the facts of its rule.
func (c *Console) moveCase(v *visit, k *triage.Case, version int64) (string, error) {
	form := v.r.PostForm
	o := life.Order{
		Case: k.ID, Move: life.Move(form.Get("move")), By: v.user.Name, Owner: formText(v, "owner"), Note: formText(v, "note"),
		Facts: map[string]string{}, Version: version,
	}
	for _, r := range life.Rules() {
		if r.Move != o.Move {
			continue
		}
		for _, n := range r.Needs {
			if value := formText(v, n.Key); value != "" {
				o.Facts[n.Key] = value
			}
		}
	}
	if into := o.Facts["into"]; into != "" {
		if _, err := c.visibleCase(v, triage.ComplaintID(into)); err != nil {
			if triage.CodeOf(err) == triage.CodeNotFound {
				return "", triage.FieldErrorf("facts.into", "there is no such case")
			}
			return "", err
		}
	}
	_, err := c.d.Life.Moves.Move(v.r.Context(), o)
	return "stepped", err
}

// claimCase gives the case to the person who asks.
func (c *Console) claimCase(v *visit, k *triage.Case, version int64) (string, error) {
	_, err := c.d.Life.Moves.Assign(v.r.Context(), k.ID, v.user.Name, "", v.user.Name, version)
	return "claimed", err
}

func (c *Console) assignCase(v *visit, k *triage.Case, version int64) (string, error) {
	_, err := c.d.Life.Moves.Assign(v.r.Context(), k.ID, formText(v, "owner"), formText(v, "department"), v.user.Name, version)
	return "given", err
}

func (c *Console) waitCase(v *visit, k *triage.Case, version int64) (string, error) {
	_, err := c.d.Life.Moves.Wait(v.r.Context(), k.ID, formText(v, "what"), v.user.Name, version)
	return "waiting", err
}

func (c *Console) resumeCase(v *visit, k *triage.Case, version int64) (string, error) {
	_, err := c.d.Life.Moves.Resume(v.r.Context(), k.ID, formText(v, "note"), v.user.Name, version)
	return "running", err
}

func (c *Console) acceptHandOver(v *visit, k *triage.Case, version int64) (string, error) {
	_, err := c.d.Life.HandOvers.Accept(v.r.Context(), k.ID, v.user.Name, version)
	return "accepted", err
}

func (c *Console) returnHandOver(v *visit, k *triage.Case, version int64) (string, error) {
	_, err := c.d.Life.HandOvers.Return(v.r.Context(), k.ID, formText(v, "reason"), v.user.Name, version)
	return "returned", err
}

// handOverCase passes the case on with its record. A fact that is ticked as
// unknown goes along as such, with the reason written in its field.
func (c *Console) handOverCase(v *visit, k *triage.Case, version int64) (string, error) {
	h := life.HandOver{
		Case: k.ID, Department: formText(v, "department"), Owner: formText(v, "owner"), By: v.user.Name,
		Facts: map[string]string{}, Version: version,
	}
	for _, n := range life.Needed {
		value := formText(v, n.Key)
		if v.r.PostForm.Get("unknown."+n.Key) != "" {
			value = unknownFact + " " + value
		}
		if value != "" {
			h.Facts[n.Key] = value
		}
	}
	_, err := c.d.Life.HandOvers.HandOver(v.r.Context(), h)
	return "handed_over", err
}

// formText is what somebody wrote into a field, blanks around it gone.
func formText(v *visit, field string) string { return strings.TrimSpace(v.r.PostForm.Get(field)) }
