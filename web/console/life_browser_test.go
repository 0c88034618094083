package console_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qianyi-dev/qianyi/internal/testkit/chromium"
)

// TestLifeInABrowser works on a case as an agent does: claim, answer the
// customer, wait, hand over; a colleague's arrival shows without a reload. It
// fails on any complaint of the browser's console.
func TestLifeInABrowser(t *testing.T) {
	t.Parallel()
	chromium.Find(t)
	for _, screen := range []struct {
		name          string
		width, height int64
		theme         string
	}{{"1366-light", 1366, 768, "light"}, {"1920-dark", 1920, 1080, "dark"}} {
		t.Run(screen.name, func(t *testing.T) {
			f := openFirm(t)
			f.complain("TS-20260302-0001", "TS-20260302-0002", "TS-20260302-0003")
			b := openBrowser(t, f.desk)
			b.run("screen", chromedp.EmulateViewport(screen.width, screen.height))
			b.walkLife(f, screen.name, screen.theme)
			b.checkSilence()
			if got := f.status("TS-20260302-0001"); got != "acknowledged" {
				t.Errorf("got status %s, want acknowledged", got)
			}
		})
	}
}

func (b *browser) walkLife(f *firm, screen, theme string) {
	b.run("sign in", chromedp.Navigate(b.url+"/login?theme="+theme), chromedp.SendKeys(`input[name=name]`, "zhou"),
		chromedp.SendKeys(`input[name=password]`, password+kb.Enter), chromedp.WaitVisible(`tr[data-href]`), b.shot(screen, "life-queue"))
	f.complain("TS-20260302-0004")
	f.clock.Advance(3 * time.Second)
	b.run("a new complaint shows", chromedp.WaitVisible(`.arrived a`), b.shot(screen, "life-arrived"))
	b.run("claim in a batch", chromedp.Click(`[data-check-all]`), chromedp.Click(`button[value=claim]`), chromedp.WaitVisible(`.toast`), b.shot(screen, "life-batch"))
	b.run("case", chromedp.Navigate(b.url+"/cases/TS-20260302-0001"), chromedp.WaitVisible(`.process`), b.whole(screen, "life-case"))
	b.run("answer", chromedp.Click(`.main-move summary`), chromedp.SendKeys(`.main-move textarea`, "电话答复，客户同意等一天"), b.shot(screen, "life-answer"),
		chromedp.Click(`.main-move button.primary`), chromedp.WaitVisible(`.toast`))
	b.run("hand over", chromedp.Click(`#hand-over summary`), chromedp.WaitVisible(`#hand-over input[name=department]`), b.whole(screen, "life-handover"))
	b.run("wait", chromedp.Click(`#wait summary`), chromedp.SendKeys(`textarea[name=what]`, "请发账单截图"),
		chromedp.Click(`#wait button`), chromedp.WaitVisible(`form[action$="/resume"]`), b.whole(screen, "life-waiting"))
	b.run("breaches", chromedp.Navigate(b.url+"/breaches"), chromedp.WaitVisible(`.card, .table-box`), b.shot(screen, "life-breaches"))
	b.run("english", chromedp.Navigate(b.url+"/cases/TS-20260302-0001?lang=en"), chromedp.WaitVisible(`.process`), b.shot(screen, "life-english"),
		chromedp.Navigate(b.url+"/?lang=en&view=all"), chromedp.WaitVisible(`tr[data-href]`), b.shot(screen, "life-english-queue"))
}
