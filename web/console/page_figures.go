package console

import (
	"encoding/csv"
	"net/http"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// figuresView is the list of the cases behind a figure.
type figuresView struct {
	// Ready is false while the figures are being read after a start.
	Ready bool
	// Words are the conditions of the filter.
	Words []string
	Total int
	// From and To are the numbers of the first and the last row.
	From, To int
	Rows     []figureRow
	// Export and Workbook are "" for those who may not export; First, Previous
	// and Next where they would lead to this page.
	Export, Workbook, First, Previous, Next string
	// Improve leads to an improvement for such cases, "" for those who start none.
	Improve string
}

// figureRow is one case.
type figureRow struct {
	ID, Href, At, Line, Type, Owner, Department, Satisfaction string
	Status                                                    triage.Status
	Repeat                                                    bool
}

func (c *Console) showFigureCases(v *visit) error {
	f, err := c.figureFilter(v)
	if err != nil {
		return err
	}
	view := figuresView{Ready: c.d.Figures.Book.Ready()}
	if view.Words, err = c.figureWords(v.lang, f); err != nil {
		return err
	}
	number, err := strconv.Atoi(v.r.URL.Query().Get("page"))
	if err != nil || number < 1 || number > 1_000_000 {
		number = 1
	}
	skip := (number - 1) * pageRows
	seqs, total := c.d.Figures.Book.Cases(f, skip, pageRows)
	cases, err := c.figureCases(v, seqs)
	if err != nil {
		return err
	}
	view.Total, view.From, view.To = total, min(skip+1, total), min(skip+pageRows, total)
	for i := range cases {
		view.Rows = append(view.Rows, c.figureRow(v.lang, &cases[i]))
	}
	c.linkFigures(&view, v, f, number)
	return c.render(v, http.StatusOK, "figures", page{Title: "figures.title", View: view})
}

// linkFigures adds the ways on from a page of the list.
func (c *Console) linkFigures(view *figuresView, v *visit, f fact.Filter, number int) {
	q := f.Query()
	at := func(path string, number int) string {
		q.Del("page")
		if number > 1 {
			q.Set("page", strconv.Itoa(number))
		}
		if len(q) == 0 {
			return path
		}
		return path + "?" + q.Encode()
	}
	if v.may(access.CaseExport) && view.Total > 0 {
		view.Export, view.Workbook = at("/figures/cases.csv", 1), at("/figures/cases.xlsx", 1)
	}
	view.Improve = c.improveFor(v, f)
	if number > 1 {
		view.First, view.Previous = at("/figures/cases", 1), at("/figures/cases", number-1)
	}
	if view.To < view.Total {
		view.Next = at("/figures/cases", number+1)
	}
}

// figureCases reads cases by their numbers and leaves out what the person of the
// visit may not see.
func (c *Console) figureCases(v *visit, seqs []int64) ([]triage.Case, error) {
	cases, err := c.d.Figures.Cases.CasesBySeq(v.r.Context(), seqs)
	if err != nil {
		return nil, err
	}
	return c.visible(v, cases)
}

func (c *Console) figureRow(l language, k *triage.Case) figureRow {
	at := k.At
	if at.IsZero() {
		at = k.ReceivedAt
	}
	r := figureRow{
		ID: c.maskedLine(string(k.ID)), Href: casePath(k.ID), At: c.when(at), Line: c.maskedLine(k.Body()), Type: c.typeName(l, k.FinalType()),
		Owner: k.Work.Owner, Department: k.Work.Department, Status: k.Status, Repeat: k.Predecessor != "",
	}
	if k.Satisfaction != nil {
		r.Satisfaction = score(*k.Satisfaction)
	}
	return r
}

// exportFigureCases sends the list as CSV, under the rules of the other exports
// of cases: masked, at most 10 000 rows, noted in the trail first.
func (c *Console) exportFigureCases(v *visit) error {
	walk, err := c.startFigures(v)
	if err != nil {
		return err
	}
	var out *csv.Writer
	err = walk(func(k *triage.Case) error {
		if out == nil { // once the first cases have been read
			if out, err = c.startExport(v); err != nil {
				return err
			}
		}
		return out.Write(c.exportRow(v.lang, k))
	})
	if err == nil && out == nil {
		out, err = c.startExport(v)
	}
	switch {
	case err != nil && out == nil:
		return err
	case err != nil:
		c.d.Log.ErrorContext(v.r.Context(), "export cut off", "err", err)
		panic(http.ErrAbortHandler) // half a file must not be taken for a whole one
	}
	out.Flush()
	return nil
}

// exportFigureSheet sends the list as XLSX.
func (c *Console) exportFigureSheet(v *visit) error {
	walk, err := c.startFigures(v)
	if err != nil {
		return err
	}
	book, err := c.caseSheet(v.lang)
	if err != nil {
		return err
	}
	defer book.close()
	v.patient()
	if err := walk(func(k *triage.Case) error { return book.add(c.exportRow(v.lang, k)) }); err != nil {
		return err
	}
	return book.send(v, c.exportName("qianyi-figures", "xlsx"))
}

// startFigures notes an export in the trail and returns the way through its
// cases.
func (c *Console) startFigures(v *visit) (func(do func(*triage.Case) error) error, error) {
	f, err := c.figureFilter(v)
	if err != nil {
		return nil, err
	}
	if !c.d.Figures.Book.Ready() {
		return nil, triage.Errorf(triage.CodeUnavailable, "the figures are still being read; try again in a minute")
	}
	if err := c.audit(v.r.Context(), v.user.Name, "export", "figures", f.Query().Encode()); err != nil {
		return nil, err
	}
	seqs, _ := c.d.Figures.Book.Cases(f, 0, maxExportRows)
	return func(do func(*triage.Case) error) error {
		for len(seqs) > 0 {
			n := min(len(seqs), exportPage)
			cases, err := c.figureCases(v, seqs[:n])
			if err != nil {
				return err
			}
			for i := range cases {
				if err := do(&cases[i]); err != nil {
					return err
				}
			}
			seqs = seqs[n:]
		}
		return nil
	}, nil
}
