package nlp

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// readDate reads the date at i into m and returns its end, i when there is none.
func (s *scanner) readDate(m *moment, i int) int {
	if end := s.readNumericDate(m, i); end > i {
		return end
	}
	if p, end := s.phrases.longest(s.text, i); p.cue == cueTime {
		return s.readRelative(m, p.value, i, end)
	}
	if end := s.readSpelledDate(m, i); end > i {
		return end
	}
	return s.readAgo(m, i)
}

// readNumericDate reads 2019-03-01, 2019/3/1, 2019.3.1 and 20190301.
func (s *scanner) readNumericDate(m *moment, i int) int {
	run := s.digits(i, 9)
	if run-i == 8 {
		if t, err := time.Parse("20060102", s.text[i:run]); err == nil && t.Year() >= 1950 && t.Year() < 2100 {
			m.year, m.month, m.day = t.Year(), int(t.Month()), t.Day()
			return run
		}
	}
	if run-i != 4 || run >= len(s.text) {
		return i
	}
	separator := s.text[run]
	if separator != '-' && separator != '/' && separator != '.' {
		return i
	}
	year, _ := strconv.Atoi(s.text[i:run])
	month, next, ok := s.integer(run + 1)
	if !ok || next >= len(s.text) || s.text[next] != separator {
		return i
	}
	day, end, ok := s.integer(next + 1)
	if !ok || !isDigit(s.text[next+1]) || !isDigit(s.text[run+1]) || !validDate(year, month, day) {
		return i
	}
	m.year, m.month, m.day = year, month, day
	return end
}

func validDate(year, month, day int) bool {
	if year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1 {
		return false
	}
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() == day
}

// readSpelledDate reads 2019年3月1日, 2019年3月, 2019年, 3月1号, 3月份, 三月.
func (s *scanner) readSpelledDate(m *moment, i int) int {
	value, end, ok := s.integer(i)
	if !ok {
		return i
	}
	r, size := s.at(end)
	if r == '年' {
		if value < 100 && end-i == 2 {
			value += 2000
		}
		if value < 1900 || value > 2199 {
			return i
		}
		m.year = value
		end += size
		if next := s.readMonth(m, end); next > end {
			return next
		}
		if end-i < len("2019年") { // 19年 alone is as often a duration
			m.year = 0
			return i
		}
		return end
	}
	return s.readMonth(m, i)
}

// readMonth reads a month at i and the day after it.
func (s *scanner) readMonth(m *moment, i int) int {
	value, end, ok := s.integer(i)
	r, size := s.at(end)
	if !ok || value < 1 || value > 12 || r != '月' {
		return i
	}
	m.month = value
	end += size
	if r, size := s.at(end); r == '份' {
		return end + size
	}
	return s.readDay(m, end)
}

// readDay reads 1日 or 1号 at i.
func (s *scanner) readDay(m *moment, i int) int {
	value, end, ok := s.integer(i)
	r, size := s.at(end)
	if !ok || value < 1 || value > 31 || r != '日' && r != '号' {
		return i
	}
	year := m.year
	if year == 0 {
		year = 2000 // a leap year: 2月29日 is possible
	}
	if m.month != 0 && !validDate(year, m.month, value) {
		return i
	}
	m.day = value
	return end + size
}

// readRelative reads what may follow a relative word: a day of the week after
// a week, a day after a month, a month and a day after a year.
func (s *scanner) readRelative(m *moment, word string, i, end int) int {
	w, ok := timeWords[word]
	if !ok {
		return s.readWeekday(m, i, end)
	}
	m.base, m.shift, m.part = w.base, w.shift, w.part
	switch w.base {
	case baseWeek:
		r, size := s.at(end)
		if day := weekday(r); day > 0 {
			m.weekday = day
			end += size
		}
	case baseMonth:
		end = s.readDay(m, end)
	case baseYear:
		end = s.readMonth(m, end)
	}
	return end
}

// readWeekday reads 周五 whose 周 ends at end; 一周五次 is none.
func (s *scanner) readWeekday(m *moment, i, end int) int {
	r, size := s.at(end)
	day := weekday(r)
	if day == 0 || !slices.Contains(weekdayWords[:], s.text[i:end]) {
		return i
	}
	before, _ := s.before(i)
	next, _ := s.at(end + size)
	if isNumeral(before) || strings.ContainsRune("每多1234567890", before) || isNumeral(next) || strings.ContainsRune("次天个年", next) {
		return i
	}
	m.base, m.weekday = baseWeekday, day
	return end + size
}

func weekday(r rune) int {
	switch r {
	case '日', '天':
		return 7
	}
	if d := chineseDigits[r]; d <= 6 && r != '两' {
		return d
	}
	return 0
}

// readAgo reads 3天前, 半年前, 两个月以前.
func (s *scanner) readAgo(m *moment, i int) int {
	value, end, ok := s.integer(i)
	half := false
	if r, size := s.at(i); r == '半' {
		half, value, end, ok = true, 1, i+size, true
	}
	if !ok {
		return i
	}
	if r, size := s.at(end); r == '个' {
		end += size
	}
	var base timeBase
	for _, u := range [...]struct {
		word string
		base timeBase
	}{{"天", baseDay}, {"星期", baseWeek}, {"礼拜", baseWeek}, {"周", baseWeek},
		{"月", baseMonth}, {"年", baseYear}, {"小时", baseHour}, {"分钟", baseMinute}} {
		if n := len(u.word); end+n <= len(s.text) && s.text[end:end+n] == u.word {
			base, end = u.base, end+n
			break
		}
	}
	if r, size := s.at(end); r == '以' || r == '之' {
		end += size
	}
	r, size := s.at(end)
	if base == baseNone || r != '前' {
		return i
	}
	if half {
		base, value = halfOf(base)
	}
	m.base, m.shift, m.ago = base, -value, true
	return end + size
}

// halfOf says 半年 as 6 months, 半个月 as 15 days, and so on.
func halfOf(base timeBase) (timeBase, int) {
	switch base {
	case baseYear:
		return baseMonth, 6
	case baseMonth:
		return baseDay, 15
	case baseWeek:
		return baseDay, 3
	case baseDay:
		return baseHour, 12
	}
	return baseMinute, 30
}
