package calendar

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
)

// DefaultHours are the working hours where the configuration names none.
const DefaultHours = "09:00-18:00"

// levels are the levels of urgency that a configuration may name.
var levels = []nlp.UrgencyLevel{nlp.UrgencyLow, nlp.UrgencyNormal, nlp.UrgencyHigh, nlp.UrgencyCritical}

// Config chooses the working time.
type Config struct {
	// Hours are the working hours of a day, such as "09:00-18:00", or several
	// parts: "09:00-12:00,13:30-18:00". Empty means DefaultHours.
	Hours string `yaml:"hours"`
	// Holidays is a folder with files YEAR.json in the form of the data set
	// NateScarlet/holiday-cn: {"year", "days": [{"name", "date", "isOffDay"}]}.
	// A year there replaces that of the program. Empty means the program's own.
	Holidays string `yaml:"holidays"`
	// AroundTheClock lists the levels of urgency whose clocks run day and night;
	// nil means high and critical, an empty list none.
	AroundTheClock []string `yaml:"around_the_clock"`
}

// New makes a calendar for a zone. An error names the field, or the file, at
// fault.
func New(config Config, zone *time.Location) (*Calendar, error) {
	c := &Calendar{zone: zone, years: map[int]bool{}, around: map[string]bool{}}
	if config.Hours == "" {
		config.Hours = DefaultHours
	}
	var err error
	if c.spans, err = parseHours(config.Hours); err != nil {
		return nil, err
	}
	for _, s := range c.spans {
		c.length += s.close - s.open
	}
	if config.AroundTheClock == nil {
		config.AroundTheClock = []string{string(nlp.UrgencyHigh), string(nlp.UrgencyCritical)}
	}
	for _, level := range config.AroundTheClock {
		if !slices.Contains(levels, nlp.UrgencyLevel(level)) {
			return nil, fmt.Errorf("around_the_clock: %q is not a level of urgency; use low, normal, high or critical", level)
		}
		c.around[level] = true
	}
	years, err := load(config.Holidays)
	if err != nil {
		return nil, err
	}
	c.learn(years)
	return c, nil
}

// learn keeps the days that differ from the week.
func (c *Calendar) learn(years map[int]schedule) {
	days := map[int]bool{}
	for _, year := range sortedYears(years) {
		c.years[year] = true
		maps.Copy(days, years[year])
	}
	for day, work := range days {
		if work != weekday(day) {
			c.changes = append(c.changes, change{day, work})
		}
	}
	sort.Slice(c.changes, func(i, j int) bool { return c.changes[i].day < c.changes[j].day })
	c.before = make([]int, len(c.changes)+1)
	for i, ch := range c.changes {
		add := -1
		if ch.work {
			add = 1
		}
		c.before[i+1] = c.before[i] + add
	}
}

// parseHours reads parts of a day in order.
func parseHours(text string) ([]span, error) {
	var spans []span
	for part := range strings.SplitSeq(text, ",") {
		from, to, _ := strings.Cut(part, "-")
		open, err1 := parseClock(from)
		end, err2 := parseClock(to)
		if err1 != nil || err2 != nil || open >= end || len(spans) > 0 && open < spans[len(spans)-1].close {
			return nil, fmt.Errorf("hours: %q is not a part of a day; write them in order, like 09:00-18:00 or 09:00-12:00,13:30-18:00", strings.TrimSpace(part))
		}
		spans = append(spans, span{open, end})
	}
	return spans, nil
}

func parseClock(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	if text == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", text)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err
}
