package console

import (
	"net/http"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// conflictView tells a person what somebody else did meanwhile.
type conflictView struct {
	Path   string
	Status triage.Status
	Done   []lifeRow
	// Wrote is what the person had filled in; nothing of it was stored.
	Wrote []factRow
}

// showConflict says what happened to a case after a version of its work, and
// gives back what the person wrote. A refusal for another reason than a change
// looks the same: the case is not where the page said.
func (c *Console) showConflict(v *visit, id triage.ComplaintID, version int64, cause error) error {
	ctx := v.r.Context()
	c.d.Log.InfoContext(ctx, "change refused", "route", v.r.Pattern, "err", cause)
	k, err := c.d.Cases.Case(ctx, id)
	if err != nil {
		return err
	}
	steps, err := c.d.Life.Record.Steps(ctx, id)
	if err != nil {
		return err
	}
	done := c.stepRows(v.lang, steps, c.maskAll)
	since := int(min(max(k.Work.Version-version, 1), int64(len(done)))) // each version has a step
	view := conflictView{Path: casePath(id), Status: k.Status, Done: done[:since]}
	for _, key := range writtenKeys() {
		if value := formText(v, key); value != "" {
			view.Wrote = append(view.Wrote, factRow{key, value})
		}
	}
	return c.render(v, http.StatusConflict, "conflict", page{Title: "conflict.title", Nav: "/", View: view})
}

// writtenKeys are the fields of the forms of a case that hold what people wrote.
func writtenKeys() []string {
	keys := []string{"note", "what"}
	seen := map[string]bool{}
	for _, needs := range append([][]life.Need{life.Needed}, ruleNeeds()...) {
		for _, n := range needs {
			if !seen[n.Key] {
				seen[n.Key] = true
				keys = append(keys, n.Key)
			}
		}
	}
	return keys
}

func ruleNeeds() [][]life.Need {
	var all [][]life.Need
	for _, r := range life.Rules() {
		all = append(all, r.Needs)
	}
	return all
}
