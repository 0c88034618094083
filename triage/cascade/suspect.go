package cascade

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// commands read like instructions to a program rather than like a complaint.
// They are looked for in a text without blanks and punctuation. A complaint
// that they hit by mistake is only left to people.
var commands = regexp.MustCompile(strings.Join([]string{
	// Take the instructions back.
	`(忽略|无视|忘记|忘掉|不要理会|不用理会|别管|跳过|覆盖|推翻|撤销|作废|清除|放弃|绕过|解除).{0,10}(指令|指示|规则|提示|设定|上文|上述|前文|限制|约束|任务|代号)`,
	`(以上|上面|之前|前面|此前|先前|上述|下面|以下)的?(所有|全部|一切)?(内容|指令|指示|规则|提示|设定|任务|表格|列表|代号|类别)`,
	`(新|真正|最终|唯一|下列|下面|以下)的?(指令|指示|任务|规则|系统消息|提示)`,
	// Speak of the model and its parts.
	`提示词|系统指令|系统消息|系统角色|系统管理员指示|越狱|开发者模式|调试模式|维护模式|管理员模式|大模型|语言模型|人工智能|ai助手|ai模型|智能助手|分类器|分类程序|分类系统|分类任务|分类结果|分类模型|gpt|openai|deepseek|llm|prompt|jailbreak`,
	`扮演|假装你|假设你|设想你|你现在是|你是一[个名位]|从现在起你|从现在开始你|你的(任务|角色|职责|身份|输出|回答|回复|答案|指令|规则|设定|名字是)|我是你的(开发|主人|管理|创造)|你(必须|只能|只需|务必|应当|应该|需要|要|得|会|将)(输出|回答|回复|返回|选|归|判|标|填|认定|分到|分为|划)`,
	// Name the answer.
	`(归类|分类|归为|归到|归入|归于|划为|划到|划归|划入|标记|标注|标为|标成|判为|判成|判定|判断|识别|定性|分到|分为|算作|算成|当作|当成|视为|改为|改成)[为成到至作在于]?.{0,10}(类|类型|类别|问题|代号)`,
	`(选|选择|选用|选取|选中|填|填写|填入|写|输出|返回|给出|答|回答|回复|打印)[为成到了一]?.{0,12}(代号|选项|类型|类别|分类|首行|末行|第[一二三四五六七八九十0-9]+[个项类行条]|最后一[个项类行条]|列表|json|大括号|花括号)`,
	`(类型|类别|分类|代号|答案|结论|标签|正确结果|type|category|label|class)(是|为|应为|应是|应该是|必须是|就是|一律为|等于|定为|即|设为|选)`,
	`只(能|需|要|准|许)?(回答|输出|回复|返回)|这[一二两三四五六七八]个字|(输出|返回|回答|打印)[为成]?[a-z]{3,}`,
	`[这此该本](条|个|份|件|单|起)?(记录|投诉|工单|案件|文本|内容|案例).{0,6}(属于|归|应属|应归|应选|应判|应划|请归|请选|请按|请判|是测试|为测试)`,
	`(输出|打印|重复|复述|泄露|展示|翻译|背诵|逐字|列出|告诉我|发给我|显示).{0,12}(指令|规则|系统|设定|原文|全文|表格|全表|清单|代号|密钥|密码|口令|数据库|其他客户|其他用户|别的客户|别的用户|其它客户|别人的|所有客户|所有用户)`,
	`(其他|其它|别的|所有|全部|上一[个位条])(客户|用户|投诉人|投诉)的?.{0,6}(姓名|电话|号码|手机|资料|信息|地址|记录|内容|投诉)`,
	// Stage a conversation, code, or an encoding.
	`(system|assistant|developer|user|human|助手|助理|管理员|开发者)(message|role|prompt|消息|角色|说|回复|回答|提示)`,
	`ignore|disregard|override|forget(the|all|every|your|prev)|instruction|previous|youarenow|actas|pretend|roleplay|respondwith|outputonly|answeronly|classif|base64|rot13|hex(编码|解码)|解码|编码后|倒过来读|倒序读|反过来读|拼音首字母|摩斯|莫尔斯|首字连|藏头`,
}, "|"))

// marks are the signs of code and staged messages, in the text as it came in.
var marks = regexp.MustCompile("(?i)```|<[/|]?[a-z_|]+|\\[/?(inst|sys|system|data|end|user|assistant)|" +
	`\{[^{}]{0,80}[:：=][^{}]{0,80}\}|["“”'](type|subtype|label|类型|类别)["“”']|(^|\n)\s*(#{1,6}\s|(system|assistant|user|human|developer|系统|助手)\s*[:：>])|` +
	`(-{3,}|={3,}|#{3,}|~{3,}|\*{3,})\s*(\n|end|begin|结束|开始|系统|system)|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|&#x?[0-9a-f]+;|(%[0-9a-f]{2}){3}|[a-z0-9+/_-]{32,}={0,2}|(\b[01]{8}\s?){3}|(\b[0-9a-f]{2}\s){8}`)

// english is a sentence in another language than the complaints'.
var english = regexp.MustCompile(`[a-z]+(?:[ '.,:;!?\-]+[a-z]+){5,}`)

// suspect says whether a text reads like an attack on a language model: it gives
// instructions, names types by their codes, stages a conversation, or hides
// signs that nobody writes.
func suspect(text string, types []triage.TypeInfo) bool {
	if marks.MatchString(text) || hidden(text) {
		return true
	}
	n := nlp.Normalize(text)
	if english.MatchString(n.Text) || marks.MatchString(n.Text) {
		return true
	}
	dense := dense(n.Text)
	return commands.MatchString(dense) || namesCode(n.Text, types) || repeatsName(dense, types)
}

// dense keeps letters and digits: what an attacker spreads out comes together.
func dense(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

// hidden says whether a text has what does not show: invisible and reordering
// signs, look-alike letters of other scripts, or letters that are pictures.
func hidden(text string) bool {
	invisible, foreign := 0, 0
	for _, r := range text {
		switch {
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r >= 0xe0000 && r <= 0xe01ef:
			return true
		case unicode.Is(unicode.Cf, r):
			invisible++
		case unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Braille, unicode.Runic),
			r >= 0x1d400 && r <= 0x1d7ff, r >= 0x1f130 && r <= 0x1f1ff, r >= 0x2460 && r <= 0x24ff && unicode.IsLetter(r), r >= 0x249c && r <= 0x24e9:
			foreign++
		}
	}
	return invisible > 2 || foreign > 2
}

// namesCode says whether a text names a type by its code. A code that is also a
// short word of daily life, such as app, does not count.
func namesCode(text string, types []triage.TypeInfo) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' && r != '.' })
	for _, w := range words {
		for _, t := range types {
			if len(t.Code) > 3 && w == t.Code {
				return true
			}
			for _, s := range t.Subtypes {
				if w == s.Code {
					return true
				}
			}
		}
	}
	return false
}

// repeatsName says whether a text names several types, or one again and again,
// by the names of the catalogue.
func repeatsName(dense string, types []triage.TypeInfo) bool {
	named := 0
	for _, t := range types {
		if name := []rune(t.Name); len(name) > 3 {
			named += strings.Count(dense, t.Name)
		}
	}
	return named > 1
}
