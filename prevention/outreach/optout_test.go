package outreach_test

import (
	"testing"

	"github.com/qianyi-dev/qianyi/prevention/outreach"
)

func TestWantsOut(t *testing.T) {
	t.Parallel()
	for _, yes := range []string{
		"T", "t", "TD", "td", "Ｔ", "ＴＤ", " T ", "T。", "“TD”", "T D", "t!!!", "TD\n", "N", "n?", "退订", "退 订", "【退订】", "退訂",
		"取消", "取消。", "请退订", "我要退订", "麻烦帮我退订一下，谢谢", "退订吧", "退订短信", "别再发了", "不要再发短信了", "请不要再发给我了",
		"退订回T", "回复TD", "STOP", "Unsubscribe", "拒收", "请勿打扰", "🙏退订🙏", "T\u200b",
	} {
		if !outreach.WantsOut(yes) {
			t.Errorf("%q is not taken for an opt-out", yes)
		}
	}
	for _, no := range []string{
		"", "。", "好的", "谢谢", "知道了", "不要退订", "我没有退订过这个套餐", "退订套餐后还在扣费", "怎么退订", "取消订单", "取消了吗", "我的T恤呢",
		"T恤", "TDD", "NO.1", "退款", "退订这个流量包怎么还扣钱", "什么时候解决", "1", "请取消我的订单", "不退订",
	} {
		if outreach.WantsOut(no) {
			t.Errorf("%q is taken for an opt-out", no)
		}
	}
}
