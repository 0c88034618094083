package nlp

import (
	"math"
	"strconv"
	"strings"
)

// chineseDigits and chineseUnits are the values of the numerals.
var (
	chineseDigits = map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	chineseUnits  = map[rune]float64{'十': 10, '百': 100, '千': 1000, '万': 1e4, '亿': 1e8}
)

// vague marks numerals without a definite value.
const vague = "几数"

// maxNumeral bounds how many characters of a numeral are read.
const maxNumeral = 20

// isNumeral reports whether r can be part of a Chinese numeral.
func isNumeral(r rune) bool {
	switch r {
	case '零', '〇', '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '亿', '几', '数', '半':
		return true
	}
	return false
}

// readNumeral returns the end of the Chinese numeral that starts at i.
func (s *scanner) readNumeral(i int) int {
	for range maxNumeral {
		r, size := s.at(i)
		if !isNumeral(r) {
			break
		}
		i += size
	}
	return i
}

// numeralValue returns the value of a Chinese numeral, ok false when it is
// vague ("几百") or no number. A digit after a unit and without 零 counts in
// the next lower unit: 三百五 is 350.
func numeralValue(text string) (value float64, ok bool) {
	if text == "半" {
		return 0.5, true
	}
	if text == "" || strings.ContainsAny(text, vague+"半") {
		return 0, false
	}
	var total, section float64
	digit, unit, zero := -1, 1.0, false
	for _, r := range text {
		if d, isDigit := chineseDigits[r]; isDigit {
			if digit >= 0 && !zero && digit != 0 {
				return digitRow(text)
			}
			zero = zero && d != 0 || d == 0
			digit = d
			continue
		}
		unit = chineseUnits[r]
		if unit >= 1e4 {
			total = (total + section + float64(max(digit, 0))) * unit
			section = 0
		} else {
			section += float64(max(digit, 1)) * unit
		}
		digit, zero = -1, false
	}
	if digit > 0 {
		if unit >= 100 && !zero {
			section += float64(digit) * unit / 10
		} else {
			section += float64(digit)
		}
	}
	return total + section, true
}

// digitRow reads numerals written digit by digit: 二〇一九.
func digitRow(text string) (float64, bool) {
	value := 0.0
	for _, r := range text {
		d, ok := chineseDigits[r]
		if !ok {
			return 0, false
		}
		value = value*10 + float64(d)
	}
	return value, true
}

// integer reads a small whole number at i, in digits or Chinese; ok is false
// when there is none or it is over 9999.
func (s *scanner) integer(i int) (value, end int, ok bool) {
	if end = s.digits(i, 5); end > i {
		value, err := strconv.Atoi(s.text[i:end])
		return value, end, err == nil && end-i <= 4
	}
	end = s.readNumeral(i)
	v, ok := numeralValue(s.text[i:end])
	if !ok || v != math.Trunc(v) || v > 9999 {
		return 0, i, false
	}
	return int(v), end, true
}

// numeral handles a Chinese numeral at i unless it is inside one.
func (s *scanner) numeral(i int) {
	if i < s.numeralEnd {
		return
	}
	s.numeralEnd = s.readNumeral(i)
	s.time(i)
	s.amount(i)
}
