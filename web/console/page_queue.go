package console

import (
	"context"
	"net/http"
	"strconv"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// queueView is the first page: the list of cases.
type queueView struct {
	State    queueState
	Tabs     []statusTab
	Orders   []orderTab
	Types    []option
	Channels []triage.Channel
	Levels   []nlp.UrgencyLevel
	Rows     []queueRow
	// Total is -1 when it was not counted.
	Total  int
	Export string
	// Next and First are "" where they would lead to this page.
	Next  string
	First string
	// Clear drops every filter but the status, "" when there is none.
	Clear string
	// Everything shows all cases there are.
	Everything string
	// NoSearch is set when words were given and there is no index to search.
	NoSearch bool
	// Alarms is early warning in one line, nil without it.
	Alarms *alarmStrip
}

type statusTab struct {
	Status string
	Href   string
	Count  int
	Active bool
}

type orderTab struct {
	Name, Href string
	Active     bool
}

// option is one entry of a select field.
type option struct {
	Value, Label string
	Selected     bool
	Children     []option
}

// queueRow is one case in a list.
type queueRow struct {
	ID         string
	Href       string
	At         string
	Channel    triage.Channel
	Customer   string
	Line       string
	Type       string
	Confidence float64
	Judged     bool // by a person
	Review     bool
	Repeat     bool
	Urgency    nlp.Urgency
	Sentiment  nlp.Sentiment
	Status     triage.Status
	Pill       *slaPill
}

func (c *Console) showQueue(v *visit) error {
	s := readQueueState(v.r.URL.Query())
	ctx := v.r.Context()
	counts, err := c.d.Cases.CountByStatus(ctx)
	if err != nil {
		return err
	}
	found, err := c.find(ctx, s.Words, s.filter(c.d.Zone))
	if err != nil {
		return err
	}
	view := queueView{
		State: s, Tabs: statusTabs(s, counts), Orders: orderTabs(s),
		Types: c.typeOptions(v.lang, s.Type), Channels: triage.Channels, Levels: levels,
		Total: found.Total, Export: firstPage(s).link("/export.csv"),
		Everything: queueState{Status: anyStatus}.link("/"),
		NoSearch:   s.Words != "" && c.d.Search == nil,
	}
	for i := range found.Cases {
		view.Rows = append(view.Rows, c.queueRow(v.lang, &found.Cases[i]))
	}
	if err := c.addAlarms(ctx, v.lang, &view); err != nil {
		return err
	}
	if s.Cursor != "" {
		view.First = firstPage(s).link("/")
	}
	if found.Next != "" {
		next := s
		next.Cursor = found.Next
		view.Next = next.link("/")
	}
	if s.narrowed() {
		view.Clear = queueState{Status: s.Status, Sort: s.Sort}.link("/")
	}
	return c.render(v, http.StatusOK, "queue", page{Title: "nav.queue", Nav: "/", View: view})
}

// find lists the cases of a filter, by words when there are any.
func (c *Console) find(ctx context.Context, words string, f triage.QueueFilter) (triage.QueuePage, error) {
	if words == "" {
		return c.d.Cases.Queue(ctx, f)
	}
	if c.d.Search == nil {
		return triage.QueuePage{}, nil
	}
	skipped, err := strconv.Atoi(f.Cursor)
	if err != nil || skipped < 0 {
		skipped, f.Cursor = 0, ""
	}
	cases, total, err := c.d.Search.Search(ctx, words, f)
	p := triage.QueuePage{Cases: cases, Total: total}
	if done := skipped + max(f.Limit, len(cases)); err == nil && done < total {
		p.Next = strconv.Itoa(done)
	}
	return p, err
}

func firstPage(s queueState) queueState {
	s.Cursor = ""
	return s
}

func statusTabs(s queueState, counts map[triage.Status]int) []statusTab {
	s = firstPage(s)
	tabs := make([]statusTab, 0, len(statuses)+1)
	all := 0
	for _, status := range statuses {
		all += counts[status]
		tabs = append(tabs, statusTab{Status: string(status), Count: counts[status]})
	}
	tabs = append(tabs, statusTab{Status: anyStatus, Count: all})
	for i := range tabs {
		tabs[i].Active = tabs[i].Status == s.Status
		to := s
		to.Status = tabs[i].Status
		tabs[i].Href = to.link("/")
	}
	return tabs
}

func orderTabs(s queueState) []orderTab {
	var tabs []orderTab
	for _, o := range orders {
		to := firstPage(s)
		to.Sort = o
		tabs = append(tabs, orderTab{Name: o, Href: to.link("/"), Active: o == s.Sort})
	}
	return tabs
}

func (c *Console) queueRow(l language, k *triage.Case) queueRow {
	a := &k.Assessment
	at := k.At
	if at.IsZero() {
		at = k.ReceivedAt
	}
	return queueRow{
		ID: c.maskedLine(string(k.ID)), Href: casePath(k.ID), At: c.when(at), Channel: k.Channel,
		Customer: c.maskedLine(string(k.CustomerID)), Line: c.maskedLine(k.Body()),
		Type: c.typeName(l, k.FinalType()), Confidence: a.Confidence, Judged: k.Type != "",
		Review: a.NeedsReview && k.Type == "", Repeat: k.Predecessor != "",
		Urgency: a.Urgency, Sentiment: a.Sentiment, Status: k.Status, Pill: c.nextPill(l, k),
	}
}

// typeName is the name of a type or sub-type, its code when the pack in use
// does not know it.
func (c *Console) typeName(l language, code string) string {
	info, ok := triage.FindType(c.d.Cases.Catalogue(), code)
	if !ok {
		return code
	}
	return nameIn(l, info)
}

func nameIn(l language, info triage.TypeInfo) string {
	if l == english && info.NameEN != "" || info.Name == "" {
		return info.NameEN
	}
	return info.Name
}

func (c *Console) typeOptions(l language, selected string) []option {
	var all []option
	for _, t := range c.d.Cases.Catalogue().Types() {
		all = append(all, option{Value: t.Code, Label: nameIn(l, t), Selected: t.Code == selected})
	}
	return all
}
