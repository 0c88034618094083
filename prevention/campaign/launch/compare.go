package launch

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// conditions adds what the rules demand and the copy does not say, at the first
// benefit that the copy promises.
func (p *plan) conditions() {
	at, _ := p.offer() // without one the copy as a whole hides it
	var names []string
	severity := Low
	for i := range p.book.conditions {
		c := &p.book.conditions[i]
		if !matches(c.rules, p.rules.Text) || matches(c.copy, p.copy.Text) {
			continue
		}
		names = append(names, c.name)
		if c.severity != Low {
			severity = Medium
		}
	}
	if len(names) > 0 {
		f := p.add(HiddenCondition, p.copy, at, fmt.Sprintf("规则里有而文案没写：%s。把它和优惠写在一起，字号一样。", strings.Join(names, "、")))
		f.Severity = severity
	}
}

// cheap is how a copy says that something costs little or nothing.
var cheap = regexp.MustCompile(`免(?:费|手续费|息|年费|服务费|押金)[^,。!?;]{0,6}|(?:^|[^\d.,])[零0](?:元|利率|利息|费用|首付|手续费)|首(?:个)?月[^,。!?;]{0,8}\d|(?:只要|仅需?|只需|全包价?)[^,。!?;]{0,4}\d[^,。!?;]{0,6}|全包价?`)

// charges adds a low price whose further charges only the rules tell.
func (p *plan) charges() {
	owed := p.book.charge.FindString(p.rules.Text)
	if owed == "" || matches(p.book.charge, p.copy.Text) {
		return
	}
	for _, at := range p.copy.spans(cheap) {
		p.add(UnclearCharge, p.copy, at, fmt.Sprintf("规则里还有收费“%s”，文案没写：把它和价格写在一起。", owed))
	}
}

// amount is a figure that means the same in copy and rules.
type amount struct {
	name string
	find *regexp.Regexp // the figures are its groups
}

const number = `(\d[\d,]*(?:\.\d+)?)`

var amounts = []amount{
	{"充值金额", regexp.MustCompile(`(?:充值?|预存)(?:话费)?满?` + number)},
	{"赠送金额", regexp.MustCompile(`(?:赠送|返还|[送返赠])(?:现金|话费)?` + number + `元?(?:[^0-9天月gm个分次折张%]|$)`)},
	{"买赠门槛", regexp.MustCompile(`买` + number + `[^,。;\d]{0,2}[送赠]`)},
	{"满减门槛", regexp.MustCompile(`满` + number + `元?(?:立?减|打|返|送|抵)`)},
	{"减免金额", regexp.MustCompile(`(?:满\d[\d,]*元?|立|直)(?:减|降|抵)` + number)},
	{"月费", regexp.MustCompile(`(?:月费|月租|每月只?要?)` + number + `元`)},
	{"月费", regexp.MustCompile(number + `元/月`)},
	{"折扣", regexp.MustCompile(number + `折`)},
	{"合约月数", regexp.MustCompile(`合约(?:期)?` + number + `个?月`)},
	{"分期月数", regexp.MustCompile(`分` + number + `个?月`)},
	{"单价", regexp.MustCompile(number + `元/(?:人|份|台|次|张|套|位|期)`)},
	{"每人次数", regexp.MustCompile(`每(?:人|户|位客户)[^,。;\d]{0,4}(?:限|最多)[^,。;\d]{0,4}` + number)},
	{"有效期", regexp.MustCompile(`有效期` + number + `(?:天|日|个月)`)},
	{"名额", regexp.MustCompile(`(?:名额|共|前)` + number + `(?:个|名|份|套|台)`)},
}

// figures are the numbers behind one name.
func (t *text) figures(a amount) (values []float64, places []span) {
	for _, m := range a.find.FindAllStringSubmatchIndex(t.Text, -1) {
		v, err := strconv.ParseFloat(strings.ReplaceAll(t.Text[m[2]:m[3]], ",", ""), 64)
		if err == nil { // no number is that long
			values, places = append(values, v), append(places, span{m[0], m[3]})
		}
	}
	return values, places
}

// labelled is a figure with the two characters before it and the unit behind.
var labelled = regexp.MustCompile(`(\p{Han}{2})(?:为|共|约|仅|只|只要)?` + number + `(个?月|个?工作日|元/[\p{Han}]|[元天日年次台份名人张套件折%]|分钟|小时)`)

// labels are the figures of a text by what is around them.
func (t *text) labels() (values map[string][]string, places map[string]span) {
	values, places = map[string][]string{}, map[string]span{}
	for _, m := range labelled.FindAllStringSubmatchIndex(t.Text, -1) {
		key := t.Text[m[2]:m[3]] + t.Text[m[6]:m[7]]
		values[key] = append(values[key], t.Text[m[4]:m[5]])
		places[key] = span{m[0], m[1]}
	}
	return values, places
}

// unequal adds figures with one label that copy and rules have otherwise.
func (p *plan) unequal() {
	said, places := p.copy.labels()
	held, _ := p.rules.labels()
	for _, key := range slices.Sorted(maps.Keys(said)) {
		if len(held[key]) == 0 || slices.ContainsFunc(said[key], func(v string) bool { return slices.Contains(held[key], v) }) {
			continue
		}
		p.add(Contradiction, p.copy, places[key], fmt.Sprintf("文案与规则不一致：同一项文案写 %s，规则写 %s。先定下以哪个为准，再一起修改。", said[key][0], held[key][0]))
	}
}

// amounts adds figures of the copy that the rules have otherwise. Rules with
// several figures of a name have one for each case; then nothing is said as long
// as one agrees.
func (p *plan) amounts() {
	for _, a := range amounts {
		said, places := p.copy.figures(a)
		held, _ := p.rules.figures(a)
		if len(said) == 0 || len(held) == 0 || slices.ContainsFunc(said, func(v float64) bool { return slices.Contains(held, v) }) {
			continue
		}
		p.add(Contradiction, p.copy, places[0], fmt.Sprintf("文案与规则的%s不一致：文案写 %v，规则写 %v。先定下以哪个为准，再一起修改。", a.name, said[0], held[0]))
	}
}

// contradictions adds what disagrees: promises that the rules deny, amounts,
// dates.
func (p *plan) contradictions() {
	for i := range p.book.pairs {
		c := &p.book.pairs[i]
		if !matches(c.rules, p.rules.Text) || matches(c.unlessCopy, p.copy.Text) || matches(c.exceptRules, p.rules.Text) {
			continue
		}
		for _, at := range p.copy.spans(c.copy) {
			words := c.rules.FindString(p.rules.Text)
			p.add(Contradiction, p.copy, at, fmt.Sprintf("规则写的是“%s”，与这句承诺矛盾：改写文案，把规则的条件写出来，或修改规则。", words))
		}
	}
	p.amounts()
	p.unequal()
	p.dates()
}
