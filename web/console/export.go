package console

import (
	"encoding/csv"
	"encoding/json"
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
	"field.demand", "field.status", "field.text", "field.resolution", "field.satisfaction",
}

// exportQueue sends the list of the queue as CSV: masked, at most 10 000 rows,
// with an entry in the trail before the first of them. The first page is read
// before the answer begins; a failure after that cuts the connection, so that
// half a file is not taken for a whole one.
func (c *Console) exportQueue(v *visit) error {
	s := firstPage(readQueueState(v.r.URL.Query()))
	ctx := v.r.Context()
	f := s.filter(c.d.Zone)
	f.Limit = exportPage
	found, err := c.find(ctx, s.Words, f)
	if err != nil {
		return err
	}
	detail, err := json.Marshal(map[string]any{"status": s.Status, "type": s.Type, "from": s.From, "to": s.To, "searched": s.Words != ""})
	if err != nil {
		return fmt.Errorf("export: audit detail: %w", err)
	}
	if err := c.audit(ctx, v.user.Name, "export", "queue", string(detail)); err != nil {
		return err
	}
	out, err := c.startExport(v)
	if err != nil {
		return err
	}
	for rows := 0; ; {
		part := found.Cases[:min(len(found.Cases), maxExportRows-rows)]
		for i := range part {
			if err := out.Write(c.exportRow(v.lang, &part[i])); err != nil {
				return nil //nolint:nilerr // the reader has gone; there is nobody to tell
			}
		}
		rows += len(part)
		if found.Next == "" || rows == maxExportRows {
			break
		}
		f.Cursor = found.Next
		if found, err = c.find(ctx, s.Words, f); err != nil {
			c.d.Log.ErrorContext(ctx, "export cut off", "rows", rows, "err", err)
			panic(http.ErrAbortHandler)
		}
	}
	out.Flush()
	return nil
}

// startExport sends the headers and the first line.
func (c *Console) startExport(v *visit) (*csv.Writer, error) {
	header := make([]string, len(exportColumns))
	for i, key := range exportColumns {
		var err error
		if header[i], err = v.lang.text(key); err != nil {
			return nil, err
		}
	}
	name := "qianyi-" + c.d.Now().In(c.d.Zone).Format("20060102-1504") + ".csv"
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
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
