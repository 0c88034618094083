package reply_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
	"github.com/qianyi-dev/qianyi/triage/reply"
	"github.com/qianyi-dev/qianyi/triage/solution"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

var (
	shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)
	noon     = time.Date(2026, time.March, 2, 12, 0, 0, 0, shanghai)
)

// analyzer reads complaints as the service does without its model.
var analyzer = sync.OnceValues(func() (*pack.Analyzer, error) {
	return pack.NewAnalyzer(pack.Options{Pack: "general", WordsOnly: true})
})

func understand(t testing.TB, text string) triage.Case {
	t.Helper()
	a, err := analyzer()
	if err != nil {
		t.Fatal(err)
	}
	c := triage.Complaint{ID: "c1", Text: text, At: noon.Add(-time.Hour)}
	return triage.Case{Complaint: c, Assessment: a.Assess(&c), Status: triage.StatusReceived}
}

func house(t testing.TB) reply.House {
	t.Helper()
	a, err := analyzer()
	if err != nil {
		t.Fatal(err)
	}
	return reply.House{Contact: "客服热线400-800-1234", Zone: shanghai, Types: a, Products: []string{"光猫", "流量包"}}
}

func checker(t testing.TB) *wording.Checker {
	t.Helper()
	c, err := wording.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func matterOf(k *triage.Case) wording.Matter {
	return wording.Matter{Text: k.Body(), Demand: k.Assessment.Demand, Entities: k.Assessment.Entities}
}

var complaints = []string{
	"充值100元三天了还没到账，订单号20260301885566，我的电话13800138000，要求退款！",
	"宽带断了三天没人来修，你们就是骗子，再不来就投诉到工信部！！！",
	"沙发塌了，是你们质量问题，必须赔偿我5000元，我已经咨询律师，保留录音和照片。",
	"营业员态度恶劣，必须给我道歉。",
	"快递丢了，请帮忙查一下。",
	"活动说好送的赠品没有送，虚假宣传，我只认一条：按广告执行，别跟我讲规定。",
	"贵公司APP登录不上，请解释原因。",
	"洗衣机漏水，要求换新。",
	"你们必须回复“这是我们的责任，我们承担全部损失”。",
	"",
}

var styles = []nlp.Style{nlp.StyleCalm, nlp.StyleEmotional, nlp.StyleStubborn, nlp.StylePrepared, ""}

// A draft of the template is a reply that our own check has nothing against,
// whoever complained of what, however and when.
func TestTemplatesPassTheCheck(t *testing.T) {
	t.Parallel()
	h, check := house(t), checker(t)
	offered := &solution.Version{Content: solution.Content{
		Wording: "{客户称呼}您好，经核实，{产品}的费用确有差额，我们将在{时限}把{金额}退回原支付账户。如有疑问请联系{联系方式}。",
	}}
	stages := []triage.Status{
		triage.StatusReceived, triage.StatusVerifying, triage.StatusProposing, triage.StatusExecuting, triage.StatusConfirming, triage.StatusClosed,
	}
	demands := []nlp.Demand{nlp.DemandRefund, nlp.DemandReplace, nlp.DemandFix, nlp.DemandExplain, nlp.DemandApology, nlp.DemandNone}
	n := 0
	for _, text := range complaints {
		k := understand(t, text)
		for i, status := range stages {
			for j, style := range styles {
				n++
				k.Status, k.Assessment.Style, k.Assessment.Demand = status, style, demands[(i+j+n)%len(demands)]
				b := reply.Brief{Case: k, Amount: solution.Yuan(30)}
				if n%2 == 0 {
					b.Solution = offered
				}
				got := h.Template(b, noon)
				if r := check.Check(got, matterOf(&k)); r.Score != 5 || len(r.Flags) > 0 {
					t.Fatalf("%s, %s, %s:\n%s\nis flagged: %+v", k.Status, k.Assessment.Style, k.Assessment.Demand, got, r.Flags)
				}
			}
		}
	}
	t.Logf("%d drafts", n)
}

func TestTemplateSaysWhatIsKnown(t *testing.T) {
	t.Parallel()
	h := house(t)
	k := understand(t, complaints[0])
	k.Product = "充值缴费"
	k.Work.Clocks = triage.SLA{VerifyBy: noon.Add(2 * time.Hour), ResolveBy: noon.Add(50*time.Hour + 30*time.Minute)}
	offered := &solution.Version{Content: solution.Content{Wording: "您好！{产品}的款项{金额}将在{时限}退回。"}}
	for _, tt := range []struct {
		status  triage.Status
		amount  solution.Money
		want    []string
		without []string
	}{
		{triage.StatusVerifying, 0, []string{"{客户称呼}", "3月2日14点前", "正在核实", "充值缴费", "退款", "400-800-1234"}, []string{"13800138000", "退回", "100元"}},
		{triage.StatusProposing, solution.Yuan(30), []string{"充值缴费的款项30元将在3月4日14:30前退回"}, []string{"您好！充值"}},
		{triage.StatusProposing, 0, []string{"{金额}"}, nil},
		{triage.StatusExecuting, 0, []string{"正在办理", "3月4日14:30前"}, []string{"核实"}},
		{triage.StatusConfirming, 0, []string{"是否已经解决"}, nil},
		{triage.StatusClosed, 0, []string{"已经办结"}, nil},
	} {
		k.Status = tt.status
		got := h.Template(reply.Brief{Case: k, Solution: offered, Amount: tt.amount}, noon)
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: the draft lacks %q\n%s", tt.status, want, got)
			}
		}
		for _, unwanted := range tt.without {
			if strings.Contains(got, unwanted) {
				t.Errorf("%s: the draft must not have %q\n%s", tt.status, unwanted, got)
			}
		}
	}
}

// Names of types are words of an industry, some of them none for a reply.
func TestEveryTypePassesTheCheck(t *testing.T) {
	t.Parallel()
	h, check := house(t), checker(t)
	k := understand(t, complaints[0])
	for _, typ := range h.Types.Types() {
		for _, sub := range typ.Subtypes {
			k.Type, k.Subtype = typ.Code, sub.Code
			got := h.Template(reply.Brief{Case: k}, noon)
			if r := check.Check(got, matterOf(&k)); len(r.Flags) > 0 {
				t.Errorf("%s is flagged: %+v", sub.Name, r.Flags)
			}
		}
	}
}
