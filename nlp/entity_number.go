package nlp

import (
	"strings"
	"time"
)

// connectors may stand between "order number" and the number.
const connectors = "：:为是#(（号 ,.、=【["

// digitGroups is a row of digits in groups with single blanks or dashes between.
type digitGroups struct {
	digits string
	ends   [5]int // end of each group in the text
	upTo   [5]int // digits up to the end of each group
	count  int
}

// groups reads at most five groups from i on; a group of over 20 digits ends it.
func (s *scanner) groups(i int) digitGroups {
	var g digitGroups
	var buf [64]byte
	digits := buf[:0]
	for g.count < len(g.ends) {
		end := s.digits(i, 21)
		if end == i || end-i > 20 || len(digits)+end-i > len(buf) {
			break
		}
		digits = append(digits, s.text[i:end]...)
		g.ends[g.count], g.upTo[g.count] = end, len(digits)
		g.count++
		if end+1 >= len(s.text) || s.text[end] != '-' && s.text[end] != ' ' {
			break
		}
		i = end + 1
	}
	g.digits = string(digits)
	return g
}

// phone finds telephone numbers in or from the ASCII word text[i:end] on and
// returns the end of the last one, 0 when there is none.
func (s *scanner) phone(i, end int) int {
	for i < end && !isDigit(s.text[i]) {
		i++
	}
	if i == end {
		return 0
	}
	g := s.groups(i)
	for k := range g.count {
		digits := g.digits[:g.upTo[k]]
		if next := g.ends[k]; next < len(s.text) && isAlnum(s.text[next]) {
			return 0
		}
		first := g.digits[:g.upTo[0]]
		number, ok := phoneNumber(digits, first, k > 0)
		if !ok && isLocalPhone(digits) && s.follows(s.phoneNo, i, connectors) {
			number, ok = digits, true
		}
		if !ok || s.follows(s.orderNo, i, connectors) && !isMobile(digits) {
			continue
		}
		start := i
		if r, size := s.before(i); r == '+' {
			start -= size
		}
		s.add(EntityPhone, rankPhone, start, g.ends[k], number)
		return g.ends[k]
	}
	return s.bracketedPhone(i, g)
}

// bracketedPhone finds (0731)88888888.
func (s *scanner) bracketedPhone(i int, g digitGroups) int {
	if r, _ := s.before(i); r != '(' || g.count != 1 || !isAreaCode(g.digits) {
		return 0
	}
	end := g.ends[0]
	if end >= len(s.text) || s.text[end] != ')' {
		return 0
	}
	local := s.digits(end+1, 9)
	if n := local - end - 1; n < 7 || n > 8 {
		return 0
	}
	s.add(EntityPhone, rankPhone, i-1, local, g.digits+s.text[end+1:local])
	return local
}

// phoneNumber returns the national digits of a telephone number. The first
// group decides what a number in several groups may be.
func phoneNumber(digits, first string, grouped bool) (string, bool) {
	if n := strings.TrimPrefix(strings.TrimPrefix(digits, "00"), "86"); n != digits && isMobile(n) {
		return n, true
	}
	switch {
	case isMobile(digits):
		return digits, !grouped || len(first) == 3 || len(first) == 7
	case len(digits) == 12 && digits[0] == '0' && isMobile(digits[1:]):
		return digits[1:], true
	case len(digits) == 10 && (digits[:3] == "400" || digits[:3] == "800"):
		return digits, !grouped || len(first) == 3 || len(first) == 4
	case digits[0] == '0' && isAreaCode(first) && grouped:
		n := len(digits) - len(first)
		return digits, n == 7 || n == 8
	case len(digits) >= 10 && len(digits) <= 12 && digits[0] == '0' && digits[1] != '0' && !grouped:
		return digits, true
	}
	return "", false
}

func isMobile(digits string) bool {
	return len(digits) == 11 && digits[0] == '1' && digits[1] >= '3'
}

// isLocalPhone reports whether digits may be a number without its area code;
// a date of eight digits is none.
func isLocalPhone(digits string) bool {
	if len(digits) < 7 || len(digits) > 8 || digits[0] < '2' {
		return false
	}
	_, err := time.Parse("20060102", digits)
	return err != nil
}

func isAreaCode(digits string) bool {
	return len(digits) >= 3 && len(digits) <= 4 && digits[0] == '0' && digits[1] != '0'
}

// code finds identity and order numbers in the ASCII word text[i:end].
func (s *scanner) code(i, end int) {
	word := s.text[i:end]
	switch {
	case isIDNumber(word) || len(word) == 15 && isOldIDNumber(word) && !s.follows(s.orderNo, i, connectors):
		s.add(EntityIDNumber, rankID, i, end, strings.ToUpper(word))
		return
	case len(word) >= 15 && len(word) <= 18 && s.follows(s.idNo, i, connectors) && countDigits(word) >= 14:
		s.add(EntityIDNumber, rankID, i, end, strings.ToUpper(word))
		return
	}
	if s.follows(s.orderNo, i, connectors) {
		long := end
		for long < len(s.text) && long-i < 40 && (isAlnum(s.text[long]) || s.text[long] == '-' || s.text[long] == '_') {
			long++
		}
		number := strings.TrimRight(s.text[i:long], "-_")
		if len(number) >= 5 && countDigits(number) >= 3 {
			s.add(EntityOrder, rankOrder, i, i+len(number), strings.ToUpper(number))
			return
		}
	}
	n := len(word)
	if n > 40 {
		return
	}
	if digits := countDigits(word); digits == n && n >= 12 || digits < n && n >= 10 && digits >= 6 {
		s.add(EntityOrder, rankOrder, i, end, strings.ToUpper(word))
	}
}

func countDigits(s string) int {
	n := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}

// isIDNumber checks an 18-character identity number: region, birth date and
// check digit (GB 11643).
func isIDNumber(s string) bool {
	if len(s) != 18 || countDigits(s[:17]) != 17 || s[0] == '0' {
		return false
	}
	if _, err := time.Parse("20060102", s[6:14]); err != nil {
		return false
	}
	sum, weight := 0, 1
	for i := 17; i >= 0; i-- {
		d := int(s[i] - '0')
		if s[i] == 'x' {
			d = 10
		} else if !isDigit(s[i]) {
			return false
		}
		sum += d * weight
		weight = weight * 2 % 11
	}
	return sum%11 == 1
}

// isOldIDNumber checks a 15-digit identity number: region and birth date.
func isOldIDNumber(s string) bool {
	if countDigits(s) != 15 || s[0] == '0' || s[0] == '9' {
		return false
	}
	_, err := time.Parse("060102", s[6:12])
	return err == nil
}
