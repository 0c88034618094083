package survey

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Config is whom to ask, when and how.
type Config struct {
	Enabled bool `yaml:"enabled"`
	// BaseURL is the address of the service as customers reach it; the link is
	// BaseURL + "/p/s/" + token.
	BaseURL string `yaml:"base_url"`
	// After is how long after closing a customer is asked, Within until when a
	// case is worth asking about at all: older ones, such as imported history,
	// are left alone.
	After  time.Duration `yaml:"after"`
	Within time.Duration `yaml:"within"`
	// Every is the least time between two surveys to one customer or address.
	Every time.Duration `yaml:"every"`
	// Expires is how long the link can be used.
	Expires time.Duration `yaml:"expires"`
	// RemindAfter is the time from one letter to the next, and from the last one
	// to the call; MaxReminders may be 0.
	RemindAfter  time.Duration `yaml:"remind_after"`
	MaxReminders int           `yaml:"max_reminders"`
	// Subject and Text are the invitation, Reminder the text of a reminder. {link}
	// stands for the link and must be in both texts, {product} for what the
	// complaint was about.
	Subject  string `yaml:"subject"`
	Text     string `yaml:"text"`
	Reminder string `yaml:"reminder"`
}

// The place of the link in a text and of the product, which may be missing.
const (
	linkMark    = "{link}"
	productMark = "{product}"
)

// Default asks a day after closing, once in 30 days, with one reminder after
// three days; it is off until it has a BaseURL.
func Default() Config {
	const day = 24 * time.Hour
	return Config{
		After: day, Within: 14 * day, Every: 30 * day, Expires: 14 * day, RemindAfter: 3 * day, MaxReminders: 1,
		Subject:  "请评价我们对您投诉的处理",
		Text:     "您好！您反映的{product}问题已办结。请用半分钟评价处理结果：{link} （链接仅供您本人使用一次）。感谢您的反馈。",
		Reminder: "您好！您反映的{product}问题办结后，我们还没有收到您的评价。如方便，请在链接失效前评价：{link} 。感谢您的反馈。",
	}
}

// Validate names the field at fault.
func (c *Config) Validate() error {
	if !c.Enabled {
		return nil
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("base_url: %q is not an address such as https://service.example.com", c.BaseURL)
	}
	for _, f := range []struct {
		name     string
		value    time.Duration
		from, to time.Duration
	}{
		{"after", c.After, 0, c.Within}, {"within", c.Within, time.Hour, 365 * 24 * time.Hour},
		{"every", c.Every, 0, 3650 * 24 * time.Hour}, {"expires", c.Expires, time.Hour, 365 * 24 * time.Hour},
		{"remind_after", c.RemindAfter, time.Hour, c.Expires},
	} {
		if f.value < f.from || f.value > f.to {
			return fmt.Errorf("%s: %s is outside %s to %s", f.name, f.value, f.from, f.to)
		}
	}
	if c.MaxReminders < 0 || c.MaxReminders > 3 {
		return fmt.Errorf("max_reminders: %d is outside 0..3: more letters annoy", c.MaxReminders)
	}
	if strings.TrimSpace(c.Subject) == "" {
		return fmt.Errorf("subject: is empty")
	}
	for _, f := range []struct{ name, text string }{{"text", c.Text}, {"reminder", c.Reminder}} {
		if !strings.Contains(f.text, linkMark) {
			return fmt.Errorf("%s: has no %s in it", f.name, linkMark)
		}
	}
	return nil
}
