package console_test

import (
	"context"
	"iter"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qianyi-dev/qianyi/internal/testkit/chromium"
)

// browserTime bounds one run of the browser on a busy machine; nothing waits
// for it when all goes well.
const browserTime = 2 * time.Minute

// TestBrowser walks through the console as an agent does, on both screen sizes
// and in both themes, and fails on any complaint of the browser's console: a
// breach of the content security policy or an error of a script. With
// QIANYI_SCREENSHOTS=DIR it leaves pictures there.
func TestBrowser(t *testing.T) {
	t.Parallel()
	chromium.Find(t)
	for _, screen := range []struct {
		name          string
		width, height int64
		theme         string
	}{
		{"1366-light", 1366, 768, "light"},
		{"1366-dark", 1366, 768, "dark"},
		{"1920-light", 1920, 1080, "light"},
		{"1920-dark", 1920, 1080, "dark"},
	} {
		t.Run(screen.name, func(t *testing.T) {
			d := setup(t)
			b := openBrowser(t, d)
			b.run("screen", chromedp.EmulateViewport(screen.width, screen.height))
			b.walk(screen.name, screen.theme)
			b.checkSilence()
			if got := d.company.find("TS-20260301-0007").Type; got != "billing" {
				t.Errorf("after the key 1: got type %q, want billing", got)
			}
		})
	}
}

// walk signs in, moves through the queue by keys, confirms the first type of a
// case by key and looks at every other page.
func (b *browser) walk(screen, theme string) {
	b.run("sign in", chromedp.Navigate(b.url+"/login?theme="+theme), chromedp.WaitVisible(`input[name=password]`), b.shot(screen, "login"),
		chromedp.SendKeys(`input[name=name]`, "demo"), chromedp.SendKeys(`input[name=password]`, password+kb.Enter),
		chromedp.WaitVisible(`tr[data-href]`))
	b.run("queue", chromedp.KeyEvent("j"), chromedp.WaitVisible(`tr[aria-selected=true]`), b.shot(screen, "queue"))
	b.run("case", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(`.choices`), b.shot(screen, "case"))
	b.run("confirm", chromedp.KeyEvent("1"), chromedp.WaitVisible(`.choice.chosen`), chromedp.WaitVisible(`.toast`), b.shot(screen, "confirmed"))
	b.run("use a suggestion", chromedp.Click(`[data-use]`), chromedp.WaitVisible(`[data-resolution]:focus`))
	b.run("close asks first", chromedp.Click(`#close button`), chromedp.WaitVisible(`#confirm-dialog[open]`), b.shot(screen, "ask"),
		chromedp.Click(`#confirm-dialog button.danger`), chromedp.WaitVisible(`.resolution`))
	b.run("keys", chromedp.KeyEvent("?"), chromedp.WaitVisible(`#keys-dialog[open]`), b.shot(screen, "keys"))
	b.run("preview", chromedp.Navigate(b.url+"/new"), chromedp.SendKeys(`textarea[name=text]`, "充值100元没有到账"),
		chromedp.Click(`button[value=preview]`), chromedp.WaitVisible(`.preview .reasons`), b.shot(screen, "new"))
	b.walkAlarms(screen)
	for _, p := range []string{"jobs", "model", "profile", "users", "apikeys", "audit", "nowhere"} {
		b.run(p, chromedp.Navigate(b.url+"/"+p), chromedp.WaitVisible(`.card`), b.shot(screen, p))
	}
	b.run("english", chromedp.Navigate(b.url+"/?lang=en&status=all"), chromedp.WaitVisible(`tr[data-href]`), b.shot(screen, "english"),
		chromedp.Navigate(b.url+"/cases/TS-20260301-0007"), chromedp.WaitVisible(`.choices`), b.shot(screen, "english-case"))
	b.run("search", chromedp.Navigate(b.url+"/?lang=zh"), chromedp.KeyEvent("/"), chromedp.WaitVisible(`[data-search]:focus`),
		chromedp.Clear(`[data-search]`), chromedp.SendKeys(`[data-search]`, "不存在的词"+kb.Enter),
		chromedp.WaitVisible(`.empty`), b.shot(screen, "empty"))
	b.run("theme", chromedp.Navigate(b.url+"/"), chromedp.Click(`[data-theme-switch]`), chromedp.WaitReady(`html[data-theme]`))
}

// walkAlarms opens an alarm by keys, judges it, looks at who is silent, and at
// every page of outreach.
func (b *browser) walkAlarms(screen string) {
	b.run("board", chromedp.KeyEvent("a"), chromedp.WaitVisible(`.board`), chromedp.KeyEvent("j"), chromedp.WaitVisible(`.k-card[aria-selected=true]`), b.shot(screen, "clusters"))
	b.run("cluster", chromedp.Navigate(b.url+"/clusters/K12"), chromedp.WaitVisible(`.chart-bars`), b.shot(screen, "cluster"), b.whole(screen, "cluster-whole"))
	b.run("judge", chromedp.Click(`.stage-buttons button`), chromedp.WaitVisible(`.toast`))
	b.run("dismissing asks first", chromedp.Click(`button.quiet`), chromedp.WaitVisible(`#confirm-dialog[open]`), chromedp.Click(`#confirm-dialog button[value=""]`))
	b.run("members", chromedp.Navigate(b.url+"/clusters/K12/members"), chromedp.Click(`[data-check-all]`), b.shot(screen, "members"))
	b.run("cohort", chromedp.Navigate(b.url+"/clusters/K12/cohort"), chromedp.SendKeys(`#edit [name=regions]`, kb.Enter), chromedp.WaitVisible(`.card .tag.review`), b.shot(screen, "cohort"))
	b.run("new plan", chromedp.Navigate(b.url+"/outreach/new?cluster=K12"), chromedp.Click(`button[value=preview]`), chromedp.WaitVisible(`.preview .letter`), b.shot(screen, "editplan"))
	for _, p := range []string{"outreach", "outreach/P7", "outreach/P8", "rules?edit=R4", "clusters?view=list", "clusters?past=1"} {
		b.run(p, chromedp.Navigate(b.url+"/"+p), chromedp.WaitVisible(`.card, .table-box`), b.shot(screen, strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(p)))
	}
	b.run("english plan", chromedp.Navigate(b.url+"/clusters/K12?lang=en"), chromedp.WaitVisible(`.chart-bars`), b.shot(screen, "english-cluster"), chromedp.Navigate(b.url+"/?lang=zh"))
	b.run("stopping asks first", chromedp.Navigate(b.url+"/outreach/P7"), chromedp.Click(`.stop`), chromedp.WaitVisible(`#confirm-dialog[open]`),
		chromedp.Click(`#confirm-dialog button.danger`), chromedp.WaitVisible(`.toast`))
}

// browser is a Chromium with one tab.
type browser struct {
	t        *testing.T
	ctx      context.Context
	url      string
	messages iter.Seq2[chromedp.ConsoleMessage, error]
}

func openBrowser(t *testing.T, d *desk) *browser {
	t.Helper()
	server := httptest.NewServer(d.handler)
	t.Cleanup(server.Close)
	ctx := chromium.Start(t, browserTime)
	return &browser{t: t, ctx: ctx, url: server.URL, messages: chromedp.Console(ctx)}
}

// checkSilence fails the test for everything that the browser's console said
// so far. The page that does not exist was asked for on purpose.
func (b *browser) checkSilence() {
	b.t.Helper()
	const end = "that is all"
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](`console.info("`+end+`")`)); err != nil {
		b.t.Fatalf("the browser has gone: %v", err)
	}
	for m, err := range b.messages {
		if err != nil {
			b.t.Fatalf("read the browser's console: %v", err)
		}
		if m.Text == end {
			return
		}
		if !strings.HasSuffix(m.URL, "/nowhere") {
			b.t.Errorf("the browser said: %s (%s %s:%d)", m, m.Source, m.URL, m.Line)
		}
	}
}

func (b *browser) run(step string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("%s: %v", step, err)
	}
}

// whole takes a picture of the whole page when pictures are wanted.
func (b *browser) whole(screen, name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		dir := os.Getenv("QIANYI_SCREENSHOTS")
		if dir == "" {
			return nil
		}
		png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, screen+"-"+name+".png"), png, 0o644)
	})
}

// shot takes a picture of the window when pictures are wanted.
func (b *browser) shot(screen, name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		dir := os.Getenv("QIANYI_SCREENSHOTS")
		if dir == "" {
			return nil
		}
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, screen+"-"+name+".png"), png, 0o644)
	})
}
