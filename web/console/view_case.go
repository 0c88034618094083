package console

import (
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// caseView is the page of one case.
type caseView struct {
	Row       queueRow
	Path      string
	Revealed  bool
	Fragments []fragment
	Facts     []detail
	Stages    []stage
	Pills     []slaPill

	Choices   []choice
	Types     []option
	FinalType string
	Subtype   string
	Reasons   []reasonBar
	Mood      []reasonBar
	DemandWhy []reasonBar
	StyleWhy  []reasonBar
	Entities  []entityRow

	Sentiment  nlp.Sentiment
	Urgency    nlp.Urgency
	Demand     nlp.Demand
	Style      nlp.Style
	Advice     []string
	Notes      []string
	Department string

	Suggestions []suggestionRow
	Open        []similarRow
	Resolved    []similarRow
	Earlier     []earlierRow
	Trail       []trailRow

	// Works is set for those who may judge the case, Unmasks for those who may
	// see it in full.
	Works, Unmasks bool
	// Customer is the address of the customer's file, "" where there is none to
	// see.
	Customer string
	// Process and Timeline are nil where cases have no life; then Trail is what
	// was done.
	Process  *process
	Timeline []lifeRow
	// MoodLife is the mood over the customer's complaints, none without earlier ones.
	MoodLife []moodPoint
	// Watch says that the page hears of others in the case.
	Watch bool

	Closed       bool
	Resolution   string
	ClosedAt     string
	Satisfaction *float64
	Form         closeForm

	// Cluster is the cluster the case is part of, nil for none; MayPropose is
	// set when it is in none and there is early warning.
	Cluster    *clusterCard
	MayPropose bool
	CaseID     triage.ComplaintID // as a form sends it

	// Reply is the reply box, nil where the reader may not answer.
	Reply *replyView
}

// detail is one further field of the complaint.
type detail struct{ Key, Value string }

// stage is one station in the life of a case: done, now or ahead.
type stage struct {
	Status triage.Status
	State  string
}

// choice is one of the likely types, confirmed with one click.
type choice struct {
	Value      string
	Name       string
	Subtype    string
	Confidence float64
	Width      int
	Chosen     bool
	Key        int // of the keyboard, from 1
}

func (c *Console) caseView(l language, v *triage.View, revealed bool, form closeForm) caseView {
	k := &v.Case
	a := &k.Assessment
	body := k.Body()
	shown := c.masked(body, a.Entities)
	hide := func(s string) string { return c.masked(s, nil) }
	if revealed {
		shown, hide = body, func(s string) string { return s }
	}
	runes := []rune(shown)
	view := caseView{
		Row: c.queueRow(l, k), Path: casePath(k.ID), Revealed: revealed,
		Fragments: fragments(runes, a.Entities, reasonStretches(body, a.Reasons)),
		Facts:     facts(k, hide), Stages: stages(k.Status), Pills: c.pills(l, k),
		Choices: c.choices(l, k), Types: c.correctionOptions(l, k),
		FinalType: c.typeName(l, k.FinalType()), Subtype: c.typeName(l, finalSubtype(k)),
		Reasons: reasonBars(a.Reasons), Mood: reasonBars(a.Sentiment.Reasons),
		DemandWhy: reasonBars(a.DemandReasons), StyleWhy: reasonBars(a.StyleReasons),
		Entities:  entityRows(runes, a.Entities, revealed),
		Sentiment: a.Sentiment, Urgency: a.Urgency, Demand: a.Demand, Style: a.Style,
		Advice: adviceFor(l, a.Style), Notes: c.packNotes(k), Department: a.Department,
		Suggestions: c.suggestionRows(a), Earlier: c.earlierRows(l, v), Trail: c.trailRows(l, v.Trail),
		Closed: !k.Status.Open(), Resolution: hide(k.Resolution), ClosedAt: c.when(k.ClosedAt),
		Satisfaction: k.Satisfaction, Form: form, CaseID: k.ID,
	}
	view.Open, view.Resolved = c.similarRows(l, v)
	view.MoodLife, view.Watch = c.moodLife(v), c.d.Life != nil
	return view
}

// offerProposal lets people propose the case and those like it as a cluster.
func (view *caseView) offerProposal() {
	view.MayPropose = true
	for _, rows := range [][]similarRow{view.Open, view.Resolved} {
		for i := range rows {
			rows[i].Tick = true
		}
	}
}

func facts(k *triage.Case, hide func(string) string) []detail {
	var all []detail
	for _, f := range []detail{
		{"field.customer", string(k.CustomerID)}, {"field.region", k.Region}, {"field.product", k.Product},
		{"field.campaign", k.Campaign}, {"field.order", k.OrderID},
	} {
		if f.Value != "" {
			all = append(all, detail{f.Key, hide(f.Value)})
		}
	}
	return all
}

// mainLine are the statuses that a case goes through when all goes well.
var mainLine = triage.Statuses[:slices.Index(triage.Statuses, triage.StatusCalledBack)+1]

// stages are the stations of the main line; a case that was withdrawn or merged
// shows that as its end.
func stages(now triage.Status) []stage {
	line := mainLine
	if !slices.Contains(line, now) {
		line = []triage.Status{triage.StatusReceived, now}
	}
	at := slices.Index(line, now)
	all := make([]stage, len(line))
	for i, s := range line {
		all[i] = stage{Status: s, State: "ahead"}
		switch {
		case i < at:
			all[i].State = "done"
		case i == at:
			all[i].State = "now"
		}
	}
	return all
}

// finalSubtype is the sub-type that belongs to the final type.
func finalSubtype(k *triage.Case) string {
	if k.Type != "" {
		return k.Subtype
	}
	return k.Assessment.Subtype
}

// choices are the best type and its two strongest rivals.
func (c *Console) choices(l language, k *triage.Case) []choice {
	a := &k.Assessment
	best := nlp.Alternative{Type: a.Type, Subtype: a.Subtype, Confidence: a.Confidence}
	var all []choice
	chosen := func(alt nlp.Alternative) bool {
		return k.Type == alt.Type && (k.Subtype == alt.Subtype || k.Subtype == "" && len(all) == 0)
	}
	for _, alt := range append([]nlp.Alternative{best}, a.Alternatives...) {
		if alt.Type == "" || len(all) == 3 {
			continue
		}
		ch := choice{
			Value: alt.Type, Name: c.typeName(l, alt.Type), Confidence: alt.Confidence,
			Width: int(clamp(alt.Confidence)*100 + 0.5), Chosen: chosen(alt), Key: len(all) + 1,
		}
		if alt.Subtype != "" {
			ch.Value += ":" + alt.Subtype
			ch.Subtype = c.typeName(l, alt.Subtype)
		}
		all = append(all, ch)
	}
	return all
}

// correctionOptions are all types with their sub-types.
func (c *Console) correctionOptions(l language, k *triage.Case) []option {
	var all []option
	for _, t := range c.d.Cases.Catalogue().Types() {
		o := option{Value: t.Code, Label: nameIn(l, t), Selected: t.Code == k.FinalType()}
		for _, s := range t.Subtypes {
			o.Children = append(o.Children, option{
				Value: t.Code + ":" + s.Code, Label: nameIn(l, s), Selected: o.Selected && s.Code == finalSubtype(k),
			})
		}
		all = append(all, o)
	}
	return all
}

func adviceFor(l language, style nlp.Style) []string {
	text, err := l.text("advice." + string(style))
	if err != nil {
		return nil // a style of a later version has no advice here
	}
	return strings.Split(text, "\n")
}

func (c *Console) packNotes(k *triage.Case) []string {
	var notes []string
	for _, code := range []string{finalSubtype(k), k.FinalType()} {
		if info, ok := triage.FindType(c.d.Cases.Catalogue(), code); ok {
			notes = append(notes, info.Notes...)
		}
	}
	return notes
}
