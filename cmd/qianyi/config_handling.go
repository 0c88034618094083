package main

import (
	"strconv"

	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/learn"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/privacy"
	"github.com/qianyi-dev/qianyi/triage/survey"
)

// handlingConfig is about the people who work cases and those who complain.
type handlingConfig struct {
	// Calendar is the working time of the house.
	Calendar calendar.Config `yaml:"calendar"`
	// Customers is how customers are looked after.
	Customers customer.Policy `yaml:"customers"`
	Survey    survey.Config   `yaml:"survey"`
	// Mailboxes are read for complaints.
	Mailboxes []mailbox.Config `yaml:"mailboxes"`
	// House is what replies say of the company.
	House houseConfig `yaml:"house"`
	// SecondOpinion asks the language model about cases in doubt.
	SecondOpinion cascade.Config `yaml:"second_opinion"`
	Learning      learn.Config   `yaml:"learning"`
	// Privacy is how long things are kept.
	Privacy privacy.Config `yaml:"privacy"`
}

type houseConfig struct {
	// Contact is how customers reach the company, such as 客服热线95588.
	Contact string `yaml:"contact"`
}

func defaultHandling() handlingConfig {
	return handlingConfig{Customers: customer.DefaultPolicy(), Survey: survey.Default()}
}

// workingTime returns the calendar of a validated configuration.
func (c *config) workingTime() *calendar.Calendar {
	cal, err := calendar.New(c.Calendar, c.zone())
	if err != nil { // the folder of holidays has changed since
		cal, _ = calendar.New(calendar.Config{}, c.zone()) // cannot fail: a test has it
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
	return nil
}

func (c *config) describeHandling(add func(key, value string)) {
	add("calendar.hours", c.Calendar.Hours)
	add("calendar.holidays", c.Calendar.Holidays)
	add("survey.enabled", strconv.FormatBool(c.Survey.Enabled))
	add("survey.base_url", c.Survey.BaseURL)
	for _, m := range c.Mailboxes { // users and passwords are not shown
		add("mailboxes."+m.Name, m.Host)
	}
	add("house.contact", c.House.Contact)
	add("second_opinion.enabled", strconv.FormatBool(c.SecondOpinion.Enabled))
	add("learning.disabled", strconv.FormatBool(c.Learning.Disabled))
	add("privacy.texts", c.Privacy.Texts.String())
	add("privacy.exposures", c.Privacy.Exposures.String())
}
