package outreach

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention"
)

//go:embed data/promotion.txt
var promotionList string

//go:embed data/links.txt
var linkList string

// contentRules find what a message of class "service" may not say.
type contentRules struct {
	phrases  []string
	patterns []*regexp.Regexp
	hosts    []string
	personal *nlp.EntityFinder
}

func newContentRules() (*contentRules, error) {
	r := &contentRules{hosts: lines(linkList), personal: nlp.NewEntityFinder(nlp.EntityLexicon{})}
	for _, line := range lines(promotionList) {
		expr, isPattern := strings.CutPrefix(line, "/")
		if !isPattern {
			r.phrases = append(r.phrases, squeeze(line))
			continue
		}
		re, err := regexp.Compile(strings.TrimSuffix(expr, "/"))
		if err != nil {
			return nil, err
		}
		r.patterns = append(r.patterns, re)
	}
	return r, nil
}

func lines(list string) []string {
	return slices.DeleteFunc(strings.Split(list, "\n"), func(line string) bool {
		return line == "" || line[0] == '#'
	})
}

// squeeze is a text without what is put between characters to get past filters.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r != '.' && (unicode.IsPunct(r) || unicode.IsSymbol(r)) {
			return -1
		}
		return r
	}, nlp.Normalize(text).Text)
}

// check refuses advertising, links to shops and personal data in a template.
// The error names the field and the words found.
func (r *contentRules) check(t prevention.Template, p *Policy) error {
	for _, f := range []struct{ field, text string }{{"subject", t.Subject}, {"text", t.Text}} {
		text := placeholder.ReplaceAllString(f.text, " ")
		if found := r.advertising(text); len(found) > 0 {
			return refuse(f.field, "只能发服务类通知，不能有营销内容：%s", "only service messages are allowed, no advertising: %s", strings.Join(found, "、"))
		}
		if found := r.shopLinks(text); len(found) > 0 {
			return refuse(f.field, "不能有购物或短链接：%s", "no links to shops and no short links: %s", strings.Join(found, "、"))
		}
		if found := r.personalData(text, p); len(found) > 0 {
			return refuse(f.field, "含有个人信息（%s）；公司自己的号码请加入 contacts 设置", "has personal data (%s); numbers of the company's own belong into the setting contacts", strings.Join(found, "、"))
		}
	}
	return nil
}

func (r *contentRules) advertising(text string) []string {
	text = squeeze(text)
	var found []string
	for _, phrase := range r.phrases {
		if strings.Contains(text, phrase) {
			found = append(found, phrase)
		}
	}
	for _, re := range r.patterns {
		if m := re.FindString(text); m != "" {
			found = append(found, m)
		}
	}
	return found
}

// hostName is anything that a telephone would make into a link.
var hostName = regexp.MustCompile(`(?i)(?:[a-z0-9-]+\.)+[a-z]{2,}`)

func (r *contentRules) shopLinks(text string) []string {
	var found []string
	for _, host := range hostName.FindAllString(nlp.Normalize(text).Text, -1) {
		if slices.ContainsFunc(r.hosts, func(h string) bool {
			return host == h || strings.HasSuffix(host, "."+h)
		}) && !slices.Contains(found, host) {
			found = append(found, host)
		}
	}
	return found
}

// longNumber is a bank card, an identity number or a mobile number.
var longNumber = regexp.MustCompile(`\b(?:1[3-9]\d{9}|\d{16,19}|\d{17}x)\b`)

// personalData lists, masked, the mobile, identity and card numbers and e-mail
// addresses that are not the company's own. Hotlines are nobody's secret.
func (r *contentRules) personalData(text string, p *Policy) []string {
	n := nlp.Normalize(text)
	runes := []rune(text)
	var found []string
	add := func(value, masked string) {
		if !p.isContact(value) && !slices.Contains(found, masked) {
			found = append(found, masked)
		}
	}
	for _, e := range r.personal.Find(&n) {
		if e.Kind == nlp.EntityEmail {
			value := string(runes[e.Start:e.End])
			add(value, nlp.MaskEmail(value))
		}
	}
	for _, value := range longNumber.FindAllString(squeezeNumbers(n.Text), -1) {
		add(value, nlp.MaskIDNumber(value))
	}
	return found
}

var partedDigits = regexp.MustCompile(`(\d)[ -](\d)`)

// squeezeNumbers joins digits that spaces or dashes part.
func squeezeNumbers(text string) string {
	// Twice, because neighbouring matches share a digit.
	return partedDigits.ReplaceAllString(partedDigits.ReplaceAllString(text, "$1$2"), "$1$2")
}
