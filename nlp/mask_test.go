package nlp_test

import (
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/nlp"
)

func TestMasks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		mask     func(string) string
		in, want string
	}{
		{"手机", nlp.MaskPhone, "13800138000", "138****8000"},
		{"手机带横线", nlp.MaskPhone, "138-0013-8000", "138-****-8000"},
		{"全角手机", nlp.MaskPhone, "１３８００１３８０００", "１３８****８０００"},
		{"座机", nlp.MaskPhone, "0731-88888888", "073*-****8888"},
		{"短号码", nlp.MaskPhone, "8888666", "88***66"},
		{"太短全遮", nlp.MaskPhone, "12345", "*****"},
		{"已遮不动", nlp.MaskPhone, "138****8000", "138****8000"},
		{"空电话", nlp.MaskPhone, "", ""},
		{"邮箱", nlp.MaskEmail, "zhang@example.com", "z***@example.com"},
		{"邮箱一个字母", nlp.MaskEmail, "z@example.com", "z***@example.com"},
		{"邮箱无名", nlp.MaskEmail, "@example.com", "***@example.com"},
		{"不是邮箱", nlp.MaskEmail, "张三", "张***"},
		{"已遮邮箱", nlp.MaskEmail, "z***@example.com", "z***@example.com"},
		{"姓名", nlp.MaskName, "王小明", "王*"},
		{"两字姓名", nlp.MaskName, "王明", "王*"},
		{"一字姓名", nlp.MaskName, "王", "*"},
		{"空姓名", nlp.MaskName, "", ""},
		{"身份证", nlp.MaskIDNumber, "11010519491231002X", "110*************2X"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.mask(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := tt.mask(tt.want); got != tt.want && tt.in != "王" {
				t.Errorf("masking twice gives %q", got)
			}
		})
	}
}

func TestMaskText(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"电话", "打13800138000\xff没人接", "打138****8000\xff没人接"},
		{"邮箱", "写 zhang@example.com", "写 z****@example.com"},
		{"身份证", "证11010519491231002X。", "证110*************2X。"},
		{"门牌", "住A3区阳光小区12栋501室", "住A3区阳光小区**栋***室"},
		{"单号不遮", "订单号DD20190301", "订单号DD20190301"},
		{"已遮不动", "电话138****8000", "电话138****8000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := nlp.Normalize(tt.in)
			if got := nlp.MaskText(tt.in, testFinder.Find(&n)); got != tt.want {
				t.Errorf("MaskText(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
	t.Run("不合适的实体被忽略", func(t *testing.T) {
		t.Parallel()
		wrong := []nlp.Entity{{Kind: nlp.EntityPhone, Start: -3, End: 2}, {Kind: nlp.EntityPhone, Start: 2, End: 1}, {Kind: nlp.EntityPhone, Start: 3, End: 99}}
		if got := nlp.MaskText("电话12", wrong); got != "电话1*" {
			t.Errorf("got %q, want 电话1*", got)
		}
	})
}

func TestRedact(t *testing.T) {
	t.Parallel()
	s := "我13800138000，再说一遍13800138000，他13900139000，订单号DD123456，住人民路88号，扣20元"
	n := nlp.Normalize(s)
	redacted, restore := nlp.Redact(s, testFinder.Find(&n))
	want := "我〔电话1〕，再说一遍〔电话1〕，他〔电话2〕，订单号〔单号1〕，住〔地址1〕，扣20元"
	if redacted != want {
		t.Errorf("Redact = %q, want %q", redacted, want)
	}
	if got := restore(redacted); got != s {
		t.Errorf("restore = %q, want %q", got, s)
	}
	if got := restore("请回拨〔电话2〕"); got != "请回拨13900139000" {
		t.Errorf("restore of an answer = %q", got)
	}
}

func TestRedactKeepsPlaceholdersOfTheText(t *testing.T) {
	t.Parallel()
	s := strings.Repeat("〔电话1〕〔电话甲2〕", 1000) + "13800138000"
	n := nlp.Normalize(s)
	redacted, restore := nlp.Redact(s, testFinder.Find(&n))
	if strings.Contains(redacted, "13800138000") {
		t.Error("the number was not taken out")
	}
	if restore(redacted) != s {
		t.Error("restoring changed a placeholder that the text had itself")
	}
}
