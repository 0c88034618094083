package console

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	maxExportRows = 10_000
	exportPage    = 200
)

// exportColumns are keys of the catalogue, in the order of exportRow.
var exportColumns = []string{
	"field.id", "field.at", "field.channel", "field.customer", "field.region", "field.product", "field.campaign",
	"field.type_code", "field.type", "field.confidence", "field.urgency", "field.sentiment", "field.intensity",
	"field.demand", "field.status", "field.text", "field.resolution", "field.satisfaction", "field.department", "field.owner",
	"field.due",
}

// exportQueue sends the list of the queue as CSV: masked, at most 10 000 rows,
// with an entry in the trail before the first of them. The first page is read
// before the answer begins; a failure after that cuts the connection, so that
// half a file is not taken for a whole one.
func (c *Console) exportQueue(v *visit) error {
	s, f, found, err := c.startList(v)
	if err != nil {
		return err
	}
	out, err := c.startExport(v)
	if err != nil {
		return err
	}
	gone := errors.New("the reader has gone")
	err = c.walk(v, s.Words, f, found, func(k *triage.Case) error {
		if out.Write(c.exportRow(v.lang, k)) != nil {
			return gone
		}
		return nil
	})
	if err != nil && !errors.Is(err, gone) {
		c.d.Log.ErrorContext(v.r.Context(), "export cut off", "err", err)
		panic(http.ErrAbortHandler)
	}
	out.Flush()
	return nil
}

// exportWorkbook sends the list of the queue as XLSX, under the same rules.
func (c *Console) exportWorkbook(v *visit) error {
	s, f, found, err := c.startList(v)
	if err != nil {
		return err
	}
	book, err := c.caseSheet(v.lang)
	if err != nil {
		return err
	}
	defer book.close()
	v.patient()
	err = c.walk(v, s.Words, f, found, func(k *triage.Case) error { return book.add(c.exportRow(v.lang, k)) })
	if err != nil {
		return err
	}
	return book.send(v, c.exportName("qianyi", "xlsx"))
}

// startList reads the first page of the list that an address names and writes
// the trail.
func (c *Console) startList(v *visit) (s queueState, f triage.QueueFilter, found triage.QueuePage, err error) {
	s = firstPage(readQueueState(v.r.URL.Query()))
	f = s.filter(v.user, c.d.Now(), c.d.Zone)
	f.Limit = exportPage
	if found, err = c.find(v, s.Words, f); err != nil {
		return s, f, found, err
	}
	return s, f, found, c.auditList(v, "queue", s)
}

// auditList notes the export of a list, without the words somebody searched.
func (c *Console) auditList(v *visit, object string, s queueState) error {
	detail, err := json.Marshal(map[string]any{
		"view": s.View, "status": s.Status, "type": s.Type, "department": s.Department, "from": s.From, "to": s.To, "searched": s.Words != "",
	})
	if err != nil {
		return fmt.Errorf("export: audit detail: %w", err)
	}
	return c.audit(v.r.Context(), v.user.Name, "export", object, string(detail))
}

// walk goes through the list, page by page, from its first page on.
func (c *Console) walk(v *visit, words string, f triage.QueueFilter, found triage.QueuePage, do func(*triage.Case) error) error {
	for rows := 0; ; {
		part := found.Cases[:min(len(found.Cases), maxExportRows-rows)]
		for i := range part {
			if err := do(&part[i]); err != nil {
				return err
			}
		}
		rows += len(part)
		if found.Next == "" || rows == maxExportRows {
			return nil
		}
		f.Cursor = found.Next
		var err error
		if found, err = c.find(v, words, f); err != nil {
			return err
		}
	}
}

// caseSheet begins a workbook with the columns of an export.
func (c *Console) caseSheet(l language) (*sheet, error) {
	columns, err := sheetColumns(l, exportColumns, 14)
	if err != nil {
		return nil, err
	}
	for i, key := range exportColumns {
		switch key {
		case "field.text", "field.resolution":
			columns[i].width = 60
		case "field.id", "field.at", "field.due":
			columns[i].width = 20
		}
	}
	name, err := l.text("nav.queue")
	if err != nil {
		return nil, err
	}
	return newSheet(name, "", columns)
}

// exportName is the name of a file made now.
func (c *Console) exportName(stem, extension string) string {
	return stem + "-" + c.d.Now().In(c.d.Zone).Format("20060102-1504") + "." + extension
}

// startExport sends the headers and the first line.
func (c *Console) startExport(v *visit) (*csv.Writer, error) {
	header, err := v.lang.headings(exportColumns...)
	if err != nil {
		return nil, err
	}
	startText(v, c.exportName("qianyi", "csv"))
	if _, err := io.WriteString(v.w, "\ufeff"); err != nil { // for spreadsheets to see that it is UTF-8
		return nil, fmt.Errorf("export: %w", err)
	}
	out := csv.NewWriter(v.w)
	out.UseCRLF = true
	return out, out.Write(header)
}

func (c *Console) exportRow(l language, k *triage.Case) []string {
	a := &k.Assessment
	satisfaction := ""
	if k.Satisfaction != nil {
		satisfaction = score(*k.Satisfaction)
	}
	row := []string{
		c.masked(string(k.ID), nil), c.when(k.At), l.label("channel", k.Channel), c.masked(string(k.CustomerID), nil),
		c.masked(k.Region, nil), c.masked(k.Product, nil), c.masked(k.Campaign, nil),
		k.FinalType(), c.typeName(l, k.FinalType()), percent(a.Confidence), l.label("urgency", a.Urgency.Level),
		l.label("sentiment", a.Sentiment.Label), strconv.Itoa(a.Sentiment.Intensity),
		l.label("demand", a.Demand), l.label("status", k.Status),
		c.masked(k.Body(), a.Entities), c.masked(k.Resolution, nil), satisfaction,
		cmp.Or(k.Work.Department, a.Department), k.Work.Owner, c.when(k.Work.DueAt),
	}
	for i := range row {
		row[i] = neutral(row[i])
	}
	return row
}

// neutral keeps a spreadsheet from running a cell as a formula: an apostrophe
// goes before one that begins like a formula, blanks aside.
func neutral(cell string) string {
	trimmed := strings.TrimLeftFunc(cell, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
	if trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
		return "'" + cell
	}
	return cell
}
