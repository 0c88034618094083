package wording_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// The same words are a mistake or none by what stands around them.
func TestContextDecides(t *testing.T) {
	t.Parallel()
	c := checker(t)
	for _, tt := range []struct {
		name string
		kind wording.Kind
		text string
		want bool
	}{
		{"fault before it is known", wording.PrematureAdmission, "这是我们的责任。", true},
		{"fault that was verified", wording.PrematureAdmission, "经核实，这是我们的责任。", false},
		{"fault that is a condition", wording.PrematureAdmission, "如果是我们的责任，我们会赔付。", false},
		{"an apology for the trouble", wording.PrematureAdmission, "给您带来不便深表歉意。", false},
		{"a duty that is no fault", wording.PrematureAdmission, "解决您的问题是我们的责任。", false},
		{"verifying that lies ahead", wording.PrematureAdmission, "是我们的责任，我们会继续核实。", true},
		{"a refusal", wording.FlatRefusal, "我们绝对不会退。", true},
		{"a refusal by you instead of 您", wording.FlatRefusal, "你死了这条心吧。", true},
		{"a refusal that is quoted", wording.FlatRefusal, "您提到店员说“绝对不会退”，我们正在核实。", false},
		{"a refusal to do harm", wording.FlatRefusal, "我们绝对不会泄露您的信息。", false},
		{"waiting without an end", wording.EmptyDelay, "请您耐心等待。", true},
		{"waiting with an end", wording.EmptyDelay, "请您耐心等待，明天12点前给您答复。", false},
		{"traditional characters, full width", wording.EmptyDelay, "請您耐心等待！！", true},
		{"certainty", wording.OverPromise, "我们一定全额赔偿您。", true},
		{"certain effort", wording.OverPromise, "我们一定认真核实您的问题。", false},
		{"what the rules give", wording.OverPromise, "按照规定可以全额退款。", false},
		{"blame", wording.BlameColleague, "这是快递公司的问题。", true},
		{"blame that was found out", wording.BlameColleague, "经核查，是快递公司的问题，我们为您补发。", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := slices.Contains(kindsOf(c.Check(tt.text, wording.Matter{})), tt.kind)
			if got != tt.want {
				t.Errorf("%s: flagged %v, want %v", tt.text, got, tt.want)
			}
		})
	}
}

func TestAskingForWhatIsKnown(t *testing.T) {
	t.Parallel()
	c := checker(t)
	const asks = "请提供您的手机号和订单号，明天12点前给您答复。"
	told := matter(t, "订单号20260301885566，手机13800001111，东西坏了，要求退款")
	if got := kindsOf(c.Check(asks, told)); !slices.Contains(got, wording.MeaninglessQuestion) {
		t.Errorf("got %v for a question whose answer is in the complaint", got)
	}
	if got := kindsOf(c.Check(asks, matter(t, "东西坏了，要求退款"))); len(got) > 0 {
		t.Errorf("got %v for a question that is needed", got)
	}
}

func TestPersonalData(t *testing.T) {
	t.Parallel()
	c := checker(t)
	for _, tt := range []struct{ text, leaked string }{
		{"他的电话是13800002222。", "13800002222"},
		{"他的电话是138****2222。", ""},
		{"我的工作手机13800002222，随时联系。", ""},
		{"请拨打客服热线400-800-1234或95588。", ""},
		{"身份证号110101199003074514。", "110101199003074514"},
		{"银行卡号6222 0212 3456 7890 123。", "6222 0212 3456 7890 123"},
		{"在装修的是：阳光小区3栋2单元1502室的业主。", "阳光小区3栋2单元1502室"},
		{"请寄回我司：光明路88号3栋201室。", ""},
		{"骑手叫王建国。", "王建国"},
		{"尊敬的王建国先生：您好！", ""},
		{"主管张经理会联系您。", ""},
		{"邮箱zhangsan88@163.com。", "zhangsan88@163.com"},
		{"请发送至客服邮箱kefu@example.com。", ""},
	} {
		var leaked string
		for _, f := range c.Check(tt.text, wording.Matter{}).Flags {
			if f.Kind == wording.PersonalData {
				leaked = f.Text
			}
		}
		if leaked != tt.leaked {
			t.Errorf("%s: got %q, want %q", tt.text, leaked, tt.leaked)
		}
	}
}

func TestEvasion(t *testing.T) {
	t.Parallel()
	c := checker(t)
	refund := wording.Matter{Text: "沙发塌了，要求退款", Demand: nlp.DemandRefund}
	for text, evades := range map[string]bool{
		"感谢您的支持，我们始终坚持顾客至上。": true,
		"您的订单已退款。":           false,
		"因超过退货期限，无法退款。":      false,
		"我们会核实，明天答复您。":       false,
		"请您提供一张照片。":          false,
		"":                   true,
		"我们的沙发采用进口面料，外观时尚，深受欢迎。": true,
	} {
		if got := slices.Contains(kindsOf(c.Check(text, refund)), wording.Evading); got != evades {
			t.Errorf("%q: evading %v, want %v", text, got, evades)
		}
		if got := c.Check(text, wording.Matter{}).Flags; len(got) > 0 {
			t.Errorf("%q: flagged %v without a complaint", text, got)
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	got := checker(t).Check("您好😊，呵呵，這是我們的責任。", wording.Matter{})
	if got.Score != 1 {
		t.Errorf("got score %d, want 1", got.Score)
	}
	wantReasons := []string{"嘲讽、轻慢客户 1 处，扣 3 分", "未核实先认错 1 处，扣 2 分"}
	if diff := cmp.Diff(wantReasons, got.Reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	type place struct {
		Text       string
		Start, End int
	}
	var places []place
	for _, f := range got.Flags {
		places = append(places, place{f.Text, f.Start, f.End})
	}
	if diff := cmp.Diff([]place{{"呵呵", 4, 6}, {"是我們的責任", 8, 14}}, places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	clean := checker(t).Check("您好。", wording.Matter{})
	if diff := cmp.Diff(wording.Report{Score: 5, Reasons: []string{}, Flags: []wording.Flag{}}, clean); diff != "" {
		t.Errorf("a clean reply (-want +got):\n%s", diff)
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"", "这是我们的责任。", "\xff\x00“”", "请提供１３８００００２２２２", strings.Repeat("绝对不会？", 50)} {
		f.Add(s, "订单号20260301885566，要求退款")
	}
	c, err := wording.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, complaint string) {
		runes := []rune(text)
		report := c.Check(text, wording.Matter{Text: complaint, Demand: nlp.DemandRefund})
		if report.Score < 1 || report.Score > 5 || (report.Score == 5) != (len(report.Flags) == 0) {
			t.Errorf("score %d with %d flags", report.Score, len(report.Flags))
		}
		for i, fl := range report.Flags {
			if fl.Start < 0 || fl.End > len(runes) || fl.Start > fl.End || fl.Text != string(runes[fl.Start:fl.End]) {
				t.Fatalf("flag %+v does not fit a text of %d runes", fl, utf8.RuneCountInString(text))
			}
			if i > 0 && fl.Start < report.Flags[i-1].Start {
				t.Errorf("flags out of order: %+v", report.Flags)
			}
			if fl.Advice == "" {
				t.Errorf("no advice for %+v", fl)
			}
		}
	})
}
