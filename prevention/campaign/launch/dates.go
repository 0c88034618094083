package launch

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oneDate matches a date; its groups are year, month and day where all three
// are there, else month and day. Signs between the numbers need a year: 1.5-2.5
// are no dates.
const oneDate = `(?:(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})|(\d{1,2})月(\d{1,2}))[日号]?`

var (
	// dateRange is two dates; the second may be a day of the month of the first.
	dateRange = regexp.MustCompile(oneDate + `\s?(?:\d{1,2}[点时:]\d{0,2}\s?)?(?:至|到|-|—+|~|–|－)\s?(?:` + oneDate + `|(\d{1,2})[日号])`)
	// otherRange is what stands before a range that is not that of the campaign.
	otherRange = regexp.MustCompile(`(?:入住|出发|出行|使用|有效|返还|上课|开课|预订|预售|住宿|航班|兑换|兑奖|领取|到账|班|除外|不参加)[^,。!?;]{0,6}$`)
	// lastDay is the end of the campaign said with one date.
	lastDay = regexp.MustCompile(`(?:活动|优惠|本活动)?(?:截至|截止到?|有效期?[至到]|即日起[至到]|(?:活动|优惠)(?:时间)?[至到])\s?` + oneDate)
	// hasEnd is any way to say when a campaign ends.
	hasEnd = regexp.MustCompile(strings.Join([]string{
		`(?:截至|截止|止于|结束|有效期|期限|为期|期间)[^,。!?;]{0,10}\d`,
		`(?:至|到)\s?(?:\d{4}年)?\d{1,2}月`,
		`\d{4}[./-]\d{1,2}[./-]\d{1,2}`,
		`\d{1,2}[./]\d{1,2}\s?(?:-|—|~|至|到)\s?\d{1,2}[./]\d{1,2}(?:[^折元%\d]|$)`,
		`\d{1,2}[月./-]\d{0,2}[日号]?[^,。!?;]{0,6}(?:前|止|截止|结束|内|有效|当天|当日|底|24点|期间)`,
		`(?:\d月|本月|年|月|周)底[^,。]{0,2}前?`,
		`(?:\d{1,2}月|本月|当月|本周|本周末|周末|今日|今天|今晚|明日|明天|当日|当天|当晚)(?:内|有效|止|限|结束|参加|下单|办理)`,
		`(?:仅限?|限)(?:今[日天]|本周|本月|当[天日])|今[日天](?:下单|参加|办理|限|仅|\d)`,
		`(?:双十[一二]|双11|双12|618|春节|国庆|中秋|五一|元旦|端午|黄金周)(?:当天|当日|期间|假期)`,
		`\d+(?:天|日|小时)(?:内|有效)[^,。]{0,6}(?:办理|参加|下单|报名|领取)`,
		`长期有效|常年有效|长期活动`,
		`(?:年底|月底|季度末|学期末)(?:清零|结束|截止|前)|周[一二三四五六日至到]{2,4}`,
	}, "|"))
)

// dateSpan is a range of dates in a text, years 0 where none is written.
type dateSpan struct {
	at       span
	from, to day
}

type day struct{ year, month, day int }

// dateAt reads the date whose groups begin at index i of a match of oneDate.
func (t *text) dateAt(m []int, i int) day {
	group := func(i int) int {
		if m[2*i] < 0 {
			return 0
		}
		n, _ := strconv.Atoi(t.Text[m[2*i]:m[2*i+1]]) // at most four digits
		return n
	}
	return day{group(i), group(i+1) + group(i+3), group(i+2) + group(i+4)}
}

// dateGroups is how many groups oneDate has.
const dateGroups = 5

// ranges are the ranges of dates in the text that are about the campaign.
func (t *text) ranges() []dateSpan {
	var list []dateSpan
	for _, m := range dateRange.FindAllStringSubmatchIndex(t.Text, -1) {
		s := dateSpan{span{m[0], m[1]}, t.dateAt(m, 1), t.dateAt(m, 1+dateGroups)}
		if short := 1 + 2*dateGroups; m[2*short] >= 0 {
			s.to.month = s.from.month
			s.to.day, _ = strconv.Atoi(t.Text[m[2*short]:m[2*short+1]]) // at most two digits
		}
		if s.to.year == 0 && s.from.year != 0 {
			s.to.year = s.from.year
		}
		if s.from.valid() && s.to.valid() && !otherRange.MatchString(t.Text[:m[0]]) {
			list = append(list, s)
		}
	}
	return list
}

// lastDays are the ends of the campaign that the text says with one date.
func (t *text) lastDays() []dateSpan {
	var list []dateSpan
	for _, m := range lastDay.FindAllStringSubmatchIndex(t.Text, -1) {
		if d := t.dateAt(m, 1); d.valid() {
			list = append(list, dateSpan{span{m[0], m[1]}, d, d})
		}
	}
	return list
}

func (d day) valid() bool { return d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31 }

// order of two days without a year.
func (d day) before(o day) bool {
	return d.month < o.month || d.month == o.month && d.day < o.day
}

// backwards says that the range ends before it starts. Without years, a range
// over more than half a year backwards is one over the turn of the year.
func (s dateSpan) backwards() bool {
	if s.from.year != 0 && s.to.year != s.from.year {
		return s.to.year < s.from.year
	}
	return s.to.before(s.from) && (s.from.year != 0 || s.from.month-s.to.month < 6)
}

// ending adds a promise without an end: none in copy, rules and dates.
func (p *plan) ending() {
	at, promises := p.offer()
	if !promises || !p.To.IsZero() || p.ends(p.copy) || p.ends(p.rules) {
		return
	}
	p.add(MissingEnd, p.copy, at, "")
}

func (p *plan) ends(t *text) bool {
	return hasEnd.MatchString(t.Text) || len(t.ranges()) > 0 || dateRange.MatchString(t.Text)
}

// dates adds ranges that run backwards, that are not those of the rules, or that
// leave the dates of the campaign.
func (p *plan) dates() {
	said, held := p.copy.ranges(), p.rules.ranges()
	for _, t := range []*text{p.copy, p.rules} {
		for _, s := range t.ranges() {
			if s.backwards() {
				p.add(Contradiction, t, s.at, "结束日期早于开始日期，请改正。")
			}
		}
	}
	if len(said) > 0 && len(held) > 0 && !agree(said, held) {
		p.add(Contradiction, p.copy, said[0].at, "文案与规则的活动日期不一致，先定下以哪个为准，再一起修改。")
	}
	if !p.From.IsZero() && !p.To.IsZero() && p.To.Before(p.From) {
		p.add(Contradiction, p.copy, span{}, "登记的结束日期早于开始日期，请改正。")
		return
	}
	lastSaid, lastHeld := p.copy.lastDays(), p.rules.lastDays()
	if len(lastSaid) > 0 && len(lastHeld) > 0 && !agree(lastSaid, lastHeld) {
		p.add(Contradiction, p.copy, lastSaid[0].at, "文案与规则的截止日期不一致，先定下以哪个为准，再一起修改。")
	}
	for _, s := range slices.Concat(said, lastSaid) {
		if p.outside(s) {
			p.add(Contradiction, p.copy, s.at, "文案的日期超出登记的活动日期，请改成一致。")
		}
	}
}

func agree(a, b []dateSpan) bool {
	for _, x := range a {
		for _, y := range b {
			if !x.from.before(y.from) && !y.from.before(x.from) && !x.to.before(y.to) && !y.to.before(x.to) {
				return true
			}
		}
	}
	return false
}

// outside says that no year puts the range inside the dates of the campaign. A
// bound that nobody gave bounds nothing.
func (p *plan) outside(s dateSpan) bool {
	if s.backwards() || p.From.IsZero() && p.To.IsZero() {
		return false
	}
	years := map[int]bool{s.from.year: true}
	if s.from.year == 0 {
		years = map[int]bool{}
		for _, t := range []time.Time{p.From, p.To} {
			if !t.IsZero() {
				years[t.Year()], years[t.Year()-1] = true, true
			}
		}
	}
	for year := range years {
		if p.holds(s, year) {
			return false
		}
	}
	return true
}

// holds says that the range, starting in a year, lies within the campaign. Days
// are compared, as copy knows no hours.
func (p *plan) holds(s dateSpan, year int) bool {
	end := year
	if s.to.year != 0 {
		end += s.to.year - s.from.year
	} else if s.to.before(s.from) {
		end++
	}
	from := time.Date(year, time.Month(s.from.month), s.from.day, 0, 0, 0, 0, p.zone())
	to := time.Date(end, time.Month(s.to.month), s.to.day, 0, 0, 0, 0, p.zone())
	return (p.From.IsZero() || !from.AddDate(0, 0, 1).Before(p.From)) && (p.To.IsZero() || !to.After(p.To.AddDate(0, 0, 1)))
}

func (p *plan) zone() *time.Location {
	if !p.From.IsZero() {
		return p.From.Location()
	}
	return p.To.Location()
}
