package demo

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/triage"
)

// registered recognises the opening of a record that an agent took down.
var registered = regexp.MustCompile(`^(客户|用户|顾客|市民|来电|户称|机主|乘客|车主|会员|主活动名称|工单|反映)`)

func takenDown(text string) bool { return registered.MatchString(text) }

// orderShare is how often a complaint of a line names an order.
var orderShare = map[string]float64{"商城": .85, "到家": .9, "支付会员": .6, "通信": .3}

// addFacts fills product, order and text. Some texts get a closing sentence
// with the order, as people add one; records of the hotline also a number to
// call back.
func (f *founder) addFacts(r *rand.Rand, e *event, line *lineContent, customer *triage.Customer) {
	c, it := &e.complaint, e.truth
	c.Text = it.Text
	product, amount := f.productOf(r, it, line.Name)
	c.Product = product
	if it.Type == "other" || r.Float64() >= orderShare[line.Name] {
		return
	}
	e.ordered = c.At.Add(-between(r, 2*time.Hour, 20*day))
	c.OrderID = orderID(r, line.Prefix, e.ordered)
	if utf8.RuneCountInString(it.Text) < 18 || r.Float64() >= .35 || strings.Contains(it.Text, "订单号") {
		return
	}
	phrases := f.content.Facts.Own
	if takenDown(it.Text) {
		phrases = f.content.Facts.Staff
	}
	facts := []string{"{order}", c.OrderID, "{product}", product, "{amount}", strconv.Itoa(amount)}
	c.Text = sentence(it.Text) + strings.NewReplacer(facts...).Replace(pick(r, phrases))
	if takenDown(it.Text) && r.Float64() < .5 {
		c.Text += strings.ReplaceAll(pick(r, f.content.Facts.Contact), "{phone}", customer.Phone.Reveal())
	}
}

// productOf names the product of a text and a price for it.
func (f *founder) productOf(r *rand.Rand, it corpus.Item, line string) (name string, amount int) {
	best := -1
	for i, p := range f.content.Products {
		if p.Line != line {
			continue
		}
		if slices.ContainsFunc(p.Words, func(w string) bool { return strings.Contains(it.Text, w) }) {
			best = i
			break
		}
		if best < 0 && slices.Contains(p.Industries, it.Industry) {
			best = i
		}
	}
	if best < 0 {
		return line + "服务", 10 + r.IntN(290)
	}
	p := &f.content.Products[best]
	return p.Name, p.Price[0] + r.IntN(p.Price[1]-p.Price[0]+1)
}

// sentence closes a text with a full stop unless it ends in a sign.
func sentence(text string) string {
	text = strings.TrimRight(text, " ")
	last, _ := utf8.DecodeLastRuneInString(text)
	if strings.ContainsRune("。！？…~～!?.）)】”", last) {
		return text
	}
	return text + "。"
}
