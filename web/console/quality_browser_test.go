package console_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qianyi-dev/qianyi/internal/testkit/chromium"
	"github.com/qianyi-dev/qianyi/web/console"
)

// TestQualityInABrowser opens every page of figures, follows a figure and saves
// nothing the browser complains of.
func TestQualityInABrowser(t *testing.T) {
	t.Parallel()
	chromium.Find(t)
	book := ledger(t, 800, 20)
	for _, screen := range []struct {
		name          string
		width, height int64
		theme         string
	}{{"1366-light", 1366, 768, "light"}, {"1920-dark", 1920, 1080, "dark"}} {
		t.Run(screen.name, func(t *testing.T) {
			d := setup(t, func(deps *console.Deps) {
				deps.Quality = &console.QualityDeps{Book: book, Events: fair{}, Working: func(at time.Time) bool { return at.Weekday() != time.Sunday }}
			})
			b := openBrowser(t, d)
			b.run("screen", chromedp.EmulateViewport(screen.width, screen.height))
			b.run("sign in", chromedp.Navigate(b.url+"/login?theme="+screen.theme), chromedp.SendKeys(`input[name=name]`, "quality"),
				chromedp.SendKeys(`input[name=password]`, password+kb.Enter), chromedp.WaitVisible(`tr[data-href]`))
			for i, path := range qualityPaths {
				b.run(path, chromedp.Navigate(b.url+path), chromedp.WaitVisible(`.quality-block`), b.whole(screen.name, "quality-"+string(rune('a'+i))))
			}
			b.run("open the figures", chromedp.Navigate(b.url+"/quality"), chromedp.Click(`.quality-block summary`), chromedp.WaitVisible(`.figures td`), b.shot(screen.name, "quality-table"))
			b.run("the year before", chromedp.Navigate(b.url+"/quality?base=year&from=2025-03-01&to=2026-02-28&lang=en"), chromedp.WaitVisible(`.chart-trend`), b.shot(screen.name, "quality-english"))
			b.checkSilence()
		})
	}
}
