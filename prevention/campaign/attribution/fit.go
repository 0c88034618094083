package attribution

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// fit is how well the text of a customer whom a campaign reached fits it.
type fit struct {
	odds float64 // logarithm
	// own is the part of it that only this campaign has, written the part of that
	// which people wrote down of it: name, rules, copy, facts.
	own, written float64
	spans        [][2]int // in norm.Text
}

// The evidence in a text is a sum of logarithms of odds. These are how much of
// it one kind can bring, and the odds of a complaint without any evidence: about
// one in twenty complaints within reach of a campaign is about it.
const (
	priorOdds  = -3.0
	nameFactor = 1.1 // for the weight of a part of the name
	runeFactor = 0.4 // … that is a single character and may be part of any word
	termFactor = 0.8 // for a word of the rules or the copy
	amountOdds = 1.0 // for a number with what it counts of the rules or the copy
	factOdds   = 1.5
	minRise    = -2.0
	otherOffer = -2.0 // the text has numbers of another offer
	otherName  = -1.5 // … or another name
	denial     = -2.5 // the customer says that it is about something else
)

// speech are words in which people speak about a campaign, whatever it is, and
// what they tell.
var speech = []struct {
	text   string
	weight float64
}{
	{"规则", 1.3}, {"活动", 1.1}, {"兑现", 1.5}, {"兑奖", 1.5}, {"领奖", 1.3}, {"中奖", 1.3}, {"抽奖", 1.3}, {"名额", 1.1}, {"参加", 0.7}, {"参与", 0.8},
	{"促销", 1.1}, {"优惠", 0.7}, {"满减", 1.3}, {"返利", 1.3}, {"返现", 1.4}, {"返还", 1.0}, {"赠送", 0.8}, {"赠品", 1.3}, {"奖品", 1.3}, {"礼品", 1.0},
	{"奖励", 0.9}, {"红包", 0.8}, {"优惠券", 0.9}, {"资格", 0.6}, {"领取", 0.8}, {"名不副实", 0.8}, {"宣传", 0.9}, {"海报", 1.2}, {"广告", 0.6},
	{"承诺", 0.7}, {"说好", 0.9}, {"当初", 0.6}, {"当时", 0.5}, {"答应", 0.6}, {"变卦", 1.4}, {"改口", 1.0}, {"反悔", 1.0}, {"不认账", 1.2}, {"缩水", 1.0},
	{"取消了", 0.4}, {"条件", 0.5}, {"门槛", 0.9}, {"限制", 0.3}, {"细则", 1.4}, {"须知", 0.7}, {"小字", 1.0}, {"提前结束", 1.3}, {"到期", 0.3},
	{"套路", 0.6}, {"虚假宣传", 1.0}, {"忽悠", 0.6}, {"噱头", 1.2}, {"达标", 1.0}, {"任务", 0.5}, {"返", 0.5}, {"第2个月", 0.5}, {"分期返", 1.0},
}

// broken are the ways to say that what was promised is not what is given.
var broken = []*regexp.Regexp{
	regexp.MustCompile(`(规则|条件|内容|政策|规定)[^，。；！？,;!?]{0,6}(变|改|调整|修改|不一样|更新)`),
	regexp.MustCompile(`(说好|说的|承诺|答应|当初|当时|办的时候|办理时|宣传)[^。；！？;!?]{0,30}(结果|现在|实际|却|只有|就没|又说|改口|不认)`),
	regexp.MustCompile(`(前|首|第[0-9一二两三四五六七八九十]+)个?月[^。；！？;!?]{0,20}(没有|没了|停|不再|未|取消|少)`),
	regexp.MustCompile(`(不给|没给|没有|不|未|没)(兑现|兑|返|送|赠|减免|减)`),
}

// brokenOdds is what one of them tells.
const brokenOdds = 0.8

// clue is one piece of evidence in a text.
type clue struct {
	kind     kind
	odds     float64
	from, to int // in norm.Text
}

// kind is where a clue comes from; each kind has a limit.
type kind int

const (
	fromName kind = iota
	fromTerms
	fromFacts
	fromStream
	fromSpeech
	kinds
)

// limits bound what the clues of one kind bring together, so that a long text
// does not win by its length.
var limits = [kinds]float64{fromName: 4, fromTerms: 3, fromFacts: 3, fromStream: 3, fromSpeech: 3}

// own says whether a clue is one of this campaign alone.
func (k kind) own() bool { return k != fromSpeech }

// near is within how many bytes clues belong together: in a long work order, a
// word of the name here and 活动 there are about different things.
const near = 240

// fits weighs a text for one campaign that reached the customer: by the best
// stretch of it.
func (e *Engine) fits(f *folded, words []word, k *tracked, last *Contact) fit {
	clues := slices.Concat(e.named(f, k), e.termed(f, words, k), last.clues(f), e.spoken(f))
	rises, against := e.risen(words, k)
	clues = append(clues, rises...)
	denied := f.denied(clues)
	clues = f.asked(clues)
	slices.SortFunc(clues, func(a, b clue) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	best := fit{odds: priorOdds}
	for i := range clues {
		v := stretch(clues[i:])
		if v.odds > best.odds || v.odds == best.odds && v.own > best.own {
			best = v
		}
	}
	best.odds += against
	if k.otherOffer(f) {
		best.odds += otherOffer
	}
	if e.elsewhere(f, k) {
		best.odds += otherName
	}
	if denied {
		best.odds += denial
	}
	return best
}

// stretch adds up the clues near the first one.
func stretch(clues []clue) fit {
	v := fit{odds: priorOdds}
	var sums [kinds]float64
	for _, c := range clues {
		if c.to > clues[0].from+near {
			break
		}
		sums[c.kind] += c.odds
		v.spans = append(v.spans, [2]int{c.from, c.to})
	}
	for k, sum := range sums {
		sum = min(sum, limits[k])
		v.odds += sum
		if kind(k).own() {
			v.own += sum
			if kind(k) != fromStream {
				v.written += sum
			}
		}
	}
	return v
}

// named returns the parts of the name that the text has: of the way to call the
// campaign that tells most.
func (e *Engine) named(f *folded, k *tracked) []clue {
	var best []clue
	most := 0.0
	for i := range k.names {
		n := &k.names[i]
		sum, seen := 0.0, map[int]bool{}
		var list []clue
		for _, h := range n.hits(f.text) {
			p := &n.parts[h.part]
			factor := nameFactor
			from, to := f.inNorm(h.from, h.to)
			if utf8.RuneCountInString(f.norm.Text[from:to]) == 1 {
				factor = runeFactor
			}
			odds := p.weight * e.all.rarity(p.text) * factor
			list = append(list, clue{fromName, odds, from, to})
			if !seen[h.part] {
				seen[h.part] = true
				sum += odds
			}
		}
		if sum > most {
			best, most = list, sum
		}
	}
	return distinct(best, f)
}

// distinct leaves out clues of words that came before.
func distinct(clues []clue, f *folded) []clue {
	seen := map[string]bool{}
	return slices.DeleteFunc(clues, func(c clue) bool {
		w := f.norm.Text[c.from:c.to]
		again := seen[w]
		seen[w] = true
		return again
	})
}

// termed returns the words and the amounts of the rules and the copy.
func (e *Engine) termed(f *folded, words []word, k *tracked) []clue {
	var list []clue
	for _, w := range words {
		if text := f.norm.Text[w.from:w.to]; k.terms[w.hash] && !common[text] {
			list = append(list, clue{fromTerms, termFactor * e.all.rarity(text), w.from, w.to})
		}
	}
	for _, a := range amountsIn(f.text) {
		if k.amounts[a.text] {
			from, to := f.inNorm(a.from, a.to)
			list = append(list, clue{fromTerms, amountOdds, from, to})
		}
	}
	return distinct(list, f)
}

// clues returns the facts of the contact that the text has.
func (c *Contact) clues(f *folded) []clue {
	var list []clue
	for _, fact := range c.Facts {
		if i := strings.Index(f.norm.Text, fact); i >= 0 {
			list = append(list, clue{fromFacts, factOdds, i, i + len(fact)})
		}
	}
	return list
}

// spoken returns the words in which people speak about campaigns.
func (e *Engine) spoken(f *folded) []clue {
	var list []clue
	text := f.norm.Text
	for _, s := range speech {
		if i := strings.Index(text, s.text); i >= 0 {
			list = append(list, clue{fromSpeech, s.weight * e.all.rarity(s.text), i, i + len(s.text)})
		}
	}
	for _, b := range broken {
		for _, at := range b.FindAllStringIndex(text, 2) {
			list = append(list, clue{fromSpeech, brokenOdds, at[0], at[1]})
		}
	}
	return list
}

// risen returns what is known from complaints before: words that are commoner
// among those whom the campaign reached than among the others, and words of
// complaints that named it; and what the words that are rarer tell against it.
// The strongest few count.
func (e *Engine) risen(words []word, k *tracked) (list []clue, against float64) {
	const strongest, reachedPrior, namedPrior, trust = 6, 2.0, 1.0, 8.0
	for _, w := range words {
		share := e.all.share(w.hash)
		by := 0.0
		if k.reached.rose(w.hash, share) {
			by = k.reached.lift(w.hash, share, reachedPrior)
		}
		if k.named.texts > 0 {
			known := float64(k.named.texts) / (float64(k.named.texts) + trust)
			by = max(by, known*k.named.lift(w.hash, share, namedPrior))
		}
		by = min(by, 1.5) / 2 // words of one text come together
		list = append(list, clue{fromStream, by, w.from, w.to})
	}
	slices.SortFunc(list, func(a, b clue) int { return cmp.Compare(math.Abs(b.odds), math.Abs(a.odds)) })
	list = list[:min(len(list), strongest)]
	for _, c := range list {
		against += min(0, c.odds)
	}
	return slices.DeleteFunc(list, func(c clue) bool { return c.odds <= 0.2 }), max(against, minRise)
}

// elsewhere says whether the text speaks of 活动 by a word that is not one of
// this campaign: then it is about another one, which may not be registered.
func (e *Engine) elsewhere(f *folded, k *tracked) bool {
	text := f.norm.Text
	for at := 0; ; {
		i := strings.Index(text[at:], "活动")
		if i < 0 {
			return false
		}
		end := at + i
		at = end + len("活动")
		w := e.before(text[:end])
		if w == "" || plainWords[w] || common[w] {
			continue
		}
		whole := fold(w).text
		if !k.terms[hash(w)] && !slices.ContainsFunc(k.names, func(n name) bool {
			return strings.Contains(n.whole, whole) || slices.ContainsFunc(n.parts, func(p part) bool { return strings.Contains(whole, p.text) })
		}) {
			return true
		}
	}
}

// before returns the last word of a text that says more than that there is a
// campaign, "" when there is none right before its end.
func (e *Engine) before(text string) string {
	const look = 36 // bytes
	from := max(0, len(text)-look)
	for from < len(text) && !utf8.RuneStart(text[from]) {
		from++
	}
	for words := longest(text[from:], e.d.Tokenizer); len(words) > 0; words = words[:len(words)-1] {
		w := words[len(words)-1]
		if !strings.HasSuffix(text, w) {
			return "" // something between that is no word
		}
		text = strings.TrimSuffix(text, w)
		if common[w] || offering[w] {
			continue
		}
		if n := len(words); utf8.RuneCountInString(w) < 2 {
			if n < 2 || utf8.RuneCountInString(words[n-2]) > 1 || strings.Contains(particles, w) || strings.Contains(particles, words[n-2]) {
				return ""
			}
			return words[n-2] + w
		}
		return w
	}
	return ""
}

// offering are words that may stand between a name and 活动.
var offering = wordSet(`赠送 送 返还 返 营销 促销 优惠 回馈 专属 业务 的 立减 满减 抽奖 兑换 充值 办理`)

// plainWords may stand before 活动 and name nothing.
var plainWords = wordSet(`这个 那个 这种 那种 什么 任何 相关 该项 此项 有关 当时 当初 现在 之前 以前 你们 他们 我们 公司 贵司 客服 营业员 工作人员
	参加 参与 办理 享受 符合 取消 推出 宣传 介绍 搞的 做的 知道 告知 表示 因为 由于 关于 属于 已经 没有 不是 就是 一个 一次 上述 以上 所谓 原来 说是 如果 但是
	用户 客户 本次 此次 线上 线下 网上 短信 电话 外呼 推荐 了解 咨询 查询 反映 要求 投诉 告诉 承诺 答应 看到 提示 显示 解释 回复 规定 说明`)

// inNorm turns a place in the folded text into one in norm.Text.
func (f *folded) inNorm(from, to int) (int, int) {
	last := int(f.at[to-1])
	_, size := utf8.DecodeRuneInString(f.norm.Text[last:])
	return int(f.at[from]), last + size
}
