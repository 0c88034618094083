package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/chromedp/chromedp"
)

// streamPages are those that the way goes past, without the ones of a single
// thing.
var streamPages = []string{
	"/campaigns?state=all", "/campaigns/ranking", alteredPage, alteredPage + "/card", "/campaigns/check", "/campaigns/new", "/counter/log",
	"/quality", "/quality/types", "/quality/times", "/quality/satisfaction", "/quality/escalations", "/quality/season",
	"/staff", "/staff/agents/dan", "/improvements", "/improvements/worked", "/improvements/new",
	"/reports", "/reports/schedules?edit=new", "/silence", "/figures/cases",
}

// walk opens pages with a query and looks whether each is as it should be.
func (s *seat) walk(query string, pages ...string) {
	s.t.Helper()
	for _, path := range pages {
		sign := "?"
		if strings.Contains(path, "?") {
			sign = "&"
		}
		s.open(path + sign + query)
		s.sound()
		s.whole("walk-" + strings.NewReplacer("/", "_", "?", "_", "=", "_", "&", "_").Replace(path+"_"+query))
	}
}

// sound fails the test for a page that was refused, that is wider than the
// screen, that shows what only programmers should see or that speaks Chinese to
// those who chose English, names and tables aside.
func (s *seat) sound() {
	s.t.Helper()
	for _, fault := range inPage[[]string](s, faults) {
		s.t.Errorf("%s: %s", inPage[string](s, `location.pathname + location.search`), fault)
	}
}

// faults is a script that says what is wrong with a page.
const faults = `(() => {
	const said = [], text = document.body.innerText, status = performance.getEntriesByType("navigation")[0].responseStatus;
	if (status !== 200) said.push("status " + status);
	if (document.documentElement.scrollWidth > innerWidth) said.push("is " + document.documentElement.scrollWidth + " wide");
	for (const bad of ["%%!", "<no value>", "<nil>", "NaN", "undefined", "[object ", "&lt;", "&#"]) {
		const at = text.indexOf(bad);
		if (at >= 0) said.push("shows " + text.slice(Math.max(at - 30, 0), at + 30));
	}
	if (!document.querySelector("main").innerText.trim()) said.push("is empty");
	const main = document.querySelector("main").cloneNode(true);
	main.querySelectorAll("bdi, option, datalist, svg, td, textarea").forEach(e => e.remove());
	const chinese = main.textContent.match(/\p{Script=Han}+/u);
	if (document.documentElement.lang === "en" && chinese) said.push("says " + chinese + " in English");
	return said;
})()`

// number is the first whole number that an element shows.
func (s *seat) number(sel string) int {
	s.t.Helper()
	text := inPage[string](s, `document.querySelector(%s)?.innerText ?? "nothing"`, sel)
	n, err := strconv.Atoi(strings.ReplaceAll(wholeNumber.FindString(text), ",", ""))
	if err != nil {
		s.t.Fatalf("%s on %s shows %q, which is no number", sel, inPage[string](s, `location.href`), text)
	}
	return n
}

var wholeNumber = regexp.MustCompile(`\d[\d,]*`)

// follow goes from a figure to its cases, which are as many as it says.
func (s *seat) follow(sel string) {
	s.t.Helper()
	want := s.number(sel)
	s.press(sel)
	if got := s.number(`.notice b`); got != want || want == 0 {
		s.t.Errorf("%s leads to %d cases, the figure says %d", inPage[string](s, `location.href`), got, want)
	}
	s.sound()
}

// reveal opens every part that is folded away.
func (s *seat) reveal(sel string) {
	s.t.Helper()
	inPage[any](s, `document.querySelectorAll(%s).forEach(e => { e.open = true; })`, sel)
}

// paper is a printed document (PDF).
type paper []byte

var (
	paperPage = regexp.MustCompile(`/Type\s*/Page\b[^s]`)
	paperBox  = regexp.MustCompile(`/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]`)
)

// pages counts the sheets.
func (p paper) pages() int { return len(paperPage.FindAll(p, -1)) }

// print prints the page as its style says: on A4, with text that can be selected.
func (s *seat) print(name string) paper {
	s.t.Helper()
	b, err := chromedp.Run(s.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		s.t.Fatalf("print: %v", err)
	}
	for _, box := range paperBox.FindAllSubmatch(b, -1) {
		if w, h := points(box[1]), points(box[2]); w < 594 || w > 597 || h < 841 || h > 843 {
			s.t.Errorf("a sheet of %s is %v × %v points, want A4", name, w, h)
		}
	}
	if p := paper(b); p.pages() == 0 || !strings.Contains(string(b), "/ToUnicode") {
		s.t.Errorf("%s has %d pages, and no text that can be selected", name, p.pages())
	}
	s.keep(name+".pdf", b)
	return b
}

func points(b []byte) float64 {
	x, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0 // which is not A4
	}
	return x
}

// whole takes a picture of a page in full when pictures are wanted.
func (s *seat) whole(name string) {
	if os.Getenv("QIANYI_SCREENSHOTS") == "" {
		return
	}
	b, err := chromedp.Run(s.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		s.t.Logf("picture %s: %v", name, err)
	}
	s.keep(name+".png", b)
}

// keep writes a file into the folder of the pictures, if there is one.
func (s *seat) keep(name string, b []byte) {
	dir := os.Getenv("QIANYI_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, "stream-"+name), b, 0o600); err != nil {
		s.t.Log(err)
	}
}

// reload is a step of a seat.
var reload = chromedp.Reload()

// mark returns a selector for the first of the elements that says something.
func (s *seat) mark(sel, says string) string {
	s.t.Helper()
	found := inPage[bool](s, `(() => {
		document.querySelectorAll("[data-marked]").forEach(e => { delete e.dataset.marked; });
		const e = Array.from(document.querySelectorAll(%s)).find(e => e.textContent.includes(%s));
		if (e) e.dataset.marked = "yes";
		return !!e;
	})()`, sel, says)
	if !found {
		s.t.Fatalf("no %s on %s says %q", sel, inPage[string](s, `location.href`), says)
	}
	return "[data-marked]"
}

// uncut fails the test unless paper keeps every row of a table in one piece.
func (s *seat) uncut() {
	s.t.Helper()
	if n := inPage[int](s, cutRows); n != 0 {
		s.t.Errorf("%d rows can be cut by the end of a sheet", n)
	}
}

// cutRows is a script that counts the rows that no rule for paper keeps whole,
// neither by themselves nor with all that is around them.
const cutRows = `(() => {
	const print = Array.from(document.styleSheets).flatMap(s => Array.from(s.cssRules)).filter(r => r.media?.mediaText === "print");
	const whole = print.flatMap(m => Array.from(m.cssRules)).filter(r => r.style?.breakInside === "avoid").map(r => r.selectorText).join(", ");
	return Array.from(document.querySelectorAll(".report tr, .report-lines li")).filter(e => !(whole && e.closest(whole))).length;
})()`
