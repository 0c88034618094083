package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// wayTime bounds the whole way on a busy machine; nothing waits for it when all
// goes well.
const wayTime = 5 * time.Minute

// css is a selector.
type css = chromedp.CSS

// seat is somebody at a browser of their own: no other has its cookies.
type seat struct {
	t        *testing.T
	ctx      context.Context
	url      string
	messages iter.Seq2[chromedp.ConsoleMessage, error]
	// refused are the paths, or the ends of them, that were refused on purpose.
	refused []string
}

func findChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("QIANYI_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	const missing = "no Chromium: set QIANYI_CHROMIUM to its path or install the package chromium"
	if os.Getenv("QIANYI_CI") == "1" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// openBrowser starts a Chromium for which the name of the house leads to the
// service.
func openBrowser(t *testing.T, h *house) context.Context {
	t.Helper()
	chromium := findChromium(t)
	service, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), wayTime)
	t.Cleanup(stop)
	ctx, stopProcess := chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(chromium), chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("host-resolver-rules", "MAP "+surveyHost+" "+service.Host),
		chromedp.Flag("headless", true), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("no-first-run", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	t.Cleanup(stopProcess)
	ctx, stopTab := chromedp.NewContext(ctx)
	t.Cleanup(stopTab)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return ctx
}

// sit opens a browser of one's own.
func (h *house) sit(t *testing.T, browser context.Context) *seat {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	s := &seat{t: t, ctx: ctx, url: strings.TrimSuffix(h.url, "/"), messages: chromedp.Console(ctx)}
	s.run("screen", chromedp.EmulateViewport(1366, 768))
	return s
}

// signIn is what each of the staff does in the morning.
func (h *house) signIn(t *testing.T, browser context.Context, name string) *seat {
	t.Helper()
	s := h.sit(t, browser)
	s.open("/login")
	s.run("sign in as "+name, chromedp.SendKeys(css(`input[name=name]`), name))
	s.leave("sign in as "+name, chromedp.SendKeys(css(`input[name=password]`), userPassword+kb.Enter))
	s.see(".menu")
	return s
}

func (s *seat) run(step string, actions ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		where, _ := chromedp.Run(s.ctx, chromedp.Location())
		s.shot("failed")
		s.t.Fatalf("%s, at %s: %v", step, where, err)
	}
}

// open goes to a page of the service, or to any address.
func (s *seat) open(address string) {
	s.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = s.url + address
	}
	s.run("open "+address, chromedp.Navigate(address))
}

// leave does what leads to another page and waits for that.
func (s *seat) leave(step string, actions ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	s.run(step, mark)
	s.run(step, actions...)
	s.run(step, chromedp.WaitReady(css(`html:not([data-left]) body`)))
}

// mark makes a page known as the one that is to be left.
var mark = chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
	_, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.documentElement.dataset.left = "yes"`))
	return err
})

// press clicks on what leads to another page.
func (s *seat) press(sel string) {
	s.t.Helper()
	s.leave("press "+sel, chromedp.Click(css(sel)))
}

func (s *seat) see(sel string) {
	s.t.Helper()
	s.run("see "+sel, chromedp.WaitVisible(css(sel)))
}

// sure presses a button that asks first.
func (s *seat) sure(sel string) {
	s.t.Helper()
	s.run("press "+sel, chromedp.Click(css(sel)), chromedp.WaitVisible(css(`#confirm-dialog[open] button.danger`)))
	s.press(`#confirm-dialog button.danger`)
}

func inPage[T any](s *seat, script string, args ...any) T {
	s.t.Helper()
	quoted := make([]any, len(args))
	for i, a := range args {
		b, err := json.Marshal(a)
		if err != nil {
			s.t.Fatal(err)
		}
		quoted[i] = string(b)
	}
	v, err := chromedp.Run(s.ctx, chromedp.Evaluate[T](fmt.Sprintf(script, quoted...), chromedp.EvalAwaitPromise))
	if err != nil {
		s.t.Fatalf("evaluate %s: %v", script, err)
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

// fill writes into a field, in the place of what is there; options and times
// are chosen.
func (s *seat) fill(sel, value string) {
	s.t.Helper()
	s.run("find "+sel, chromedp.WaitVisible(css(sel)))
	switch kind := inPage[string](s, `document.querySelector(%s).type`, sel); kind {
	case "select-one", "datetime-local":
		s.run("choose "+sel, chromedp.SetValue(css(sel), value))
	default:
		s.run("write "+sel, chromedp.Clear(css(sel)), chromedp.SendKeys(css(sel), value))
	}
}

// unfold opens a part that is folded away.
func (s *seat) unfold(sel string) {
	s.t.Helper()
	s.run("find "+sel, chromedp.WaitReady(css(sel)))
	if !inPage[bool](s, `document.querySelector(%s).open`, sel) {
		s.run("unfold "+sel, chromedp.Click(css(sel+` > summary`)))
	}
}

// fact is a field of a form and what is written there.
type fact struct{ field, value string }

// move makes a move of the table on the page of a case.
func (s *seat) move(name string, facts ...fact) {
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
	s.run("end", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[any](`console.info("`+end+`")`))
		return err
	}))
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
