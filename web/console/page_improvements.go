package console

import (
	"net/http"
	"net/url"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// improveState is the state of the list as its address has it.
type improveState struct{ Status, Department, Owner, Mine string }

func readImproveState(q url.Values) improveState {
	s := improveState{
		Status: oneOf(q.Get("status"), improve.Statuses), Department: cut(q.Get("department"), maxWho), Owner: cut(q.Get("owner"), maxWho),
	}
	if q.Get("mine") == "1" {
		s.Mine = "1"
	}
	return s
}

func (s improveState) link(path string) string {
	return address(path, "status", s.Status, "department", s.Department, "owner", s.Owner, "mine", s.Mine)
}

func (s improveState) filter(v *visit) improve.Filter {
	f := improve.Filter{Department: s.Department, Owner: s.Owner, For: viewer(v)}
	if s.Status != "" {
		f.Statuses = []improve.Status{improve.Status(s.Status)}
	}
	if s.Mine != "" {
		f.Owner = v.user.Name
	}
	return f
}

// viewer is the visitor as improvements know people.
func viewer(v *visit) improve.Viewer {
	return improve.Viewer{Name: v.user.Name, Department: v.department()}
}

// improvementsView is the list of improvements.
type improvementsView struct {
	State       improveState
	Statuses    []improve.Status
	Departments []string
	Rows        []improveRow
	Late        int
	Mine        string
	Export, New string
	Clear       string
}

func (c *Console) showImprovements(v *visit) error {
	s := readImproveState(v.r.URL.Query())
	list, err := c.d.Staff.Improvements.List(v.r.Context(), s.filter(v))
	if err != nil {
		return err
	}
	view := improvementsView{
		State: s, Statuses: improve.Statuses, Departments: c.departments(), Rows: c.improveRows(v.lang, list),
		Export: s.link("/improvements/export.csv"),
	}
	for i := range list {
		if list[i].Overdue(c.today()) {
			view.Late++
		}
	}
	if s != (improveState{}) {
		view.Clear = "/improvements"
	}
	if v.may(access.ImproveWork) {
		view.New = "/improvements/new"
	}
	mine := s
	if mine.Mine = "1"; s.Mine == "" {
		view.Mine = mine.link("/improvements")
	}
	return c.render(v, http.StatusOK, "improvements", page{Title: "nav.improvements", Nav: "/improvements", View: view})
}

var improveColumns = []string{
	"field.id", "improve.title", "improve.scope", "field.department", "field.owner", "improve.due", "improve.status",
	"improve.target", "improve.started", "improve.done", "improve.verdict", "improve.change", "improve.interval",
}

func (c *Console) exportImprovements(v *visit) error {
	list, err := c.d.Staff.Improvements.List(v.r.Context(), readImproveState(v.r.URL.Query()).filter(v))
	if err != nil {
		return err
	}
	rows := make([][]string, len(list))
	for i := range list {
		r := c.improveRow(v.lang, &list[i])
		rows[i] = []string{
			r.ID, r.Title, r.Scope, r.Department, r.Owner, r.Due, v.lang.label("improvestatus", r.Status), r.Target, r.Started, r.Done, "", "", "",
		}
		if r.Effect != nil {
			rows[i][10], rows[i][11], rows[i][12] = v.lang.label("improveverdict", r.Effect.Verdict), r.Effect.Change, r.Effect.Interval
		}
	}
	return c.sendTable(v, "improvements", improveColumns, rows)
}

// workedView is the list of improvements that lowered complaints.
type workedView struct {
	Words string
	Rows  []improveRow
	Again bool // the visitor may use one again
}

func (c *Console) showWorked(v *visit) error {
	words := cut(v.r.URL.Query().Get("words"), maxWords)
	list, err := c.d.Staff.Improvements.Worked(v.r.Context(), words, viewer(v))
	if err != nil {
		return err
	}
	view := workedView{Words: words, Rows: c.improveRows(v.lang, list), Again: v.may(access.ImproveWork)}
	return c.render(v, http.StatusOK, "improvementsworked", page{Title: "nav.improvements", Nav: "/improvements", View: view})
}
