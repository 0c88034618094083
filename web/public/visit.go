package public

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

//go:embed templates static
var files embed.FS

// names are the pages; each has a template beside the layout.
var names = []string{"start", "complain", "sent", "ask", "status", "survey", "say"}

// pages holds one template for each language and page.
type pages [languages]map[string]*template.Template

func parsePages() (set pages, err error) {
	for l := range languages {
		set[l] = map[string]*template.Template{}
		for _, name := range names {
			set[l][name], err = template.New("").Option("missingkey=error").
				Funcs(template.FuncMap{"t": l.text}).ParseFS(files, "templates/layout.html", "templates/"+name+".html")
			if err != nil {
				return set, fmt.Errorf("public: template %s: %w", name, err)
			}
		}
	}
	return set, nil
}

// visit is one request and what is needed to answer it.
type visit struct {
	p    *Public
	w    http.ResponseWriter
	r    *http.Request
	lang language
}

func (p *Public) newVisit(w http.ResponseWriter, r *http.Request) *visit {
	return &visit{p: p, w: w, r: r, lang: languageOf(r)}
}

// frame is everything around a page.
type frame struct {
	Lang    string
	Tag     string
	Other   string // the language to switch to
	Here    string // the address of this page, "" when it has none of its own
	Title   string
	Company string
	Hotline string
	View    any
}

// render writes a page. Nothing is sent before the template has run to its end.
func (v *visit) render(status int, name, title string, view any) {
	f := frame{
		Lang: v.lang.String(), Tag: v.lang.tag(), Other: (1 - v.lang).String(), Company: v.p.d.Config.Company, Hotline: v.p.d.Config.Hotline, View: view,
	}
	if v.r.Method == http.MethodGet {
		f.Here = v.r.URL.EscapedPath()
	}
	var buf bytes.Buffer
	var err error
	if f.Title, err = v.lang.text(title); err == nil {
		err = v.p.pages[v.lang][name].ExecuteTemplate(&buf, "layout", f)
	}
	if err != nil {
		v.p.d.Log.ErrorContext(v.r.Context(), "public page", "page", name, "err", err)
		http.Error(v.w, "internal error", http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Language", f.Tag)
	v.w.WriteHeader(status)
	_, _ = buf.WriteTo(v.w) // the reader may have gone
}

// message is a page with one thing to say.
type message struct{ Text string }

func (v *visit) say(status int, title, text string) {
	v.render(status, "say", title, message{text})
}

// form reads the posted form; when it cannot, it has answered.
func (v *visit) form() bool {
	if err := v.r.ParseForm(); err != nil {
		v.say(http.StatusRequestEntityTooLarge, "toolarge.title", "toolarge.text")
		return false
	}
	return true
}

// field returns one line of a form without control characters.
func (v *visit) field(name string) string {
	return strings.Join(strings.Fields(cleaned(v.r.PostForm.Get(name), false)), " ")
}

// paragraph returns a text of a form with its lines.
func (v *visit) paragraph(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(cleaned(v.r.PostForm.Get(name), true), "\r\n", "\n"))
}

// cleaned drops what is no text.
func cleaned(s string, lines bool) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			if lines && (r == '\n' || r == '\r' || r == '\t') {
				return r
			}
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// failed notes an error that is ours and returns the status to answer with.
func (v *visit) failed(err error) int {
	if triage.CodeOf(err) == triage.CodeUnavailable {
		v.p.d.Log.WarnContext(v.r.Context(), "public page", "path", v.r.Pattern, "err", err)
		return http.StatusServiceUnavailable
	}
	v.p.d.Log.ErrorContext(v.r.Context(), "public page", "path", v.r.Pattern, "err", err)
	return http.StatusInternalServerError
}

func (p *Public) showStart(v *visit) {
	v.render(http.StatusOK, "start", "start.title", struct{ Complain bool }{p.d.Config.Complain})
}

func (p *Public) showNothing(v *visit) { v.say(http.StatusNotFound, "nothing.title", "nothing.text") }

func (p *Public) serveAsset(v *visit) {
	name := v.r.PathValue("name")
	content, err := files.ReadFile("static/" + name)
	if err != nil {
		p.showNothing(v)
		return
	}
	v.w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	v.w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = v.w.Write(content) // the reader may have gone
}
