package console

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// solutionForm is the page that writes a version.
type solutionForm struct {
	ID, Action, Back string
	Base             int
	Title            string
	Types            []option
	Steps, Wording   string
	Limits           []limitField
	Placeholders     []string
	// Wrong is the field at fault, Problem what is wrong with it.
	Wrong, Problem string
}

// limitField is the policy of one tier as a form has it.
type limitField struct {
	Tier         triage.Tier
	Amount, Gift string
}

// tiers are the tiers of a policy, the lowest value first.
var tiers = []triage.Tier{triage.TierOrdinary, triage.TierPotential, triage.TierHigh, triage.TierVIP}

func (c *Console) newSolution(v *visit) error {
	typ, subtype, _ := strings.Cut(v.r.URL.Query().Get("type"), ":")
	form := c.solutionForm(v, "", 0, &solution.Content{Type: typ, Subtype: subtype})
	return c.renderSolutionForm(v, http.StatusOK, form)
}

func (c *Console) editSolution(v *visit) error {
	versions, err := c.d.Library.Solutions.Versions(v.r.Context(), v.solutionID())
	if err != nil {
		return err
	}
	latest := versions[len(versions)-1]
	return c.renderSolutionForm(v, http.StatusOK, c.solutionForm(v, latest.Solution, latest.Number, &latest.Content))
}

func (c *Console) solutionForm(v *visit, id string, base int, content *solution.Content) solutionForm {
	f := solutionForm{
		ID: id, Base: base, Action: "/solutions/new", Back: "/solutions", Title: content.Title, Steps: content.Text(),
		Wording: content.Wording, Types: c.solutionTypes(v.lang, content.Type, content.Subtype), Placeholders: solution.Placeholders,
	}
	if id != "" {
		f.Back = solutionPath(id)
		f.Action = f.Back + "/edit"
	}
	for _, t := range tiers {
		field := limitField{Tier: t}
		for _, l := range content.Policy {
			if l.Tier == t {
				field.Amount, field.Gift = l.Amount.String(), l.Gift
			}
		}
		f.Limits = append(f.Limits, field)
	}
	return f
}

func (c *Console) renderSolutionForm(v *visit, status int, f solutionForm) error {
	return c.render(v, status, "editsolution", page{Title: "nav.solutions", Nav: "/solutions", Name: c.maskedLine(f.Title), View: f})
}

// saveSolution stores a draft, a first one or one that follows another, and
// proposes it when it was sent with that button.
func (c *Console) saveSolution(v *visit) error {
	ctx, form := v.r.Context(), v.r.PostForm
	id := v.solutionID()
	content, err := readContent(form)
	base, _ := strconv.Atoi(form.Get("base")) // 0 is refused as no latest version
	var made solution.Version
	switch {
	case err != nil:
	case id == "":
		made, err = c.d.Library.Solutions.Create(ctx, content, v.user.Name)
	default:
		made, err = c.d.Library.Solutions.Edit(ctx, id, base, content, v.user.Name)
	}
	if field, ok := fieldAtFault(err); ok {
		f := c.solutionForm(v, id, base, &content)
		for i, t := range tiers { // as it was written, numbers or not
			f.Limits[i].Amount, f.Limits[i].Gift = form.Get("amount."+string(t)), form.Get("gift."+string(t))
		}
		f.Wrong = field
		f.Problem = v.lang.label("wrong.content", field)
		return c.renderSolutionForm(v, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	toast := "solution_saved"
	if form.Get("action") == "propose" && v.may(access.SolutionWrite) {
		if err := c.d.Library.Solutions.Move(ctx, made.Solution, made.Number, solution.Proposed, v.user.Name); err != nil {
			return err
		}
		toast = "solution_proposed"
	}
	return c.redirect(v, solutionPath(made.Solution), toast)
}

func readContent(form url.Values) (solution.Content, error) {
	typ, subtype, found := strings.Cut(form.Get("type"), ":")
	c := solution.Content{
		Type: typ, Title: form.Get("title"), Steps: solution.StepsOf(form.Get("steps")), Wording: form.Get("wording"),
	}
	if found {
		c.Subtype = subtype
	}
	for _, t := range tiers {
		amount, gift := strings.TrimSpace(form.Get("amount."+string(t))), strings.TrimSpace(form.Get("gift."+string(t)))
		if amount == "" && gift == "" {
			continue
		}
		l := solution.Limit{Tier: t, Gift: gift}
		if amount != "" {
			var ok bool
			if l.Amount, ok = solution.ParseMoney(amount); !ok {
				return c, triage.FieldErrorf("policy", "%.20q is no sum of yuan", amount)
			}
		}
		c.Policy = append(c.Policy, l)
	}
	return c, nil
}
