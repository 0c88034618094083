package nlp_test

import (
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/nlp"
)

// byRules judges a text by words and rules alone.
func byRules(tb testing.TB, text string) nlp.Analysis {
	tb.Helper()
	a := must[*nlp.Analyzer](tb)(nlp.NewAnalyzer(nlp.Config{
		Tokenizer: testTokenizer, Types: toyLexicon(), Entities: testFinder,
	}))
	return a.Analyze(text)
}

func TestIntensity(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want int
	}{
		{"", 0},
		{"😀😀", 0},
		{"请问我的套餐还剩多少流量", 0},
		{"用户来电咨询宽带续费的价格", 0},
		{"收到垃圾短信怎么拦截", 1},      // the topic sounds angry: never more than one step
		{"我打过12345，转到你们这里", 0}, // the normal channel of a citizen
		{"没有诈骗，只是咨询", 0},
		{"对处理结果不满意", 1},
		{"网速太慢了，很失望", 1},
		{"这个价格不合理", 1},
		{"服务态度恶劣，简直无法接受", 2},
		{"你们就是骗子，太无耻了", 2},
		{"气死我了！！！", 2},
		{"特别气愤，特别过分", 2},
		{"不是骗子，也不过分", 1},
		{"凭什么扣费，凭什么不退", 2},
		{"再不解决我就向工信部投诉", 3},
		{"准备起诉你们", 3},
		{"否则我要找律师", 3},
		{"已经向12315举报了", 3},
		{"我们将联名投诉到市长热线", 3},
		{"要曝光到抖音曝光你们", 3},
		{"客户表示要上访到信访局", 3},
		{"我要退款。媒体上说现在可以退", 0}, // not one sentence
		{"我在法院门口用不了手机", 0},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			if got := byRules(t, tt.text).Sentiment.Intensity; got != tt.want {
				t.Errorf("intensity of %q = %d, want %d", tt.text, got, tt.want)
			}
		})
	}
}

func TestUrgency(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want nlp.UrgencyLevel
	}{
		// Harm needs no loud words.
		{"充电时充电器冒烟", nlp.UrgencyCritical},
		{"家里的光猫漏电，孩子被电了一下", nlp.UrgencyCritical},
		{"老人用了以后晕倒住院", nlp.UrgencyCritical},
		{"说不想活了", nlp.UrgencyCritical},
		{"吃完食物中毒", nlp.UrgencyCritical},
		{"被安装人员殴打", nlp.UrgencyCritical},
		{"有人跟踪我回家", nlp.UrgencyCritical},
		{"没有解决漏电的问题", nlp.UrgencyCritical},
		{"没有受伤但是漏电", nlp.UrgencyCritical},
		// Nobody is in danger.
		{"线杆倒了，没有受伤", nlp.UrgencyLow},
		{"线杆倒了，没有人受伤", nlp.UrgencyLow},
		{"没有造成人员受伤", nlp.UrgencyLow},
		{"用户拨打人工台反映套餐问题", nlp.UrgencyLow},
		{"已记录，后台跟踪处理", nlp.UrgencyLow},
		{"煤气费交不了", nlp.UrgencyLow},
		{"电脑中毒了", nlp.UrgencyLow},
		{"客户威胁要投诉", nlp.UrgencyNormal},
		// Money and people who cannot wait.
		{"银行卡被盗刷", nlp.UrgencyHigh},
		{"遇到诈骗，钱被转走", nlp.UrgencyHigh},
		{"没有诈骗", nlp.UrgencyLow},
		{"独居老人家里停电", nlp.UrgencyHigh},
		{"多扣了8000元", nlp.UrgencyHigh},
		{"多扣了80元", nlp.UrgencyLow},
		{"多次反映，至今没有处理", nlp.UrgencyHigh},
		{"再不处理就向工信部投诉", nlp.UrgencyHigh},
		{"断网了，急用", nlp.UrgencyHigh},
		{"断网了", nlp.UrgencyNormal},
		{"请尽快处理", nlp.UrgencyNormal},
		{"要求退款", nlp.UrgencyNormal},
		// Nothing presses.
		{"", nlp.UrgencyLow},
		{"🙂", nlp.UrgencyLow},
		{"套餐到期了", nlp.UrgencyLow},
		// Loud, but it can wait.
		{"优惠券用不上！！！！气死我了，太过分了，简直无耻！！！", nlp.UrgencyNormal},
		{"垃圾，骗子，黑心，无良，一张券都不给！！！", nlp.UrgencyNormal},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got := byRules(t, tt.text).Urgency
			if got.Level != tt.want {
				t.Errorf("urgency of %q = %+v, want %s", tt.text, got, tt.want)
			}
			if got.Reasons == nil || (got.Level == nlp.UrgencyHigh || got.Level == nlp.UrgencyCritical) && len(got.Reasons) == 0 {
				t.Errorf("urgency of %q = %+v without reasons", tt.text, got)
			}
		})
	}
}

// Shouting about a coupon must never come before a calm report of danger.
func TestToneNeverOutranksHarm(t *testing.T) {
	t.Parallel()
	rank := map[nlp.UrgencyLevel]int{nlp.UrgencyLow: 0, nlp.UrgencyNormal: 1, nlp.UrgencyHigh: 2, nlp.UrgencyCritical: 3}
	for _, loud := range []string{"", "气死了！！！", "骗子！无耻！太过分了！！！", "再不解决我就曝光到媒体", "凭什么！还有没有王法！"} {
		for _, harm := range []string{"插座起火", "电表箱漏电", "孩子被烫伤"} {
			trifle, danger := byRules(t, "优惠券领不到。"+loud).Urgency, byRules(t, harm+"。"+loud).Urgency
			if danger.Level != nlp.UrgencyCritical {
				t.Errorf("%s %s is %s, want critical", harm, loud, danger.Level)
			}
			if calm := byRules(t, harm).Urgency; rank[calm.Level] <= rank[trifle.Level] {
				t.Errorf("calm %q is %s, loud trifle %q is %s", harm, calm.Level, loud, trifle.Level)
			}
		}
	}
}

func TestStyle(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want nlp.Style
	}{
		{"", nlp.StyleCalm},
		{"套餐到期了，请帮我取消", nlp.StyleCalm},
		{"太无耻了，气死我了", nlp.StyleEmotional},
		{"不认可你们的解释，坚持全额退款", nlp.StyleStubborn},
		{"多次反映，三番五次打电话，我坚持退费", nlp.StyleStubborn},
		{"不接受，很不满", nlp.StyleStubborn},
		{"我有录音和聊天记录，还有合同为证", nlp.StylePrepared},
		{"根据消费者权益保护法，侵犯我的知情权", nlp.StylePrepared},
		{"违反消费者权益保护法，我有录音", nlp.StylePrepared},
		{"骗子！无耻！我有录音，依据民法典起诉你们", nlp.StylePrepared}, // however angry
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			if got := byRules(t, tt.text).Style; got != tt.want {
				t.Errorf("style of %q = %s, want %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestDemand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want nlp.Demand
	}{
		{"", nlp.DemandNone},
		{"快递还没有到", nlp.DemandNone},
		{"要求退款", nlp.DemandRefund},
		{"希望退还多扣的话费", nlp.DemandRefund},
		{"申请换货", nlp.DemandReplace},
		{"请尽快修好宽带", nlp.DemandFix},
		{"麻烦帮我取消套餐", nlp.DemandFix},
		{"请核实为什么扣费", nlp.DemandExplain},
		{"要求当面道歉", nlp.DemandApology},
		{"要求道歉并退款", nlp.DemandRefund},        // money before words
		{"客服说不能退款", nlp.DemandNone},          // nobody asks
		{"退款已经收到。请问网点在哪", nlp.DemandExplain}, // asked in another sentence
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			if got := byRules(t, tt.text).Demand; got != tt.want {
				t.Errorf("demand of %q = %s, want %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestPolarityByWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want nlp.Polarity
	}{
		{"", nlp.Neutral},
		{"查询流量", nlp.Neutral},
		{"服务很好，感谢", nlp.Positive},
		{"太差，很失望", nlp.Negative},
		{"服务很好？简直无耻，骗子！", nlp.Negative},
		{"再不退款我就向12315举报，谢谢", nlp.Negative}, // thanks do not soften it
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got := byRules(t, tt.text).Sentiment
			if got.Label != tt.want || got.Score < -1 || got.Score > 1 {
				t.Errorf("sentiment of %q = %+v, want %s", tt.text, got, tt.want)
			}
		})
	}
}

// One megabyte of one cue word takes as long as any other megabyte, and is
// explained once.
func TestRulesOnRepetition(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"投诉", "骗子", "要求退款", "向12315举报", "没有受伤", "打人工", "多次", "！", "😀", "话费"} {
		got := byRules(t, strings.Repeat(word, 1<<20/len(word)))
		if len(got.Sentiment.Reasons) > 6 || len(got.Reasons) > 6 || len(got.Urgency.Reasons) > 8 {
			t.Errorf("%q repeated: %d, %d and %d reasons", word, len(got.Sentiment.Reasons), len(got.Reasons), len(got.Urgency.Reasons))
		}
	}
}
