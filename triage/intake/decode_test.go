package intake_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/intake"
)

func TestComplaint(t *testing.T) {
	t.Parallel()
	score := 90.0
	want := triage.Complaint{
		ID: "12", CustomerID: "C7", Channel: triage.ChannelWeChat, At: at("2026-03-01 08:00:00"),
		Title: "多扣费", Text: "  多扣了\"10元\"  ", Region: "抚顺", Product: "宽带", Campaign: "春促", OrderID: "9007199254740993",
		Attrs: map[string]any{"batch": 7.0, "order": "9007199254740993", "来源": "12345"},
		Type:  "billing", Subtype: "billing.over", Resolution: "已退款", ClosedAt: at("2026-03-02 00:00:00"), Satisfaction: &score,
	}
	for name, content := range map[string]string{
		"JSONL": `{"id": 12, "customer_id": "C7", "channel": "WeChat", "at": "2026-03-01T00:00:00Z", "title": "多扣费",
			"text": "  多扣了\"10元\"  ", "region": " 抚顺 ", "product": "宽带", "campaign": "春促", "order_id": 9007199254740993,
			"attrs": {"batch": 7, "order": 9007199254740993, "nothing": null}, "来源": "12345", "type": "billing", "subtype": "billing.over",
			"resolution": "已退款", "closed_at": "2026-03-02", "satisfaction": 90}`,
		"CSV": "编号,客户编号,渠道,时间,标题,内容,地区,产品,活动,订单号,attrs,来源,类型,子类,处理结果,办结时间,满意度\n" +
			`12,C7,微信,2026/3/1 8:00:00,多扣费,"  多扣了""10元""  ",抚顺,宽带,春促,9007199254740993,"{""batch"": 7, ""order"": 9007199254740993}",` +
			"12345,billing,billing.over,已退款,2026年3月2日,90\n",
	} {
		if name == "JSONL" {
			content = oneLine(content)
		}
		got := full(t, content)
		if !got.At.Equal(want.At) || !got.ClosedAt.Equal(want.ClosedAt) {
			t.Errorf("%s: at %v and closed_at %v, want %v and %v", name, got.At, got.ClosedAt, want.At, want.ClosedAt)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func oneLine(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r != '\n' && r != '\t' {
			out = append(out, r)
		}
	}
	return string(out)
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"2026-03-01T08:00:00":       "2026-03-01 08:00:00",
		"2026-03-01T08:00:00Z":      "2026-03-01 16:00:00",
		"2026-03-01T08:00:00+09:00": "2026-03-01 07:00:00",
		"2026-03-01 08:00:00":       "2026-03-01 08:00:00",
		"2026-03-01":                "2026-03-01 00:00:00",
		"2019/2/28 11:25:05":        "2019-02-28 11:25:05",
		"2019/2/28 9:05":            "2019-02-28 09:05:00",
		"2019/2/28":                 "2019-02-28 00:00:00",
		"43563.359259259261":        "2019-04-08 08:37:20",
		"2019年2月28日":                "2019-02-28 00:00:00",
		" 9999-12-31 23:59:59 ":     "9999-12-31 23:59:59",
	} {
		if got := full(t, "id,text,at\n1,好,"+value+"\n").At; !got.Equal(at(want)) {
			t.Errorf("%q is read as %v, want %s", value, got, want)
		}
	}
}

func TestExcelDates(t *testing.T) {
	t.Parallel()
	book := workbook(t, []any{"id", "text", "at"},
		[]any{1, "日期单元格", at("2026-03-01 08:30:15").UTC().Add(8 * 3600e9)},
		[]any{2, "数字", 46082.5},
		[]any{3, "文本", "2026/3/1 8:30:15"},
		[]any{4, "错误", "46082x"},
	)
	all, rejected := drain(t, open(t, book), intake.Complaint)
	for i, want := range []string{"2026-03-01 08:30:15", "2026-03-01 12:00:00", "2026-03-01 08:30:15"} {
		if got := all[i].At; !got.Equal(at(want)) {
			t.Errorf("row %d is read as %v, want %s", i+2, got, want)
		}
	}
	if diff := cmp.Diff([]string{`in:5: at: "46082x" is not a time (use 2026-03-01T08:00:00)`}, rejected); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	score := 80.0
	t.Run("customers", func(t *testing.T) {
		t.Parallel()
		got, rejected := drain(t, open(t, "customer_id,name,phone,tier,joined_at,opted_out\nC1,李四,13800000000,VIP,2024-09-04,1\n"+
			"C2,王五,,,,0\n,无名,,,,\nC4,赵六,,gold,,\nC5,钱七,,high,,maybe\n"), intake.Customer)
		want := []triage.Customer{
			{ID: "C1", Name: "李四", Phone: "13800000000", Tier: triage.TierVIP, JoinedAt: at("2024-09-04 00:00:00"), OptedOut: true},
			{ID: "C2", Name: "王五", Tier: triage.TierOrdinary},
		}
		compare(t, want, got, rejected,
			"in:4: customer_id: is missing: every customer needs the id its source gave it",
			`in:5: tier: "gold" is unknown; use one of ordinary, potential, high, vip`,
			`in:6: opted_out: "maybe" is neither 0 nor 1`)
	})
	t.Run("customers as JSON", func(t *testing.T) {
		t.Parallel()
		got, rejected := drain(t, open(t, `{"customer_id": 7, "phone": 13800000000, "opted_out": true, "tier": "高价值"}`), intake.Customer)
		compare(t, []triage.Customer{{ID: "7", Phone: "13800000000", OptedOut: true, Tier: triage.TierHigh}}, got, rejected)
	})
	t.Run("exposures", func(t *testing.T) {
		t.Parallel()
		got, rejected := drain(t, open(t, "customer_id,kind,key,at,attrs\n"+
			`C1,payment,银联在线,2026-03-01T00:03:51,"{""status"": ""ok"", ""amount"": 100}"`+"\nC1,,x,2026-03-01,\nC1,visit,x,,\n"), intake.Exposure)
		want := []triage.Exposure{{
			CustomerID: "C1", Kind: "payment", Key: "银联在线", At: at("2026-03-01 00:03:51"), Attrs: map[string]any{"status": "ok", "amount": 100.0},
		}}
		compare(t, want, got, rejected,
			"in:3: kind: is missing: say what the customer was exposed to, such as payment or purchase",
			"in:4: at: is missing: an exposure needs its time")
	})
	t.Run("campaigns", func(t *testing.T) {
		t.Parallel()
		got, rejected := drain(t, open(t, `{"id":"K1","name":"春促","from":"2026-03-01","to":"2026-03-31","channel":"sms","rules":{"min":50},"audience":"全部"}`+
			"\n"+`{"id":"K2","from":"2026-03-02","to":"2026-03-01"}`), intake.Campaign)
		want := []triage.Campaign{{
			ID: "K1", Name: "春促", From: at("2026-03-01 00:00:00"), To: at("2026-03-31 00:00:00"), Channel: "sms", Rules: `{"min":50}`, Audience: "全部",
		}}
		compare(t, want, got, rejected, "in:2: to: lies before from")
	})
	t.Run("solutions", func(t *testing.T) {
		t.Parallel()
		got, rejected := drain(t, open(t, "id,type,subtype,title,text,uses,satisfaction\nS1,billing,billing.over,退费,核实后退费,12,80\nS2,billing,,x,,1,\nS3,billing,,x,y,1.5,\n"),
			intake.Solution)
		want := []triage.Solution{{ID: "S1", Type: "billing", Subtype: "billing.over", Title: "退费", Text: "核实后退费", Uses: 12, Satisfaction: &score}}
		compare(t, want, got, rejected, "in:3: text: is missing: a solution says what to do", "in:4: uses: 1.5 is not a whole number")
	})
}

func compare[T any](t *testing.T, want, got []T, rejected []string, wantRejected ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantRejected, rejected); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
}
