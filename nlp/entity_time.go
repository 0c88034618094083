package nlp

import (
	"strings"
	"time"
)

// timeBase says from where a relative time counts.
type timeBase uint8

const (
	baseNone    timeBase = iota
	baseDay              // days from today
	baseWeek             // weeks from this one
	baseWeekday          // the latest such day of the week
	baseMonth            // months from this one
	baseYear             // years from this one
	baseHour             // hours from now
	baseMinute           // minutes from now
)

// timeWord is the meaning of a relative word.
type timeWord struct {
	base  timeBase
	shift int
	part  string // part of the day it contains
}

var timeWords = map[string]timeWord{
	"大前天": {baseDay, -3, ""}, "前天": {baseDay, -2, ""}, "前日": {baseDay, -2, ""}, "前晚": {baseDay, -2, "晚上"},
	"昨天": {baseDay, -1, ""}, "昨日": {baseDay, -1, ""}, "昨晚": {baseDay, -1, "晚上"}, "昨夜": {baseDay, -1, "晚上"},
	"今天": {baseDay, 0, ""}, "今日": {baseDay, 0, ""}, "今早": {baseDay, 0, "早上"}, "今晨": {baseDay, 0, "早上"},
	"今晚": {baseDay, 0, "晚上"}, "明天": {baseDay, 1, ""}, "明日": {baseDay, 1, ""}, "明早": {baseDay, 1, "早上"},
	"明晚": {baseDay, 1, "晚上"}, "后天": {baseDay, 2, ""},
	"上上周": {baseWeek, -2, ""}, "上周": {baseWeek, -1, ""}, "上个星期": {baseWeek, -1, ""}, "上星期": {baseWeek, -1, ""},
	"上个礼拜": {baseWeek, -1, ""}, "上礼拜": {baseWeek, -1, ""}, "本周": {baseWeek, 0, ""}, "这周": {baseWeek, 0, ""},
	"这个星期": {baseWeek, 0, ""}, "这星期": {baseWeek, 0, ""}, "本星期": {baseWeek, 0, ""}, "这个礼拜": {baseWeek, 0, ""},
	"下周": {baseWeek, 1, ""}, "下个星期": {baseWeek, 1, ""}, "下星期": {baseWeek, 1, ""}, "下礼拜": {baseWeek, 1, ""},
	"上上个月": {baseMonth, -2, ""}, "上个月": {baseMonth, -1, ""}, "上月": {baseMonth, -1, ""}, "本月": {baseMonth, 0, ""},
	"这个月": {baseMonth, 0, ""}, "下个月": {baseMonth, 1, ""}, "下月": {baseMonth, 1, ""},
	"前年": {baseYear, -2, ""}, "去年": {baseYear, -1, ""}, "今年": {baseYear, 0, ""}, "本年": {baseYear, 0, ""}, "明年": {baseYear, 1, ""},
}

// dayParts are the parts of a day with the hours to add to those before limit.
var dayParts = map[string]struct{ limit, add int }{
	"凌晨": {0, 0}, "清晨": {0, 0}, "早上": {0, 0}, "早晨": {0, 0}, "上午": {0, 0},
	"中午": {3, 12}, "下午": {12, 12}, "傍晚": {12, 12}, "晚上": {13, 12}, "夜里": {0, 0}, "半夜": {0, 0}, "晚间": {13, 12},
}

// weekdayWords introduce a day of the week that has no week before it.
var weekdayWords = [...]string{"周", "星期", "礼拜"}

// moment is what a time expression says; the zero value says nothing.
type moment struct {
	year, month, day int
	base             timeBase
	shift            int
	ago              bool // the shift counts from today, not from the start of the unit
	weekday          int  // 1 Monday … 7 Sunday
	part             string
	clock            bool
	hour, min, sec   int
	zone             string
}

// time finds a time expression that starts at i.
func (s *scanner) time(i int) {
	if m, end := s.readMoment(i); end > i {
		s.add(EntityTime, rankTime, i, end, m.value(s.text[i:end]))
	}
}

// value returns RFC 3339 date or time of a moment that names a full date, the
// text itself of any other.
func (m moment) value(text string) string {
	if m.year == 0 || m.month == 0 || m.day == 0 {
		return text
	}
	if !m.clock {
		return m.at(time.UTC).Format(time.DateOnly)
	}
	return m.at(time.UTC).Format("2006-01-02T15:04:05") + strings.ToUpper(m.zone)
}

// at returns the moment of a full date.
func (m moment) at(loc *time.Location) time.Time {
	return time.Date(m.year, time.Month(m.month), m.day, m.hour24(), m.min, m.sec, 0, loc)
}

// hour24 applies the part of the day to the hour: 下午3点 is 15.
func (m moment) hour24() int {
	if p := dayParts[m.part]; m.hour < p.limit {
		return m.hour + p.add
	}
	if m.hour == 12 && (m.part == "凌晨" || m.part == "半夜") {
		return 0
	}
	return m.hour
}

// readMoment reads a date, a part of the day and a clock time, each optional,
// that together make a time expression; end is i when they do not.
func (s *scanner) readMoment(i int) (m moment, end int) {
	end = s.readDate(&m, i)
	dated := end > i
	gap := end
	if r, size := s.at(gap); dated && (r == ' ' || r == '的' || r == 't' || r == ',') {
		gap += size
	}
	clock := s.readPart(&m, gap)
	parted := clock > gap
	if parted {
		if r, size := s.at(clock); r == ' ' || r == '的' {
			clock += size
		}
	}
	if stop := s.readClock(&m, clock, dated, parted); stop > clock {
		return m, stop
	}
	if parted && dated {
		return m, s.readPart(&m, gap)
	}
	if !dated {
		return moment{}, i
	}
	return m, end
}

// readPart reads a part of the day at i.
func (s *scanner) readPart(m *moment, i int) int {
	for _, size := range [...]int{len("下午"), len("晚")} {
		if i+size > len(s.text) {
			continue
		}
		word := s.text[i : i+size]
		if word == "晚" || word == "早" {
			word += "上"
		}
		if _, ok := dayParts[word]; ok {
			m.part = word
			return i + size
		}
	}
	return i
}

// readClock reads 10:30, 10:30:15, 3点, 3点半, 15时20分 at i. An hour alone
// needs a date or a part of the day before it.
func (s *scanner) readClock(m *moment, i int, dated, parted bool) int {
	hour, end, ok := s.integer(i)
	if !ok || hour > 24 || end-i > len("二十四") {
		return i
	}
	r, size := s.at(end)
	switch r {
	case ':':
		return s.readColonClock(m, i, end, hour)
	case '点', '时':
		return s.readSpokenClock(m, i, end+size, hour, parted || dated, r)
	}
	return i
}

func (s *scanner) readColonClock(m *moment, i, colon, hour int) int {
	if r, _ := s.before(i); r == ':' || r == '.' || !isDigit(s.text[colon-1]) {
		return i
	}
	end := s.digits(colon+1, 3)
	minute, _, ok := s.integer(colon + 1)
	if end != colon+3 || !ok || minute > 59 {
		return i
	}
	m.clock, m.hour, m.min = true, hour, minute
	if end+3 <= len(s.text) && s.text[end] == ':' && s.digits(end+1, 3) == end+3 {
		if second, _, _ := s.integer(end + 1); second <= 60 {
			m.sec = second
			end += 3
			end = s.readZone(m, end)
		}
	}
	return end
}

// readZone reads fractions of a second and the zone of RFC 3339.
func (s *scanner) readZone(m *moment, i int) int {
	if i < len(s.text) && s.text[i] == '.' {
		if end := s.digits(i+1, 10); end > i+1 {
			i = end
		}
	}
	if i < len(s.text) && s.text[i] == 'z' {
		m.zone = "z"
		return i + 1
	}
	if i+6 <= len(s.text) && (s.text[i] == '+' || s.text[i] == '-') && s.text[i+3] == ':' &&
		s.digits(i+1, 2) == i+3 && s.digits(i+4, 2) == i+6 {
		m.zone = s.text[i : i+6]
		return i + 6
	}
	return i
}

func (s *scanner) readSpokenClock(m *moment, i, end, hour int, anchored bool, unit rune) int {
	half, size := s.at(end)
	switch half {
	case '半':
		m.clock, m.hour, m.min = true, hour, 30
		return end + size
	case '钟', '整':
		m.clock, m.hour = true, hour
		return end + size
	}
	if minute, next, ok := s.integer(end); ok && minute < 60 {
		r, size := s.at(next)
		if r == '分' {
			m.clock, m.hour, m.min = true, hour, minute
			return s.readSeconds(m, next+size)
		}
		if unit == '点' && anchored && next-end >= 2 {
			m.clock, m.hour, m.min = true, hour, minute
			return next
		}
	}
	if anchored {
		m.clock, m.hour = true, hour
		return end
	}
	return i
}

// readSeconds reads 28秒 at i.
func (s *scanner) readSeconds(m *moment, i int) int {
	second, end, ok := s.integer(i)
	if r, size := s.at(end); ok && second < 60 && r == '秒' {
		m.sec = second
		return end + size
	}
	return i
}
