package main

import (
	"errors"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/triage"
)

// detectionConfig is what an operator says about alarms.
type detectionConfig struct {
	// MaxFalseAlarmsPerWeek is how many alarms by chance are accepted.
	MaxFalseAlarmsPerWeek float64 `yaml:"max_false_alarms_per_week"`
}

func (c *config) validatePrevention() error {
	if n := c.Detection.MaxFalseAlarmsPerWeek; !(n > 0 && n <= 100) {
		return keyErrorf("detection.max_false_alarms_per_week", "%v is not between 0 and 100", n)
	}
	if err := c.Outreach.Validate(); err != nil {
		return inSection("outreach", err)
	}
	if _, err := newLLM(c); err != nil {
		return inSection("llm", err)
	}
	return c.validateChannels()
}

// validateChannels checks the ways out and the alarms that use them, without
// opening anything.
func (c *config) validateChannels() error {
	channels, err := channel.Check(c.Channels, c.now)
	if e, ok := errors.AsType[*triage.Error](err); ok {
		return keyErrorf(e.Field, "%s", strings.TrimPrefix(err.Error(), e.Field+": "))
	}
	if err != nil {
		return keyErrorf("channels", "%v", err)
	}
	if err := c.Alerts.Validate(channels); err != nil {
		return inSection("alerts", err)
	}
	return nil
}

// inSection turns the error of a part of the configuration into a keyError.
func inSection(key string, err error) error {
	if e, ok := errors.AsType[*triage.Error](err); ok && e.Field != "" {
		return keyErrorf(key+"."+e.Field, "%s", e.Message)
	}
	if field, reason, ok := strings.Cut(err.Error(), ": "); ok && !strings.Contains(field, " ") {
		return keyErrorf(key+"."+field, "%s", reason)
	}
	return keyErrorf(key, "%v", err)
}
