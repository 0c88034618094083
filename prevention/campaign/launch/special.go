package launch

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxPrize is the highest prize of a lottery, in yuan, that the rules of prize
// promotions allow (反不正当竞争法, 抽奖式有奖销售).
const maxPrize = 50_000

var (
	lottery  = regexp.MustCompile(`抽奖|[抽摇]中|摇奖|抽取|机会(?:赢取?|抽|获得?)|[一二三特头]等奖|大奖|抽[^,。!?;取血查]{0,6}(?:奖|车|房|手机|金)|中奖`)
	bigMoney = regexp.MustCompile(`(\d[\d,]*(?:\.\d+)?)(万|千|百)?元?(?:的|现金|大奖|购物卡|轿车|汽车|[^0-9%户个名条份位张])?`)
	// prizeNear is what shows that a sum is that of a prize, within the clause.
	prizeNear = regexp.MustCompile(`奖|价值|抽|赢|大礼|现金`)
	// dear are things that cost more than the limit whatever the copy says.
	dear   = regexp.MustCompile(`(?:新?房|住房|公寓|别墅|豪车|奔驰|宝马)(?:一?(?:套|辆|栋)|$)|[一1]?(?:套|栋)(?:新?房|住房|别墅)|(?:百|千|[一二三四五六七八九]十)万(?:现金|大奖|元)`)
	clause = regexp.MustCompile(`[^。!?;,\n]+`)
)

// prize adds prizes of a lottery above the limit.
func (p *plan) prize() {
	for _, t := range []*text{p.copy, p.rules} {
		if !lottery.MatchString(p.copy.Text) && !lottery.MatchString(t.Text) {
			continue
		}
		for _, c := range t.spans(clause) {
			words := t.Text[c.start:c.end]
			m := overLimit(words)
			if m == nil {
				m = dear.FindStringIndex(words)
			}
			if m != nil {
				f := p.add(PrizeTerms, t, span{c.start + m[0], c.start + m[1]}, "抽奖的最高奖金额不得超过五万元（非现金奖品按市场价），请降低奖项。")
				f.Severity = High
			}
		}
	}
}

// overLimit is the place of a prize above the limit in one clause, nil if none.
func overLimit(words string) []int {
	if !prizeNear.MatchString(words) {
		return nil
	}
	for _, m := range bigMoney.FindAllStringSubmatchIndex(words, -1) {
		value, err := strconv.ParseFloat(strings.ReplaceAll(words[m[2]:m[3]], ",", ""), 64)
		if err != nil {
			continue
		}
		unit := 1.0
		if m[4] >= 0 {
			unit = map[string]float64{"万": 10_000, "千": 1000, "百": 100}[words[m[4]:m[5]]]
		}
		isMoney := m[4] >= 0 || strings.Contains(words[m[0]:m[1]], "元")
		if isMoney && value*unit > maxPrize {
			return m[:2]
		}
	}
	return nil
}

var (
	sender = regexp.MustCompile(`^\s?【([^】]{2,20})】|【([^】]{2,20})】\s?$`)
	// headline is what brackets at the start hold when they do not name a sender.
	headline = regexp.MustCompile(`限时|活动|福利|优惠|重磅|通知|特惠|秒杀|公告|提醒|温馨|新品|热门|速看|\d{2}|\d折`)
	wayOut   = regexp.MustCompile(`退订|拒收|回复?\s?(?:t|td|r|n|q|0000)(?:退|拒|取消|[^a-z0-9]|$)|不再接收|取消订阅`)
	// smsEnding is a way out that only text messages have.
	smsEnding = regexp.MustCompile(`退订|拒收请?回|回t|回复?td`)
	smsName   = regexp.MustCompile(`sms|短信|text`)
	smsDrive  = regexp.MustCompile(`短信(?:营销|群发|推送|文案|触达|下发)`)
)

// longestSMS is the most characters of a copy that may be a text message by its
// looks alone.
const longestSMS = 500

// message adds what a promotional text message lacks: who sends it, and the way
// to get no more. A copy is one when its channel says so, or when it has the
// sender in brackets or the way out that text messages have.
func (p *plan) message() {
	m := sender.FindStringSubmatch(p.copy.Text)
	named := m != nil && !headline.MatchString(m[1]+m[2])
	declared := smsName.MatchString(strings.ToLower(p.Channel)) || smsDrive.MatchString(p.Name)
	if !declared && (p.Channel != "" || len(p.copy.original) > longestSMS || !named && !smsEnding.MatchString(p.copy.Text)) {
		return
	}
	if !named {
		p.add(SMSRules, p.copy, span{}, "短信没有发送者名称：开头写【公司或品牌名称】。")
	}
	if !wayOut.MatchString(p.copy.Text) {
		end := len(p.copy.Text)
		_, size := utf8.DecodeLastRuneInString(p.copy.Text)
		p.add(SMSRules, p.copy, span{end - size, end}, "短信没有退订办法：结尾写“拒收请回复R”一类的说明。")
	}
}
