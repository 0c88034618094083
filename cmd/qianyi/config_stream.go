package main

import (
	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/triage"
)

// campaignConfig is how campaigns are judged, and offered at the counter.
type campaignConfig struct {
	Limits  verdict.Limits `yaml:"limits"`
	Counter counter.Policy `yaml:"counter"`
}

func defaultCampaigns() campaignConfig {
	return campaignConfig{Limits: verdict.DefaultLimits(), Counter: counter.DefaultPolicy()}
}

func (c *campaignConfig) validate() error {
	l := &c.Limits
	for _, f := range []struct {
		name  string
		value float64
		over  float64
		most  float64
	}{
		{"above", l.Above, 1, 1000}, {"far", l.Far, 1, 1000}, {"far_rate", l.FarRate, 0, 10_000},
		{"escalated", l.Escalated, 0, 1}, {"unwelcome", l.Unwelcome, 0, 1},
		{"false_adjust", l.FalseAdjust, 0, 0.5}, {"false_stop", l.FalseStop, 0, 0.5},
	} {
		if !(f.value > f.over && f.value <= f.most) {
			return triage.FieldErrorf("limits."+f.name, "is %v; it must be above %v and at most %v", f.value, f.over, f.most)
		}
	}
	if err := c.Counter.Validate(); err != nil {
		return inSection("counter", err)
	}
	return nil
}
