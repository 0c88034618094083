package console

import (
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/dispatch"
)

func (c *Console) changeRows(l language, r *report.Report) []changeRow {
	in := l.report()
	rows := make([]changeRow, len(r.Changes))
	for i, k := range r.Changes {
		rows[i] = changeRow{
			Dim: report.Word(in, k.Dim), Name: c.reportNames()(in, k.Dim, k.Value), Verdict: string(k.Verdict), Word: report.Word(in, "verdict."+string(k.Verdict)),
			Count: cellOf(l, k.Count), Usual: cellOf(l, k.Usual), Ratio: cellOf(l, k.Ratio), LastYear: cellOf(l, k.LastYear),
		}
	}
	return rows
}

func (c *Console) serviceRows(l language, r *report.Report) []serviceRow {
	in := l.report()
	rows := make([]serviceRow, len(r.Service))
	for i, s := range r.Service {
		rows[i] = serviceRow{
			Line: report.Word(in, "line."+s.Key), Verdict: string(s.Verdict), Word: report.Word(in, "verdict."+string(s.Verdict)),
			Now: cellOf(l, s.Now), Long: cellOf(l, s.Long), Usual: cellOf(l, s.Usual), UsualLong: cellOf(l, s.UsualLong), Ended: cellOf(l, s.Ended),
		}
	}
	return rows
}

// exportReport sends a report as a workbook: the sentences, and a sheet for each
// table with the figures as numbers.
func (c *Console) exportReport(v *visit, r *report.Report) error {
	if err := c.audit(v.r.Context(), v.user.Name, "export", "report:"+r.Week.String(), ""); err != nil {
		return err
	}
	book, err := reportSheet(v.lang, r, c.reportNames())
	if err != nil {
		return err
	}
	defer book.close()
	return book.send(v, "qianyi-report-"+r.Week.String()+".xlsx")
}

// WriteReport writes a report as a workbook (XLSX).
func WriteReport(w io.Writer, in report.Language, r *report.Report, names report.Namer) error {
	book, err := reportSheet(languageOf(string(in)), r, names)
	if err != nil {
		return err
	}
	defer book.close()
	if err := book.out.Flush(); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	if err := book.book.Write(w); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	return nil
}

// reportSheet makes the workbook of a report; the caller closes it.
func reportSheet(l language, r *report.Report, names report.Namer) (*sheet, error) {
	columns, err := sheetColumns(l, []string{"report.section", "report.sentence"}, 100)
	if err != nil {
		return nil, err
	}
	columns[0].width = 24
	book, err := newSheet(r.Week.String(), dispatch.Title(l.report(), r)+" "+dispatch.Span(r.Week), columns)
	if err != nil {
		return nil, err
	}
	t := tabler{book, l, names}
	if err := errors.Join(t.addSentences(r), t.addTrend(r), t.addChanges(r), t.addService(r)); err != nil {
		book.close()
		return nil, err
	}
	return book, nil
}

// tabler writes the sheets of a report.
type tabler struct {
	book  *sheet
	l     language
	names report.Namer
}

func (t *tabler) word(key string) string { return report.Word(t.l.report(), key) }

func (t *tabler) addSentences(r *report.Report) error {
	in := t.l.report()
	if err := t.book.add([]string{"", r.Headline.Text(in, t.names)}); err != nil {
		return err
	}
	for _, section := range r.Sections {
		for _, s := range section.Sentences {
			if err := t.book.add([]string{t.word(section.Key), s.Text(in, t.names)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tabler) addTrend(r *report.Report) error {
	err := t.book.next(t.l, t.word("trend"), []string{"report.week", "report.cases"})
	if err != nil {
		return err
	}
	for _, b := range r.Trend {
		if err := t.book.addFigures([]string{b.Week.String()}, b.Cases); err != nil {
			return err
		}
	}
	return nil
}

func (t *tabler) addChanges(r *report.Report) error {
	err := t.book.next(t.l, t.word(report.SectionChanges), []string{
		"report.by", "report.value", "report.verdict", "report.now", "report.usual", "report.ratio", "report.low", "report.high", "report.year",
	})
	if err != nil {
		return err
	}
	for _, k := range r.Changes {
		low, high := boundsOf(k.Ratio)
		err := t.book.addFigures([]string{t.word(k.Dim), t.names(t.l.report(), k.Dim, k.Value), t.word("verdict." + string(k.Verdict))},
			k.Count, k.Usual, k.Ratio, low, high, k.LastYear)
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tabler) addService(r *report.Report) error {
	err := t.book.next(t.l, t.word(report.SectionService), []string{
		"report.line", "report.verdict", "report.now", "report.p90", "report.usual", "report.usual_p90", "report.ended",
	})
	if err != nil {
		return err
	}
	for _, s := range r.Service {
		err := t.book.addFigures([]string{t.word("line." + s.Key), t.word("verdict." + string(s.Verdict))}, s.Now, s.Long, s.Usual, s.UsualLong, s.Ended)
		if err != nil {
			return err
		}
	}
	return nil
}

// boundsOf are the ends of an interval as figures, nil without one.
func boundsOf(f *report.Figure) (low, high *report.Figure) {
	if f == nil || f.Low == nil || f.High == nil {
		return nil, nil
	}
	return &report.Figure{Value: *f.Low}, &report.Figure{Value: *f.High}
}

// next ends the sheet that is written and begins another one in the same
// workbook; headings are keys of the catalogue.
func (s *sheet) next(l language, name string, keys []string) error {
	columns, err := sheetColumns(l, keys, 18)
	if err != nil {
		return err
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	if _, err := s.book.NewSheet(name); err != nil {
		return err
	}
	styles, err := s.styles()
	if err != nil {
		return err
	}
	if s.out, err = s.book.NewStreamWriter(name); err != nil {
		return err
	}
	s.row = 0
	for i, c := range columns {
		if err := s.out.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	return s.begin("", columns, styles)
}

// addFigures writes a row of words and then of numbers; a nil figure leaves its
// cell empty.
func (s *sheet) addFigures(cells []string, figures ...*report.Figure) error {
	values := make([]any, 0, len(cells)+len(figures))
	for _, cell := range cells {
		values = append(values, excelize.Cell{StyleID: s.wrap, Value: sheetText(cell)})
	}
	for _, f := range figures {
		if f == nil {
			values = append(values, nil)
			continue
		}
		values = append(values, f.Value)
	}
	return s.write(values)
}
