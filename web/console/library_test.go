package console_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
	"github.com/qianyi-dev/qianyi/triage/wording"
	"github.com/qianyi-dev/qianyi/web/console"
)

// bookcase is a library and a reply desk in memory.
type bookcase struct {
	versions []solution.Version
	moved    []solution.State
	sent     []reply.Answer
	talk     []reply.Message
	lost     error // of sending
	verdict  reply.Verdict
}

func newBookcase() *bookcase {
	first := solution.Version{
		Solution: "FA-1", Number: 1, State: solution.Retired, Author: "li", CreatedAt: noon.AddDate(0, -1, 0),
		Content: solution.Content{Type: "billing", Title: "对账补记", Steps: []string{"核对账单", "当场补记"}},
	}
	second, third := first, first
	second.Number, second.State, second.Uses, second.Outcome = 2, solution.Approved, 12, triage.Outcome{Scores: 9, Mean: 88}
	second.Steps = []string{"核对渠道账单", "当场补记"}
	second.Wording = "{客户称呼}，您好。"
	second.Policy = solution.Policy{{Tier: triage.TierVIP, Amount: 5050, Gift: "流量包"}}
	third.Number, third.State, third.Author = 3, solution.Proposed, "demo"
	return &bookcase{versions: []solution.Version{first, second, third}, verdict: reply.Verdict{Report: wording.Report{Score: 5}}}
}

func (b *bookcase) List(context.Context, solution.Filter) ([]solution.Version, error) {
	return slices.Clone(b.versions), nil
}

func (b *bookcase) Versions(_ context.Context, id string) ([]solution.Version, error) {
	if id != "FA-1" {
		return nil, triage.Errorf(triage.CodeNotFound, "no solution")
	}
	return slices.Clone(b.versions), nil
}

func (b *bookcase) Create(_ context.Context, c solution.Content, by string) (solution.Version, error) {
	if c.Title == "" {
		return solution.Version{}, triage.FieldErrorf("title", "is empty")
	}
	v := solution.Version{Solution: "FA-1", Number: len(b.versions) + 1, Content: c, State: solution.Draft, Author: by}
	b.versions = append(b.versions, v)
	return v, nil
}

func (b *bookcase) Edit(ctx context.Context, _ string, _ int, c solution.Content, by string) (solution.Version, error) {
	return b.Create(ctx, c, by)
}

func (b *bookcase) Move(_ context.Context, _ string, _ int, to solution.State, _ string) error {
	b.moved = append(b.moved, to)
	return nil
}

func (b *bookcase) Streams() bool { return true }

func (b *bookcase) Draft(context.Context, reply.Answer) (reply.Draft, error) {
	return reply.Draft{Text: "模板草稿：您的电话13800138000", Source: reply.FromTemplate}, nil
}

func (b *bookcase) Stream(_ context.Context, _ reply.Answer, show func(string) error) (reply.Draft, error) {
	if err := show("您的电话13800138000。"); err != nil {
		return reply.Draft{}, err
	}
	return reply.Draft{Text: "模板草稿", Source: reply.FromTemplate, Refused: reply.RefusedInvented}, nil
}

func (b *bookcase) Check(context.Context, reply.Answer) (reply.Verdict, error) { return b.verdict, nil }

func (b *bookcase) Send(_ context.Context, a reply.Answer, s reply.Sending) (reply.Message, error) {
	if len(b.verdict.Blocks) > 0 || len(b.verdict.Warnings) > 0 && !s.Confirmed {
		return reply.Message{}, &reply.RefusedError{Verdict: b.verdict}
	}
	b.sent = append(b.sent, a)
	if b.lost != nil {
		return reply.Message{}, b.lost
	}
	m := reply.Message{Complaint: a.Complaint, Direction: reply.Out, Channel: "短信", Text: a.Text, By: s.By, At: noon, Key: "reply-1"}
	b.talk = append(b.talk, m)
	return m, nil
}

func (b *bookcase) Messages(context.Context, triage.ComplaintID) ([]reply.Message, error) {
	return b.talk, nil
}

// reader is somebody signed in before a bookcase.
func reader(t *testing.T, name string) (*desk, *bookcase) {
	t.Helper()
	b := newBookcase()
	d := setup(t, func(deps *console.Deps) { deps.Library = &console.LibraryDeps{Solutions: b, Replies: b} })
	if r := d.signIn(name, password); r.Code != http.StatusSeeOther {
		t.Fatalf("sign-in: got status %d, want 303", r.Code)
	}
	return d, b
}

func TestSolutionPages(t *testing.T) {
	t.Parallel()
	d, _ := reader(t, "demo")
	for target, want := range map[string][2]string{
		"/solutions":                {"第 3 版待审批", "version 3 waits"},
		"/solutions?state=proposed": {"对账补记", "Proposed"},
		"/solutions?type=network":   {"这里没有方案", "No solutions here"},
		"/solutions/FA-1":           {"需要另一人审批", "somebody else has to approve"},
		"/solutions/FA-1?version=2": {"与第 1 版相比", "Compared with version 1"},
		"/solutions/FA-1/edit":      {"保存并提交审批", "Save and propose"},
		"/solutions/new":            {"新建方案", "New solution"},
		casePage:                    {"回复客户", "Reply"},
		casePage + "/reply":         {"不打断", "Do not argue"},
	} {
		d.cookies["qianyi_lang"] = "zh"
		contains(t, d.page(target), want[0])
		d.cookies["qianyi_lang"] = "en"
		contains(t, d.page(target), want[1])
	}
	d.cookies["qianyi_lang"] = "zh"
	contains(t, d.page("/solutions/FA-1?version=2"), "核对<ins>渠道</ins>账单", "50.50 元", "流量包", "<b>88</b>", "n=9", "77–92")
	contains(t, d.page("/solutions/export.csv"), "\ufeff", "对账补记", "88,77,92")
}

func TestSolutionForm(t *testing.T) {
	t.Parallel()
	d, b := reader(t, "agent")
	form := url.Values{"type": {"billing:billing.topup"}, "title": {""}, "steps": {"一\r\n二"}, "amount.vip": {"12.5"}, "base": {"3"}}
	w := d.post("/solutions/FA-1/edit", form)
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("got status %d, want 422", w.Code)
	}
	contains(t, w.Body.String(), "请填写名称", `value="12.5"`)
	form.Set("title", "新方案")
	form.Set("amount.vip", "十二")
	contains(t, d.post("/solutions/new", form).Body.String(), "请填写数字", `value="十二"`)
	form.Set("amount.vip", "12.5")
	form.Set("action", "propose")
	d.follow(d.post("/solutions/FA-1/edit", form), "/solutions/FA-1")
	made := b.versions[len(b.versions)-1]
	want := solution.Content{Type: "billing", Subtype: "billing.topup", Title: "新方案", Steps: []string{"一", "二"}, Policy: solution.Policy{{Tier: triage.TierVIP, Amount: 1250}}}
	if diff := cmp.Diff(want, made.Content); diff != "" {
		t.Errorf("stored (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]solution.State{solution.Proposed}, b.moved); diff != "" {
		t.Errorf("moves (-want +got)\n%s", diff)
	}
	if w := d.post("/solutions/FA-1/approve", url.Values{"version": {"3"}}); w.Code != http.StatusForbidden {
		t.Errorf("an agent approved: got status %d, want 403", w.Code)
	}
}

func TestReplyBox(t *testing.T) {
	t.Parallel()
	d, b := reader(t, "agent")
	box := casePage + "/reply"
	w := d.post(casePage+"/draft", url.Values{"solution": {"FA-1"}})
	contains(t, w.Body.String(), "模板草稿", "138****8000")
	lacks(t, w.Body.String(), "13800138000")
	contains(t, d.post(casePage+"/draft", url.Values{"amount": {"很多"}}).Body.String(), "请填写金额")

	events := d.get(casePage + "/draft?solution=FA-1")
	if got := events.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		t.Errorf("got %q, want an event stream", got)
	}
	contains(t, events.Body.String(), "event: sentence\ndata: \"您的电话138****8000。\"", "event: done", "已改用模板")

	b.verdict = reply.Verdict{
		Report: wording.Report{Score: 1, Reasons: []string{"断然拒绝 1 处，扣 3 分"}, Flags: []wording.Flag{{Kind: wording.FlatRefusal, Text: "绝对不会<b>", Start: 2, End: 9, Advice: "说明理由"}}},
		Blocks: []reply.Finding{{Reason: reply.OverLimit, Text: "300元", Limit: "100"}}, Warnings: []reply.Finding{{Reason: reply.Flagged}},
	}
	written := url.Values{"text": {"我们绝对不会<b>退"}}
	part := d.post(casePage+"/check", url.Values{"text": written["text"], "part": {"1"}}).Body.String()
	contains(t, part, `<mark title="断然拒绝">绝对不会&lt;b&gt;</mark>退`, "上限 100 元", "说明理由")
	lacks(t, part, "<html")
	contains(t, d.post(casePage+"/check", written).Body.String(), "<html", "绝对不会")

	w = d.post(box, written)
	if w.Code != http.StatusUnprocessableEntity || len(b.sent) > 0 {
		t.Errorf("got status %d and %d sent, want it refused", w.Code, len(b.sent))
	}
	lacks(t, w.Body.String(), `name="confirmed"`)
	b.verdict.Blocks = nil
	contains(t, d.post(box, written).Body.String(), `name="confirmed"`)
	written.Set("confirmed", "yes")
	if w := d.post(box, written); w.Code != http.StatusSeeOther || w.Header().Get("Location") != casePage+"#reply" {
		t.Fatalf("got status %d to %q, want the case", w.Code, w.Header().Get("Location"))
	}
	contains(t, d.page(casePage), "回复已发送", "talk-out", "我们绝对不会&lt;b&gt;退")
}

// A letter that may have gone out stays in the conversation, with what to do.
func TestUnclearReply(t *testing.T) {
	t.Parallel()
	d, b := reader(t, "agent")
	b.talk = []reply.Message{{Direction: reply.Out, Text: "正在核实", By: "li", At: noon, Key: "reply-1", State: reply.StateUnclear}}
	contains(t, d.page(casePage), "正在核实", "不确定是否送达，系统不会重发")
	b.lost = triage.Errorf(triage.CodeConflict, "it may have gone out")
	w := d.post(casePage+"/reply", url.Values{"text": {"正在核实"}})
	contains(t, w.Body.String(), "不确定是否送达，系统不会重发")
	if w.Code != http.StatusConflict {
		t.Errorf("got status %d, want 409", w.Code)
	}
}

func TestReplyBoxIsForThoseWhoMayAnswer(t *testing.T) {
	t.Parallel()
	d, _ := reader(t, "quality")
	lacks(t, d.page(casePage), "data-reply")
	for _, w := range []*httptest.ResponseRecorder{
		d.get(casePage + "/reply"), d.get(casePage + "/draft"), d.post(casePage+"/reply", url.Values{"text": {"好"}}), d.post(casePage+"/check", nil),
	} {
		if w.Code != http.StatusForbidden {
			t.Errorf("got status %d, want 403", w.Code)
		}
	}
}
