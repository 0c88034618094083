package console

import (
	"html/template"
	"net/http"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/fact"
	"github.com/qianyi-dev/qianyi/triage/staff"
)

// staffView is the comparison of agents or departments.
type staffView struct {
	State    staffState
	Tabs     []clusterTab
	Spans    []spanTab
	Types    []option
	From, To string
	Measures []staffMeasureTab
	Rows     []staffRow
	Funnel   template.HTML
	Spots    []staffMark
	Differ   string
	// CSV, XLSX and Picture are the addresses of the files.
	CSV, XLSX, Picture string
}

// staffMeasureTab chooses the measure of the picture.
type staffMeasureTab struct {
	Measure staff.Measure
	Href    string
	Active  bool
}

func (c *Console) showStaff(v *visit) error {
	s := readStaffState(v.r.URL.Query())
	f := c.staffFilter(v, s)
	h, err := c.compareStaff(f, s.By)
	if err != nil {
		return err
	}
	view := staffView{
		State: s, Spans: s.spans(func(s staffState) string { return s.link("/staff") }), Types: c.staffTypes(v.lang, s.Type), From: f.From.String(), To: (f.To - 1).String(),
		Rows: c.staffRows(v.lang, s, h), Differ: staffDiffer(h, s.Measure),
		CSV: s.link("/staff/export.csv"), XLSX: s.link("/staff/export.xlsx"), Picture: s.link("/staff/funnel.svg"),
	}
	for _, by := range []fact.Dim{fact.Owner, fact.Department} {
		at := s
		at.By = by
		view.Tabs = append(view.Tabs, clusterTab{Name: by.String(), Href: at.link("/staff"), Count: -1, Active: by == s.By})
	}
	for m := range staff.Measures {
		at := s
		at.Measure = m
		view.Measures = append(view.Measures, staffMeasureTab{m, at.link("/staff") + "#funnel", m == s.Measure})
	}
	if view.Funnel, view.Spots, err = c.funnel(v.lang, s, h); err != nil {
		return err
	}
	return c.render(v, http.StatusOK, "staff", page{Title: "nav.staff", Nav: "/staff", View: view})
}

// saveFunnel sends the picture as a file.
func (c *Console) saveFunnel(v *visit) error {
	s := readStaffState(v.r.URL.Query())
	h, err := c.compareStaff(c.staffFilter(v, s), s.By)
	if err != nil {
		return err
	}
	picture, _, err := c.funnel(v.lang, s, h)
	if err != nil {
		return err
	}
	sendPicture(v, "qianyi-staff-"+s.Measure.String()+".svg", picture)
	return nil
}

// compareStaff compares whom the rows of a filter belong to, once all rows are
// there.
func (c *Console) compareStaff(f fact.Filter, by fact.Dim) (*staff.House, error) {
	if !c.d.Staff.Book.Ready() {
		return nil, triage.Errorf(triage.CodeUnavailable, "the figures are still being read; try again in a minute")
	}
	return staff.Compare(c.d.Staff.Book, f, by), nil
}

// staffCardView is one card.
type staffCardView struct {
	Name     string
	Self     bool // it is the visitor's own
	By       string
	From, To string
	Spans    []spanTab
	Cases    staffCell
	Mix      string
	Rows     []staffMeasureRow
	Improve  string // address of a new improvement for these cases, "" for none
	Quality  string // address of the figures of these cases, "" likewise
	Back     string
	Empty    bool
}

// showStaffCard shows the card of the agent or department named in the path.
func (c *Console) showStaffCard(by fact.Dim) action {
	return func(v *visit) error {
		s := readStaffState(v.r.URL.Query())
		s.By = by
		h, err := c.compareStaff(c.staffFilter(v, s), by)
		if err != nil {
			return err
		}
		card, ok := h.Card(v.r.PathValue("name"))
		if !ok {
			return triage.Errorf(triage.CodeNotFound, "no cases of that name in this time")
		}
		return c.renderStaffCard(v, s, h, card, false)
	}
}

// showOwnCard shows an agent the own card, in comparison with the whole house:
// nothing else of anybody else is on it.
func (c *Console) showOwnCard(v *visit) error {
	s := readStaffState(v.r.URL.Query())
	s.By = fact.Owner
	f := fact.Filter{To: c.today() + 1, From: c.today() + 1 - fact.Day(s.Days)}
	h, err := c.compareStaff(f, s.By)
	if err != nil {
		return err
	}
	card, ok := h.Card(v.user.Name)
	if !ok {
		card = staff.Card{Name: v.user.Name, Filter: f.With(fact.Owner, v.user.Name)}
	}
	return c.renderStaffCard(v, s, h, card, true)
}

func (c *Console) renderStaffCard(v *visit, s staffState, h *staff.House, card staff.Card, self bool) error {
	view := staffCardView{
		Name: card.Name, Self: self, By: s.By.String(), From: h.Filter.From.String(), To: (h.Filter.To - 1).String(),
		Cases: staffCell{Text: count(card.Cases), Href: casesPath(card.Filter)}, Mix: staffMix(v.lang, &card),
		Rows: c.staffMeasureRows(v.lang, h, &card), Empty: card.Cases == 0,
	}
	path := s.card(card.Name)
	nav := "/staff"
	if self {
		path, nav = "/staff/me", "/staff/me"
	} else {
		view.Back = s.link("/staff")
	}
	view.Spans = s.spans(func(s staffState) string { return s.of(path) })
	view.Improve = c.improveFor(v, card.Filter)
	if c.d.Quality != nil && v.may(access.QualityRead) {
		view.Quality = "/quality?" + card.Filter.Query().Encode()
	}
	return c.render(v, http.StatusOK, "staffcard", page{Title: "nav.staff", Nav: nav, Name: card.Name, View: view})
}
