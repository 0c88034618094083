package console_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qianyi-dev/qianyi/internal/testkit/chromium"
)

// TestCounterBrowser serves a customer as a clerk does: finds them, taps with a
// key, adds words, takes it back.
func TestCounterBrowser(t *testing.T) {
	t.Parallel()
	chromium.Find(t)
	for _, screen := range []struct {
		name, theme   string
		width, height int64
	}{{"counter-light", "light", 1366, 768}, {"counter-dark", "dark", 1920, 1080}, {"counter-tablet", "light", 820, 1180}} {
		t.Run(screen.name, func(t *testing.T) {
			d, s := atCounter(t, "agent")
			b := openBrowser(t, d)
			b.run("screen", chromedp.EmulateViewport(screen.width, screen.height))
			b.run("sign in", chromedp.Navigate(b.url+"/login?theme="+screen.theme), chromedp.WaitVisible(`input[name=password]`),
				chromedp.SendKeys(`input[name=name]`, "wu"), chromedp.SendKeys(`input[name=password]`, password+kb.Enter), chromedp.WaitVisible(`.menu`))
			b.run("start", chromedp.Navigate(b.url+"/counter"), chromedp.WaitVisible(`.lookup input`), b.shot(screen.name, "start"))
			b.run("several", chromedp.SendKeys(`input[name=who]`, "5678"+kb.Enter), chromedp.WaitVisible(`tr[data-href]`), b.shot(screen.name, "several"))
			b.run("find", chromedp.SendKeys(`input[name=who]`, "C10086"+kb.Enter), chromedp.WaitVisible(`.offer.chosen`), b.shot(screen.name, "customer"), b.whole(screen.name, "customer-whole"))
			b.run("tap with a key", chromedp.KeyEvent("3"), chromedp.WaitVisible(`#kept`), b.shot(screen.name, "kept"))
			b.run("words", chromedp.Click(`#kept input[value=expensive]`), chromedp.SendKeys(`#kept textarea`, "上次就是骗人的"), chromedp.Click(`#kept form[action$=detail] button`),
				chromedp.WaitVisible(`#kept form[action$=complain].notice`), b.shot(screen.name, "words"))
			if len(s.captures) != 1 || s.captures[0].Attitude != "refused" || s.captures[0].Words == "" {
				t.Errorf("captured: %+v", s.captures)
			}
			for name, path := range map[string]string{"nothing": "?customer=C20001", "log": "/log", "walk-in": "?walk_in=1&lang=en"} {
				b.run(name, chromedp.Navigate(b.url+"/counter"+path), chromedp.WaitVisible(`main .card, main .table-box`), b.shot(screen.name, name))
			}
			b.checkSilence()
		})
	}
}
