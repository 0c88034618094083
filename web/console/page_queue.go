package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// queueView is the first page: the list of cases.
type queueView struct {
	State       queueState
	Tabs        []queueTab
	Orders      []orderTab
	Types       []option
	Statuses    []triage.Status
	Departments []string
	People      []string
	Channels    []triage.Channel
	Levels      []nlp.UrgencyLevel
	Rows        []queueRow
	// Total is -1 when it was not counted.
	Total int
	// Export, Workbook and Tracking are "" for those who may not export.
	Export, Workbook, Tracking string
	// Claim, Assign and Tick are the actions on many cases at once.
	Claim, Assign, Tick bool
	Intake              bool
	// Here is the address of this list, to come back to.
	Here string
	// Live says that new complaints are announced; After is the latest at the
	// time of the page.
	Live  bool
	After int64
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
	Owner      string
	Department string
	Pill       *slaPill
	// Why are the reasons of the place in the order, in a few words.
	Why string
	// Value is the id as a form sends it.
	Value triage.ComplaintID
}

func (c *Console) showQueue(v *visit) error {
	s := readQueueState(v.r.URL.Query())
	if !c.offered(s.View, v.user) {
		s.View = viewAll
		s = s.ordered()
	}
	ctx := v.r.Context()
	view := queueView{
		State: s, Orders: orderTabs(s), Types: c.typeOptions(v.lang, s.Type), Statuses: triage.Statuses,
		Departments: c.departments(), Channels: triage.Channels, Levels: levels,
		Everything: queueState{View: viewAll}.ordered().link("/"), NoSearch: s.Words != "" && c.d.Search == nil, Here: s.link("/"),
	}
	if err := c.addLive(ctx, &view); err != nil { // before the list, so that no case falls between
		return err
	}
	var err error
	if view.Tabs, err = c.tabs(ctx, v.user, s); err != nil {
		return err
	}
	found, err := c.find(v, s.Words, s.filter(v.user, c.d.Now(), c.d.Zone))
	if err != nil {
		return err
	}
	view.Total = found.Total
	for i := range found.Cases {
		view.Rows = append(view.Rows, c.queueRow(v.lang, &found.Cases[i]))
	}
	if err := c.addAlarms(ctx, v.lang, &view); err != nil {
		return err
	}
	c.addActions(v, &view)
	if s.Cursor != "" {
		view.First = firstPage(s).link("/")
	}
	if found.Next != "" {
		next := s
		next.Cursor = found.Next
		view.Next = next.link("/")
	}
	if s.narrowed() {
		view.Clear = queueState{View: s.View, Sort: s.Sort}.ordered().link("/")
	}
	return c.render(v, http.StatusOK, "queue", page{Title: "nav.queue", Nav: "/", View: view})
}

// addLive lets the page hear of new complaints.
func (c *Console) addLive(ctx context.Context, view *queueView) (err error) {
	if c.d.Life == nil {
		return nil
	}
	view.Live = true
	view.After, err = c.d.Life.Workbench.LastArrival(ctx)
	return err
}

// addActions offers what the person may do with the list.
func (c *Console) addActions(v *visit, view *queueView) {
	s := firstPage(view.State)
	if v.may(access.CaseExport) {
		view.Export, view.Workbook = s.link("/export.csv"), s.link("/export.xlsx")
		if c.d.Life != nil && s.Words == "" {
			view.Tracking = s.link("/tracking.xlsx")
		}
	}
	if c.d.Life != nil {
		view.Claim, view.Assign = v.may(access.CaseWork), v.may(access.CaseAssign)
	}
	if view.Assign {
		view.People = c.people(v)
	}
	view.Intake = v.may(access.IntakeAdd)
	view.Tick = c.d.Life != nil && (view.Claim || view.Assign || view.Export != "")
}

// find lists the cases of a filter that the person of the visit may see, by
// words when there are any.
func (c *Console) find(v *visit, words string, f triage.QueueFilter) (triage.QueuePage, error) {
	ctx := v.r.Context()
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
	if err != nil || f.Scope == (triage.Scope{}) {
		return p, err
	}
	p.Total = -1 // the index counts what the person may not see
	p.Cases, err = c.visible(v, p.Cases)
	return p, err
}

func firstPage(s queueState) queueState {
	s.Cursor = ""
	return s
}

func orderTabs(s queueState) []orderTab {
	var tabs []orderTab
	for _, o := range ordersOf(s.View) {
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
		Owner: k.Work.Owner, Department: cmp.Or(k.Work.Department, a.Department), Why: c.priorityWords(l, k), Value: k.ID,
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

// departments are those of the types of the pack.
func (c *Console) departments() []string {
	var all []string
	for _, t := range c.d.Cases.Catalogue().Types() {
		if t.Department != "" && !slices.Contains(all, t.Department) {
			all = append(all, t.Department)
		}
	}
	return all
}
