package mime_test

import (
	"testing"
)

func TestWhatWasWrittenNow(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ whole, want string }{
		"nothing to cut":           {"断了\n三天", "断了\n三天"},
		"signature":                {"断了\n\n--\n王小明\n电话 138", "断了"},
		"device":                   {"断了\n\n发自我的 iPhone", "断了"},
		"device in English":        {"断了\n\nSent from my Xiaomi phone", "断了"},
		"marked quotation":         {"还是断的\n\n> 您好\n> 已派单", "还是断的"},
		"answers between":          {"> 修好了吗\n没有\n> 来过人吗\n也没有", "没有\n也没有"},
		"introduced":               {"还是断的\n\n在 2026年3月1日，客服 <s@example.com> 写道：\n> 已派单", "还是断的"},
		"answer below":             {"在 2026-03-01，客服写道：\n> 已派单\n\n没有人来", "没有人来"},
		"introduced, unmarked":     {"还是断的\n\nOn Mon, 2 Mar 2026 at 09:30, Service <s@example.com>\nwrote:\n\n已派单", "还是断的"},
		"Outlook":                  {"还是断的\n\n发件人: 客服\n发送时间: 2026年3月1日\n收件人: 王小明\n主题: 回复\n\n已派单", "还是断的"},
		"QQ":                       {"还是断的\n\n------------------ 原始邮件 ------------------\n发件人: 客服", "还是断的"},
		"163":                      {"还是断的\n---- 回复的原邮件 ----\n| 发件人 | 客服 |", "还是断的"},
		"English original":         {"still down\n-----Original Message-----\nFrom: x", "still down"},
		"only a quotation":         {"> 宽带断了", "> 宽带断了"},
		"forwarded":                {"发件人: 张三\n主题: 投诉\n日期: 2026-03-01\n\n宽带断了", "发件人: 张三\n主题: 投诉\n日期: 2026-03-01\n\n宽带断了"},
		"what the clerk wrote":     {"客服写道：“不予退款”，我不同意", "客服写道：“不予退款”，我不同意"},
		"a form in the text":       {"发件人: 我\n我要投诉", "发件人: 我\n我要投诉"},
		"dashes in the text":       {"断了\n----\n三天", "断了\n----\n三天"},
		"a dash in the first line": {"--\n断了", "--\n断了"},
	} {
		m := read("Content-Type: text/plain; charset=utf-8\n\n" + tt.whole)
		if m.Text != tt.want || m.Whole != tt.whole {
			t.Errorf("%s: got %q of %q, want %q", name, m.Text, m.Whole, tt.want)
		}
	}
}
