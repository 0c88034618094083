package fact_test

import (
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

func TestEscalationsIn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]fact.Flags{
		"":                           0,
		"再不解决我就打12315了":              fact.To12315,
		"已经向消费者协会反映":                 fact.To12315,
		"请市场监管局来查一查":                 fact.To12315,
		"去工商局举报你们":                   fact.To12315,
		"消协也说你们不对":                   fact.To12315,
		"我要打１２３１５":                   fact.To12315,
		"会向工信部申诉":                    fact.ToMIIT,
		"12300见":                     fact.ToMIIT,
		"打12381举报骚扰":                 fact.ToMIIT,
		"省通信管理局那边我也递了材料":             fact.ToMIIT,
		"准备找记者曝光":                    fact.ToMedia,
		"把录音发到抖音上":                   fact.ToMedia,
		"等着上315晚会吧":                  fact.ToMedia,
		"我联系了电视台，下周来采访":              fact.ToMedia,
		"在微博上投诉了也没人理":                fact.ToMedia,
		"已经找了律师，法院见":                 fact.ToCourt,
		"不退钱就起诉":                     fact.ToCourt,
		"会申请仲裁":                      fact.ToCourt,
		"只能走法律途径":                    fact.ToCourt,
		"打12345市民热线反映过":              fact.ToGovernment,
		"要去信访局":                      fact.ToGovernment,
		"市长热线也打了":                    fact.ToGovernment,
		"先打12315，不行就起诉":              fact.To12315 | fact.ToCourt,
		"工信部和12345都投诉了":              fact.ToMIIT | fact.ToGovernment,
		"以前在媒体上看到广告就办了":              0,
		"律师事务所的宽带断了":                 0,
		"我们律师事务所的固话打不通":              0,
		"抖音看不了，一直转圈":                 0,
		"看微博很卡":                      0,
		"电视台收不到信号":                   0,
		"工商银行扣款失败":                   0,
		"单号20123150001":              0,
		"订单123456一直没发货":              0,
		"卡号6212345678901234":         0,
		"我在法院上班，单位宽带断了":              0,
		"融媒体中心的专线断了":                 0,
		"朋友圈图片打不开":                   0,
		"小红书会员没到账":                   0,
		"<script>alert(1)</script>":  0,
		strings.Repeat("12315a ", 3): fact.To12315,
	} {
		if got := fact.EscalationsIn(text); got != want {
			t.Errorf("%s: got %v, want %v", text, got.Names(), want.Names())
		}
	}
}

func FuzzEscalationsIn(f *testing.F) {
	f.Add("再不解决我就打12315了")
	f.Fuzz(func(t *testing.T, text string) {
		if got := fact.EscalationsIn(text); got&^fact.Escalated != 0 {
			t.Errorf("got %v, which are no escalations", got.Names())
		}
	})
}

func BenchmarkEscalationsIn(b *testing.B) {
	text := strings.Repeat("宽带又断了，打电话没人接，微博也看不了，", 5) + "再不解决我就打12315了"
	for b.Loop() {
		fact.EscalationsIn(text)
	}
}
