package main

import (
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/internal/testkit/chromium"
)

// complaintMail is what the way begins with.
const complaintMail = "你好，我家宽带从周三晚上开始断网，光猫一直亮红灯，报修两次都说会派人，到现在没有人上门。" +
	"要求尽快派人上门修好，并且把断网这几天的费用减免。"

// way is one complaint on its way through the house.
type way struct {
	*house
	t    *testing.T
	lin  *seat
	page string // of the case
	code string
}

// TestTheWholeWay takes one complaint through the house as its people do, each
// at a browser of their own: by mail, answered, verified, handed to another
// department and back, solved, closed, asked about, and followed up.
func TestTheWholeWay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	chromium.Find(t)
	h := newHouse(t)
	h.serve(t)
	h.openBrowser(t)
	w := &way{house: h, t: t, lin: h.signIn(t, "lin")}
	w.arrives()
	w.isAnswered()
	w.waitsForTheCustomer()
	zhao := h.signIn(t, "zhao")
	w.isHandedOver(zhao)
	w.comesBack(zhao)
	w.isSolved()
	w.isRated(h.sit(t, "customer"))
	wang := h.signIn(t, "wang")
	w.isFollowedUp(wang)
	qin := h.signIn(t, "qin")
	w.isLookedAt(qin)
	w.isTracked(qin)
	for _, s := range []*seat{w.lin, zhao, wang, qin} {
		s.checkSilence()
	}
	if r := h.stop(); r.code != exitOK {
		t.Errorf("the service ended with %d: %s", r.code, r.err)
	}
	qianyi(t, "", "audit", "verify", "--data", h.data).must(t, exitOK)
}

// arrives: a mail becomes a case, and the workbench says so without a reload.
func (w *way) arrives() {
	w.t.Helper()
	w.lin.open("/?view=received")
	w.write("first", "宽带断网没人管", "", complaintMail)
	w.lin.see(`.arrived a`)
	w.lin.shot("01-arrived")
	w.lin.press(`.arrived a`)
	w.lin.see(`tr[data-href]`)
	if n := w.lin.count(`tr[data-href]`); n != 1 {
		w.t.Fatalf("the workbench has %d new cases, want one", n)
	}
	w.lin.shot("02-queue")
	w.lin.press(`tr[data-href] .c-text a`)
	w.lin.see(`.process`)
	at := inPage[string](w.lin, `location.pathname`)
	w.page, w.code = at, strings.TrimPrefix(at, "/cases/")
	w.lin.has(`.body`, "光猫一直亮红灯")
	w.lin.has(`.process .status`, "待受理")
	w.lin.has(`.whose`, frontDepartment)
	w.lin.shot("03-case")
	w.lin.press(`form[action$="/claim"] button`)
	w.lin.has(`.whose`, "lin")
}

// isAnswered: the draft goes out as a mail, which acknowledges the case.
func (w *way) isAnswered() {
	w.t.Helper()
	w.reply("", "04-draft")
	l := w.last(w.t, 1)
	if !strings.Contains(l.subject, "[#"+w.code+"]") {
		w.t.Errorf("the subject of the answer is %q, want the code %s in it", l.subject, w.code)
	}
	if !strings.Contains(l.text, "王先生/女士") || strings.Contains(l.text, "{") {
		w.t.Errorf("the answer is not addressed to the customer:\n%s", l.text)
	}
	w.lin.has(`.process .status`, "已受理")
	w.lin.has(`.talk-out`, "我们已经收到并登记")
	w.lin.move("verify")
	w.lin.has(`.process .status`, "核实中")
	w.lin.shot("05-verifying")
}

// reply sends a draft, or a text, as a letter.
func (w *way) reply(text, shot string) {
	w.t.Helper()
	if text == "" {
		w.lin.press(`#reply button[formaction$="/draft"]`)
	} else {
		w.lin.fill(`#reply [data-reply-text]`, text)
	}
	w.lin.see(`#reply .verdict`)
	w.lin.shot(shot)
	w.lin.sure(`#reply .actions button.primary`)
	w.lin.see(`.toast`)
	w.lin.see(`.process`)
}

// waitsForTheCustomer: the clocks stand still until the answer comes, by mail,
// in the thread.
func (w *way) waitsForTheCustomer() {
	w.t.Helper()
	w.reply("王先生您好，您希望尽快上门修好并减免费用，我们正在核实，明天11点前把结果告诉您。请您回复光猫背面的设备编号和方便上门的时间，工程师据此安排上门。", "06-question")
	w.lin.unfold(`#wait`)
	w.lin.fill(`#wait textarea`, "光猫背面的设备编号、方便上门的时间")
	w.lin.press(`#wait button.primary`)
	w.lin.see(`.process .pill.p-wait`)
	w.lin.has(`.process .notice`, "等待")
	w.lin.shot("07-waiting")

	question := w.last(w.t, 2)
	w.write("second", "Re: "+question.subject, question.messageID, "设备编号 HG8546M-77，周六上午在家。\n\n> 请您回复光猫背面的设备编号")
	w.lin.see(`[data-changed]`)
	w.lin.shot("08-changed")
	w.lin.press(`[data-changed]`)
	w.lin.has(`.talk-in`, "HG8546M-77")
	if w.lin.count(`.process .pill.p-wait`) != 0 {
		w.t.Error("the customer has answered, and the clocks stand still")
	}
	w.lin.shot("09-answered")
}

// handOver is the form that gives a case to another department.
const handOver = `#hand-over`

// answer gives what that form asks for.
func (s *seat) answer(facts ...said) {
	s.t.Helper()
	for _, f := range facts {
		s.fill(handOver+` input[name="`+f.field+`"]`, f.value)
	}
}

// isHandedOver: the form asks for what is missing before the other department
// sees anything.
func (w *way) isHandedOver(zhao *seat) {
	w.t.Helper()
	zhao.refused = append(zhao.refused, w.page)
	zhao.open(w.page)
	zhao.has(`main`, "404")
	w.lin.refused = append(w.lin.refused, "/hand-over")
	w.lin.unfold(handOver)
	w.lin.fill(handOver+` [name=department]`, otherDepartment)
	w.lin.press(handOver + ` button.primary`)
	w.lin.see(handOver + ` label:has(em.wrong) :focus`)
	w.lin.shot("10-missing")
	w.lin.answer(
		said{"product", "家庭宽带 500M"}, said{"checked", "账号正常，光猫亮红灯，疑似线路端口故障"}, said{"promised", "今天内答复上门时间"},
		said{"task", "检查楼道端口和线路"}, said{"due", w.tomorrow("2006-01-02 15:04")})
	w.lin.press(handOver + ` button.primary`)
	w.lin.see(`.toast`)
	w.lin.has(`.whose`, otherDepartment)
	w.lin.shot("11-handed-over")
}

// comesBack: the other department accepts with the whole record before it,
// works, and gives the case back.
func (w *way) comesBack(zhao *seat) {
	w.t.Helper()
	zhao.open("/?view=department")
	zhao.press(`tr[data-href] .c-text a`)
	zhao.has(`.incoming`, "家庭宽带 500M", "今天内答复上门时间", "检查楼道端口和线路")
	zhao.shot("12-incoming")
	zhao.press(`form[action$="/accept"] button`)
	zhao.has(`.whose`, "zhao")
	zhao.unfold(handOver)
	if got := inPage[string](zhao, `document.querySelector(%s).value`, handOver+` [name=product]`); got != "家庭宽带 500M" {
		w.t.Errorf("the product that was given once is asked for again: the field has %q", got)
	}
	zhao.fill(handOver+` [name=department]`, frontDepartment)
	zhao.fill(handOver+` [name=owner]`, "lin")
	zhao.answer(said{"checked", "楼道分光器三号端口故障，已更换"}, said{"promised", "本部门没有联系客户"},
		said{"task", "请答复客户并归因"}, said{"due", w.tomorrow("2006-01-02 15:04")})
	zhao.click(handOver + ` [name="unknown.promised"]`)
	zhao.shot("13-giving-back")
	zhao.press(handOver + ` button.primary`)
	zhao.see(`.toast`)

	w.lin.open(w.page)
	w.lin.has(`.incoming`, "三号端口故障", "没有联系客户")
	w.lin.press(`form[action$="/accept"] button`)
	w.lin.has(`.whose`, "lin", frontDepartment)
	w.lin.shot("14-back")
}

// isSolved: the cause is named, a solution of the library offered by mail,
// agreed, carried out and confirmed.
func (w *way) isSolved() {
	w.t.Helper()
	w.lin.move("attribute", said{"findings", "楼道分光器三号端口故障，两次报修没有派单"}, said{"cause", "service"}, said{"cause_department", frontDepartment})
	w.lin.has(`.process .status`, "已归因")
	w.lin.shot("15-attributed")
	n := inPage[int](w.lin, `Array.from(document.querySelectorAll("article.suggestion")).findIndex(e => e.innerText.includes(%s))`, standardSolution)
	if n < 0 {
		w.t.Fatalf("the library's solution is not suggested: %s", w.lin.text(".suggestion"))
	}
	inPage[bool](w.lin, `(document.querySelectorAll("article.suggestion")[%s].dataset.chosen = "yes") === "yes"`, n)
	w.lin.click(`article.suggestion[data-chosen] [data-use]`)
	form := `.moves details:has(input[name=move][value=propose])`
	w.lin.see(form + ` textarea[name=solution]`)
	if got := inPage[string](w.lin, `document.querySelector(%s).value`, form+` textarea[name=solution]`); got != standardSolution {
		w.t.Errorf("the form has the solution %q, want %q", got, standardSolution)
	}
	w.lin.shot("16-propose")
	w.lin.press(form + ` button.primary`)
	w.lin.has(`.process .status`, "方案协商")
	w.reply("王先生您好，您要的上门维修和费用减免，我们的方案是："+standardSolution+"。您同意的话，请回复这封邮件。", "17-offer")
	w.last(w.t, 3)
	w.lin.move("agree", said{"consent_by", "王小明本人"}, said{"consent_how", "电话确认"})
	w.lin.move("execute", said{"task", standardSolution}, said{"executor", "装维二班"},
		said{"execute_until", w.tomorrow("2006-01-02T15:04")})
	w.lin.shot("18-executing")
	w.lin.move("confirm", said{"result", "端口已更换，测速正常，减免已入账"})
	w.lin.move("close", said{"resolution", standardSolution}, said{"confirmation", "客户确认网速恢复"})
	w.lin.has(`.process .status`, "已办结")
	w.lin.shot("19-closed")
}

// isRated: the customer opens the link of the letter, and is not content.
func (w *way) isRated(customer *seat) {
	w.t.Helper()
	w.run(w.t, "surveys")
	_, link, found := strings.Cut(w.last(w.t, 4).text, "http://"+surveyHost)
	if !found {
		w.t.Fatalf("the survey letter has no link: %s", w.last(w.t, 4).text)
	}
	link, _, _ = strings.Cut(link, " ")
	customer.open("http://" + surveyHost + link)
	for _, choice := range []string{`[name=stars][value="2"]`, `[name=reason][value=slow]`, `[name=reason][value=attitude]`} {
		customer.click(choice)
	}
	customer.fill(`textarea[name=text]`, "拖了四天才有人来")
	customer.shot("20-survey")
	customer.press(`main button, form button`)
	customer.has(`body`, "感谢")
	customer.shot("21-thanks")
	customer.open("http://" + surveyHost + link)
	if customer.count(`input[name=stars]`) != 0 {
		w.t.Error("the link can be used twice")
	}
	customer.checkSilence()
}

// isFollowedUp: the low score is a task of a named person with two limits; the
// team lead plans, calls and ends it.
func (w *way) isFollowedUp(wang *seat) {
	w.t.Helper()
	w.lin.open("/tasks")
	w.lin.has(`tr[data-href]`, "低分跟进", "lin")
	wang.open("/tasks?view=all")
	wang.press(`tr[data-href] .plain-link`)
	wang.has(`#task`, "低分跟进", "lin", "方案时限", "完成时限", w.code)
	wang.shot("22-task")
	wang.fill(`#task textarea[name=plan]`, "今天由班长致电道歉，说明派单改进")
	wang.press(`#task form[action$="/plan"] button`)
	wang.see(`.toast`)
	wang.open(w.page)
	wang.move("call_back", said{"answer", "客户接受道歉，愿意继续使用"})
	wang.has(`.process .status`, "已回访")
	wang.shot("23-called-back")
	wang.open("/tasks?view=all")
	wang.press(`tr[data-href] .plain-link`)
	wang.has(`#task`, "今天由班长致电道歉")
	wang.fill(`#task textarea[name=outcome]`, "已致电，客户接受")
	wang.press(`#task form[action$="/done"] button`)
	wang.see(`.toast`)
	wang.shot("24-done")
}

// tomorrow is the same time of the next day, as people of the house write it.
func (w *way) tomorrow(layout string) string {
	c := defaultConfig()
	return c.now().AddDate(0, 0, 1).Format(layout)
}
