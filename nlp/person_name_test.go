package nlp_test

import (
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/nlp"
)

func TestFindNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"我叫王小明，手机号13800138000":         "王小明",
		"联系人：欧阳娜娜 电话在上面":               "欧阳娜娜",
		"客户李雷，反映宽带断了":                  "李雷",
		"请找张先生，或者周丽华女士":                "张 周丽华",
		"我是高三学生，手机坏了":                  "",
		"安装师傅没有来，客户很生气":                "",
		"本人于昨天充值100元":                  "",
		"":                             "",
		"机主为陈静,套餐被改":                   "陈静",
		"😀我叫王小明":                       "王小明",
		"\xff我叫王小明":                    "王小明",
		"投诉人:赵一 来电":                    "赵一",
		"客户来电表示王先生的快递一直没有收到。":          "王",
		"业主反映小区停车混乱，物业经理态度恶劣。":         "",
		"我是金牌会员，为什么不能退":                "",
		"马女士说她的余额少了，马女士很着急":            "马 马",
		"客户高度不满，要求退费":                  "",
		"户名：" + strings.Repeat("王", 3): "王王王",
	} {
		var got []string
		runes := []rune(text)
		for _, e := range nlp.FindNames(text) {
			if string(runes[e.Start:e.End]) != e.Text {
				t.Errorf("%q: %q is not at %d..%d", text, e.Text, e.Start, e.End)
			}
			got = append(got, e.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
