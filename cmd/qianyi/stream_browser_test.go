package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/testkit/chromium"
)

// streamWay is a day of those who read what the stream of complaints says.
type streamWay struct {
	*house
	t                  *testing.T
	mei, dan, qin, lin *seat
}

// TestWhatTheStreamSays is a day of a marketing manager, a clerk at the counter,
// a quality manager and an agent, each at a browser of their own.
func TestWhatTheStreamSays(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	chromium.Find(t)
	h := streamHouse(t)
	h.openBrowser(t)
	w := &streamWay{house: h, t: t}
	w.runAll()
	w.mei = h.signIn(t, "mei")
	w.seesWhichToStop()
	w.takesAwayAComplaint()
	w.printsTheCard()
	w.checksACopy()
	w.dan = h.signIn(t, "dan")
	w.asksAtTheCounter()
	w.qin = h.signIn(t, "qin")
	w.followsFigures()
	w.improves()
	w.readsTheReport()
	w.sendsTheReport()
	w.changesAnAssumption()
	w.lin = h.signIn(t, "lin")
	w.isOnlyAnAgent()
	w.qin.walk("lang=zh&theme=light", streamPages...)
	w.qin.walk("lang=en&theme=dark", streamPages...)
	for _, s := range []*seat{w.mei, w.dan, w.qin, w.lin} {
		s.checkSilence()
	}
	if r := h.stop(); r.code != exitOK {
		t.Errorf("the service ended with %d: %s", r.code, r.err)
	}
	qianyi(t, "", "audit", "verify", "--data", h.data).must(t, exitOK)
}

func (w *streamWay) runAll() {
	w.t.Helper()
	for _, job := range streamJobs {
		w.run(w.t, job)
	}
}

// seesWhichToStop: the campaign with the new rules is first, and says why; its
// figure leads to as many complaints as it says.
func (w *streamWay) seesWhichToStop() {
	w.t.Helper()
	w.mei.open("/campaigns")
	first := `table.campaigns tbody tr:first-child `
	w.mei.see(first)
	w.mei.has(first, alteredName)
	if w.mei.count(first+`.signal-adjust, `+first+`.signal-stop`) == 0 {
		w.t.Errorf("the campaign whose rules were changed should be adjusted or stopped: %s", w.mei.text(first))
	}
	if w.mei.text(first+`.because-line`) == "" {
		w.t.Error("the signal has no reason")
	}
	w.mei.sound()
	w.mei.shot("01-campaigns")
	w.mei.press(first + `td.wrap a`)
	w.mei.has(`h1`, alteredName)
	if w.mei.text(`.because`) == "" {
		w.t.Error("the page of the campaign gives no reason")
	}
	w.mei.sound()
	w.mei.whole("02-campaign")
	w.mei.follow(`.tiles a[href^="/figures/cases"]`)
	w.mei.shot("03-cases")
	w.mei.press(`tr[data-href] .c-text a`)
	w.mei.has(`.body`, "充五十送一百二")
}

const alteredPage = "/campaigns/" + alteredCampaign

// takesAwayAComplaint: what a person takes from a campaign is no longer in its
// figures.
func (w *streamWay) takesAwayAComplaint() {
	w.t.Helper()
	figure := `.tiles a[href^="/figures/cases"]`
	w.mei.open(alteredPage)
	before := w.mei.number(figure)
	w.mei.press(`.attributed form[action$="/attribute"] button`)
	w.mei.see(`.toast`)
	w.runAll()
	w.mei.open(alteredPage)
	if got := w.mei.number(figure); got != before-1 {
		w.t.Errorf("%d complaints are about the campaign after one was taken away, want %d", got, before-1)
	}
	w.mei.follow(figure)
}

func (w *streamWay) printsTheCard() {
	w.t.Helper()
	w.mei.open(alteredPage)
	w.mei.press(`.head-side a[href$="/card"]`)
	w.mei.sound()
	w.mei.whole("04-card")
	paper := w.mei.print("card")
	if n := paper.pages(); n < 1 || n > 2 {
		w.t.Errorf("the score card has %d pages, want one or two", n)
	}
}

// hopefulCopy promises what nobody may promise.
const hopefulCopy = "全网最低价！充100送300，永久有效，人人有礼，最终解释权归本公司所有。到期自动续费。"

// checksACopy: the findings and the forecast come before the campaign does.
func (w *streamWay) checksACopy() {
	w.t.Helper()
	w.mei.open("/campaigns/check")
	for _, f := range []said{
		{"copy", hopefulCopy}, {"rules", "充值100元，次月起每月返还，活动规则如有调整以公告为准"}, {"name", "充100送300"}, {"reach", "5000"},
		{"from", w.tomorrow()}, {"to", w.now().AddDate(0, 1, 0).Format("2006-01-02")},
	} {
		w.mei.fill(`#edit [name=`+f.field+`]`, f.value)
	}
	w.mei.press(`#edit button.primary`)
	w.mei.see(`.copy-findings li`)
	w.mei.has(`.copy-findings`, "最低价")
	w.mei.see(`.forecast`)
	w.mei.sound()
	w.mei.whole("05-check")
	open := w.mei.count(`.copy-findings li:not(.accepted)`)
	w.mei.unfold(`.copy-findings li:not(.accepted) details`)
	w.mei.fill(`.copy-findings li:not(.accepted) input[name=reason]`, "法务已确认该表述有依据")
	w.mei.press(`.copy-findings li:not(.accepted) details[open] button`)
	w.mei.has(`.copy-findings li.accepted`, "法务已确认该表述有依据", "mei")
	if got := w.mei.count(`.copy-findings li:not(.accepted)`); got != open-1 {
		w.t.Errorf("%d findings are open after one of %d was accepted", got, open)
	}
	w.mei.press(`nav a[href="/campaigns/check"]`)
	w.mei.has(`table`, "充100送300")
}

func (w *streamWay) tomorrow() string { return w.now().AddDate(0, 0, 1).Format("2006-01-02") }

// asksAtTheCounter: a refusal is one tap and a few words, what was taken back
// does not count.
func (w *streamWay) asksAtTheCounter() {
	w.t.Helper()
	w.finds(3)
	w.dan.has(`.offer`, calmName)
	w.dan.has(`table.small`, alteredName)
	if strings.Contains(w.dan.text(`.offer`), alteredName) {
		w.t.Error("a campaign that is not for the customer is recommended")
	}
	w.dan.sound()
	w.dan.shot("06-counter")
	w.dan.press(`.offer .a-annoyed`)
	w.dan.fill(`#kept textarea[name=words]`, "别再给我推销流量包了")
	w.dan.press(`#kept form[action$="/detail"] button.primary`)
	w.dan.see(`.toast`)
	w.dan.shot("07-annoyed")
	w.finds(5)
	w.dan.press(`.offer .a-accepted`)
	w.dan.see(`form[action$="/undo"]`)
	if n := w.dan.count(`.captures li`); n != 2 {
		w.t.Errorf("the list of today has %d entries, want 2", n)
	}
	w.dan.sure(`.captures li form[action$="/undo"] button`)
	if n := w.dan.count(`.captures li`); n != 1 {
		w.t.Errorf("the list of today has %d entries after one was taken back, want 1", n)
	}
	w.runAll()
	w.mei.open("/campaigns/" + calmCampaign + "/card")
	w.mei.whole("08-calm-card")
	w.mei.has(`main`, "反感")
}

// finds looks a customer up by the number of their phone.
func (w *streamWay) finds(customer int) {
	w.t.Helper()
	w.dan.open("/counter")
	w.dan.fill(`input[name=who]`, phone(customer))
	w.dan.press(`.lookup button.primary`)
	w.dan.see(`.who-line`)
}

// followsFigures: the controls of the page change what is looked at, and every
// figure is as many cases as the list behind it.
func (w *streamWay) followsFigures() {
	w.t.Helper()
	w.qin.open("/quality")
	w.qin.see(`.key-figures`)
	before := w.qin.text(`.quality-range`)
	w.qin.press(`.quality-bar .segment:nth-of-type(1) a:not(.active)`)
	if after := w.qin.text(`.quality-range`); after == before {
		w.t.Errorf("another range is the same: %s", after)
	}
	before = w.qin.text(`.quality-range`)
	w.qin.press(`.quality-bar .segment:nth-of-type(3) a:not(.active)`)
	if after := w.qin.text(`.quality-range`); after == before {
		w.t.Errorf("another comparison is the same: %s", after)
	}
	w.qin.sound()
	w.qin.whole("09-quality")
	here := inPage[string](w.qin, `location.href`)
	w.qin.follow(`.key-figures .tile b a`)
	for _, tab := range []string{"/quality/types", "/quality/times"} {
		w.qin.open(here)
		w.qin.press(`.page-tabs a[href^="` + tab + `"]`)
		w.qin.sound()
		w.qin.whole("10-" + strings.TrimPrefix(tab, "/quality/"))
		w.qin.reveal(`.quality-block details`)
		w.qin.follow(`.quality-block table.figures td:nth-child(2) a`)
	}
}

// TestStreamPagesWithoutData opens every page of a company that has just begun.
func TestStreamPagesWithoutData(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	chromium.Find(t)
	h := emptyHouse(t)
	h.serve(t)
	for _, job := range append(slices.Clone(streamJobs), "reports") {
		h.run(t, job)
	}
	h.openBrowser(t)
	qin, dan := h.signIn(t, "qin"), h.signIn(t, "dan")
	pages := slices.DeleteFunc(slices.Clone(streamPages), func(path string) bool { return strings.HasPrefix(path, alteredPage) || path == "/staff/agents/dan" })
	for _, query := range []string{"lang=zh&theme=light", "lang=en&theme=dark"} {
		qin.walk(query, pages...)
		dan.walk(query, "/counter", "/counter?walk_in=1", "/staff/me")
		qin.open("/reports")
		if qin.count(`tr[data-href] a`) > 0 {
			qin.press(`tr[data-href] a`)
			qin.sound()
			qin.whole("empty-report")
		}
	}
	for _, s := range []*seat{qin, dan} {
		s.checkSilence()
	}
}
