package console

import (
	"cmp"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// unknownFact begins a fact that nobody knows; the reason follows.
const unknownFact = "unknown:"

// handOverForm is the form that passes a case to another department.
type handOverForm struct {
	// Record is what goes along as it is.
	Record []factRow
	Fields []handOverField
	Open   bool
	Alert  string
	// Department and Owner are what somebody wrote before.
	Department, Owner string
	WrongDepartment   string
}

// handOverField is one fact that the case itself does not answer.
type handOverField struct {
	moveField
	Unknown bool
}

// incoming is a hand-over that waits to be accepted or returned.
type incoming struct {
	From, At, By, Task, Due string
	Facts                   []factRow
}

const handOverName = "hand_over"

// handOverForm asks exactly for what is missing. What an earlier hand-over said
// is there already, to be put right where things have changed.
func (c *Console) handOverForm(l language, k *triage.Case, earlier []life.HandOver, form refusedForm, hide func(string) string) *handOverForm {
	known := knownFacts(earlier, hide)
	f := &handOverForm{
		Record: c.handOverRecord(l, k, hide), Open: form.Is(handOverName), Department: form.Written(handOverName, "department", ""),
		Owner: form.Written(handOverName, "owner", ""), WrongDepartment: form.Wrong(handOverName, "department"),
	}
	if f.Open && form.field == "" {
		f.Alert = form.words
	}
	for _, n := range life.Missing(k, nil) {
		f.Fields = append(f.Fields, handOverField{
			moveField: moveField{
				Key: n.Key, Kind: n.Kind, Value: form.Written(handOverName, n.Key, known[n.Key]), Wrong: form.Wrong(handOverName, n.Key),
			},
			Unknown: form.Written(handOverName, "unknown."+n.Key, "") != "",
		})
	}
	return f
}

// knownFacts are those of the earlier hand-overs that are still true for the
// next: all but what was to be done, what nobody knew, and what is hidden here,
// which a form would send back in its hidden form.
func knownFacts(earlier []life.HandOver, hide func(string) string) map[string]string {
	known := map[string]string{}
	for i := range earlier {
		for key, value := range earlier[i].Facts {
			if key != "task" && key != "due" && !strings.HasPrefix(value, unknownFact) && hide(value) == value {
				known[key] = value
			}
		}
	}
	return known
}

// handOverRecord is what the case says by itself.
func (c *Console) handOverRecord(l language, k *triage.Case, hide func(string) string) []factRow {
	rows := []factRow{
		{"field.text", cut(hide(k.Body()), lineRunes)},
		{"field.customer", hide(string(k.CustomerID))},
		{"field.type", c.typeName(l, k.FinalType())},
		{"field.demand", l.label("demand", k.Assessment.Demand)},
		{"field.product", hide(strings.TrimSpace(k.Product + " " + k.OrderID))},
		{"handover.done", l.label("status", k.Status)},
	}
	return slices.DeleteFunc(rows, func(r factRow) bool { return r.Value == "" })
}

// incomingOf is the hand-over that waits for an answer, nil for none.
func (c *Console) incomingOf(l language, handOvers []life.HandOver, hide func(string) string) *incoming {
	if len(handOvers) == 0 || handOvers[len(handOvers)-1].State != life.HandOverSent {
		return nil
	}
	h := &handOvers[len(handOvers)-1]
	in := &incoming{
		From: cmp.Or(h.FromDepartment, h.FromOwner, h.By), At: c.when(h.At), By: h.By, Task: c.factWords(l, "task", h.Task, hide), Due: c.when(h.Due),
	}
	in.Facts = c.factRows(l, h.Facts, hide)
	return in
}
