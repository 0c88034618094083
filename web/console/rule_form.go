package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// maxConditions bounds the conditions of a rule in a form.
const maxConditions = 6

// conditionForm is one condition as a form has it. Attrs are pairs such as
// "status=failed; reason=timeout".
type conditionForm struct {
	Index                      int
	Kind, Key, Attrs, From, To string
}

// Number is the place of the condition as people count.
func (f conditionForm) Number() int { return f.Index + 1 }

func (f conditionForm) empty() bool {
	return f.Kind == "" && f.Key == "" && f.Attrs == "" && f.From == "" && f.To == ""
}

// ruleForm is a rule as a form has it. Regions are separated by commas.
type ruleForm struct {
	Conditions []conditionForm
	Regions    string
}

// readRuleForm reads the fields kind0, key0 … and regions. Empty conditions are
// left out.
func readRuleForm(q url.Values) ruleForm {
	f := ruleForm{Regions: strings.TrimSpace(q.Get("regions"))}
	for i := range maxConditions {
		n := strconv.Itoa(i)
		field := func(name string) string { return strings.TrimSpace(q.Get(name + n)) }
		k := conditionForm{Index: len(f.Conditions), Kind: field("kind"), Key: field("key"), Attrs: field("attrs"), From: field("from"), To: field("to")}
		if !k.empty() {
			f.Conditions = append(f.Conditions, k)
		}
	}
	return f
}

// withSpare adds an empty condition to write into, while there is room.
func (f ruleForm) withSpare() ruleForm {
	if n := len(f.Conditions); n < maxConditions {
		f.Conditions = append(slices.Clone(f.Conditions), conditionForm{Index: n})
	}
	return f
}

// values is the form as an address.
func (f ruleForm) values() url.Values {
	q := url.Values{}
	for _, k := range f.Conditions {
		n := strconv.Itoa(k.Index)
		for name, value := range map[string]string{"kind": k.Kind, "key": k.Key, "attrs": k.Attrs, "from": k.From, "to": k.To} {
			if value != "" {
				q.Set(name+n, value)
			}
		}
	}
	if f.Regions != "" {
		q.Set("regions", f.Regions)
	}
	return q
}

func (c *Console) formOfRule(r *prevention.Rule) ruleForm {
	f := ruleForm{}
	if r == nil {
		return f
	}
	for i := range r.Conditions[:min(len(r.Conditions), maxConditions)] {
		k := c.formOfCondition(&r.Conditions[i])
		k.Index = i
		f.Conditions = append(f.Conditions, k)
	}
	f.Regions = strings.Join(r.Regions, "，")
	return f
}

func (c *Console) formOfCondition(k *prevention.Condition) conditionForm {
	names := make([]string, 0, len(k.Attrs))
	for name := range k.Attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		names[i] = name + "=" + k.Attrs[name]
	}
	return conditionForm{Kind: k.Kind, Key: k.Key, Attrs: strings.Join(names, "; "), From: c.inputTime(k.From), To: c.inputTime(k.To)}
}

// rule is the form as a rule; an error names the field of the form.
func (c *Console) rule(f ruleForm) (r prevention.Rule, err error) {
	for _, k := range f.Conditions {
		condition, err := c.condition(k)
		if err != nil {
			return r, err
		}
		r.Conditions = append(r.Conditions, condition)
	}
	for region := range strings.FieldsFuncSeq(f.Regions, func(r rune) bool { return strings.ContainsRune(",，、;；", r) }) {
		if region = strings.TrimSpace(region); region != "" && !slices.Contains(r.Regions, region) {
			r.Regions = append(r.Regions, region)
		}
	}
	if len(r.Conditions) == 0 && len(r.Regions) == 0 {
		return r, triage.FieldErrorf("kind0", "is empty: a rule needs a condition or a region")
	}
	return r, nil
}

func (c *Console) condition(f conditionForm) (k prevention.Condition, err error) {
	n := strconv.Itoa(f.Index)
	k.Kind, k.Key = f.Kind, f.Key
	if k.From, err = c.readInputTime(f.From); err != nil {
		return k, triage.FieldErrorf("from"+n, "is not a time such as 2026-03-01 09:30")
	}
	if k.To, err = c.readInputTime(f.To); err != nil {
		return k, triage.FieldErrorf("to"+n, "is not a time such as 2026-03-01 09:30")
	}
	for pair := range strings.FieldsFuncSeq(f.Attrs, func(r rune) bool { return strings.ContainsRune(";；\n", r) }) {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		if name, value = strings.TrimSpace(name), strings.TrimSpace(value); !ok || name == "" || value == "" {
			return k, triage.FieldErrorf("attrs"+n, "is not written as name=value; name=value")
		}
		if k.Attrs == nil {
			k.Attrs = map[string]string{}
		}
		k.Attrs[name] = value
	}
	return k, nil
}
