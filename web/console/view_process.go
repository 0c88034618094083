package console

import (
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// process is where the handling of a case stands, and what can be done next.
type process struct {
	Status            triage.Status
	Owner, Department string
	Due               string
	Pill              *slaPill
	Priority          []string
	Cause             triage.Cause
	CauseDepartment   string
	Reopened          int
	Version           int64
	// MergedInto is the case that this one goes on in, with its address.
	MergedInto, MergedHref string

	// Open is set until the case ends. Works is set when the person may act on
	// it; Claims when they may take it, Assigns when they may give it to anybody,
	// Gives when also to another department without a hand-over.
	Open, Works, Claims, Assigns, Gives bool
	Waiting                             bool
	WaitingSince                        string
	Moves                               []moveForm
	Refused                             []refusedMove
	HandOver                            *handOverForm
	Incoming                            *incoming
	Departments                         []string
	// People are those who may be given a case, for the field to propose.
	People []string
	// Wrong is what was wrong with a form that is none of Moves.
	Wrong refusedForm
}

// moveForm is one allowed move with the facts that it takes.
type moveForm struct {
	Move   life.Move
	To     triage.Status
	Fields []moveField
	// Main is the next station of the main line.
	Main bool
	// Open shows the form at once, Alert says why it was refused.
	Open  bool
	Alert string
}

// moveField is one fact.
type moveField struct {
	Key      string
	Kind     life.Kind
	Optional bool
	Value    string
	Options  []option
	// Fills takes the text of a suggestion that somebody uses.
	Fills bool
	Wrong string
}

// refusedMove is a move that is not allowed now, and where it is.
type refusedMove struct {
	Move life.Move
	From string
}

// fillable are the facts that a suggestion may fill in, the best first.
var fillable = []string{"solution", "resolution"}

// processOf shows the handling of a case to the person of the visit. form is
// the form that was refused, zero for none; use is a suggestion to fill in.
func (c *Console) processOf(v *visit, k *triage.Case, handOvers []life.HandOver, form refusedForm, use string) *process {
	w, hide := &k.Work, c.maskAll
	p := &process{
		Status: k.Status, Open: k.Status.Open(), Owner: w.Owner, Department: w.Department, Due: c.when(w.DueAt), Pill: c.nextPill(v.lang, k),
		Priority: c.priorityReasons(v.lang, k), Cause: w.Cause, CauseDepartment: w.CauseDepartment, Reopened: w.Reopened, Version: w.Version,
		Works: v.may(access.CaseWork), Waiting: !w.WaitingSince.IsZero(), WaitingSince: c.when(w.WaitingSince),
		Departments: c.departments(), Wrong: form,
	}
	if w.MergedInto != "" {
		p.MergedInto, p.MergedHref = c.maskedLine(string(w.MergedInto)), casePath(w.MergedInto)
	}
	if !p.Works {
		return p
	}
	p.Claims = k.Status.Open() && w.Owner != v.user.Name
	p.Assigns = k.Status.Open() && v.may(access.CaseAssign)
	p.Gives = w.Department == "" || k.Status == triage.StatusReceived && w.Owner == "" && len(handOvers) == 0
	allowed := map[life.Move]bool{}
	for _, r := range life.Options(k) {
		allowed[r.Move] = true
		p.Moves = append(p.Moves, c.moveForm(v.lang, k, r, form, len(p.Moves) == 0))
	}
	for _, r := range life.Rules() {
		if !allowed[r.Move] {
			p.Refused = append(p.Refused, refusedMove{r.Move, statusList(v.lang, r.From)})
		}
	}
	p.People = c.people(v)
	p.fill(use)
	if p.Incoming = c.incomingOf(v.lang, handOvers, hide); p.Incoming == nil && k.Status.Open() {
		p.HandOver = c.handOverForm(v.lang, k, handOvers, form, hide)
	}
	return p
}

func (c *Console) moveForm(l language, k *triage.Case, r life.Rule, form refusedForm, main bool) moveForm {
	name := string(r.Move)
	f := moveForm{Move: r.Move, To: r.To, Main: main, Open: form.Is(name)}
	for _, n := range r.Needs {
		f.Fields = append(f.Fields, moveField{
			Key: n.Key, Kind: n.Kind, Optional: n.Optional, Value: form.Written(name, n.Key, c.usualFact(k, n)),
			Options: c.factOptions(l, n.Kind, form.Written(name, n.Key, c.usualFact(k, n))), Wrong: form.Wrong(name, n.Key),
		})
	}
	if f.Open && form.field == "" {
		f.Alert = form.words
	}
	return f
}

// usualFact is what a fact mostly is; a person may write something else.
func (c *Console) usualFact(k *triage.Case, n life.Need) string {
	switch {
	case n.Kind == life.KindTime && strings.HasSuffix(n.Key, "_at"):
		return c.inputTime(c.d.Now().Truncate(time.Minute))
	case n.Kind == life.KindCase:
		return string(k.Predecessor)
	case n.Kind == life.KindDepartment:
		return k.Work.Department
	case n.Kind == life.KindCause:
		return string(k.Work.Cause)
	case n.Key == "resolution":
		return k.Resolution
	}
	return ""
}

func (c *Console) factOptions(l language, kind life.Kind, chosen string) []option {
	if kind != life.KindCause {
		return nil
	}
	var all []option
	for _, cause := range triage.Causes {
		all = append(all, option{Value: string(cause), Label: l.label("cause", cause), Selected: string(cause) == chosen})
	}
	return all
}

// fill marks the one field that takes suggestions and puts one in.
func (p *process) fill(use string) {
	for _, key := range fillable {
		for i := range p.Moves {
			for j := range p.Moves[i].Fields {
				f := &p.Moves[i].Fields[j]
				if f.Key != key || f.Optional {
					continue
				}
				if f.Fills = true; use != "" {
					f.Value, p.Moves[i].Open = use, true
				}
				return
			}
		}
	}
}

func statusList(l language, statuses []triage.Status) string {
	names := make([]string, len(statuses))
	for i, s := range statuses {
		names[i] = l.label("status", s)
	}
	if l == english {
		return strings.Join(names, ", ")
	}
	return strings.Join(names, "、")
}
