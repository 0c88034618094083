package console_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/qianyi-dev/qianyi/internal/testkit/chromium"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/wording"
	"github.com/qianyi-dev/qianyi/web/console"
)

// TestReplyBrowser writes a reply as an agent does: the model's draft, the check
// while writing, and sending by keys after a question.
func TestReplyBrowser(t *testing.T) {
	t.Parallel()
	chromium.Find(t)
	for _, screen := range []struct{ name, theme string }{{"reply-light", "light"}, {"reply-dark", "dark"}} {
		t.Run(screen.name, func(t *testing.T) {
			shelf := newBookcase()
			shelf.verdict = reply.Verdict{Report: wording.Report{
				Score: 4, Reasons: []string{"空泛拖延 1 处，扣 1 分"}, Flags: []wording.Flag{{Kind: wording.EmptyDelay, Text: "模板", End: 2, Advice: "写明时间"}},
			}}
			d := setup(t, func(deps *console.Deps) { deps.Library = &console.LibraryDeps{Solutions: shelf, Replies: shelf} })
			b := openBrowser(t, d)
			b.run("screen", chromedp.EmulateViewport(1366, 768))
			b.run("sign in", chromedp.Navigate(b.url+"/login?theme="+screen.theme), chromedp.WaitVisible(`input[name=password]`),
				chromedp.SendKeys(`input[name=name]`, "agent"), chromedp.SendKeys(`input[name=password]`, password+kb.Enter), chromedp.WaitVisible(`.menu`))
			for _, p := range []string{"solutions", "solutions/FA-1?version=2", "solutions/FA-1/edit"} {
				b.run(p, chromedp.Navigate(b.url+"/"+p), chromedp.WaitVisible(`main .card, main .table-box`), b.shot(screen.name, strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(p)))
			}
			b.run("draft", chromedp.Navigate(b.url+casePage), chromedp.Click(`[data-draft]`), chromedp.WaitVisible(`.verdict .flags`), b.whole(screen.name, "drafted"))

			b.run("write", chromedp.SendKeys(`[data-reply-text]`, "！"))
			b.run("send by keys", chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.WaitVisible(`#confirm-dialog[open]`))
			b.run("confirm", chromedp.Click(`#confirm-dialog button.danger`), chromedp.WaitVisible(`.talk-out`), b.shot(screen.name, "sent"))
			b.checkSilence()
			if len(shelf.sent) != 1 || shelf.sent[0].Text != "模板草稿！" {
				t.Errorf("sent was %+v, want the draft and what was added", shelf.sent)
			}
		})
	}
}
