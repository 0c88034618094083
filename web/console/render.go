package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
)

//go:embed templates
var templateFiles embed.FS

// pageNames are the pages; each has a template of its own beside the shared
// ones.
var pageNames = slices.Concat([]string{
	"login", "queue", "case", "new", "jobs", "model", "keys", "error",
	"clusters", "cluster", "members", "cohort", "plans", "plan", "editplan", "rules",
}, lifePages, peoplePages, libraryPages, learningPages, rightsPages,
	figuresPages, qualityPages, marketingPages, counterPages, launchPages, staffPages, reportPages)

// shared templates come with every page.
var shared = []string{"templates/layout.html", "templates/parts.html", "templates/clusterparts.html", "templates/planparts.html", "templates/peopleparts.html", "templates/lifeparts.html", "templates/staffparts.html", "templates/replybox.html", "templates/campaignparts.html"}

// pageSet holds one template set for each language and page, because two pages
// in one set would overwrite each other's blocks.
type pageSet [languageCount]map[string]*template.Template

func parsePages(files *assets) (set pageSet, err error) {
	for l := range languageCount {
		set[l] = map[string]*template.Template{}
		base, err := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
			"t": l.text, "label": l.label, "asset": files.path, "percent": percent, "score": score,
		}).ParseFS(templateFiles, shared...)
		if err != nil {
			return set, fmt.Errorf("console: shared templates: %w", err)
		}
		for _, name := range pageNames {
			t, err := base.Clone()
			if err != nil {
				return set, fmt.Errorf("console: template %s: %w", name, err)
			}
			if set[l][name], err = t.ParseFS(templateFiles, "templates/"+name+".html"); err != nil {
				return set, fmt.Errorf("console: template %s: %w", name, err)
			}
		}
	}
	return set, nil
}

// page is what the layout needs of a page.
type page struct {
	// Title is a key of the catalogue; Name, if given, comes before it.
	Title string
	Name  string
	// Nav is the address of the menu entry the page belongs to, "" for none.
	Nav  string
	View any
}

// frame is everything around the page.
type frame struct {
	Lang     string
	Theme    string
	Title    string
	User     string
	Role     triage.Role
	Profile  bool // there is a page about oneself
	Nav      []navGroup
	Crumb    navItem // the menu entry the page belongs to
	Name     string  // of the thing on the page, "" for none
	Toast    string
	LangURL  string
	ThemeURL string
	Words    string // of the search box
}

// render writes a page. Nothing is sent before the template has run to its end.
func (c *Console) render(v *visit, status int, name string, p page) error {
	f, err := c.frame(v, p)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	err = c.pages[v.lang][name].ExecuteTemplate(&buf, "layout", struct {
		Frame frame
		View  any
	}{f, p.View})
	if err != nil {
		return fmt.Errorf("console: page %s: %w", name, err)
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = buf.WriteTo(v.w) // the reader may have gone
	return nil
}

func (c *Console) frame(v *visit, p page) (frame, error) {
	title, err := v.lang.text(p.Title)
	if err != nil {
		return frame{}, err
	}
	f := frame{
		Lang: v.lang.Tag(), Theme: v.theme, Title: title, Name: p.Name,
		User: v.user.Name, Role: v.user.Role, Profile: c.d.Rights != nil, Words: v.r.URL.Query().Get("q"),
		LangURL: v.here("lang", languageNames[1-v.lang]), ThemeURL: v.here("theme", otherTheme(v.theme)),
	}
	if p.Name != "" {
		f.Title = p.Name + " · " + title
	}
	if f.User != "" {
		f.Nav = c.navigation(v, p.Nav)
		f.Crumb = activeItem(f.Nav)
	}
	if toast := cookieValue(v.r, cookieToast); toast != "" {
		c.setCookie(v, cookieToast, "", 0)
		if text, err := v.lang.text("toast." + toast); err == nil { // anything else is not ours
			f.Toast = text
		}
	}
	return f, nil
}

func otherTheme(theme string) string {
	if theme == "dark" {
		return "light"
	}
	return "dark"
}

func (c *Console) showKeys(v *visit) error {
	return c.render(v, http.StatusOK, "keys", page{Title: "keys.title"})
}
