package console

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

// condition is one condition of a filter: as a form sends it back, and in words.
type condition struct{ Value, Words string }

// scopeConditions are those of a filter, its days left out.
func (c *Console) scopeConditions(l language, f fact.Filter) []condition {
	q := f.Between(0, 0).Query()
	var list []condition
	for _, name := range slices.Sorted(maps.Keys(q)) {
		for _, value := range q[name] {
			list = append(list, condition{url.Values{name: {value}}.Encode(), c.conditionWords(l, name, value)})
		}
	}
	return list
}

// scopeWords is a filter in one line.
func (c *Console) scopeWords(l language, f fact.Filter) string {
	var parts []string
	for _, k := range c.scopeConditions(l, f) {
		parts = append(parts, k.Words)
	}
	return strings.Join(parts, l.fill("figures.and"))
}

// conditionWords says one condition as people read it.
func (c *Console) conditionWords(l language, name, value string) string {
	f, err := fact.FilterOf(url.Values{name: {value}})
	if err != nil {
		return c.maskedLine(value)
	}
	words, err := c.figureWords(l, f)
	if err != nil {
		return c.maskedLine(value)
	}
	return strings.Join(words, l.fill("figures.and"))
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
				if len(all[name]) > improve.MaxConditions { // refused by the desk: no need to compare all with all
					return fact.Filter{}, triage.FieldErrorf(field, "has more than %d conditions", improve.MaxConditions)
				}
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
