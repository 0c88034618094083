package reply

import (
	"regexp"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
)

// Refusal is why the words of a model were not taken.
type Refusal string

// The refusals.
const (
	RefusedInvented    Refusal = "invented"    // a number, date, name or address that the case does not have
	RefusedPromise     Refusal = "promise"     // something granted that the solution does not grant
	RefusedWording     Refusal = "wording"     // the wording check flags it
	RefusedPlaceholder Refusal = "placeholder" // stands for nothing
	RefusedLength      Refusal = "length"
	RefusedModel       Refusal = "model" // no answer, or none in time or budget
)

// maxAnswer bounds the answer of a model, in runes.
const maxAnswer = 800

// counted is what numbers count, as far as it changes what they promise.
const counted = `(?:个?(?:工作日|自然日|小时|钟头|分钟|星期|月|天|日|周|年|元|块|角|万|千|百|倍|折|成)|%|点|时|号)`

var (
	// numeral matches what a reply may state as a fact: dates, numbers with what
	// they count, and words for days.
	numeral = regexp.MustCompile(`(?:\d+年)?\d+月\d+[日号](?:\d+(?:点(?:\d+分)?|时|:\d+))?` +
		`|\d(?:[\d.,:]*\d)?` + counted + `?|[零一二两三四五六七八九十百千万半几数]+` + counted +
		`|今天|今日|明天|明日|后天|大后天|本周|下周|周[一二三四五六日天末]|星期[一二三四五六日天]|月底|月末|年底|当天|当日|次日|本月|下月`)
	// latin matches names in Latin letters, addresses and handles.
	latin     = regexp.MustCompile(`[a-z][a-z0-9._@:/-]*`)
	plainWord = regexp.MustCompile(`^[a-z]{1,6}$`)
	// named matches what stands between marks of a name.
	named = regexp.MustCompile(`[《「『【"“‘]([^》」』】"”’]{1,40})[》」』】"”’]`)
	// grants are words for what a company may give, or give in.
	grants = regexp.MustCompile(`退款|退费|退还|退回|返还|全额|赔偿|赔付|补偿|补发|补寄|补记|减免|免除|免费|免单|抵扣|赠送|赠品|礼品|代金券|优惠券|流量包|话费|红包|换新|换货|更换|上门|` +
		`解约|违约金|处分|处罚|开除|道歉信|书面|加倍|双倍|三倍|十倍|升级|解除|删除|撤销|担保|保证|承诺`)
	// wish matches how a reply takes up what the customer wants, consent how it
	// gives it.
	wish    = regexp.MustCompile(`您(?:希望|要求|想要|反映|提出|提到)`)
	consent = regexp.MustCompile(`同意|批准|可以|答应|照办|安排|马上|立即|立刻|已经?(?:为|给|帮)|(?:会|将|为|给|帮)您|没问题|满足|办理|执行|支持|愿意|接受|全部|到账`)
	// insults are words that no reply needs, not even in a quotation.
	insults = regexp.MustCompile(`骗子|蠢|傻|白痴|神经病|有病|滚[蛋开吧]|活该|混蛋|垃圾|无赖|刁民|放屁|他妈|王八|不要脸|脑子`)
	holder  = regexp.MustCompile(`\{[^{}]*\}|〔[^〔〕]*〕`)
)

// guard lets through what follows from the facts. It compares wordings, not
// meanings: a number must stand in the facts as it stands in the answer, with
// what it counts, so that 24 hours never become 24 yuan.
type guard struct {
	// offered is the wording of the solution, trusted all that we wrote
	// ourselves; told also has the complaint, which may be repeated but never
	// granted.
	offered, trusted, told string
	finder                 *nlp.EntityFinder
	numbers                map[string]bool // of told
	trustedNumber          map[string]bool
	holders                map[string]bool
}

func newGuard(offered, draft, complaint string, finder *nlp.EntityFinder) *guard {
	trusted := draft + "\n" + offered
	told := trusted + "\n" + complaint
	g := &guard{offered: plain(offered), trusted: plain(trusted), told: plain(told), finder: finder, holders: map[string]bool{}}
	g.numbers, g.trustedNumber = numbersOf(g.told), numbersOf(g.trusted)
	for _, h := range holder.FindAllString(told, -1) {
		g.holders[h] = true
	}
	return g
}

func plain(text string) string {
	return strings.Join(strings.Fields(nlp.Normalize(text).Text), "")
}

// numbersOf also holds the date alone of a date with its hour.
func numbersOf(text string) map[string]bool {
	set := map[string]bool{}
	for _, n := range numeral.FindAllString(text, -1) {
		set[n] = true
		if i := strings.IndexAny(n, "日号"); i >= 0 && strings.Contains(n, "月") {
			_, size := n[i:], len("日")
			set[n[:i+size]] = true
		}
	}
	return set
}

// allows judges one sentence, "" for one that may be shown.
func (g *guard) allows(sentence string) Refusal {
	for _, h := range holder.FindAllString(sentence, -1) {
		if !g.holders[h] {
			return RefusedPlaceholder
		}
	}
	text := plain(holder.ReplaceAllString(sentence, ""))
	if strings.ContainsAny(text, "{}〔〕") {
		return RefusedPlaceholder
	}
	if insults.MatchString(text) {
		return RefusedWording
	}
	granting := false
	for _, word := range grants.FindAllString(text, -1) {
		granting = true
		if !strings.Contains(g.offered, word) && (!wish.MatchString(text) || consent.MatchString(text)) {
			return RefusedPromise
		}
	}
	numbers := g.numbers
	if granting {
		numbers = g.trustedNumber
	}
	for n := range numbersOf(text) {
		if !numbers[n] {
			return RefusedInvented
		}
	}
	if !g.namesKnown(text) {
		return RefusedInvented
	}
	return ""
}

// namesKnown says whether every name of the sentence is one of the facts.
func (g *guard) namesKnown(text string) bool {
	for _, word := range latin.FindAllString(text, -1) {
		// Of the complaint only plain words, such as app: no address, no handle.
		if !strings.Contains(g.trusted, word) && (!plainWord.MatchString(word) || !strings.Contains(g.told, word)) {
			return false
		}
	}
	for _, m := range named.FindAllStringSubmatch(text, -1) {
		if !strings.Contains(g.told, m[1]) {
			return false
		}
	}
	n := nlp.Normalize(text)
	return !slices.ContainsFunc(g.finder.Find(&n), func(e nlp.Entity) bool {
		switch e.Kind {
		case nlp.EntityTime, nlp.EntityAmount: // by their numbers
			return false
		}
		return !strings.Contains(g.told, plain(e.Text))
	})
}
