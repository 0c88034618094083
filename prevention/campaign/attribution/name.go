package attribution

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/nlp"
)

// part is a piece of a campaign's name.
type part struct {
	text string
	// weight is what it tells where it is as rare as names mostly are.
	weight float64
}

// name is one way to call a campaign.
type name struct {
	// whole is the folded name, stem the same without what any campaign may end with.
	whole, stem string
	parts       []part
	offers      []offer
	// alias says that people gave it on purpose.
	alias bool
}

// How much a part of a name tells, on a scale on which two verbs, or one rare
// word, are enough to be understood together with 活动.
const (
	wordWeight    = 2.0
	runeWeight    = 0.4 // for each character beyond two
	maxWordWeight = 3.0
	numberWeight  = 1.2
	digitWeight   = 0.6
	verbWeight    = 1.0
	commonWeight  = 0.5
)

// verbs are the single characters that make the skeleton of an offer.
const verbs = "充存送返减满换购抢领抽赢折券赠兑"

// common words are in the names of many campaigns of many trades.
var common = wordSet(`活动 优惠 特惠 福利 计划 话费 流量 套餐 用户 客户 会员 免费 专享 专属 新人 新客 老客 老用户 新用户 老客户 新客户
	礼 礼品 好礼 有礼 大礼 礼包 礼遇 红包 现金 奖励 积分 商品 订单 购物 消费 手机 宽带 首月 首单 限时 限量 特价 年度 季度 全场 回馈 感恩 惠民 推广 营销
	体验 升级 补贴 折扣 打折 抽奖 权益 服务 产品 办理 参加 参与 的 和 与 或 年 月 日 季 节`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// endings may be left off a name.
var endings = [...]string{"优惠活动", "营销活动", "活动", "优惠", "计划", "行动", "专场"}

func newName(s string, alias bool, t nlp.Tokenizer) name {
	f := fold(s)
	n := name{whole: strings.ReplaceAll(f.text, " ", ""), alias: alias}
	n.stem = n.whole
	for _, e := range endings {
		if cut, ok := strings.CutSuffix(n.stem, e); ok && utf8.RuneCountInString(cut) >= 2 {
			n.stem = cut
			break
		}
	}
	n.parts = partsOf(n.whole, t)
	n.offers = offersIn(f)
	return n
}

// partsOf cuts a folded name into numbers, verbs and words.
func partsOf(s string, t nlp.Tokenizer) []part {
	var parts []part
	add := func(p part) {
		if p.text != "" && !slices.ContainsFunc(parts, func(q part) bool { return q.text == p.text }) {
			parts = append(parts, p)
		}
	}
	loose := "" // neighbouring single characters: a word that the dictionary lacks
	flush := func() {
		if utf8.RuneCountInString(loose) >= 2 {
			add(wordPart(loose))
		}
		loose = ""
	}
	for _, piece := range pieces(s, t) {
		switch {
		case piece[0] >= '0' && piece[0] <= '9':
			flush()
			w := numberWeight
			if len(piece) == 1 {
				w = digitWeight
			}
			add(part{text: piece, weight: w})
		case utf8.RuneCountInString(piece) == 1 && strings.Contains(verbs, piece):
			flush()
			add(part{text: piece, weight: verbWeight})
		case utf8.RuneCountInString(piece) == 1:
			loose += piece
		default:
			flush()
			add(wordPart(piece))
		}
	}
	flush()
	return parts
}

func wordPart(w string) part {
	if common[w] {
		return part{text: w, weight: commonWeight}
	}
	runes := utf8.RuneCountInString(w)
	return part{text: w, weight: min(maxWordWeight, wordWeight+runeWeight*float64(runes-2))}
}

// pieces cuts a folded text into runs of digits and the longest words between.
func pieces(s string, t nlp.Tokenizer) []string {
	var list []string
	for s != "" {
		n := strings.IndexFunc(s, func(r rune) bool { return r >= '0' && r <= '9' })
		if n == 0 {
			n = strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
			if n < 0 {
				n = len(s)
			}
			list, s = append(list, s[:n]), s[n:]
			continue
		}
		if n < 0 {
			n = len(s)
		}
		list, s = append(list, longest(s[:n], t)...), s[n:]
	}
	return list
}

// longest returns the words of a text one after the other: of those that
// overlap, the longest.
func longest(s string, t nlp.Tokenizer) []string {
	tokens := t.SearchTokens(nil, s)
	slices.SortFunc(tokens, func(a, b nlp.Token) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	var list []string
	end := 0
	for _, k := range tokens {
		if k.Start < end {
			continue
		}
		list = append(list, s[k.Start:k.End])
		end = k.End
	}
	return list
}
