package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/solution"
)

// solutionsState is the state of the list as its address has it.
type solutionsState struct{ Type, State string }

func readSolutionsState(q url.Values) solutionsState {
	return solutionsState{Type: cut(q.Get("type"), maxTypeCode), State: oneOf(q.Get("state"), solution.States)}
}

// maxTypeCode bounds the code of a type in an address, in runes.
const maxTypeCode = 60

func (s solutionsState) link(path string) string {
	q := url.Values{}
	if s.Type != "" {
		q.Set("type", s.Type)
	}
	if s.State != "" {
		q.Set("state", s.State)
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// solutionsView is the list of the library.
type solutionsView struct {
	State  solutionsState
	Tabs   []statusTab
	Types  []option
	Rows   []solutionRow
	New    string // "" for those who may not write
	Export string
	Clear  string
}

// solutionRow is one solution: the version in force, else the latest.
type solutionRow struct {
	ID, Href, Title string
	Type, Subtype   string
	State           solution.State
	Number          int
	// Waiting is the number of a newer proposal, 0 for none.
	Waiting  int
	Uses     int
	Scores   int
	Mean     string
	Low      string
	High     string
	Cautious float64
	Author   string
	Changed  string
	code     string // of the type
}

func (c *Console) showSolutions(v *visit) error {
	s := readSolutionsState(v.r.URL.Query())
	all, err := c.d.Library.Solutions.List(v.r.Context(), solution.Filter{})
	if err != nil {
		return err
	}
	rows := c.solutionRows(v.lang, all)
	view := solutionsView{
		State: s, Tabs: solutionTabs(s, rows), Types: c.solutionTypes(v.lang, s.Type, ""), Export: s.link("/solutions/export.csv"),
		Rows: slices.DeleteFunc(rows, func(r solutionRow) bool { return !s.shows(&r) }),
	}
	if v.may(access.SolutionWrite) {
		view.New = solutionsState{Type: s.Type}.link("/solutions/new")
	}
	if s != (solutionsState{}) {
		view.Clear = "/solutions"
	}
	return c.render(v, http.StatusOK, "solutions", page{Title: "nav.solutions", Nav: "/solutions", View: view})
}

// shows says whether a row is in the list. A solution whose newer version waits
// for approval is among the proposals, too.
func (s solutionsState) shows(r *solutionRow) bool {
	return (s.Type == "" || r.code == s.Type) &&
		(s.State == "" || string(r.State) == s.State || s.State == string(solution.Proposed) && r.Waiting > 0)
}

func solutionTabs(s solutionsState, rows []solutionRow) []statusTab {
	tabs := []statusTab{{Status: anyStatus, Href: solutionsState{Type: s.Type}.link("/solutions"), Active: s.State == ""}}
	for _, state := range solution.States {
		tabs = append(tabs, statusTab{
			Status: string(state), Active: s.State == string(state), Href: solutionsState{Type: s.Type, State: string(state)}.link("/solutions"),
		})
	}
	for i := range tabs {
		in := solutionsState{Type: s.Type, State: tabs[i].Status}
		if tabs[i].Status == anyStatus {
			in.State = ""
		}
		for j := range rows {
			if in.shows(&rows[j]) {
				tabs[i].Count++
			}
		}
	}
	return tabs
}

// solutionRows makes one row of the versions of each solution, by type, the best
// proven first.
func (c *Console) solutionRows(l language, all []solution.Version) []solutionRow {
	var rows []solutionRow
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].Solution == all[0].Solution {
			n++
		}
		rows = append(rows, c.solutionRow(l, all[:n]))
		all = all[n:]
	}
	slices.SortStableFunc(rows, func(a, b solutionRow) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Subtype, b.Subtype), cmp.Compare(b.Cautious, a.Cautious))
	})
	return rows
}

func (c *Console) solutionRow(l language, versions []solution.Version) solutionRow {
	latest := versions[len(versions)-1]
	shown, ok := solution.InForce(versions)
	if !ok {
		shown = latest
	}
	row := solutionRow{
		ID: shown.Solution, Href: solutionPath(shown.Solution), Title: c.maskedLine(cmp.Or(shown.Title, shown.Text())),
		Type: c.typeName(l, shown.Type), Subtype: c.typeName(l, shown.Subtype), State: shown.State, Number: shown.Number,
		Author: shown.Author, Changed: c.when(cmp.Or(shown.DecidedAt, shown.CreatedAt)),
		code: shown.Type,
	}
	if latest.State == solution.Proposed && latest.Number != shown.Number {
		row.Waiting = latest.Number
	}
	row.measured(shown.Uses, shown.Outcome)
	return row
}

// measured fills in the evidence: the mean of the scores as they are, and the
// interval that says how far to trust it.
func (r *solutionRow) measured(uses int, o triage.Outcome) {
	e := o.Estimate()
	r.Uses, r.Scores, r.Cautious = uses, o.Scores, e.Cautious
	if o.Scores > 0 {
		r.Mean, r.Low, r.High = score(o.Mean), strconv.Itoa(int(e.Low)), strconv.Itoa(int(e.High+0.5))
	}
}

// solutionTypes are all types with their sub-types, the chosen one selected.
func (c *Console) solutionTypes(l language, typ, subtype string) []option {
	var all []option
	for _, t := range c.d.Cases.Catalogue().Types() {
		o := option{Value: t.Code, Label: nameIn(l, t), Selected: t.Code == typ && subtype == ""}
		for _, s := range t.Subtypes {
			o.Children = append(o.Children, option{Value: t.Code + ":" + s.Code, Label: nameIn(l, s), Selected: t.Code == typ && s.Code == subtype})
		}
		all = append(all, o)
	}
	return all
}

var solutionColumns = []string{
	"field.id", "solution.title", "field.type", "solution.subtype", "field.status", "solution.version", "solution.uses",
	"solution.scores", "solution.mean", "solution.low", "solution.high", "solution.author", "solution.changed",
}

func (c *Console) exportSolutions(v *visit) error {
	s := readSolutionsState(v.r.URL.Query())
	all, err := c.d.Library.Solutions.List(v.r.Context(), solution.Filter{})
	if err != nil {
		return err
	}
	var lines [][]string
	for _, r := range c.solutionRows(v.lang, all) {
		if s.shows(&r) {
			lines = append(lines, []string{
				r.ID, r.Title, r.Type, r.Subtype, v.lang.label("solutionstate", string(r.State)), strconv.Itoa(r.Number), strconv.Itoa(r.Uses),
				strconv.Itoa(r.Scores), r.Mean, r.Low, r.High, r.Author, r.Changed,
			})
		}
	}
	return c.sendTable(v, "solutions", solutionColumns, lines)
}
