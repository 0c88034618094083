package learn

import (
	"cmp"

	"github.com/qianyi-dev/qianyi/triage"
)

// Config says when a model is learned.
type Config struct {
	// Disabled leaves the model as it is; the report is still made.
	Disabled bool `yaml:"disabled"`
	// MinNew is how many labels must be new since the last run; 0 means 50.
	MinNew int `yaml:"min_new"`
	// MinTests is how many unseen cases a promotion needs; 0 means 60.
	MinTests int `yaml:"min_tests"`
	// MaxLabels bounds the labels that are used, the newest; 0 means 20 000.
	MaxLabels int `yaml:"max_labels"`
}

func (c Config) withDefaults() Config {
	c.MinNew = cmp.Or(c.MinNew, 50)
	c.MinTests = cmp.Or(c.MinTests, 60)
	c.MaxLabels = cmp.Or(c.MaxLabels, 20_000)
	return c
}

// Validate names the first setting that cannot be used.
func (c Config) Validate() error {
	for _, f := range []struct {
		name  string
		value int
	}{{"min_new", c.MinNew}, {"min_tests", c.MinTests}, {"max_labels", c.MaxLabels}} {
		if f.value < 0 {
			return triage.FieldErrorf(f.name, "%d is negative", f.value)
		}
	}
	return nil
}
