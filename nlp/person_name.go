package nlp

import (
	"regexp"
	"unicode/utf8"
)

// EntityPerson is a name that FindNames found. An EntityFinder knows no names:
// a judgement needs none, and guessing them in free text hides half of it.
const EntityPerson EntityKind = "person"

// surnames are the hundred and some most frequent ones (公安部《全国姓名报告》),
// and the compound ones.
const surnames = `(?:欧阳|司马|上官|诸葛|皇甫|东方|令狐|慕容|尉迟|长孙|宇文|夏侯|[` +
	`王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂焦` + `])`

// nameFrames are the places where a text says that a name comes: after the
// words that announce one, up to a sign or the end, and before a form of address.
var nameFrames = []*regexp.Regexp{
	regexp.MustCompile(`(?:我叫|我是|本人|姓名|联系人|客户|机主|户名|户主|收件人|投诉人|持卡人|业主)(?:名字)?(?:叫|是|为|[:：])?\s*(` +
		surnames + `\p{Han}{1,2})(?:[\s，。,.;；、！!（(]|\d|$)`),
	regexp.MustCompile(`(` + surnames + `\p{Han}{0,2})(?:先生|女士|小姐)`),
}

// FindNames returns the names of persons where a text announces or addresses
// them, in order and apart; for taking them out of what leaves the house. It
// misses names that stand alone.
func FindNames(s string) []Entity {
	var names []Entity
	for at := 0; at < len(s); {
		from, to := -1, -1
		for _, frame := range nameFrames {
			if m := frame.FindStringSubmatchIndex(s[at:]); m != nil && (from < 0 || at+m[2] < from) {
				from, to = at+m[2], at+m[3]
			}
		}
		if from < 0 {
			break
		}
		start := utf8.RuneCountInString(s[:from])
		names = append(names, Entity{
			Kind: EntityPerson, Text: s[from:to], Value: s[from:to], Start: start, End: start + utf8.RuneCountInString(s[from:to]),
		})
		at = to
	}
	return names
}
