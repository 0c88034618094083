package console_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qianyi-dev/qianyi/internal/testkit/chromium"
)

// TestPeopleBrowser looks at every page of customers, contacts, tasks and
// satisfaction and uses their forms as people do.
func TestPeopleBrowser(t *testing.T) {
	t.Parallel()
	chromium.Find(t)
	for _, screen := range []struct{ name, theme string }{{"people-light", "light"}, {"people-dark", "dark"}} {
		t.Run(screen.name, func(t *testing.T) {
			d := setup(t)
			b := openBrowser(t, d)
			b.run("screen", chromedp.EmulateViewport(1366, 768))
			b.run("sign in", chromedp.Navigate(b.url+"/login?theme="+screen.theme), chromedp.WaitVisible(`input[name=password]`),
				chromedp.SendKeys(`input[name=name]`, "demo"), chromedp.SendKeys(`input[name=password]`, password+kb.Enter), chromedp.WaitVisible(`.menu`))
			b.run("customers", chromedp.Navigate(b.url+"/customers"), chromedp.WaitVisible(`tr[data-href]`), b.shot(screen.name, "customers"))
			b.run("look up", chromedp.SendKeys(`input[name=who]`, "13812345678"+kb.Enter), chromedp.WaitVisible(`.chart-scores`),
				b.shot(screen.name, "customer"), b.whole(screen.name, "customer-whole"))
			b.run("log a contact", chromedp.Click(`#log summary`), chromedp.SendKeys(`#log textarea[name=content]`, "问候"), chromedp.Click(`#log button`), chromedp.WaitVisible(`.toast`))
			for _, p := range []string{"contacts?view=all", "contacts?view=week&log=C20002", "tasks?view=all", "tasks?view=all&task=1", "tasks?view=all&task=3", "satisfaction", "satisfaction?low=1", "contacts?view=no_address", "customers/C20001", "tasks?view=all&task=1&lang=en", "customers/C10086?lang=en", "satisfaction?lang=en"} {
				b.run(p, chromedp.Navigate(b.url+"/"+p), chromedp.WaitVisible(`main .card, main .table-box`), b.shot(screen.name, strings.NewReplacer("/", "-", "?", "-", "=", "-", "&", "-").Replace(p)))
			}
			b.run("plan a task", chromedp.Navigate(b.url+"/tasks?view=all&task=1&lang=zh"), chromedp.SendKeys(`textarea[name=plan]`, "周三前退款"),
				chromedp.Click(`form[action="/tasks/1/plan"] button`), chromedp.WaitVisible(`.toast`), b.shot(screen.name, "planned"))
			b.checkSilence()
		})
	}
}
