package nlp

import (
	"strconv"
	"strings"
)

// placeholderNames name the kinds that Redact takes out.
var placeholderNames = map[EntityKind]string{
	EntityPhone:    "电话",
	EntityIDNumber: "证件",
	EntityEmail:    "邮箱",
	EntityOrder:    "单号",
	EntityPlace:    "地址",
	EntityPerson:   "姓名",
}

// Redact replaces personal data by placeholders such as 〔电话1〕, for texts that
// leave the house: telephone, identity and order numbers, e-mail addresses,
// addresses with a house number, and names. The same wording gets the same placeholder,
// and none that s already has is used. restore puts the wordings back into any
// text made from the redacted one; restore(redacted) is s. The entities are
// those that an EntityFinder found in s, in order.
func Redact(s string, entities []Entity) (redacted string, restore func(string) string) {
	var b strings.Builder
	placeholders, openings := map[string]string{}, map[string]string{}
	numbers := map[string]int{}
	var pairs []string
	eachSpan(s, entities, func(before, span string, e *Entity) {
		b.WriteString(before)
		if e == nil {
			return
		}
		name, personal := placeholderNames[e.Kind]
		if !personal || e.Kind == EntityPlace && maskHouseNumbers(span) == span {
			b.WriteString(span)
			return
		}
		placeholder, known := placeholders[name+span]
		if !known {
			if numbers[name]++; numbers[name] == 1 {
				openings[name] = unusedOpening(s, name)
			}
			placeholder = openings[name] + strconv.Itoa(numbers[name]) + "〕"
			placeholders[name+span] = placeholder
			pairs = append(pairs, placeholder, span)
		}
		b.WriteString(placeholder)
	})
	return b.String(), strings.NewReplacer(pairs...).Replace
}

// unusedOpening returns the start of placeholders that s has nowhere.
func unusedOpening(s, name string) string {
	opening := "〔" + name
	for strings.Contains(s, opening) {
		opening += "甲"
	}
	return opening
}
