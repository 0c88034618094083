package nlp

import "time"

// ResolveTime returns the moment an entity of kind time means when it is said
// at now, in the location of now: "昨天" is the start of the day before,
// "上周五" the Friday of the week before, weeks start on Monday. A date without
// its year is the latest one that is not after now's day. It returns false for
// other kinds and for dates that no calendar has.
func ResolveTime(e Entity, now time.Time) (time.Time, bool) {
	if e.Kind != EntityTime {
		return time.Time{}, false
	}
	n := Normalize(e.Text)
	s := scanner{text: n.Text, phrases: builtinPhrases()}
	m, end := s.readMoment(0)
	if end == 0 {
		return time.Time{}, false
	}
	if m.zone != "" {
		t, err := time.Parse(time.RFC3339, m.value(n.Text))
		return t.In(now.Location()), err == nil
	}
	switch m.base {
	case baseMinute:
		return now.Add(time.Duration(m.shift) * time.Minute), true
	case baseHour:
		return now.Add(time.Duration(m.shift) * time.Hour), true
	}
	day, ok := m.resolveDay(midnight(now))
	if !ok || !m.clock {
		return day, ok
	}
	m.year, m.day = day.Year(), day.Day()
	m.month = int(day.Month())
	return m.at(now.Location()), true
}

func midnight(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}

// resolveDay returns the day m names, seen from today.
func (m moment) resolveDay(today time.Time) (time.Time, bool) {
	switch m.base {
	case baseDay:
		return today.AddDate(0, 0, m.shift), true
	case baseWeek, baseWeekday:
		return m.resolveWeek(today), true
	case baseMonth:
		if m.ago {
			return today.AddDate(0, m.shift, 0), true
		}
		t := today.AddDate(0, m.shift, 1-today.Day())
		day := t.AddDate(0, 0, max(m.day, 1)-1)
		return day, day.Month() == t.Month()
	case baseYear:
		if m.ago {
			return today.AddDate(m.shift, 0, 0), true
		}
		m.year = today.Year() + m.shift
	}
	return m.resolveDate(today)
}

func (m moment) resolveWeek(today time.Time) time.Time {
	if m.ago {
		return today.AddDate(0, 0, 7*m.shift)
	}
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	t := monday.AddDate(0, 0, 7*m.shift+max(m.weekday, 1)-1)
	if m.base == baseWeekday && t.After(today) {
		t = t.AddDate(0, 0, -7)
	}
	return t
}

// resolveDate resolves what names a year, a month, a day or only a clock time.
func (m moment) resolveDate(today time.Time) (time.Time, bool) {
	if m.year == 0 && m.month == 0 {
		return today, true
	}
	month, day := max(m.month, 1), max(m.day, 1)
	if m.year != 0 {
		return time.Date(m.year, time.Month(month), day, 0, 0, 0, 0, today.Location()), validDate(m.year, month, day)
	}
	const leapGap = 8 // the most years between two days of 29 February
	for back := range leapGap + 1 {
		year := today.Year() - back
		t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, today.Location())
		if validDate(year, month, day) && !t.After(today) {
			return t, true
		}
	}
	return time.Time{}, false
}
