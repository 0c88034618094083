package console_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qianyi-dev/qianyi/internal/testkit/chromium"
)

// TestReportsInABrowser looks at the pages of reports in both themes, and prints
// a report: the browser complains of nothing, and the paper has pages.
func TestReportsInABrowser(t *testing.T) {
	t.Parallel()
	chromium.Find(t)
	d, _ := reporting(t, "demo")
	b := openBrowser(t, d)
	b.run("sign in", chromedp.EmulateViewport(1366, 768), chromedp.Navigate(b.url+"/login"), chromedp.WaitVisible(`input[name=password]`),
		chromedp.SendKeys(`input[name=name]`, "demo"), chromedp.SendKeys(`input[name=password]`, password+kb.Enter), chromedp.WaitVisible(`tr[data-href]`))
	for _, theme := range []string{"light", "dark"} {
		screen := "1366-" + theme
		b.run("reports", chromedp.Navigate(b.url+"/reports?theme="+theme), chromedp.WaitVisible(`.table-box`), b.shot(screen, "reports"))
		b.run("report", chromedp.Navigate(b.url+"/reports/2026-W09"), chromedp.WaitVisible(`.report .chart-bars`), b.whole(screen, "report"))
		b.run("schedules", chromedp.Navigate(b.url+"/reports/schedules?edit=new"), chromedp.WaitVisible(`#edit`), b.shot(screen, "schedules"))
		b.run("silence", chromedp.Navigate(b.url+"/silence"), chromedp.WaitVisible(`.chart-tornado`), b.whole(screen, "silence"))
	}
	b.run("report on paper", chromedp.Navigate(b.url+"/reports/2026-W09"), chromedp.WaitVisible(`.report`))
	paper, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	if err != nil || len(paper) < 10_000 {
		t.Errorf("the printed report has %d bytes: %v", len(paper), err)
	}
	if dir := os.Getenv("QIANYI_SCREENSHOTS"); dir != "" && err == nil {
		if err := os.WriteFile(filepath.Join(dir, "report.pdf"), paper, 0o600); err != nil {
			t.Error(err)
		}
	}
	b.checkSilence()
}
