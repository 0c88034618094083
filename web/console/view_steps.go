package console

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// lifeRow is one entry of the timeline of a case: a step of its life, or an
// entry of the audit trail that is no step.
type lifeRow struct {
	// Move is "" for an audit entry, which has Action instead.
	Move   life.Move
	Action string
	Late   bool
	From   triage.Status
	To     triage.Status
	// Owner and Department are those from here on, "" where nothing changed.
	Owner, Department string
	At, By, Due       string
	Note, Detail      string
	Facts             []factRow

	at time.Time
}

// factRow is one fact of a step.
type factRow struct{ Key, Value string }

// action names the action of an audit entry: a move of a case is called the same
// as on its form.
func (l language) action(code string) string {
	if _, ok := catalogue["action."+code]; ok {
		return l.label("action", code)
	}
	return l.label("move", code)
}

// timeline joins steps and trail, latest first. hide masks what people wrote.
func (c *Console) timeline(l language, steps []life.Step, trail []triage.AuditEntry, hide func(string) string) []lifeRow {
	rows := c.stepRows(l, steps, hide)
	told := slices.DeleteFunc(slices.Clone(trail), func(e triage.AuditEntry) bool {
		// What was begun has an entry of its end.
		return e.Action == auditLook || e.Action == "reply.begin" || slices.ContainsFunc(steps, func(s life.Step) bool { // the step says more
			return string(s.Move) == e.Action && s.Entered.Equal(e.At)
		})
	})
	for i, e := range c.trailRows(l, told) { // latest first
		rows = append(rows, lifeRow{Action: e.Action, At: e.At, By: e.Actor, Detail: e.Detail, at: told[len(told)-1-i].At})
	}
	slices.SortStableFunc(rows, func(a, b lifeRow) int { return b.at.Compare(a.at) })
	return rows
}

// stepRows are the steps, latest first.
func (c *Console) stepRows(l language, steps []life.Step, hide func(string) string) []lifeRow {
	var rows []lifeRow
	for i := range steps {
		s := &steps[i]
		row := lifeRow{
			Move: s.Move, Late: s.Move == life.MoveWarn || s.Move == life.MoveEscalate, From: s.From, To: s.To,
			At: c.when(s.Entered), By: l.label("actor", s.By), Note: hide(s.Note), at: s.Entered,
		}
		if i == 0 || steps[i-1].Owner != s.Owner {
			row.Owner = s.Owner
		}
		if i == 0 || steps[i-1].Department != s.Department {
			row.Department = s.Department
		}
		if s.From != s.To || s.Move == life.MoveOpen || s.Move == life.MoveHandOver {
			row.Due = c.when(s.Due)
		}
		if s.From == s.To {
			row.From = ""
		}
		row.Facts = c.factRows(l, s.Facts, hide)
		rows = append(rows, row)
	}
	slices.Reverse(rows)
	return rows
}

// factOrder are the keys of facts in the order in which people are asked for
// them.
var factOrder = func() []string {
	var keys []string
	for _, r := range life.Rules() {
		for _, n := range r.Needs {
			keys = append(keys, n.Key)
		}
	}
	for _, n := range life.Needed {
		keys = append(keys, n.Key)
	}
	return keys
}()

// factRows are the facts of a step, what nobody was asked for at the end.
func (c *Console) factRows(l language, facts map[string]string, hide func(string) string) []factRow {
	var rows []factRow
	asked := func(key string) int {
		if i := slices.Index(factOrder, key); i >= 0 {
			return i
		}
		return len(factOrder)
	}
	keys := slices.SortedFunc(maps.Keys(facts), func(a, b string) int {
		return cmp.Or(asked(a)-asked(b), strings.Compare(a, b))
	})
	for _, key := range keys {
		rows = append(rows, factRow{key, c.factWords(l, key, facts[key], hide)})
	}
	return rows
}

// factWords is a fact for people: codes by name, times in the zone, what is not
// known as such, everything else as it was written, masked.
func (c *Console) factWords(l language, key, value string, hide func(string) string) string {
	if why, unknown := strings.CutPrefix(value, unknownFact); unknown {
		return l.label("fact", "unknown") + hide(strings.TrimSpace(why))
	}
	switch key {
	case "cause", "demand":
		return l.label(key, value)
	case "type":
		return c.typeName(l, value)
	case "waited":
		if d, err := time.ParseDuration(value); err == nil {
			return l.span(d)
		}
	}
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		return c.when(t)
	}
	return hide(value)
}

// moodPoint is the mood of one complaint of the customer.
type moodPoint struct {
	Href, Day string
	Sentiment nlp.Sentiment
	Now       bool
}

// moodLife is the mood over the customer's complaints, oldest first; none
// without earlier ones.
func (c *Console) moodLife(v *triage.View) []moodPoint {
	if len(v.Earlier) == 0 {
		return nil
	}
	var all []moodPoint
	for i := len(v.Earlier) - 1; i >= 0; i-- {
		all = append(all, c.moodPoint(&v.Earlier[i]))
	}
	now := c.moodPoint(&v.Case)
	now.Now = true
	return append(all, now)
}

func (c *Console) moodPoint(k *triage.Case) moodPoint {
	return moodPoint{Href: casePath(k.ID), Day: k.At.In(c.d.Zone).Format(dayFace), Sentiment: k.Assessment.Sentiment}
}
