package main

import (
	"os"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/calendar"
)

type houseConfig struct {
	// Contact is how customers reach the company, such as 客服热线95588.
	Contact string `yaml:"contact"`
}

// workingTime returns the calendar of a validated configuration. Where the folder
// of holidays cannot be read any more, it has the program's own holidays, with
// the configured hours and levels, and the log says so.
func (c *config) workingTime() *calendar.Calendar {
	cal, err := calendar.New(c.Calendar, c.zone())
	if err != nil { // the folder of holidays has changed since
		newLogger(os.Stderr, c).Warn("calendar: the folder of holidays cannot be used; the program's own holidays hold", "folder", c.Calendar.Holidays, "err", err)
		own := c.Calendar
		own.Holidays = ""
		cal, _ = calendar.New(own, c.zone()) // cannot fail: all but the folder is valid
	}
	return cal
}

func (c *config) validateHandling() error {
	for _, part := range []struct {
		key   string
		check func() error
	}{
		{"calendar", func() error { _, err := calendar.New(c.Calendar, c.zone()); return err }},
		{"customers", c.Customers.Validate},
		{"survey", c.Survey.Validate},
		{"second_opinion", c.SecondOpinion.Validate},
		{"learning", c.Learning.Validate},
		{"privacy", c.Privacy.Validate},
		{"public", c.Public.Validate},
		{"oidc", c.OIDC.Validate},
		{"console", c.Console.validate},
		{"campaigns", c.Campaigns.validate},
	} {
		if err := part.check(); err != nil {
			return inSection(part.key, err)
		}
	}
	for i := range c.Mailboxes {
		if err := c.Mailboxes[i].Validate(); err != nil {
			return inSection("mailboxes["+strconv.Itoa(i)+"]", err)
		}
	}
	for i := range c.Webhooks {
		if err := c.Webhooks[i].Validate(); err != nil {
			return inSection("webhooks["+strconv.Itoa(i)+"]", err)
		}
	}
	return nil
}

func (c *consoleConfig) validate() error {
	if c.Idle < 0 || c.Life < 0 {
		return triage.FieldErrorf("idle", "is negative, or life is; 0 means 1h and 12h")
	}
	return nil
}

func (c *config) describeHandling(add func(key, value string)) {
	add("calendar.hours", c.Calendar.Hours)
	add("folder", c.Calendar.Holidays)
	add("survey.enabled", strconv.FormatBool(c.Survey.Enabled))
	add("survey.base_url", c.Survey.BaseURL)
	for _, m := range c.Mailboxes { // users and passwords are not shown
		add("mailboxes."+m.Name, m.Host)
	}
	for _, w := range c.Webhooks { // nor are secrets
		add("webhooks."+w.Name, "******")
	}
	add("public.complain", strconv.FormatBool(c.Public.Complain))
	add("oidc.issuer", c.OIDC.Issuer)
	add("house.contact", c.House.Contact)
	add("second_opinion.enabled", strconv.FormatBool(c.SecondOpinion.Enabled))
	add("learning.disabled", strconv.FormatBool(c.Learning.Disabled))
	add("privacy.texts", c.Privacy.Texts.String())
	add("privacy.exposures", c.Privacy.Exposures.String())
}
