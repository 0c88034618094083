package outreach

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/qianyi-dev/qianyi/nlp"
)

// optOutWords are whole replies that mean "tell me nothing any more", without
// signs and in lower case. The letters are those that carriers and gateways ask
// for.
var optOutWords = map[string]bool{
	"t": true, "td": true, "tt": true, "n": true, "no": true, "qx": true, "0000": true,
	"退": true, "取消": true, "拒绝": true, "拒收": true, "屏蔽": true,
	"stop": true, "stopall": true, "unsubscribe": true, "cancel": true, "quit": true, "end": true, "optout": true,
	"回t": true, "回td": true, "回复t": true, "回复td": true, "退订t": true, "退订td": true, "t退订": true, "td退订": true,
	"退订回t": true, "退订回td": true, "退订回复t": true, "退订回复td": true,
}

// optOutSentence is a short sentence that asks for it, and for nothing else: a
// polite opening, the wish, what it is about, a polite end.
var optOutSentence = regexp.MustCompile(
	`^(?:您好|你好|请|麻烦|帮忙|帮我|给我|为我|我要|我想|我|要求|申请|同意|确认|立即|马上|立刻|全部|统统)*` +
		`(?:退订|取消订阅|取消推送|拒收|拒绝接收|不再接收|不要再发|别再发|不要发|别发|停止发送|停发|不想收到|不要打扰|请勿打扰|勿扰)` +
		`(?:给我|了|这些|这种|此类|这类|你们的|所有|全部|任何|类似|短信|信息|消息|通知|邮件|推送)*` +
		`(?:吧|了|啊|呀|一下|谢谢|多谢|感谢|您|你|好吗|可以吗)*$`)

// WantsOut says whether a reply asks not to be told any more: exactly such a
// word, with whatever signs and spaces around and between, or a short sentence
// that says nothing else. A longer one that merely contains the word does not:
// "退订套餐后还在扣费" is a complaint.
func WantsOut(reply string) bool {
	text := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, nlp.Normalize(reply).Text)
	return optOutWords[text] || optOutSentence.MatchString(text)
}
