package public_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/web/public"
)

func TestStatus(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code, c := b.filed(t)
	form := url.Values{"code": {code}, "tail": {"5678"}}
	b.post("/p/status", form).want(t, 200, "已收到，等待受理", "2026-03-02 12:00", "2026-03-03 12:00", "还没有答复")
	b.talk = []reply.Message{
		{Complaint: c.ID, Direction: reply.Out, Text: "第一次", At: noon},
		{Complaint: c.ID, Direction: reply.Out, Text: "<b>明天上门</b>", At: noon.Add(time.Hour)},
		{Complaint: c.ID, Direction: reply.In, Text: "客户的话", At: noon.Add(2 * time.Hour)},
	}
	b.post("/p/status", form).want(t, 200, "&lt;b&gt;明天上门", "2026-03-02 13:00").lacks(t, "第一次", "客户的话", "13812345678", "王小明")
	for status, says := range map[triage.Status]string{
		triage.StatusVerifying: "正在核实和处理", triage.StatusProposing: "协商解决方案", triage.StatusExecuting: "正在落实",
		triage.StatusConfirming: "请您确认", triage.StatusClosed: "已办结", triage.StatusCalledBack: "已办结", triage.StatusWithdrawn: "撤回",
	} {
		c.Status = status
		b.cases[c.ID] = c
		a := b.post("/p/status", form).want(t, 200, says)
		if due := strings.Contains(a.body, "2026-03-05 12:00"); due != status.Open() {
			t.Errorf("%s: shows the time limit: %v", status, due)
		}
	}
}

func TestCodesAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code, _ := b.filed(t)
	typed := strings.NewReplacer("0", "o", "1", "l").Replace(strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	for _, c := range []string{code, strings.ReplaceAll(code, "-", ""), " " + strings.ToLower(code) + " ", typed} {
		b.post("/p/status", url.Values{"code": {c}, "tail": {"138 1234 5678"}}).want(t, 200)
	}
}

func TestWrongCodesLookAlike(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code, _ := b.filed(t)
	page := func(code, tail string) string {
		a := b.post("/p/status", url.Values{"code": {code}, "tail": {tail}}).want(t, 404, "没有找到")
		return strings.NewReplacer(`value="`+code+`"`, "", `value="`+tail+`"`, "").Replace(a.body)
	}
	if a, b := page(code, "0000"), page("00000-00000", "5678"); a != b {
		t.Errorf("a wrong digit and a wrong code differ:\n%s", cmp.Diff(a, b))
	}
	for _, bad := range []string{"", "x", "U0000-00000", strings.Repeat("0", 200), "<script>", "00000\x0000000"} {
		b.post("/p/status", url.Values{"code": {bad}, "tail": {"5678"}}).want(t, 404).lacks(t, "<script")
	}
	b.post("/p/status", url.Values{"code": {code}}).want(t, 404)
}

func TestComplaintWithoutPhone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	form := b.form(t)
	form.Set("phone", "")
	code := b.post("/p/complain", form).want(t, 200).lacks(t, "后四位").followCode(t)
	b.post("/p/status", url.Values{"code": {code}}).want(t, 200)
	b.post("/p/status", url.Values{"code": {code}, "tail": {"1234"}}).want(t, 200)
}

func TestGuessing(t *testing.T) {
	t.Parallel()
	t.Run("the digits of one code, from many addresses", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		code, _ := b.filed(t)
		for i := range 5 {
			b.post("/p/status", url.Values{"code": {code}, "tail": {fmt.Sprintf("%04d", i)}}, "X-Client", fmt.Sprint(i)).want(t, 404)
		}
		right := url.Values{"code": {code}, "tail": {"5678"}}
		b.post("/p/status", right, "X-Client", "owner").want(t, 429, "十五分钟后")
		b.clock.Advance(15 * time.Minute)
		b.post("/p/status", right, "X-Client", "owner").want(t, 200)
	})
	t.Run("codes from one address", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		code, _ := b.filed(t)
		for i := range 20 {
			b.post("/p/status", url.Values{"code": {fmt.Sprintf("%010d", i)}}).want(t, 404)
		}
		right := url.Values{"code": {code}, "tail": {"5678"}}
		b.post("/p/status", right).want(t, 429)
		b.post("/p/status", right, "X-Client", "owner").want(t, 200)
	})
	t.Run("a code is not locked by who has no attempts left", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		code, _ := b.filed(t)
		for i := range 20 {
			b.post("/p/status", url.Values{"code": {fmt.Sprintf("%010d", i)}}).want(t, 404)
		}
		for range 5 {
			b.post("/p/status", url.Values{"code": {code}, "tail": {"0000"}}).want(t, 429)
		}
		b.post("/p/status", url.Values{"code": {code}, "tail": {"5678"}}, "X-Client", "owner").want(t, 200)
	})
	t.Run("who is right is not counted", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		code, _ := b.filed(t)
		for range 50 {
			b.post("/p/status", url.Values{"code": {code}, "tail": {"5678"}}).want(t, 200)
		}
	})
}

func TestAddingInformation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code, c := b.filed(t)
	c.Work.WaitingSince = noon
	b.cases[c.ID] = c
	form := url.Values{"code": {code}, "tail": {"5678"}}
	form.Set("token", b.post("/p/status", form).want(t, 200, "等待您补充信息").token(t))
	form.Set("text", "  ")
	b.post("/p/status/add", form).want(t, 422, "请填写内容")
	form.Set("text", "光猫的灯是<红>的")
	b.fail = triage.Errorf(triage.CodeUnavailable, "busy")
	b.post("/p/status/add", form).want(t, 503, "光猫的灯是&lt;红&gt;的", form.Get("token"))
	for range 2 {
		b.post("/p/status/add", form).want(t, 200, "已收到您的补充").lacks(t, "等待您补充信息")
	}
	want := []public.Said{{Case: c.ID, Key: b.said[0].Key, Channel: triage.ChannelWeb, Text: "光猫的灯是<红>的", At: noon, Reopen: true}}
	if diff := cmp.Diff(want, b.said); diff != "" {
		t.Errorf("said (-want +got)\n%s", diff)
	}
	form.Set("tail", "0000")
	b.post("/p/status/add", form).want(t, 404)
}

func TestMergedCasesAreFollowed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code, c := b.filed(t)
	b.cases["T-2"] = triage.Case{Complaint: triage.Complaint{ID: "T-2", At: noon}, Status: triage.StatusExecuting}
	c.Status, c.Work.MergedInto = triage.StatusMerged, "T-2"
	b.cases[c.ID] = c
	b.talk = []reply.Message{{Complaint: "T-2", Direction: reply.Out, Text: "给别人的答复", At: noon}}
	form := url.Values{"code": {code}, "tail": {"5678"}}
	page := b.post("/p/status", form).want(t, 200, "正在落实").lacks(t, "给别人的答复")
	form.Set("token", page.token(t))
	form.Set("text", "补充")
	b.post("/p/status/add", form).want(t, 200).lacks(t, "给别人的答复")
	if len(b.said) != 1 || b.said[0].Case != c.ID {
		t.Errorf("said %+v, want it said about the customer's own case", b.said)
	}
	into := b.cases["T-2"]
	into.Attrs = map[string]any{"phone": c.Attrs["phone"]}
	b.cases["T-2"] = into
	b.post("/p/status", form).want(t, 200, "给别人的答复")
}
