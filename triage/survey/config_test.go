package survey_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage/survey"
)

func TestConfigNamesTheFieldAtFault(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		field string
		spoil func(*survey.Config)
	}{
		"good":              {"", func(*survey.Config) {}},
		"off, whatever":     {"", func(c *survey.Config) { *c = survey.Config{} }},
		"no address":        {"base_url", func(c *survey.Config) { c.BaseURL = "" }},
		"no scheme":         {"base_url", func(c *survey.Config) { c.BaseURL = "service.example.com" }},
		"script":            {"base_url", func(c *survey.Config) { c.BaseURL = "javascript:alert(1)" }},
		"with a query":      {"base_url", func(c *survey.Config) { c.BaseURL = "https://x.example.com/?a=b" }},
		"after the end":     {"after", func(c *survey.Config) { c.After = c.Within + 1 }},
		"within nothing":    {"within", func(c *survey.Config) { c.After, c.Within = 0, 0 }},
		"every, negative":   {"every", func(c *survey.Config) { c.Every = -1 }},
		"expires at once":   {"expires", func(c *survey.Config) { c.Expires = 0 }},
		"reminds too soon":  {"remind_after", func(c *survey.Config) { c.RemindAfter = time.Minute }},
		"reminds too often": {"max_reminders", func(c *survey.Config) { c.MaxReminders = 4 }},
		"no subject":        {"subject", func(c *survey.Config) { c.Subject = " " }},
		"no link":           {"text", func(c *survey.Config) { c.Text = "请评价" }},
		"no link later":     {"reminder", func(c *survey.Config) { c.Reminder = "" }},
	} {
		c := survey.Default()
		c.Enabled, c.BaseURL = true, "https://service.example.com"
		test.spoil(&c)
		err := c.Validate()
		if (err == nil) != (test.field == "") || err != nil && !strings.HasPrefix(err.Error(), test.field+":") {
			t.Errorf("%s: got %v, want field %q", name, err, test.field)
		}
	}
}
