package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qianyi-dev/qianyi/internal/testkit/chromium"
)

// wayTime bounds the whole way on a busy machine; nothing waits for it when all
// goes well.
const wayTime = 5 * time.Minute

// seat is somebody at a browser of their own: no other has its cookies.
type seat struct {
	t        *testing.T
	name     string
	ctx      context.Context
	url      string
	messages iter.Seq2[chromedp.ConsoleMessage, error]
	// refused are the paths, or the ends of them, that were refused on purpose.
	refused []string
}

// openBrowser starts a Chromium for which the name of the house leads to the
// service.
func (h *house) openBrowser(t *testing.T) {
	t.Helper()
	service, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	h.browser = chromium.Start(t, wayTime,
		chromedp.Flag("host-resolver-rules", "MAP "+surveyHost+" "+service.Host), chromedp.Flag("accept-lang", "zh-CN"),
		// A proxy would speak TLS under that name.
		chromedp.Flag("unsafely-treat-insecure-origin-as-secure", "http://"+surveyHost))
}

// sit opens a browser of one's own.
func (h *house) sit(t *testing.T, name string) *seat {
	t.Helper()
	ctx, stop := chromedp.NewContext(h.browser, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	s := &seat{t: t, name: name, ctx: ctx, url: strings.TrimSuffix(h.url, "/"), messages: chromedp.Console(ctx)}
	t.Cleanup(func() {
		if t.Failed() {
			s.shot("failed-" + name)
		}
	})
	s.do("set the screen", chromedp.EmulateViewport(1366, 768))
	return s
}

// signIn is what each of the staff does in the morning.
func (h *house) signIn(t *testing.T, name string) *seat {
	t.Helper()
	s := h.sit(t, name)
	s.open("/login")
	s.see(`input[name=name]:focus`)
	s.write(`input[name=name]`, name)
	s.leave("signing in", func() { s.write(`input[name=password]`, userPassword+kb.Enter) })
	s.see(`.menu`)
	return s
}

// do fails the test when the browser does not do a step.
func (s *seat) do(step string, actions ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		s.t.Fatalf("%s: %v", step, err)
	}
}

// open goes to a page of the service, or to any address.
func (s *seat) open(address string) {
	s.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = s.url + address
	}
	s.do("open "+address, chromedp.Navigate(address))
}

// see waits until an element shows.
func (s *seat) see(sel string) {
	s.t.Helper()
	eventually(s.t, "to see "+sel, func() bool { return s.says(`!!document.querySelector(%s)?.checkVisibility()`, sel) })
}

// says asks the page, which may be about to leave.
func (s *seat) says(script string, args ...any) bool {
	yes, err := chromedp.Run(s.ctx, chromedp.Evaluate[bool](s.script(script, args...)))
	return err == nil && yes
}

// point is a place in the window.
type point struct{ X, Y float64 }

// click presses the mouse where an element is, once it is at rest and nothing
// covers it.
func (s *seat) click(sel string) {
	s.t.Helper()
	var at point
	eventually(s.t, "to click on "+sel, func() bool {
		before := at
		var err error
		at, err = chromedp.Run(s.ctx, chromedp.Evaluate[point](s.script(place, sel)))
		return err == nil && at == before && at != point{}
	})
	s.do("click on "+sel, chromedp.MouseClickXY(at.X, at.Y))
}

// place is a script that brings an element into view and says where its beginning
// is, as its end may be cut off; 0, 0 while it is not there or covered.
const place = `(e => {
	if (!e?.checkVisibility()) return {x: 0, y: 0};
	e.scrollIntoView({block: "center", behavior: "instant"});
	const r = e.getClientRects()[0], x = r.x + Math.min(r.width / 2, 20), y = r.y + r.height / 2;
	return e.contains(document.elementFromPoint(x, y)) ? {x, y} : {x: 0, y: 0};
})(document.querySelector(%s))`

// leave does what leads to another page and waits for that.
func (s *seat) leave(step string, do func()) {
	s.t.Helper()
	inPage[string](s, `document.documentElement.dataset.left = "yes"`)
	do()
	eventually(s.t, "another page after "+step, func() bool {
		return s.says(`document.readyState === "complete" && !document.documentElement.dataset.left`)
	})
}

// press clicks on what leads to another page.
func (s *seat) press(sel string) {
	s.t.Helper()
	s.leave("pressing "+sel, func() { s.click(sel) })
}

// sure presses a button that asks first.
func (s *seat) sure(sel string) {
	s.t.Helper()
	s.click(sel)
	s.press(`#confirm-dialog[open] button.danger`)
}

// write types into a field, in the place of what is there.
func (s *seat) write(sel, value string) {
	s.t.Helper()
	s.click(sel)
	s.do("write into "+sel, chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.KeyEvent(value))
}

// fill writes into a field or chooses: options and times have pickers.
func (s *seat) fill(sel, value string) {
	s.t.Helper()
	s.see(sel)
	switch inPage[string](s, `document.querySelector(%s).type`, sel) {
	case "select-one", "datetime-local", "date":
		inPage[string](s, `document.querySelector(%s).value = %s`, sel, value)
	default:
		s.write(sel, value)
	}
}

// script is a text of JavaScript with values in it.
func (s *seat) script(text string, args ...any) string {
	s.t.Helper()
	quoted := make([]any, len(args))
	for i, a := range args {
		b, err := json.Marshal(a)
		if err != nil {
			s.t.Fatal(err)
		}
		quoted[i] = string(b)
	}
	return fmt.Sprintf(text, quoted...)
}

// inPage is what a script says in the page.
func inPage[T any](s *seat, script string, args ...any) T {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.ctx, patience)
	defer stop()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](s.script(script, args...), chromedp.EvalAwaitPromise))
	if err != nil {
		s.t.Fatalf("in the page: %s: %v", s.script(script, args...), err)
	}
	return v
}

// text is what all the elements say.
func (s *seat) text(sel string) string {
	s.t.Helper()
	return inPage[string](s, `Array.from(document.querySelectorAll(%s)).map(e => e.innerText).join("\n")`, sel)
}

// has fails the test unless the elements say all of it.
func (s *seat) has(sel string, want ...string) {
	s.t.Helper()
	got := s.text(sel)
	for _, w := range want {
		if !strings.Contains(got, w) {
			s.t.Errorf("%s says %q, want %q in it", sel, got, w)
		}
	}
}

func (s *seat) count(sel string) int {
	s.t.Helper()
	return inPage[int](s, `document.querySelectorAll(%s).length`, sel)
}

// unfold opens a part that is folded away.
func (s *seat) unfold(sel string) {
	s.t.Helper()
	s.see(sel)
	if !inPage[bool](s, `document.querySelector(%s).open`, sel) {
		s.click(sel + ` > summary`)
	}
}

// said is a field of a form and what is written there.
type said struct{ field, value string }

// move makes a move of the table on the page of a case.
func (s *seat) move(name string, facts ...said) {
	s.t.Helper()
	form := `.moves details:has(input[name=move][value=` + name + `])`
	s.unfold(form)
	for _, f := range facts {
		s.fill(form+` [name=`+f.field+`]`, f.value)
	}
	s.press(form + ` button.primary`)
	s.see(`.toast`)
}

// shot takes a picture of the window when pictures are wanted: with
// QIANYI_SCREENSHOTS=DIR.
func (s *seat) shot(name string) {
	dir := os.Getenv("QIANYI_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "way-"+name+".png"), png, 0o644)
	}
	if err != nil {
		s.t.Logf("picture %s: %v", name, err)
	}
}

// checkSilence fails the test for everything that the browser's console said: a
// breach of the content security policy, an error of a script, a page that was
// refused but not on purpose.
func (s *seat) checkSilence() {
	s.t.Helper()
	const end = "that is all"
	inPage[any](s, `console.info(%s)`, end)
	for m, err := range s.messages {
		if err != nil {
			s.t.Fatalf("read the browser's console: %v", err)
		}
		if m.Text == end {
			return
		}
		meant := m.Source == "network" && slices.ContainsFunc(s.refused, func(path string) bool { return strings.HasSuffix(m.URL, path) })
		if !meant {
			s.t.Errorf("the browser said: %s (%s %s:%d)", m, m.Source, m.URL, m.Line)
		}
	}
}
