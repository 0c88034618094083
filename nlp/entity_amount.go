package nlp

import (
	"math"
	"strconv"
	"strings"
)

const (
	// approximate may follow a number without changing its value.
	approximate = "多余来"
	// notMoney after 元 makes another word of it: 元旦, 元素.
	notMoney = "旦素件宵月老首帅"
	// spending before a number says that it is money.
	spending = "扣收退赔花付交充差欠费补罚价"
)

// amount finds a sum of money whose number starts at i.
func (s *scanner) amount(i int) {
	switch r, size := s.before(i); r {
	case '*': // the rest of a masked number
		return
	case '.', ',':
		if before, _ := s.before(i - size); before < 0x80 && isDigit(byte(before)) {
			return
		}
	}
	value, known, end := s.moneyNumber(i)
	if end == i {
		return
	}
	bare := s.text[i:end]
	unit, size := s.at(end)
	switch unit {
	case '元':
		if next, _ := s.at(end + size); strings.ContainsRune(notMoney, next) {
			return
		}
	case '块':
		if !s.isMoneyPiece(i, end+size, bare) {
			return
		}
	case '角', '毛':
		value /= 10
		if next, _ := s.at(end + size); unit == '角' && strings.ContainsRune("色度落大星形", next) {
			return
		}
	default:
		return
	}
	end += size
	if unit == '元' || unit == '块' {
		small, next := s.smallMoney(end, unit)
		value += small
		end = next
	}
	if r, size := s.at(end); r == '钱' {
		end += size
	}
	s.addAmount(i, end, value, known)
}

// currency finds the sum after a currency mark.
func (s *scanner) currency(start, i int) {
	if r, size := s.at(i); r == ' ' {
		i += size
	}
	value, known, end := s.moneyNumber(i)
	if end == i {
		return
	}
	if r, size := s.at(end); r == '元' {
		end += size
	}
	s.addAmount(start, end, value, known)
}

func (s *scanner) addAmount(start, end int, value float64, known bool) {
	text := s.text[start:end]
	if known {
		text = strconv.FormatFloat(math.Round(value*1e4)/1e4, 'f', -1, 64)
	}
	s.add(EntityAmount, rankAmount, start, end, text)
}

// moneyNumber reads a number with its multiplier at i; end is i when there is
// none, known is false for "几百".
func (s *scanner) moneyNumber(i int) (value float64, known bool, end int) {
	if end = s.decimal(i); end > i {
		value, _ = strconv.ParseFloat(strings.ReplaceAll(s.text[i:end], ",", ""), 64)
		known = true
	} else {
		end = s.readNumeral(i)
		value, known = numeralValue(s.text[i:end])
	}
	if end == i {
		return 0, false, i
	}
	for range 3 {
		r, size := s.at(end)
		if unit, ok := chineseUnits[r]; ok {
			value *= unit
		} else if r == '几' {
			known = false
		} else if !strings.ContainsRune(approximate, r) {
			break
		}
		end += size
	}
	return value, known, end
}

// decimal returns the end of a decimal number of at most 12 digits at i, i
// when there is none. Thousands may have commas.
func (s *scanner) decimal(i int) int {
	end := s.digits(i, 13)
	if end == i || end-i > 12 {
		return i
	}
	for end-i < 15 && end < len(s.text) && s.text[end] == ',' && s.digits(end+1, 4) == end+4 {
		end += 4
	}
	if end < len(s.text) && s.text[end] == '.' {
		if fraction := s.digits(end+1, 5); fraction > end+1 && fraction < end+6 {
			end = fraction
		}
	}
	return end
}

// smallMoney reads what follows 元 or 块: 5角, 5角3分, and after 块 a lone digit.
func (s *scanner) smallMoney(i int, unit rune) (value float64, end int) {
	v, next, ok := s.integer(i)
	if !ok || v > 9 || v == 0 {
		return 0, i
	}
	r, size := s.at(next)
	if r != '角' && r != '毛' {
		if unit != '块' || isNumeral(r) || r >= 0x80 && strings.ContainsRune("个天月年次分点号日", r) {
			return 0, i
		}
		return float64(v) / 10, next
	}
	value, end = float64(v)/10, next+size
	if v, next, ok = s.integer(end); ok && v <= 9 {
		if r, size := s.at(next); r == '分' {
			return value + float64(v)/100, next + size
		}
	}
	return value, end
}

// isMoneyPiece tells 二十块 from 一块儿 and 两块地: one Chinese digit and 块
// need a word for money beside them.
func (s *scanner) isMoneyPiece(start, end int, number string) bool {
	next, _ := s.at(end)
	if strings.ContainsRune("地牌区石砖板肉砖屏", next) {
		return false
	}
	if len(number) > len("一") || isDigit(number[0]) || strings.ContainsRune("钱多", next) || isNumeral(next) && next != '半' {
		return true
	}
	before, _ := s.before(start)
	return strings.ContainsRune(spending, before)
}
