package launch

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/qianyi-dev/qianyi/nlp"
)

// How much campaigns that differ still count: these are judgements, to be
// replaced by measurements where a house has enough campaigns.
const (
	// otherChannel is the factor for a campaign of another channel.
	otherChannel = 0.6
	// sizeSpread and lengthSpread are the factors of size and length at which a
	// campaign counts e^-½.
	sizeSpread   = 6.0
	lengthSpread = 4.0
	// fullLikeness is the likeness of words from which campaigns count as of one
	// kind: rules of the same offer are worded anew each time.
	fullLikeness = 0.5
)

// offers are kinds of benefit by the words that tell them.
var offers = [][]string{
	{"充值", "预存", "话费", "充送", "返还"},
	{"抽奖", "中奖", "大奖", "开奖", "转盘"},
	{"体验", "试用", "试听", "首月", "免费领"},
	{"合约", "套餐", "月费", "升级", "宽带", "流量"},
	{"满减", "立减", "折", "优惠券", "红包", "券"},
	{"赠品", "礼品", "送完", "买一送一", "好礼"},
	{"贷款", "分期", "利率", "额度", "信用卡"},
	{"理财", "存款", "收益", "保险", "保费"},
	{"会员", "积分", "权益", "兑换"},
	{"推荐", "邀请", "好友"},
	{"报名", "课程", "班", "旅游", "出发", "酒店"},
}

// likeness is how much each past campaign counts for the draft, 0 to 1: by its
// words, kind of offer, channel, size and length.
func likeness(d *Draft, past []Past) []float64 {
	texts := make([]string, len(past)+1)
	texts[0] = d.Name + "\n" + d.Rules + "\n" + d.Copy
	for i := range past {
		texts[i+1] = past[i].Name + "\n" + past[i].Text
	}
	vectors := vectorsOf(texts)
	kinds := offersOf(texts[0])
	list := make([]float64, len(past))
	for i := range past {
		p := &past[i]
		words := min(1, vectors[0].cosine(vectors[i+1])/fullLikeness)
		w := (words + overlap(kinds, offersOf(texts[i+1]))) / 2
		if d.Channel != "" && p.Channel != "" && !strings.EqualFold(d.Channel, p.Channel) {
			w *= otherChannel
		}
		w *= near(float64(d.Reach), float64(p.Reached), sizeSpread) * near(float64(d.Days()), float64(p.Days), lengthSpread)
		list[i] = w
	}
	return list
}

// near is 1 for equal sizes and e^-½ for ones that differ by the factor; a size
// that is unknown differs from nothing.
func near(a, b, factor float64) float64 {
	if a <= 0 || b <= 0 {
		return 1
	}
	z := math.Log(a/b) / math.Log(factor)
	return math.Exp(-z * z / 2)
}

// offersOf are the kinds of benefit in a text.
func offersOf(text string) []int {
	var list []int
	for i, words := range offers {
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
			list = append(list, i)
		}
	}
	return list
}

// overlap is the share of what either has that both have; 0 when neither has any.
func overlap(a, b []int) float64 {
	both := 0
	for _, x := range a {
		if slices.Contains(b, x) {
			both++
		}
	}
	return float64(both) / float64(max(1, len(a)+len(b)-both))
}

// vector holds weights of pairs of characters, of length 1.
type vector map[string]float64

// vectorsOf weighs the pairs of characters of each text by how rare they are
// among all of them (tf-idf). Digits and signs are no part of a pair: amounts
// differ between campaigns of one kind.
func vectorsOf(texts []string) []vector {
	list := make([]vector, len(texts))
	in := map[string]int{}
	for i, s := range texts {
		list[i] = vector{}
		letters := strings.FieldsFunc(nlp.Normalize(s).Text, func(r rune) bool { return !unicode.IsLetter(r) })
		for _, run := range letters {
			runes := []rune(run)
			for j := range len(runes) - 1 {
				list[i][string(runes[j:j+2])]++
			}
		}
		for pair := range list[i] {
			in[pair]++
		}
	}
	for _, v := range list {
		square := 0.0
		for pair, n := range v {
			v[pair] = (1 + math.Log(n)) * math.Log(1+float64(len(texts))/float64(in[pair]))
			square += v[pair] * v[pair]
		}
		for pair := range v {
			v[pair] /= math.Sqrt(square)
		}
	}
	return list
}

func (v vector) cosine(o vector) float64 {
	sum := 0.0
	for pair, w := range v {
		sum += w * o[pair]
	}
	return min(1, sum)
}
