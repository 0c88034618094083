package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
)

const atC10086 = "/counter?customer=C10086"

func TestCounterShowsWhatMayBeRecommended(t *testing.T) {
	t.Parallel()
	d, _ := atCounter(t, "agent")
	body := d.page(atC10086)
	contains(t, body, "张*", "138****5678", "高价值", "广东深圳", "春季充值返话费", "充 100 元返 50 元", "至 2026-04-30", "每人一次", "没有登记话术",
		"高价值客户", "面向这一等级的客户", "规则变更后投诉为原来的 3 倍", "每万触达投诉 6.4", "campaign=CMP-2",
		"限VIP客户，这位是高价值", "限北京，这位在广东深圳", "入网要满 36 个月", "没有所需记录：购买 专线", "已建议停止：随意群发短信", "已结束 1 个", "已参加",
		`data-key="1"`, `data-key="4"`, `value="annoyed"`)
	lacks(t, body, secrets...)
	lacks(t, body, "<b>夜间")
	if n := strings.Count(body, `data-key="1"`); n != 1 {
		t.Errorf("%d buttons have the key 1, want that of one card", n)
	}
	t.Run("another card is chosen", func(t *testing.T) {
		first := regexp.MustCompile(`(?s)offer chosen.*?name="campaign" value="([^"]+)"`)
		for _, id := range []string{"CMP-1", "CMP-2"} {
			if m := first.FindStringSubmatch(d.page(atC10086 + "&campaign=" + id)); m == nil || m[1] != id {
				t.Errorf("the first card is %v, want %s", m, id)
			}
		}
	})
	t.Run("what holds for all is said once", func(t *testing.T) {
		body := d.page("/counter?customer=C20001")
		contains(t, body, "客户不接受营销（可以办理服务）", "有 1 件投诉未结", "对这位客户暂不推荐", "原因见上", "情绪激动", `href="/cases/TS-20260301-0007"`)
		lacks(t, body, `name="attitude"`, "客户要求不再打扰")
		if n := strings.Count(body, "有 1 件投诉未结"); n != 1 {
			t.Errorf("the open complaint is said %d times", n)
		}
	})
	t.Run("somebody unknown", func(t *testing.T) {
		body := d.page("/counter?walk_in=1")
		contains(t, body, "春季充值返话费", "要先确认客户", `name="customer" value=""`)
	})
	t.Run("nobody yet", func(t *testing.T) { contains(t, d.page("/counter"), "先查找客户", "今天还没有记录") })
	t.Run("in English", func(t *testing.T) {
		contains(t, d.page(atC10086+"&lang=en"), "36 months of membership needed", "Refused")
	})
	if w := d.get("/counter?customer=C404"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown customer: got status %d, want 404", w.Code)
	}
	trail := d.company.trail[len(d.company.trail)-1]
	if trail.Action != "view" || !strings.HasPrefix(trail.Object, "customer:C") {
		t.Errorf("the trail ends with %+v", trail)
	}
}

func TestCounterFindsCustomers(t *testing.T) {
	t.Parallel()
	d, s := atCounter(t, "agent")
	for _, who := range []string{"13812345678", "C10086"} {
		leads(t, d.post("/counter/find", url.Values{"who": {who}}), atC10086)
	}
	body := d.post("/counter/find", url.Values{"who": {"5678"}}).Body.String()
	contains(t, body, "找到 2 位客户", `href="/counter?customer=C20009"`, "138****5678")
	lacks(t, body, "13812345678", "13900005678", "张伟民")
	leads(t, d.post("/counter/find", url.Values{"who": {"12345678"}}), atC10086)
	for _, who := range []string{"567", "abcd", strings.Repeat("9", 5000), "56 78"} {
		contains(t, d.post("/counter/find", url.Values{"who": {who}}).Body.String(), "没有找到这位客户")
	}
	for range 30 {
		s.ends = append(s.ends, s.ends[1])
	}
	body = d.post("/counter/find", url.Values{"who": {"5678"}}).Body.String()
	contains(t, body, "找到 20 位客户", "还有更多")
	leads(t, d.post("/counter/find", url.Values{"who": {" "}}), "/counter")
}

// tapped is the form of a card of a page.
func tapped(t *testing.T, body, campaign, attitude string) url.Values {
	t.Helper()
	m := regexp.MustCompile(`name="customer" value="([^"]*)"><input type="hidden" name="campaign" value="` + campaign + `"><input type="hidden" name="key" value="([^"]+)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("there is no card of %s", campaign)
	}
	return url.Values{"customer": {m[1]}, "campaign": {campaign}, "key": {m[2]}, "attitude": {attitude}}
}

func TestOneTapAtTheCounter(t *testing.T) {
	t.Parallel()
	d, s := atCounter(t, "wu")
	form := tapped(t, d.page(atC10086), "CMP-1", "refused")
	const kept = "/counter?capture=1&customer=C10086"
	body := d.follow(d.post("/counter/take", form), kept)
	contains(t, body, "已记录，10 分钟内可撤销", "春季充值返话费", `action="/counter/captures/1/detail"`, "12:00", `action="/counter/captures/1/undo"`,
		"2026-03-01 对它拒绝，2026-05-30 前不再推荐", "一年内登记 1 次")
	want := counter.Capture{
		ID: 1, Campaign: "CMP-1", Customer: "C10086", Attitude: campaign.Refused, Clerk: "wu", Shop: "南山营业厅", Source: counter.FromConsole, At: noon,
		Day: s.captures[0].Day, RecordedAt: noon, Key: "wu " + form.Get("key"), Version: 1, Reasons: []counter.Reason{},
	}
	if diff := cmp.Diff(want, s.captures[0]); diff != "" {
		t.Errorf("the capture (-want +got)\n%s", diff)
	}
	t.Run("a double tap is one, whichever button", func(t *testing.T) {
		contains(t, d.follow(d.post("/counter/take", form), kept), "这一次已经记录过")
		form.Set("attitude", "accepted")
		contains(t, d.follow(d.post("/counter/take", form), kept), "这一次已经记录过")
		if len(s.captures) != 1 || s.captures[0].Attitude != campaign.Refused {
			t.Errorf("got %+v", s.captures)
		}
	})
	t.Run("details", func(t *testing.T) {
		detail := url.Values{"behaviour": {"question"}, "reason": {"expensive", "distrust"}, "words": {"你们骗人，<script>alert(1)</script>打13987654321"}}
		body := d.follow(d.post("/counter/captures/1/detail", detail), kept)
		contains(t, body, "补充已保存", "客户的话像是一件投诉", `value="expensive" checked`, `value="question" selected`)
		lacks(t, body, "<script>alert")
		detail.Set("words", strings.Repeat("贵", 501))
		w := d.post("/counter/captures/1/detail", detail)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("too long: got status %d, want 422", w.Code)
		}
		contains(t, w.Body.String(), "不超过 500 字。", strings.Repeat("贵", 501))
	})
	t.Run("a complaint of the words", func(t *testing.T) {
		leads(t, d.post("/counter/captures/1/complain", nil), "/cases/TS-20260301-0007")
		body := d.page(kept)
		contains(t, body, "已转投诉", `href="/cases/TS-20260301-0007"`)
		lacks(t, body, `action="/counter/captures/1/undo"`)
		if len(s.taken) != 1 || s.taken[0].Campaign != "CMP-1" || s.taken[0].Channel != triage.ChannelCounter {
			t.Errorf("taken in: %+v", s.taken)
		}
	})
}

func TestUndoAtTheCounter(t *testing.T) {
	t.Parallel()
	d, s := atCounter(t, "agent")
	d.post("/counter/take", tapped(t, d.page("/counter?walk_in=1"), "CMP-1", "annoyed"))
	if len(s.captures) != 1 || s.captures[0].Customer != "" {
		t.Fatalf("got %+v, want one of somebody unknown", s.captures)
	}
	d.signIn("wu", password)
	if w := d.post("/counter/captures/1/undo", nil); w.Code != http.StatusForbidden {
		t.Errorf("another clerk: got status %d, want 403", w.Code)
	}
	d.signIn("agent", password)
	contains(t, d.follow(d.post("/counter/captures/1/undo", nil), "/counter?walk_in=1"), "已撤销", "今天还没有记录")
	d.post("/counter/take", tapped(t, d.page(atC10086), "CMP-1", "accepted"))
	d.clock.Advance(counter.UndoTime + time.Second)
	lacks(t, d.page("/counter"), "/undo")
	if w := d.post("/counter/captures/2/undo", nil); w.Code != http.StatusConflict {
		t.Errorf("too late: got status %d, want 409", w.Code)
	}
	for _, target := range []string{"/counter/captures/9/undo", "/counter/captures/x/undo", "/counter/captures/x/detail", "/counter/captures/9/complain"} {
		if w := d.post(target, nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: got status %d, want 404", target, w.Code)
		}
	}
	if w := d.post("/counter/take", url.Values{"campaign": {"CMP-1"}, "attitude": {"happy"}}); w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
		t.Errorf("an unknown attitude: got status %d", w.Code)
	}
}

func TestOptOutAtTheCounter(t *testing.T) {
	t.Parallel()
	d, s := atCounter(t, "agent")
	contains(t, d.page(atC10086), "客户要求不再打扰", `action="/counter/opt-out"`)
	leads(t, d.post("/counter/opt-out", url.Values{"customer": {"C10086"}}), atC10086)
	if len(s.blocked) != 3 || s.blocked[1].Customer != "WX-7781" || s.blocked[2].Address != "13812345678" {
		t.Errorf("got %+v, want both records and the phone", s.blocked)
	}
}

func TestCounterLog(t *testing.T) {
	t.Parallel()
	d, s := atCounter(t, "agent")
	contains(t, d.page("/counter/log"), "没有记录")
	s.captures = []counter.Capture{
		{ID: 1, Campaign: "CMP-1", Customer: "C10086", Attitude: campaign.Refused, Behaviour: counter.Left, Reasons: []counter.Reason{counter.TooExpensive, counter.NoTime}, Words: "=HYPERLINK(\"x\")打13987654321", Clerk: "wu", Shop: "南山营业厅", At: noon, Case: "TS-1"},
		{ID: 2, Campaign: "CMP-9", Attitude: campaign.Accepted, Clerk: "li", Shop: "福田营业厅", At: noon},
	}
	body := d.page("/counter/log")
	contains(t, body, "春季充值返话费", "太贵 · 没时间", "中途离开", "139****4321", "CMP-9", "散客", "南山营业厅", "福田营业厅", "/counter/log/export.csv")
	lacks(t, body, "13987654321")
	lacks(t, d.page("/counter/log?attitude=refused&from=2026-03-01&to=2026-03-01&campaign=CMP-1&clerk=wu"), "福田营业厅")
	want := counter.Filter{Campaign: "CMP-1", Attitude: campaign.Refused, Clerk: "wu", From: noon.Add(-12 * time.Hour), To: noon.Add(12 * time.Hour), Limit: 50}
	if diff := cmp.Diff(want, s.asked[len(s.asked)-1], cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("asked for (-want +got)\n%s", diff)
	}
	rows := d.csv("/counter/log/export.csv")
	if diff := cmp.Diff([]string{"1", "2026-03-01 12:00", "春季充值返话费", "C10086", "拒绝", "中途离开", "太贵、没时间", "'=HYPERLINK(\"x\")打139****4321", "TS-1", "wu", "南山营业厅"}, rows[1]); diff != "" {
		t.Errorf("the first row (-want +got)\n%s", diff)
	}
	if e := d.company.trail[len(d.company.trail)-1]; e.Action != "export" || e.Object != "captures" {
		t.Errorf("the trail ends with %+v", e)
	}
	t.Run("a user of a department sees what was captured there", func(t *testing.T) {
		d.signIn("wu", password)
		lacks(t, d.page("/counter/log"), "福田营业厅")
		if rows := d.csv("/counter/log/export.csv"); len(rows) != 2 {
			t.Errorf("exported %d rows, want one", len(rows)-1)
		}
		s.captures[1].Words = "你们骗人"
		if w := d.post("/counter/captures/2/complain", nil); w.Code != http.StatusNotFound {
			t.Errorf("a complaint of another shop's words: got status %d, want 404", w.Code)
		}
	})
	t.Run("rights", func(t *testing.T) {
		d.signIn("auditor", password)
		d.page("/counter/log")
		if w := d.get("/counter"); w.Code != http.StatusForbidden {
			t.Errorf("got status %d, want 403", w.Code)
		}
		d.signIn("marketing", password)
		contains(t, d.page("/counter"), "柜面推荐")
		if w := d.post("/counter/captures/1/complain", nil); w.Code != http.StatusForbidden {
			t.Errorf("a complaint by marketing: got status %d, want 403", w.Code)
		}
	})
}
