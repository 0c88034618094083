package main

import (
	"errors"
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
	return nil
}

// inSection turns the error of a part of the configuration into a keyError.
func inSection(key string, err error) error {
	if e, ok := errors.AsType[*triage.Error](err); ok && e.Field != "" {
		return keyErrorf(key+"."+e.Field, "%s", e.Message)
	}
	return keyErrorf(key, "%v", err)
}
