package nlp_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
)

var testFinder = nlp.NewEntityFinder(nlp.EntityLexicon{
	Products:  []string{"畅享 Plus", "云宽带"},
	Campaigns: []string{"新春送礼"},
	Places:    []string{"梅溪湖"},
})

// find lists the entities of a text as "kind text=value".
func find(s string) []string {
	n := nlp.Normalize(s)
	list := []string{}
	for _, e := range testFinder.Find(&n) {
		list = append(list, string(e.Kind)+" "+e.Text+"="+e.Value)
	}
	return list
}

type entityTest struct {
	in   string
	want []string
}

func runEntityTests(t *testing.T, tests []entityTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			want := tt.want
			if want == nil {
				want = []string{}
			}
			if diff := cmp.Diff(want, find(tt.in)); diff != "" {
				t.Errorf("entities of %q (-want +got):\n%s", tt.in, diff)
			}
			checkEntities(t, tt.in)
		})
	}
}

func TestFindPhones(t *testing.T) {
	t.Parallel()
	runEntityTests(t, []entityTest{
		{"我的号码13800138000。", []string{"phone 13800138000=13800138000"}},
		{"138-0013-8000 或 139 0013 8001", []string{"phone 138-0013-8000=13800138000", "phone 139 0013 8001=13900138001"}},
		{"+86 13800138000", []string{"phone +86 13800138000=13800138000"}},
		{"008613800138000", []string{"phone 008613800138000=13800138000"}},
		{"１３８００１３８０００", []string{"phone １３８００１３８０００=13800138000"}},
		{"138\u200b0013\u200b8000\u200b。", []string{"phone 138\u200b0013\u200b8000=13800138000"}},
		{"联系0731-88888888", []string{"phone 0731-88888888=073188888888"}},
		{"(0731)8888888转", []string{"phone (0731)8888888=07318888888"}},
		{"客服400-800-1234", []string{"phone 400-800-1234=4008001234"}},
		{"电话：88886666", []string{"phone 88886666=88886666"}},
		{"电话2019-03-01打过", []string{"time 2019-03-01=2019-03-01"}},
		{"微信wx13800138000", []string{"phone 13800138000=13800138000"}},
		{"打10086和12315都没用", nil},
		{"138****8000", nil},
		{"23800138000", nil},
	})
}

func TestFindNumbers(t *testing.T) {
	t.Parallel()
	runEntityTests(t, []entityTest{
		{"身份证11010519491231002X", []string{"id_number 11010519491231002X=11010519491231002X"}},
		{"身份证号：110105194912310021", []string{"id_number 110105194912310021=110105194912310021"}},
		{"号110105194912310021", []string{"order 110105194912310021=110105194912310021"}},
		{"110105491231002", []string{"id_number 110105491231002=110105491231002"}},
		{"订单号：DD2019-0301", []string{"order DD2019-0301=DD2019-0301"}},
		{"工单号28951555处理", []string{"order 28951555=28951555"}},
		{"运单SF1234567890123", []string{"order SF1234567890123=SF1234567890123"}},
		{"主活动ID:600000171774", []string{"order 600000171774=600000171774"}},
		{"订单号无", nil},
		{"员工编号zhangcai", nil},
		{"邮件 Zhang.San@Example.com。", []string{"email Zhang.San@Example.com=zhang.san@example.com"}},
		{"发到a@b", nil},
		{"******@139.com", nil},
		{"见https://a.cn/x?y=1，谢谢", []string{"url https://a.cn/x?y=1=https://a.cn/x?y=1"}},
		{"上www.example.com看", []string{"url www.example.com=www.example.com"}},
		{"淘宝shop.example.com买的", []string{"url shop.example.com=shop.example.com"}},
	})
}

func TestFindAmounts(t *testing.T) {
	t.Parallel()
	runEntityTests(t, []entityTest{
		{"扣了12元", []string{"amount 12元=12"}},
		{"被骗188989.7元", []string{"amount 188989.7元=188989.7"}},
		{"1,200元", []string{"amount 1,200元=1200"}},
		{"赔3.5万元", []string{"amount 3.5万元=35000"}},
		{"1.15万元", []string{"amount 1.15万元=11500"}},
		{"退￥99.50", []string{"amount ￥99.50=99.5"}},
		{"二十块", []string{"amount 二十块=20"}},
		{"三百多块钱", []string{"amount 三百多块钱=300"}},
		{"一千二百元", []string{"amount 一千二百元=1200"}},
		{"一千零五元", []string{"amount 一千零五元=1005"}},
		{"三万五千块", []string{"amount 三万五千块=35000"}},
		{"12块5", []string{"amount 12块5=12.5"}},
		{"3元5角2分", []string{"amount 3元5角2分=3.52"}},
		{"5毛", []string{"amount 5毛=0.5"}},
		{"几百元", []string{"amount 几百元=几百元"}},
		{"十几块", []string{"amount 十几块=十几块"}},
		{"多扣五块钱", []string{"amount 五块钱=5"}},
		{"2000多元", []string{"amount 2000多元=2000"}},
		{"12元旦", nil},
		{"a****00元", nil},
		{"一块吃饭", nil},
		{"两块地", nil},
		{"垄断这一块市场", nil},
	})
}

func TestFindPlaces(t *testing.T) {
	t.Parallel()
	runEntityTests(t, []entityTest{
		{"我在长沙", []string{"place 长沙=长沙"}},
		{"地址长沙市岳麓区麓山南路12号", []string{"place 长沙市岳麓区麓山南路12号=长沙市岳麓区麓山南路12号"}},
		{"A市A3区含浦镇的路", []string{"place A市A3区含浦镇=A市A3区含浦镇"}},
		{"K8县没有信号", []string{"place K8县=K8县"}},
		{"住在阳光小区3栋2单元501室", []string{"place 阳光小区3栋2单元501室=阳光小区3栋2单元501室"}},
		{"在人民路88号", []string{"place 人民路88号=人民路88号"}},
		{"去梅溪湖玩", []string{"place 梅溪湖=梅溪湖"}},
		{"商品已开封", nil},
		{"房间朝阳", nil},
		{"硬盘的C区", nil},
		{"大厅感觉非常公寓", nil},
		{"按A市城市规划", []string{"place A市=A市"}},
		{"我们小区停电", nil},
		{"开封市", []string{"place 开封市=开封市"}},
	})
}

func TestFindProductsAndCampaigns(t *testing.T) {
	t.Parallel()
	runEntityTests(t, []entityTest{
		{"办理了99元4G飞享套餐", []string{"product 99元4G飞享套餐=99元4G飞享套餐"}},
		{"的38元套餐", []string{"product 38元套餐=38元套餐"}},
		{"开通了PLUS会员", []string{"product PLUS会员=PLUS会员"}},
		{"升级为白银会员", []string{"product 白银会员=白银会员"}},
		{"取消套餐", nil},
		{"用ＣＨＡＮＧ畅享 plus不行", []string{"product 畅享 plus=畅享 Plus"}},
		{"雲寬帶又断", []string{"product 雲寬帶=云宽带"}},
		{"新春送礼没给", []string{"campaign 新春送礼=新春送礼"}},
		{"《魔百和体验活动》", []string{"campaign 魔百和体验活动=魔百和体验活动"}},
		{"“校园无限卡”", []string{"product 校园无限卡=校园无限卡"}},
		{"《消费者权益保护法》", nil},
		{"充100送50活动", []string{"campaign 充100送50活动=充100送50活动"}},
		{"双十一买的", []string{"campaign 双十一=双十一"}},
		{"检测“SD卡“流量卡”", []string{"product 流量卡=流量卡"}},
		{"监察委员会员工", nil},
		{"参加618活动", []string{"campaign 618活动=618活动"}},
	})
}

func TestFindInOneComplaint(t *testing.T) {
	t.Parallel()
	runEntityTests(t, []entityTest{{complaint120, []string{
		"phone 13800138000=13800138000",
		"time 2019年3月1日=2019-03-01",
		"product 99元4G飞享套餐=99元4G飞享套餐",
		"time 上个月=上个月",
		"amount 二十块=20",
		"order DD20190301123456=DD20190301123456",
		"email zhangsan@example.com=zhangsan@example.com",
		"place 长沙市岳麓区麓山南路12号=长沙市岳麓区麓山南路12号",
	}}})
}

// TestFindIsLinear fails by the time limit of go test when a scanner reads
// ahead without a bound.
func TestFindIsLinear(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{
		"1", "12", "1-", "1 ", "一", "十万", "a@", "a.", "@", "上海市", "路", "上海路", "《", "“a", "a市", "a1", "2019-", "10:", "3月", "上周",
		"充1送", "套餐", "a套餐", "订单号", "http://", "1,000", "0731-", "(", "1.", "几", "周", "*", "\xff", "半年",
	} {
		checkEntities(t, strings.Repeat(unit, 1<<20/len(unit)))
	}
}

func TestFindRandomMixtures(t *testing.T) {
	t.Parallel()
	pieces := append([]string{"13800138000", "元", "块", "订单号", "2019年3月1日", "下午", "3点", "长沙", "市", "路", "1", "0", "-", " ", ".",
		"@", "a", "com", "套餐", "《", "》", "充", "送", "上周", "五", "前", "半", "个", "月", "号", "+86", "(", ")", "¥", "几", "万"}, hostile...)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var b strings.Builder
		for range rng.IntN(12) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		checkEntities(t, b.String())
	}
}

func FuzzEntities(f *testing.F) {
	f.Add(complaint120)
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkEntities(t, s) })
}

// checkEntities states what holds for the entities, the mask and the redaction
// of every text.
func checkEntities(t *testing.T, s string) {
	t.Helper()
	n := nlp.Normalize(s)
	entities := testFinder.Find(&n)
	offsets := []int{}
	for i := range s {
		offsets = append(offsets, i)
	}
	offsets = append(offsets, len(s))
	last := 0
	for _, e := range entities {
		if e.Start < last || e.End <= e.Start || e.End >= len(offsets) {
			t.Fatalf("%+v after %d in a text of %d runes", e, last, len(offsets)-1)
		}
		last = e.End
		if got := s[offsets[e.Start]:offsets[e.End]]; got != e.Text || e.Value == "" {
			t.Fatalf("%+v stands at %q", e, got)
		}
	}
	masked := nlp.MaskText(s, entities)
	if got, want := utf8.RuneCountInString(masked), len(offsets)-1; got != want {
		t.Fatalf("mask of %.80q has %d runes, want %d", s, got, want)
	}
	redacted, restore := nlp.Redact(s, entities)
	if got := restore(redacted); got != s {
		t.Fatalf("restored %.80q, want %.80q", got, s)
	}
}

func BenchmarkFindEntities(b *testing.B) {
	n := nlp.Normalize(complaint120)
	b.ReportAllocs()
	for b.Loop() {
		testFinder.Find(&n)
	}
}

func BenchmarkNewEntityFinder(b *testing.B) {
	for b.Loop() {
		nlp.NewEntityFinder(nlp.EntityLexicon{Products: []string{"云宽带"}})
	}
}
