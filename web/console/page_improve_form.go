package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// improveForm is the form of an improvement, new or to be changed.
type improveForm struct {
	Action, Back      string
	ID                string // "" for a new one
	Version           int64
	Cluster, Peak     string
	PeakFrom          string
	Copy              string
	Title, Cause      string
	Conditions        []condition
	Controls          []option
	Add               []improveField
	Department, Owner string
	Departments       []string
	People            []string
	Due, Target       string
	Started, Done     string
	Form              refusedForm
}

// improveField is a dimension that the form can add to the scope.
type improveField struct {
	Name    string
	Options []option
}

// improveDims are those dimensions.
var improveDims = []fact.Dim{fact.Type, fact.Subtype, fact.Product, fact.Campaign, fact.Region, fact.Channel, fact.Department, fact.Owner}

// maxImproveOptions bounds the values that the form offers of one of them.
const maxImproveOptions = 200

func (c *Console) showNewImprovement(v *visit) error {
	a, err := c.proposedImprovement(v)
	if err != nil {
		return err
	}
	return c.renderImproveForm(v, http.StatusOK, &a, refusedForm{})
}

// proposedImprovement is what the address of the form proposes: for a cluster, as
// a copy of another improvement, or for the filter of a figure.
func (c *Console) proposedImprovement(v *visit) (improve.Improvement, error) {
	q := v.r.URL.Query()
	a := improve.Improvement{Due: c.today() + 14, Department: v.user.Department, Target: -0.3}
	if id := q.Get("cluster"); id != "" && c.d.Alarms != nil {
		view, err := c.d.Alarms.Desk.View(v.r.Context(), prevention.ClusterID(id))
		if err != nil {
			return a, err
		}
		c.fromCluster(v.lang, &view.Cluster, &a)
		return a, nil
	}
	if id, err := strconv.ParseInt(q.Get("copy"), 10, 64); err == nil {
		old, _, err := c.d.Staff.Improvements.Get(v.r.Context(), id)
		if err != nil {
			return a, err
		}
		if !viewer(v).May(&old) {
			return a, c.notFound(v)
		}
		a.Title, a.Cause, a.Scope, a.Target, a.CopyOf = old.Title, old.Cause, old.Scope, old.Target, old.ID
		return a, nil
	}
	f, err := fact.FilterOf(q)
	if err != nil {
		return a, triage.FieldErrorf("scope", "is no filter of figures: %v", err)
	}
	a.Scope = f.Between(0, 0)
	return a, nil
}

// concentrated is how much more frequent, and in how many of the complaints, a
// fact must be to become part of the scope of a cluster's improvement.
const (
	concentratedLift  = 1.5
	concentratedShare = 0.6
)

// fromCluster proposes an improvement for a cluster. Its scope is not its
// members, who were chosen because they came at once, but the type and facts in
// which they concentrate; its rise does not count as before.
func (c *Console) fromCluster(l language, k *prevention.Cluster, a *improve.Improvement) {
	a.Cluster, a.Title = k.ID, cut(c.clusterTitle(l, k), 80)
	switch {
	case strings.Contains(k.Type, "."):
		a.Scope = a.Scope.With(fact.Subtype, k.Type)
	case k.Type != "":
		a.Scope = a.Scope.With(fact.Type, k.Type)
	}
	seen := map[fact.Dim]bool{}
	for _, at := range k.Explanation.Attributes {
		d, known := fact.DimNamed(at.Field)
		if known && !seen[d] && slices.Contains([]fact.Dim{fact.Product, fact.Region, fact.Campaign}, d) &&
			at.Lift >= concentratedLift && at.Share >= concentratedShare {
			a.Scope, seen[d] = a.Scope.With(d, at.Value), true
		}
	}
	since := k.Alarm.SinceAt
	if since.IsZero() {
		since = k.FirstAt
	}
	if since.IsZero() {
		return
	}
	a.Peak.From = fact.DayOf(since, c.d.Zone)
	if !k.Alarm.EndedAt.IsZero() {
		a.Peak.To = fact.DayOf(k.Alarm.EndedAt, c.d.Zone) + 1
	}
}

func (c *Console) editImprovement(v *visit) error {
	a, _, err := c.improvement(v)
	if err != nil {
		return err
	}
	return c.renderImproveForm(v, http.StatusOK, &a, refusedForm{})
}

func (c *Console) renderImproveForm(v *visit, status int, a *improve.Improvement, form refusedForm) error {
	view := improveForm{
		Action: "/improvements", Back: "/improvements", Cluster: string(a.Cluster), Title: a.Title, Cause: a.Cause,
		PeakFrom: improveDay(a.Peak.From), Peak: improveDay(a.Peak.To), Conditions: c.scopeConditions(v.lang, a.Scope), Controls: c.controls(v.lang, a),
		Department: a.Department, Owner: a.Owner, Departments: c.departments(), People: c.people(v), Due: improveDay(a.Due),
		Target: strconv.FormatFloat(-100*a.Target, 'f', -1, 64), Started: improveDay(a.Started), Done: improveDay(a.Done), Form: form,
	}
	if a.CopyOf != 0 {
		view.Copy = strconv.FormatInt(a.CopyOf, 10)
	}
	if a.ID != 0 {
		view.ID, view.Version, view.Action, view.Back = improveName(a.ID), a.Version, improvePath(a.ID), improvePath(a.ID)
	}
	for _, d := range improveDims {
		view.Add = append(view.Add, improveField{Name: d.String(), Options: c.improveValues(v, d)})
	}
	return c.render(v, status, "improvementform", page{Title: "improve.new", Nav: "/improvements", Name: view.ID, View: view})
}

// improveValues are the values of a dimension that can be added: of departments
// and people those that the visitor may count.
func (c *Console) improveValues(v *visit, d fact.Dim) []option {
	var all []option
	l, values := v.lang, c.d.Staff.Book.Values(d)
	if own := v.department(); own != "" {
		near := map[fact.Dim][]string{fact.Department: {own}, fact.Owner: nil}
		if d == fact.Owner {
			near[d] = c.people(v)
		}
		if names, narrow := near[d]; narrow {
			values = slices.DeleteFunc(values, func(name string) bool { return !slices.Contains(names, name) })
		}
	}
	for _, value := range values {
		if value == "" || len(all) == maxImproveOptions {
			continue
		}
		all = append(all, option{Value: url.Values{d.String(): {value}}.Encode(), Label: c.figureValue(l, d, value)})
	}
	slices.SortFunc(all, func(a, b option) int { return cmp.Compare(a.Label, b.Label) })
	return all
}

// controls are what the scope can be compared with: the others that share one of
// its conditions.
func (c *Console) controls(l language, a *improve.Improvement) []option {
	list := c.scopeConditions(l, a.Scope)
	if len(list) < 2 {
		return nil
	}
	chosen := a.Control.Query().Encode()
	options := make([]option, len(list))
	for i, k := range list {
		options[i] = option{Value: k.Value, Label: k.Words, Selected: k.Value == chosen}
	}
	return options
}
