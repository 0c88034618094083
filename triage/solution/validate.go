package solution

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

// The limits of what people write, in runes.
const (
	maxTitle   = 80
	maxSteps   = 30
	maxStep    = 1000
	maxWording = 2000
	maxGift    = 80
)

var braces = regexp.MustCompile(`\{[^{}]*\}`)

// cleaned trims a content; the error names the field at fault.
func cleaned(c Content, types triage.Catalogue) (Content, error) {
	c.Title, c.Wording = strings.TrimSpace(c.Title), strings.TrimSpace(c.Wording)
	c.Steps = StepsOf(c.Text())
	switch {
	case c.Title == "" || utf8.RuneCountInString(c.Title) > maxTitle:
		return c, triage.FieldErrorf("title", "has %d characters; write 1 to %d", utf8.RuneCountInString(c.Title), maxTitle)
	case len(c.Steps) == 0 || len(c.Steps) > maxSteps:
		return c, triage.FieldErrorf("steps", "are %d; write 1 to %d, one a line", len(c.Steps), maxSteps)
	case slices.ContainsFunc(c.Steps, func(s string) bool { return utf8.RuneCountInString(s) > maxStep }):
		return c, triage.FieldErrorf("steps", "have one of more than %d characters; split it", maxStep)
	case utf8.RuneCountInString(c.Wording) > maxWording:
		return c, triage.FieldErrorf("wording", "has %d characters; %d are the most", utf8.RuneCountInString(c.Wording), maxWording)
	}
	for _, word := range braces.FindAllString(c.Wording, -1) {
		if !slices.Contains(Placeholders, word) {
			return c, triage.FieldErrorf("wording", "%.20q is no placeholder; there are %s", word, strings.Join(Placeholders, " "))
		}
	}
	if err := checkType(&c, types); err != nil {
		return c, err
	}
	return c, c.Policy.validate()
}

func checkType(c *Content, types triage.Catalogue) error {
	known := types.Types()
	i := slices.IndexFunc(known, func(t triage.TypeInfo) bool { return t.Code == c.Type })
	if i < 0 {
		return triage.FieldErrorf("type", "%.40q is not a type of pack %s", c.Type, types.PackCode())
	}
	if c.Subtype != "" && !slices.ContainsFunc(known[i].Subtypes, func(t triage.TypeInfo) bool { return t.Code == c.Subtype }) {
		return triage.FieldErrorf("subtype", "%.40q is not a sub-type of %s", c.Subtype, c.Type)
	}
	return nil
}

func (p Policy) validate() error {
	var seen []triage.Tier
	for _, l := range p {
		switch {
		case !slices.Contains(rising, l.Tier) || slices.Contains(seen, l.Tier):
			return triage.FieldErrorf("policy", "%.20q is no tier, or is there twice; there are %v", string(l.Tier), rising)
		case l.Amount < 0 || l.Amount > Yuan(maxYuan):
			return triage.FieldErrorf("policy", "%v yuan is not from 0 to %d", l.Amount, maxYuan)
		case utf8.RuneCountInString(l.Gift) > maxGift:
			return triage.FieldErrorf("policy", "a gift has more than %d characters", maxGift)
		}
		seen = append(seen, l.Tier)
	}
	return nil
}
