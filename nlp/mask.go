package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaskPhone hides the middle of a telephone number: 138****8000. The number of
// characters stays; signs between the digits stay; what has fewer than seven
// digits is hidden altogether and what already has a '*' is left alone.
func MaskPhone(s string) string {
	switch n := digitCount(s); {
	case n >= 11:
		return maskDigits(s, 3, 4)
	case n >= 7:
		return maskDigits(s, 2, 2)
	}
	return maskDigits(s, 0, 0)
}

// MaskIDNumber hides all of an identity number but the first three and the
// last two characters, in the same length.
func MaskIDNumber(s string) string { return maskDigits(s, 3, 2) }

// MaskEmail hides the local part of an address and its length:
// z***@example.com. Text without an '@' keeps its first character only.
func MaskEmail(s string) string {
	if s == "" || strings.ContainsRune(s, '*') {
		return s
	}
	_, size := utf8.DecodeRuneInString(s)
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return s[:size] + "***"
	}
	return s[:min(size, at)] + "***" + s[at:]
}

// MaskName keeps the first character of a person's name and hides its length:
// 王*. A name of one character is hidden.
func MaskName(s string) string {
	if s == "" || strings.ContainsRune(s, '*') {
		return s
	}
	_, size := utf8.DecodeRuneInString(s)
	if size == len(s) {
		return "*"
	}
	return s[:size] + "*"
}

// MaskText hides telephone and identity numbers, e-mail addresses and the
// house numbers of addresses in s. The result has as many runes as s, so that
// offsets still fit. The entities are those that an EntityFinder found in s, in
// order; ones that do not fit s are ignored.
func MaskText(s string, entities []Entity) string {
	var b strings.Builder
	b.Grow(len(s))
	eachSpan(s, entities, func(before, span string, e *Entity) {
		b.WriteString(before)
		if e != nil {
			b.WriteString(maskEntity(span, e.Kind))
		}
	})
	return b.String()
}

func maskEntity(span string, kind EntityKind) string {
	switch kind {
	case EntityPhone:
		return MaskPhone(span)
	case EntityIDNumber:
		return MaskIDNumber(span)
	case EntityEmail:
		return maskLocalPart(span)
	case EntityPlace:
		return maskHouseNumbers(span)
	}
	return span
}

// maskDigits stars the digits, and letters of an identity number, between the
// first head and the last tail ones.
func maskDigits(s string, head, tail int) string {
	if strings.ContainsAny(s, "*＊") {
		return s
	}
	total, seen := digitCount(s), 0
	return strings.Map(func(r rune) rune {
		if !isMaskable(r) {
			return r
		}
		seen++
		if seen <= head || seen > total-tail {
			return r
		}
		return '*'
	}, s)
}

func digitCount(s string) int {
	n := 0
	for _, r := range s {
		if isMaskable(r) {
			n++
		}
	}
	return n
}

func isMaskable(r rune) bool {
	return unicode.IsDigit(r) || r == 'x' || r == 'X' || r == 'Ｘ' || r == 'ｘ'
}

// maskLocalPart is MaskEmail with the length kept.
func maskLocalPart(s string) string {
	local := true
	first := true
	return strings.Map(func(r rune) rune {
		local = local && r != '@' && r != '＠'
		if !local || first {
			first = false
			return r
		}
		return '*'
	}, s)
}

// maskHouseNumbers stars the digits before 号, 栋, 室 and the like, and those
// that end an address; the digits of A3区 stay.
func maskHouseNumbers(s string) string {
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		end := i
		for end < len(runes) && unicode.IsDigit(runes[end]) {
			end++
		}
		if end > i && (end == len(runes) || strings.ContainsRune(houseUnits, runes[end])) {
			for ; i < end; i++ {
				runes[i] = '*'
			}
		}
		i = max(i, end-1)
	}
	return string(runes)
}

// eachSpan calls f for every entity with the text since the one before and the
// text of its span, and at the end with the rest and a nil entity.
func eachSpan(s string, entities []Entity, f func(before, span string, e *Entity)) {
	walk := runeWalk{s: s}
	done := 0
	for i := range entities {
		e := &entities[i]
		if e.Start < walk.runes || e.End <= e.Start {
			continue
		}
		from := walk.to(e.Start)
		to := walk.to(e.End)
		f(s[done:from], s[from:to], e)
		done = to
	}
	f(s[done:], "", nil)
}
