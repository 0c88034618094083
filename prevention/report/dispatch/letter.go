package dispatch

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/report"
	"github.com/qianyi-dev/qianyi/prevention/report/picture"
)

//go:embed letter.html
var letterPage string

var letterTemplate = template.Must(template.New("letter").Parse(letterPage))

// letterView is what the template of the mail shows.
type letterView struct {
	Lang, Title, Span, Headline, Site string

	Trend, Types, Now, Usual string // captions
	Pictures                 map[string]template.URL
	Rows                     []letterRow
	Sections                 []letterSection
}

type letterRow struct {
	Number              int
	Name                string
	Now, Usual, Verdict string
}

type letterSection struct {
	Title     string
	Sentences [][]letterPiece
}

type letterPiece struct{ Text, Href string }

// compose writes the mail of a report, without its receiver.
func (s *Service) compose(k *Kept) (channel.Mail, error) {
	w := writer{k.Language, s.d.Names, s.d.Site}
	m := channel.Mail{Subject: Title(k.Language, &k.Report) + " " + k.Report.Week.String(), Text: Text(k.Language, &k.Report, s.d.Names)}
	pictures, err := draw(&k.Report)
	if err != nil {
		return m, err
	}
	src := map[string]template.URL{}
	for _, p := range pictures {
		src[p.ID] = template.URL("cid:" + p.ID) //nolint:gosec // our own name
	}
	m.Pictures = pictures
	m.HTML, err = w.page(&k.Report, src)
	return m, err
}

// Page writes a report as a file of HTML that holds its pictures.
func Page(l report.Language, r *report.Report, names report.Namer) (string, error) {
	pictures, err := draw(r)
	if err != nil {
		return "", err
	}
	src := map[string]template.URL{}
	for _, p := range pictures {
		src[p.ID] = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(p.PNG)) //nolint:gosec // our own picture
	}
	w := writer{l, names, ""}
	return w.page(r, src)
}

// draw returns the pictures that a report has.
func draw(r *report.Report) ([]channel.Picture, error) {
	var list []channel.Picture
	for _, one := range []struct {
		id   string
		draw func(*report.Report) ([]byte, error)
	}{{"trend", picture.Trend}, {"types", picture.Types}} {
		png, err := one.draw(r)
		if err != nil {
			return nil, err
		}
		if png != nil {
			list = append(list, channel.Picture{ID: one.id, PNG: png})
		}
	}
	return list, nil
}

// writer writes reports as HTML.
type writer struct {
	language report.Language
	names    report.Namer
	site     string
}

func (w *writer) page(r *report.Report, pictures map[string]template.URL) (string, error) {
	view := w.view(r)
	view.Pictures = pictures
	var b bytes.Buffer
	if err := letterTemplate.Execute(&b, view); err != nil {
		return "", fmt.Errorf("report of %s: page: %w", r.Week, err)
	}
	return b.String(), nil
}

func (w *writer) view(r *report.Report) letterView {
	l := w.language
	v := letterView{
		Lang: string(l), Title: Title(l, r), Span: Span(r.Week), Headline: r.Headline.Text(l, w.names),
		Trend: report.Word(l, "trend"), Types: report.Word(l, "picture.types"), Now: report.Word(l, "now"), Usual: report.Word(l, "usual"),
	}
	if w.site != "" {
		v.Site = w.link("/reports/" + r.Week.String() + "?" + url.Values{"department": {r.Department}}.Encode())
	}
	for i, c := range picture.Shown(r) {
		row := letterRow{Number: i + 1, Name: w.names(l, c.Dim, c.Value), Now: c.Count.Text(l), Verdict: report.Word(l, "verdict."+string(c.Verdict))}
		if c.Usual != nil {
			row.Usual = c.Usual.Text(l)
		}
		v.Rows = append(v.Rows, row)
	}
	for _, section := range r.Sections {
		part := letterSection{Title: report.Word(l, section.Key)}
		for _, sentence := range section.Sentences {
			var pieces []letterPiece
			for _, p := range sentence.Write(l, w.names) {
				pieces = append(pieces, letterPiece{p.Text, w.link(p.Href())})
			}
			part.Sentences = append(part.Sentences, pieces)
		}
		v.Sections = append(v.Sections, part)
	}
	return v
}

// link leads to a page of the console, "" without a site.
func (w *writer) link(path string) string {
	if w.site == "" || !strings.HasPrefix(path, "/") {
		return ""
	}
	return strings.TrimSuffix(w.site, "/") + path
}

// Title is what a report is called.
func Title(l report.Language, r *report.Report) string {
	who := r.Department
	if who == "" {
		who = report.Word(l, "house")
	}
	return report.Word(l, "title") + " · " + who
}

// Span is the first and the last day of a week.
func Span(w report.Week) string {
	from, to := w.Days()
	return from.String() + " – " + (to - 1).String()
}

// Text writes a report as plain text.
func Text(l report.Language, r *report.Report, names report.Namer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s  %s\n\n%s\n", Title(l, r), r.Week, Span(r.Week), r.Headline.Text(l, names))
	for _, section := range r.Sections {
		b.WriteString("\n" + report.Word(l, section.Key) + "\n")
		for i, s := range section.Sentences {
			b.WriteString(strconv.Itoa(i+1) + ". " + s.Text(l, names) + "\n")
		}
	}
	return b.String()
}
