package launch_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
)

// The same words are a fault or none by what stands around them.
func TestContextDecides(t *testing.T) {
	t.Parallel()
	c := checker(t)
	to := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		kind              launch.Kind
		copy, rules, name string
		want              bool
	}{
		{launch.AbsoluteClaim, "本店价格全城最低", "", "", true},
		{launch.AbsoluteClaim, "最低消费39元，最高可返100元", "", "", false},
		{launch.AbsoluteClaim, "中国驰名，品质第一品牌", "", "", true},
		{launch.AbsoluteClaim, "第一个月赠送10GB，首月费用按天折算，第2个月起每月20元", "", "", false},
		{launch.AbsoluteClaim, "最新版客户端最近三天内登录，最后一天为6月18日", "", "", false},
		{launch.AbsoluteClaim, "業界頂級體驗", "", "", true},
		{launch.AbsoluteClaim, "面料为100%纯棉，售价59元/件", "", "", false},
		{launch.AbsoluteClaim, "返还比例100%，分10个月到账", "", "", false},
		{launch.AbsoluteClaim, "好评率100%", "", "", true},
		{launch.AbsoluteClaim, "游览国家级自然保护区，门票60元/人", "", "", false},
		{launch.OverPromise, "年化收益保底8%，绝无风险", "", "", true},
		{launch.OverPromise, "理财非存款，产品有风险，不保证本金和收益", "", "", false},
		{launch.OverPromise, "会员费用可随时退订，次月生效", "", "", false},
		{launch.OverPromise, "保证金500元，退房后7天内退", "", "", false},
		{launch.OverPromise, "终身寿险产品说明会，6月3日", "", "", false},
		{launch.UnclearRenewal, "云会员免费试用15天", "", "", true},
		{launch.UnclearRenewal, "云会员免费试用15天，到期后自动停用，不扣费", "", "", false},
		{launch.UnclearCharge, "月费59元起", "", "", true},
		{launch.UnclearCharge, "1万元起购，期限90天", "", "", false},
		{launch.FinalSay, "本次优惠解释权归商家", "", "", true},
		{launch.FinalSay, "如有疑问请拨打客服热线", "", "", false},
		{launch.Comparison, "比同行便宜20%", "", "", true},
		{launch.Comparison, "与家人同行可享第二人半价", "", "", false},
		{launch.PrizeTerms, "刮刮乐赢大奖", "", "", true},
		{launch.PrizeTerms, "抽奖：一等奖1名，奖品价值60000元", "", "", true},
		{launch.PrizeTerms, "抽奖：一等奖1名，奖品价值5000元", "", "", false},
		{launch.PersonalInfo, "上传身份证正反面领20元", "", "", true},
		{launch.PersonalInfo, "提交手机号领20元，勾选同意《隐私政策》，仅用于发券", "", "", false},
		{launch.SMSRules, "满59元减10元，今日有效", "", "6月短信营销", true},
		{launch.SMSRules, "【鲜又多】满59元减10元，今日有效，拒收请回复R", "", "", false},
		{launch.SMSRules, "【限时福利】满59元减10元，今日有效", "", "", false},
		{launch.RuleChange, "如有变动，恕不另行通知", "", "", true},
		{launch.RuleChange, "规则如需调整，提前7天公告，已参加的客户不受影响", "", "", false},
		{launch.Contradiction, "充200送200", "充值200元，赠送150元", "", true},
		{launch.Contradiction, "充200送200", "充值200元，赠送200元", "", false},
		{launch.Contradiction, "国庆10月8日至10月1日8折", "", "", true},
		{launch.Contradiction, "跨年12月25日至1月5日8折", "", "", false},
		{launch.HiddenCondition, "套餐送200元话费", "承诺在网24个月，每月消费不低于99元", "", true},
		{launch.HiddenCondition, "套餐送200元话费，承诺在网24个月，最低消费99元/月", "承诺在网24个月，每月消费不低于99元", "", false},
		{launch.HiddenCondition, "贷款额度以审批结果为准，年利率7.2%", "", "", false},
		{launch.FalseUrgency, "名额告急，错过不再有", "", "", true},
	} {
		t.Run(tt.copy, func(t *testing.T) {
			t.Parallel()
			r := c.Check(launch.Draft{Copy: tt.copy, Rules: tt.rules, Name: tt.name, To: to})
			if got := slices.Contains(kindsOf(r), tt.kind); got != tt.want {
				t.Errorf("%s: found %v, want %v: %+v", tt.kind, got, tt.want, r.Findings)
			}
		})
	}
}

func TestEndOfTheCampaign(t *testing.T) {
	t.Parallel()
	c := checker(t)
	for text, missing := range map[string]bool{
		"全场8折":                    true,
		"全场8折，送完即止":               true,
		"全场8折，即日起至12月31日":         false,
		"全场8折，2026.6.1-2026.6.18": false,
		"全场8折，6.1-6.18":           false,
		"全场1.5-2.5折":              true,
		"全场8折，仅限今天":               false,
		"欢迎光临":                    false, // nothing is promised
	} {
		if got := slices.Contains(kindsOf(c.Check(launch.Draft{Copy: text})), launch.MissingEnd); got != missing {
			t.Errorf("%s: missing %v, want %v", text, got, missing)
		}
	}
	ends := launch.Draft{Copy: "全场8折", To: time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)}
	if got := kindsOf(c.Check(ends)); len(got) > 0 {
		t.Errorf("got %v for a campaign that is registered with its end", got)
	}
}

func TestDatesOutsideOfTheCampaign(t *testing.T) {
	t.Parallel()
	c := checker(t)
	d := launch.Draft{
		From: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 6, 18, 23, 59, 0, 0, time.UTC),
	}
	for text, wrong := range map[string]bool{
		"全场8折，6月1日至6月18日":           false,
		"全场8折，6月5日至10日":             false,
		"全场8折，6月1日至6月30日":           true,
		"全场8折，活动截至7月1日":             true,
		"全场8折，2025年6月1日至2025年6月18日": true,
		"订房8折，入住日期7月1日至7月31日":       false,
	} {
		d.Copy = text
		if got := slices.Contains(kindsOf(c.Check(d)), launch.Contradiction); got != wrong {
			t.Errorf("%s: contradiction %v, want %v", text, got, wrong)
		}
	}
	d.Copy, d.To = "全场8折", d.From.AddDate(0, 0, -1)
	if got := kindsOf(c.Check(d)); !slices.Contains(got, launch.Contradiction) {
		t.Errorf("got %v for a campaign that ends before it starts", got)
	}
}

func TestPlacesAndScore(t *testing.T) {
	t.Parallel()
	r := checker(t).Check(launch.Draft{Copy: "😊史上最低價！買一送一，最終解釋權歸本店所有。", Rules: "本店可随时调整规则。", To: time.Unix(1, 0)})
	type place struct {
		Kind       launch.Kind
		In         launch.Part
		Text       string
		Start, End int
	}
	var places []place
	for _, f := range r.Findings {
		places = append(places, place{f.Kind, f.In, f.Text, f.Start, f.End})
	}
	want := []place{
		{launch.AbsoluteClaim, launch.InCopy, "史上最低價", 1, 6},
		{launch.FinalSay, launch.InCopy, "最終解釋權歸本店所有", 12, 22},
		{launch.RuleChange, launch.InRules, "可随时调整", 2, 7},
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("places (-want +got)\n%s", diff)
	}
	if r.Score != 55 {
		t.Errorf("got score %d, want 55", r.Score)
	}
	if got := launch.VerdictOf(r.Findings); got != launch.Stop {
		t.Errorf("got verdict %s for three kinds of grave findings", got)
	}
	clean := checker(t).Check(launch.Draft{Copy: "全场8折，6月1日至6月18日。"})
	if diff := cmp.Diff(launch.Report{Score: 100, Reasons: []string{}, Findings: []launch.Finding{}}, clean); diff != "" {
		t.Errorf("clean copy (-want +got)\n%s", diff)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	f := func(k launch.Kind, s launch.Severity) launch.Finding { return launch.Finding{Kind: k, Severity: s} }
	for _, tt := range []struct {
		name string
		open []launch.Finding
		want launch.Verdict
	}{
		{"nothing", nil, launch.Go},
		{"what could be better", []launch.Finding{f(launch.HiddenCondition, launch.Low)}, launch.Go},
		{"what brings complaints", []launch.Finding{f(launch.HiddenCondition, launch.Medium)}, launch.Fix},
		{"what the law forbids", []launch.Finding{f(launch.AbsoluteClaim, launch.High)}, launch.Fix},
		{"a prize above the limit", []launch.Finding{f(launch.PrizeTerms, launch.High)}, launch.Stop},
		{"rules that deny the copy", []launch.Finding{f(launch.Contradiction, launch.High)}, launch.Stop},
	} {
		if got := launch.VerdictOf(tt.open); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"", "全网最低价！", "\xff\x00【】", "９月１０日至9月5日", "9999年99月99日至0月0日", strings.Repeat("满99减9*", 50), "抽奖99999999999999999999元"} {
		f.Add(s, "充值100元，赠送90元，合约24个月")
	}
	c, err := launch.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, rules string) {
		r := c.Check(launch.Draft{Copy: text, Rules: rules})
		if r.Score < 0 || r.Score > 100 || (r.Score == 100) != (len(r.Findings) == 0) {
			t.Errorf("score %d with %d findings", r.Score, len(r.Findings))
		}
		runes := map[launch.Part][]rune{launch.InCopy: []rune(text), launch.InRules: []rune(rules)}
		for _, fd := range r.Findings {
			of := runes[fd.In]
			if fd.Start < 0 || fd.End > len(of) || fd.Start > fd.End || fd.Text != string(of[fd.Start:fd.End]) {
				t.Fatalf("finding %+v does not fit a text of %d runes", fd, utf8.RuneCountInString(text))
			}
			if fd.Advice == "" || !slices.Contains(launch.Severities, fd.Severity) {
				t.Errorf("no advice or severity in %+v", fd)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	c := checker(b)
	d := launch.Draft{
		Copy:  strings.Repeat("老客户预存200元话费，当月到账200元，另送200元分10个月返还，活动时间：6月1日至6月30日。", 5),
		Rules: strings.Repeat("预存200元，返还200元，分10个月到账，每月20元，合约期24个月。", 5),
	}
	for b.Loop() {
		c.Check(d)
	}
}
