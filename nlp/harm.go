package nlp

import "strings"

// firstMeant returns the first cue of a kind that is neither negated nor part
// of a phrase that means something else.
func (c *cues) firstMeant(k cueKind) (string, bool) {
	for _, h := range c.hits[k] {
		if !c.negated(h) && !endsInAny(c.text[:h.start], nobody) && !c.harmless(h) {
			return c.text[h.start:h.end], true
		}
	}
	return "", false
}

// nobody are the words before a harm that came to nobody ("没有人受伤").
var nobody = []string{
	"没有人", "没有人员", "无人", "无人员", "没人", "未造成人员", "没有造成人员", "没造成人员", "未造成", "没有造成", "没造成",
}

// harmlessPhrases contain a cue of harm and speak of none: words cut across
// ("拨打人工" is no "打人"), the routine of call centres and parcels, names of
// companies and bills, figures of speech.
var harmlessPhrases = []string{
	"拨打人", "打人工", "打人家",
	"煤气公司", "煤气费", "煤气表", "煤气卡",
	"电脑中毒", "手机中毒", "网络中毒", "系统中毒",
	"烂到爆炸", "差到爆炸", "慢到爆炸", "气到爆炸", "气得爆炸",
	"心受伤", "威胁要投诉", "威胁投诉",
}

// harmfulOnlyIn names cues that speak of harm in some phrases alone: parcels
// and work orders are tracked all day, people are not.
var harmfulOnlyIn = map[string][]string{
	"跟踪": {"被跟踪", "被人跟踪", "跟踪我", "跟踪本人", "跟踪她", "跟踪女", "跟踪孩子", "跟踪客户回家", "跟踪尾随", "尾随跟踪", "跟踪骚扰"},
}

// harmless says whether the hit means no harm where it stands.
func (c *cues) harmless(h hit) bool {
	if phrases, limited := harmfulOnlyIn[c.text[h.start:h.end]]; limited {
		return !c.within(h, phrases)
	}
	return c.within(h, harmlessPhrases)
}

// within says whether the hit lies inside one of the phrases.
func (c *cues) within(h hit, phrases []string) bool {
	word := c.text[h.start:h.end]
	for _, phrase := range phrases {
		k := strings.Index(phrase, word)
		if k >= 0 && k <= h.start && strings.HasPrefix(c.text[h.start-k:], phrase) {
			return true
		}
	}
	return false
}
