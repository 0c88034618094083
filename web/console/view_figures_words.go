package console

import (
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// figureWords says in words what a filter asks for, a condition each.
func (c *Console) figureWords(l language, f fact.Filter) ([]string, error) {
	var all []string
	say := func(key string, args ...any) error {
		text, err := l.text(key, args...)
		all = append(all, text)
		return err
	}
	if days := figureDays(f); days != "" {
		all = append(all, days)
	}
	for d := range fact.Dims {
		var values []string
		for _, is := range f.Is {
			if is.Dim == d {
				values = append(values, c.figureValue(l, d, is.Value))
			}
		}
		if values != nil {
			if err := say("figures.is", l.label("dim", d), strings.Join(values, " / ")); err != nil {
				return nil, err
			}
		}
	}
	for _, flag := range f.All.Names() {
		all = append(all, l.label("flag", flag))
	}
	if names := f.Any.Names(); names != nil {
		for i := range names {
			names[i] = l.label("flag", names[i])
		}
		all = append(all, strings.Join(names, " / "))
	}
	for _, flag := range f.Not.Names() {
		if err := say("figures.not", l.label("flag", flag)); err != nil {
			return nil, err
		}
	}
	return all, c.sayMeasures(l, f, say)
}

// sayMeasures says what times and scores a filter asks for.
func (c *Console) sayMeasures(l language, f fact.Filter, say func(string, ...any) error) error {
	for _, t := range f.Longer {
		key, args := "figures.longer", []any{l.label("clock", t.Clock), l.span(time.Duration(t.Than) * time.Minute)}
		if t.Than == fact.None {
			key, args = "figures.ended", args[:1]
		}
		if err := say(key, args...); err != nil {
			return err
		}
	}
	switch {
	case f.Scored && f.Below > 0:
		return say("figures.below", strconv.FormatFloat(float64(f.Below), 'f', -1, 32))
	case f.Scored:
		return say("figures.scored")
	}
	return nil
}

// figureDays is the time of a filter, "" for all time.
func figureDays(f fact.Filter) string {
	switch {
	case f.From != 0 && f.To == f.From+1:
		return f.From.String()
	case f.From != 0 && f.To != 0:
		return f.From.String() + " – " + (f.To - 1).String()
	case f.From != 0:
		return f.From.String() + " –"
	case f.To != 0:
		return "– " + (f.To - 1).String()
	}
	return ""
}

// figureGroups are the groups of the catalogue with the names of the values of a
// dimension.
var figureGroups = map[fact.Dim]string{
	fact.Channel: "channel", fact.Tier: "tier", fact.Urgency: "urgency", fact.Sentiment: "sentiment", fact.Intensity: "intensity",
	fact.Demand: "demand", fact.Style: "style", fact.Cause: "cause", fact.Status: "status",
}

// figureValue is the name of a value of a dimension. What the sources of
// complaints may have written is masked.
func (c *Console) figureValue(l language, d fact.Dim, value string) string {
	switch {
	case value == "":
		return l.label("figures", "unset")
	case d == fact.Type || d == fact.Subtype:
		return c.typeName(l, value)
	case figureGroups[d] != "":
		return l.label(figureGroups[d], value)
	case d == fact.Department || d == fact.CauseDepartment || d == fact.Owner:
		return value
	case d == fact.Campaign && c.d.Figures != nil && c.d.Figures.CampaignName != nil:
		value = c.d.Figures.CampaignName(value)
	}
	return c.maskedLine(value)
}
