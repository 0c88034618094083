package console

import (
	"net/url"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// condition is one condition of a filter: as a form sends it back, and in words.
type condition struct{ Value, Words string }

// scopeConditions are those of a filter, its days left out.
func (c *Console) scopeConditions(l language, f fact.Filter) []condition {
	q := f.Between(0, 0).Query()
	var list []condition
	for _, name := range sortedKeys(q) {
		for _, value := range q[name] {
			list = append(list, condition{url.Values{name: {value}}.Encode(), c.conditionWords(l, name, value)})
		}
	}
	return list
}

func sortedKeys(q url.Values) []string {
	names := make([]string, 0, len(q))
	for name := range q {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// scopeWords is a filter in one line.
func (c *Console) scopeWords(l language, f fact.Filter) string {
	var parts []string
	for _, k := range c.scopeConditions(l, f) {
		parts = append(parts, k.Words)
	}
	return strings.Join(parts, l.fill("scope.and"))
}

// conditionWords says one condition as people read it. What a source may have
// written is masked.
func (c *Console) conditionWords(l language, name, value string) string {
	d, isDim := fact.DimNamed(name)
	if !isDim {
		group := "scopeflag"
		if name == "longer" || name == "score" {
			return l.label("scopeword", name) + l.fill("scope.is") + c.maskedLine(value)
		}
		return l.label("scopeword", name) + l.fill("scope.is") + l.label(group, value)
	}
	switch d {
	case fact.Type, fact.Subtype:
		value = c.typeName(l, value)
	case fact.Channel, fact.Tier, fact.Urgency, fact.Sentiment, fact.Intensity, fact.Demand, fact.Style, fact.Status, fact.Cause:
		value = l.label(name, value)
	default:
		value = c.maskedLine(value)
	}
	if value == "" {
		value = l.fill("scope.blank")
	}
	return l.label("scopedim", name) + l.fill("scope.is") + value
}

// scopeFromForm reads the conditions that a form sends back.
func scopeFromForm(field string, conditions []string) (fact.Filter, error) {
	all := url.Values{}
	for _, k := range conditions {
		q, err := url.ParseQuery(k)
		if err != nil {
			return fact.Filter{}, fieldError(field, err)
		}
		for name, values := range q {
			for _, v := range values {
				if v != "" && !slices.Contains(all[name], v) {
					all.Add(name, v)
				}
			}
		}
	}
	f, err := fact.FilterOf(all)
	if err != nil {
		return fact.Filter{}, fieldError(field, err)
	}
	return f.Between(0, 0), nil
}
