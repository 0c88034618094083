package llm_test

import (
	"testing"

	"github.com/qianyi-dev/qianyi/triage/llm"
)

func TestRedacted(t *testing.T) {
	t.Parallel()
	const text = "我叫王小明，号码13800138000，住人民路88号，请回 wang@example.com"
	redacted, restore := llm.Redacted(text)
	if want := "我叫〔姓名1〕，号码〔电话1〕，住〔地址1〕，请回 〔邮箱1〕"; redacted != want {
		t.Errorf("got %q, want %q", redacted, want)
	}
	if got := restore(redacted); got != text {
		t.Errorf("restored %q, want %q", got, text)
	}
	if got, want := restore("我们会致电〔电话1〕。"), "我们会致电13800138000。"; got != want {
		t.Errorf("an answer restored is %q, want %q", got, want)
	}
}
