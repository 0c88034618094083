package console_test

import (
	"fmt"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// pack is the catalogue of the tests.
type pack struct{}

func (pack) PackCode() string { return "general" }

func (pack) Types() []triage.TypeInfo {
	return []triage.TypeInfo{
		{Code: "billing", Name: "计费支付", NameEN: "Billing", Department: "计费中心", Notes: []string{"先查扣费明细，再答复"}, Subtypes: []triage.TypeInfo{
			{Code: "billing.overcharge", Name: "多扣乱收费", NameEN: "Overcharge", Notes: []string{"7 日内退回原支付渠道"}},
			{Code: "billing.topup", Name: "充值不到账", NameEN: "Top-up"},
		}},
		{Code: "logistics", Name: "物流配送", NameEN: "Logistics", Department: "物流部", Subtypes: []triage.TypeInfo{
			{Code: "logistics.delay", Name: "延迟未送", NameEN: "Delay"},
		}},
		{Code: "marketing", Name: "营销活动", NameEN: "Marketing", Department: "市场部", Subtypes: []triage.TypeInfo{
			{Code: "marketing.undelivered", Name: "优惠未兑现", NameEN: "Undelivered"},
		}},
		{Code: "service", Name: "服务态度", NameEN: "Service", Department: "客服中心"},
		{Code: "system", Name: "系统网络", NameEN: "System", Department: "网络部"},
	}
}

// noon is the time of the tests: 2026-03-01 12:00 in Shanghai.
var noon = time.Date(2026, 3, 1, 4, 0, 0, 0, time.UTC)

// overcharged is the case the tests look at. Its text holds a phone number, an
// amount and an emoji before them.
func overcharged() triage.Case {
	text := "😡扣费完全没通知！２月２８日充值100元，当天被多扣68.50元，打了三次客服都说查不到。\n我的电话13812345678，订单号 DD20260228001。再不退款我就向工信部申诉，并在微博曝光你们。"
	runes := []rune(text)
	return triage.Case{
		Seq: 1,
		Complaint: triage.Complaint{
			ID: "TS-20260301-0007", CustomerID: "C10086", Channel: triage.ChannelHotline, At: noon.Add(-150 * time.Minute),
			Title: "多扣话费要求退款", Text: text, Region: "广东深圳", Product: "畅享套餐 98", OrderID: "DD20260228001",
		},
		Assessment: triage.Assessment{
			Pack: "general", Type: "billing", Subtype: "billing.overcharge", TypeName: "计费支付", Confidence: 0.87,
			Alternatives: []nlp.Alternative{
				{Type: "service", Confidence: 0.07}, {Type: "billing", Subtype: "billing.topup", Confidence: 0.04}, {Type: "system", Confidence: 0.02},
			},
			Sentiment: nlp.Sentiment{Label: nlp.Negative, Score: -0.83, Intensity: 3, Reasons: []nlp.Reason{{Text: "曝光", Weight: 1.2}, {Text: "申诉", Weight: 1.1}}},
			Urgency:   nlp.Urgency{Level: nlp.UrgencyCritical, Reasons: []string{"提到向监管部门申诉", "提到媒体曝光", "90 天内重复投诉"}},
			Demand:    nlp.DemandRefund, Style: nlp.StyleEmotional,
			Entities: entitiesOf("多扣话费要求退款\n", runes, []span{
				{"２月２８日", nlp.EntityTime, "2026-02-28"}, {"100元", nlp.EntityAmount, "100"}, {"68.50元", nlp.EntityAmount, "68.5"},
				{"13812345678", nlp.EntityPhone, "13812345678"}, {"DD20260228001", nlp.EntityOrder, "DD20260228001"},
			}),
			Reasons:    []nlp.Reason{{Text: "多扣", Weight: 1.92}, {Text: "扣费", Weight: 1.44}, {Text: "话费", Weight: 0.87}, {Text: "充值", Weight: 0.52}, {Text: "客服", Weight: -0.21}},
			Department: "计费中心",
			SLA:        triage.SLA{RespondBy: noon.Add(-30 * time.Minute), VerifyBy: noon.Add(22 * time.Hour), ResolveBy: noon.Add(70 * time.Hour)},
			Similar: []triage.SimilarCase{
				{ID: "TS-20260112-0031", Score: 0.82}, {ID: "TS-20260301-0011", Score: 0.74}, {ID: "TS-20260203-0102", Score: 0.61},
			},
			Suggestions: []triage.Suggestion{
				{Text: "核实扣费明细，当日退回多扣金额，电话 13987654321 向客户致歉并说明原因。", Source: "case:TS-20260112-0031", Support: 12, Satisfaction: new(91.0)},
				{Text: "退回争议费用并赠送 1GB 流量，关闭未经确认的增值业务。", Source: "solution:S-17", Support: 46, Satisfaction: new(86.5)},
				{Text: "先查扣费明细，再答复", Source: "pack:general"},
			},
		},
		Status: triage.StatusReceived, ReceivedAt: noon.Add(-149 * time.Minute), Predecessor: "TS-20260203-0102",
	}
}

type span struct {
	text  string
	kind  nlp.EntityKind
	value string
}

func entitiesOf(before string, runes []rune, spans []span) []nlp.Entity {
	var all []nlp.Entity
	text := string(runes)
	for _, s := range spans {
		var at int
		for at = 0; at+len(s.text) <= len(text) && text[at:at+len(s.text)] != s.text; at++ {
		}
		start := len([]rune(before)) + len([]rune(text[:at]))
		all = append(all, nlp.Entity{Kind: s.kind, Text: s.text, Start: start, End: start + len([]rune(s.text)), Value: s.value})
	}
	return all
}

// sampleCases are the case of the tests, its neighbours and a full page more.
func sampleCases() []triage.Case {
	cases := []triage.Case{overcharged()}
	add := func(id, customer, text string, at time.Time, status triage.Status, a triage.Assessment) *triage.Case {
		cases = append(cases, triage.Case{
			Seq: int64(len(cases) + 1), Status: status, ReceivedAt: at, Assessment: a,
			Complaint: triage.Complaint{ID: triage.ComplaintID(id), CustomerID: triage.CustomerID(customer), Channel: triage.Channels[len(cases)%7], At: at, Text: text},
		})
		return &cases[len(cases)-1]
	}
	billing := judged("billing", "billing.overcharge", 0.91, nlp.UrgencyNormal, 1, noon.Add(20*time.Hour))
	k := add("TS-20260112-0031", "C20411", "被多扣话费 30 元，客服查不到原因，要求退款。", noon.AddDate(0, 0, -48), triage.StatusClosed, billing)
	k.Type, k.Resolution, k.Satisfaction, k.ClosedAt = "billing", "核实后当日退回 30 元，回访满意。", new(92.0), noon.AddDate(0, 0, -46)
	add("TS-20260301-0011", "C30007", "昨天充值100元当天被多扣，至今没有通知。", noon.Add(-70*time.Minute), triage.StatusReceived, billing)
	k = add("TS-20260203-0102", "C10086", "话费被多扣，客服说查不到，请尽快处理。", noon.AddDate(0, 0, -26), triage.StatusClosed, billing)
	k.Resolution, k.ClosedAt, k.Satisfaction = "解释为套餐外流量费，客户不认可。", noon.AddDate(0, 0, -25), new(40.0)
	for i, r := range rowTexts {
		a := judged(r.typ, "", r.confidence, r.level, r.intensity, noon.Add(r.left))
		a.NeedsReview = r.confidence < 0.6
		status := triage.StatusReceived
		if i%5 == 3 {
			status = triage.StatusAcknowledged
		}
		add(fmt.Sprintf("TS-20260301-%04d", 20+i), fmt.Sprintf("C%05d", 40100+i*37), r.text, noon.Add(-time.Duration(20+i*13)*time.Minute), status, a)
	}
	for i := range 60 {
		add(fmt.Sprintf("TS-20260228-%04d", i), "", "宽带又断了，报修两次没人来。", noon.Add(-time.Duration(26+i)*time.Hour), triage.StatusReceived,
			judged("system", "", 0.8, nlp.UrgencyLow, 1, noon.Add(40*time.Hour)))
	}
	return cases
}

func judged(typ, subtype string, confidence float64, level nlp.UrgencyLevel, intensity int, respond time.Time) triage.Assessment {
	return triage.Assessment{
		Pack: "general", Type: typ, Subtype: subtype, Confidence: confidence,
		Sentiment: nlp.Sentiment{Label: nlp.Negative, Intensity: intensity}, Urgency: nlp.Urgency{Level: level},
		Demand: nlp.DemandFix, Style: nlp.StyleCalm,
		SLA: triage.SLA{RespondBy: respond, VerifyBy: respond.Add(24 * time.Hour), ResolveBy: respond.Add(72 * time.Hour)},
	}
}

var rowTexts = []struct {
	text       string
	typ        string
	confidence float64
	level      nlp.UrgencyLevel
	intensity  int
	left       time.Duration
}{
	{"验证码短信被人转发，银行卡被盗刷 4800 元，请马上冻结并给出说法", "system", 0.55, nlp.UrgencyCritical, 3, 9 * time.Minute},
	{"快递显示已签收，但我根本没有收到，联系快递员 13712345678 也不接电话", "logistics", 0.94, nlp.UrgencyHigh, 2, 24 * time.Minute},
	{"全家老人小孩都在医院，宽带断了三天远程看不了病历，今天必须恢复", "system", 0.9, nlp.UrgencyHigh, 2, 50 * time.Minute},
	{"充值送话费活动到期没有到账，客服让我继续等，活动规则也改了", "marketing", 0.88, nlp.UrgencyHigh, 1, 2 * time.Hour},
	{"营业厅排队两个小时，轮到我时说系统升级办不了，工作人员态度很差", "service", 0.83, nlp.UrgencyNormal, 2, 3 * time.Hour},
	{"购买的路由器外包装破损，里面的电源适配器缺失，申请补发", "logistics", 0.71, nlp.UrgencyNormal, 1, 5 * time.Hour},
	{"APP 更新以后一直闪退，换了手机也不行，账单都查不了", "system", 0.86, nlp.UrgencyNormal, 1, 8 * time.Hour},
	{"每月被扣 15 元增值业务费，我从来没有订购过，请取消并退还半年的费用", "billing", 0.93, nlp.UrgencyNormal, 1, 10 * time.Hour},
	{"请帮忙核实一下上个月发票的抬头是否可以修改", "billing", 0.58, nlp.UrgencyLow, 0, 20 * time.Hour},
	{"预约的安装师傅没有按时到，希望改到周末上午", "service", 0.52, nlp.UrgencyLow, 0, 26 * time.Hour},
	{"信号在地下车库很弱，希望增加室内覆盖", "system", 0.97, nlp.UrgencyLow, 0, 44 * time.Hour},
}
