package console

import (
	"io"
	"math"
	"slices"
	"strconv"

	judgement "github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// headings are the titles of columns, which are keys of the catalogue.
func (l language) headings(keys ...string) ([]string, error) {
	titles := make([]string, len(keys))
	for i, key := range keys {
		var err error
		if titles[i], err = l.text(key); err != nil {
			return nil, err
		}
	}
	return titles, nil
}

// marketBlock is a table of a page of campaigns; path is where its files are.
func (l language) marketBlock(name, path string, rows [][]figure, keys ...string) (qualityBlock, error) {
	title, err := l.text("mtable." + name)
	if err != nil {
		return qualityBlock{}, err
	}
	head, err := l.headings(keys...)
	return qualityBlock{
		Name: name, Title: title, Head: head, Rows: rows,
		CSV: address(path, "table", name, "as", "csv"), XLSX: address(path, "table", name, "as", "xlsx"), Picture: address(path, "table", name, "as", "svg"),
	}, err
}

// sendBlock sends the table that an address names, as CSV, XLSX or a picture,
// with an entry in the trail.
func (c *Console) sendBlock(v *visit, object string, blocks []qualityBlock) error {
	q := v.r.URL.Query()
	i := slices.IndexFunc(blocks, func(b qualityBlock) bool { return b.Name == q.Get("table") })
	as := q.Get("as")
	if i < 0 || as == "svg" && blocks[i].Chart == "" {
		return triage.Errorf(triage.CodeNotFound, "no such table")
	}
	b := &blocks[i]
	if as == "svg" {
		v.w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
		v.w.Header().Set("Content-Disposition", `attachment; filename="`+c.exportName("qianyi-"+b.Name, "svg")+`"`)
		_, _ = io.WriteString(v.w, string(b.Chart)) // the reader may have gone
		return nil
	}
	if err := c.audit(v.r.Context(), v.user.Name, "export", object, b.Name); err != nil {
		return err
	}
	if as != "xlsx" {
		v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		v.w.Header().Set("Content-Disposition", `attachment; filename="`+c.exportName("qianyi-"+b.Name, "csv")+`"`)
		return writeText(v.w, b.Head, b.texts())
	}
	columns := make([]sheetColumn, len(b.Head))
	for i, title := range b.Head {
		columns[i] = sheetColumn{title, 18}
	}
	book, err := newSheet(sheetName(b.Title), b.Title, columns)
	if err != nil {
		return err
	}
	defer book.close()
	for _, row := range b.texts() {
		if err := book.add(row); err != nil {
			return err
		}
	}
	return book.send(v, c.exportName("qianyi-"+b.Name, "xlsx"))
}

// about chooses the complaints about a campaign.
func about(id string) fact.Filter { return fact.Filter{}.With(fact.Campaign, id) }

// linked is a count with the way to its cases.
func linked(n int, f fact.Filter) figure {
	g := figure{Text: strconv.Itoa(n)}
	if n > 0 {
		g.Href = casesPath(f)
	}
	return g
}

// rateText writes a rate per 10 000, interval one too; a rate of nothing is "".
func rateText(r judgement.Rate) string {
	if r.High == 0 {
		return ""
	}
	return rounded(r.Value)
}

func rangeText(low, high float64) string {
	if high == 0 {
		return ""
	}
	return rounded(low) + "–" + rounded(high)
}

// timesText writes a ratio as a multiple.
func timesText(r judgement.Ratio) string {
	if r.High == 0 {
		return ""
	}
	return rounded(r.Value) + "×"
}

// rounded writes three digits at most.
func rounded(x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return ""
	case x >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 1:
		return strconv.FormatFloat(x, 'f', 1, 64)
	default:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
}

// because is the sentence behind a signal.
func (l language) because(v *judgement.Verdict) string {
	if l == english {
		return v.English()
	}
	return v.Chinese()
}
