package fact

import (
	"regexp"
	"strings"
)

// escalation is how a text says that a customer turns to somebody else: a word,
// beside a second one where the first alone says nothing.
type escalation struct {
	flag Flags
	// words are looked for first: without one of them the patterns cannot match.
	words    []string
	patterns []*regexp.Regexp
}

// The parts of the patterns. act is what customers do, or threaten to do, with
// a body; near is what may stand between the two.
const (
	act  = `(?:投诉|举报|反映|曝光|申诉|维权|告你|告到|上告|控告|起诉|检举|揭发)`
	toDo = `(?:去|找|到|向|给|打|拨打|联系|要|请|让|发|上|通过|已经?|准备|必须|打算|报)`
	near = `[^。！？!?\n]{0,8}`
	next = `[^。！？!?，,；;\n]{0,6}`
)

func patterns(list ...string) []*regexp.Regexp {
	all := make([]*regexp.Regexp, len(list))
	for i, p := range list {
		all[i] = regexp.MustCompile(p)
	}
	return all
}

// escalations are the bodies. A number counts where it is not part of a longer
// one; what can also be a customer, a programme or an advertisement (a law firm,
// the television, a microblog) counts only with what one does with it.
var escalations = []escalation{
	{
		To12315,
		[]string{"12315", "消协", "消费者协会", "消费者保护", "消保委", "市场监管", "市场监督", "市监局", "工商", "质监局"},
		patterns(`(?:^|\D)12315(?:\D|$)`, `消协|消保委|消费者(?:权益)?(?:保护)?(?:协会|委员会)`, `市场监(?:管|督)(?:管理)?(?:总?局|部门|所)|市监局`,
			`工商(?:行政)?(?:管理)?(?:总?局|部门|所)`, toDo+next+`工商(?:投诉|举报|$|[，。！,!])`, `质监局`),
	},
	{
		ToMIIT,
		[]string{"工信部", "工信局", "工业和信息化", "12300", "12381", "通管局", "通信管理局", "信管局"},
		patterns(`工信(?:部|局|厅|委)|工业和信息化(?:部|厅|局)`, `(?:^|\D)(?:12300|12381)(?:\D|$)`, `通管局|通信管理局|信管局`),
	},
	{
		ToMedia,
		[]string{"媒体", "记者", "曝光", "微博", "抖音", "电视台", "晚会", "报社", "小红书", "黑猫", "热搜", "网上发", "发到网", "快手", "朋友圈"},
		patterns(`曝光`, `315\s*晚会|3[·.]15\s*晚会|三一五晚会|央视3.?15`, `黑猫(?:投诉|平台)`,
			`(?:找|联系|告诉|通知|叫|让|请|向)`+next+`(?:媒体|记者|电视台|报社)`,
			`(?:发|挂|上|在)`+next+`(?:微博|抖音|小红书|快手|朋友圈|热搜)`+near+`(?:吐槽|骂|`+act+`)`,
			`(?:发到?|挂到?|传到?|发布到|冲)(?:你们)?(?:微博|抖音|小红书|快手|网上|朋友圈|热搜)`, `上热搜`,
			`(?:媒体|记者|电视台|报社)(?:来|介入|报道)?`+next+act),
	},
	{
		ToCourt,
		[]string{"律师", "起诉", "法院", "仲裁", "打官司", "法庭", "诉讼", "法律途径", "法律手段", "法律程序"},
		patterns(`起诉|仲裁|打官司|法庭|提起诉讼|走诉讼`, `(?:走|通过|采取|用|拿起|诉诸)`+next+`法律(?:途径|手段|程序|武器)`,
			`律师函|(?:找|请|联系|咨询|委托|聘)(?:了|过|个|一个|一位|我的|专业)*律师(?:[^事]|$)|(?:我的?|让|由)律师(?:会|来|将|联系|处理|跟)`,
			`(?:去|到|上|向|找|告到?)`+next+`法院|法院(?:见|告|传票|起诉)`),
	},
	{
		ToGovernment,
		[]string{"12345", "信访", "市长", "纪委", "国务院", "政务服务热线", "政府热线", "人大代表", "区长热线", "省长"},
		patterns(`(?:^|\D)12345(?:\D|$)`, `信访`, `(?:市|区|县|省)长(?:热线|信箱|电话)`, `政务(?:服务)?(?:便民)?热线|政府热线`,
			toDo+next+`(?:纪委|国务院|人大代表)`, `国务院`+next+`(?:`+act+`|小程序|平台)`),
	},
}

// long is a number of more digits than any of the bodies has: in it their
// numbers mean nothing.
var long = regexp.MustCompile(`\d{6,}`)

// EscalationsIn finds to whom else a complaint says that its author has turned,
// or will turn. It goes by words alone: it neither knows whether they did, nor
// every way to say it.
func EscalationsIn(text string) Flags {
	text = strings.ToLower(long.ReplaceAllString(halfWidth.Replace(text), "#"))
	var f Flags
	for i := range escalations {
		e := &escalations[i]
		if e.in(text) {
			f |= e.flag
		}
	}
	return f
}

func (e *escalation) in(text string) bool {
	named := false
	for _, w := range e.words {
		named = named || strings.Contains(text, w)
	}
	if !named {
		return false
	}
	for _, p := range e.patterns {
		if p.MatchString(text) {
			return true
		}
	}
	return false
}

// halfWidth writes digits as the patterns do.
var halfWidth = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9")
