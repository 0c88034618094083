package console

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

type suggestionRow struct {
	Index        int
	Text         string
	Source       string // case, solution or pack
	Name         string
	Href         string // "" unless Source is case
	Support      int
	Satisfaction *float64
}

type similarRow struct {
	queueRow
	// Value is the id as a form sends it; Tick offers it for a proposal.
	Value triage.ComplaintID
	Tick  bool

	Score        float64
	Width        int
	Resolution   string
	Satisfaction *float64
	Shared       []string
}

type earlierRow struct {
	queueRow
	Predecessor bool
}

type trailRow struct {
	At, Actor, Action, Detail string
}

func (c *Console) suggestionRows(a *triage.Assessment) []suggestionRow {
	var rows []suggestionRow
	for i, s := range a.Suggestions {
		source, name, _ := strings.Cut(s.Source, ":")
		row := suggestionRow{
			Index: i, Text: c.masked(s.Text, nil), Source: source, Name: c.maskedLine(name),
			Support: s.Support, Satisfaction: s.Satisfaction,
		}
		if source == "case" {
			row.Href = casePath(triage.ComplaintID(name))
		}
		rows = append(rows, row)
	}
	return rows
}

// similarRows splits the similar cases into those that are still open and those
// that have ended.
func (c *Console) similarRows(l language, v *triage.View) (open, resolved []similarRow) {
	book := newPhraseBook(c.masked(v.Case.Body(), nil))
	scores := map[triage.ComplaintID]float64{}
	for _, s := range v.Case.Assessment.Similar {
		scores[s.ID] = s.Score
	}
	for i := range v.Neighbours {
		n := &v.Neighbours[i]
		row := similarRow{
			queueRow: c.queueRow(l, n), Value: n.ID, Score: scores[n.ID], Width: int(clamp(scores[n.ID])*100 + 0.5),
			Resolution: c.masked(n.Resolution, nil), Satisfaction: n.Satisfaction,
			Shared: book.shared(c.masked(n.Body(), nil)),
		}
		if !n.Status.Open() {
			resolved = append(resolved, row)
		} else {
			open = append(open, row)
		}
	}
	return open, resolved
}

func (c *Console) earlierRows(l language, v *triage.View) []earlierRow {
	var rows []earlierRow
	for i := range v.Earlier {
		e := &v.Earlier[i]
		rows = append(rows, earlierRow{queueRow: c.queueRow(l, e), Predecessor: e.ID == v.Case.Predecessor})
	}
	return rows
}

func (c *Console) trailRows(l language, trail []triage.AuditEntry) []trailRow {
	var rows []trailRow
	for _, e := range trail {
		if e.Action == auditLook { // who looked is for auditors
			continue
		}
		rows = append(rows, trailRow{
			At: c.when(e.At), Actor: l.label("actor", e.Actor), Action: l.action(e.Action), Detail: c.trailDetail(l, e.Detail),
		})
	}
	slices.Reverse(rows)
	return rows
}

// trailDetail says what a confirmation decided; other details are for auditors.
func (c *Console) trailDetail(l language, detail string) string {
	var d struct{ Type, Subtype string }
	if err := json.Unmarshal([]byte(detail), &d); err != nil || d.Type == "" {
		return ""
	}
	name := c.typeName(l, d.Type)
	if d.Subtype != "" {
		name = name + " / " + c.typeName(l, d.Subtype)
	}
	return name
}
