package wording_test

import (
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage/wording"
)

// A proper reply of about 600 characters, whose every sentence is judged.
func BenchmarkCheckLongReply(b *testing.B) {
	c, err := wording.New()
	if err != nil {
		b.Fatal(err)
	}
	long := strings.Repeat("您好，您反映的漏水情况我们已经安排师傅上门查看，预计明天上午10点前到达。如果检测是管道老化，更换费用由物业承担，您不用出钱。", 10)
	about := wording.Matter{Text: "厨房漏水三天没人管，要求马上维修并赔偿地板。"}
	for b.Loop() {
		c.Check(long, about)
	}
}
