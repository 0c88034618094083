package cascade

import (
	"cmp"

	"github.com/qianyi-dev/qianyi/triage"
)

// Config says which cases are asked about and what that may do.
type Config struct {
	Enabled bool `yaml:"enabled"`
	// Below is the confidence under which a case that asks for review is asked
	// about; 0 means every such case.
	Below float64 `yaml:"below"`
	// MaxPerRun bounds the cases of a run; 0 means 20. Each costs two calls.
	MaxPerRun int `yaml:"max_per_run"`
	// PricePer1K is what a thousand tokens cost, in the currency of the company.
	PricePer1K float64 `yaml:"price_per_1k"`
	// ShowOnly never changes the type of a case: opinions are alternatives.
	ShowOnly bool `yaml:"show_only"`
	// MinEvidence is how many opinions people must have decided about before one
	// may change the type of a case; 0 means 50.
	MinEvidence int `yaml:"min_evidence"`
}

func (c Config) withDefaults() Config {
	c.Below = cmp.Or(c.Below, 1)
	c.MaxPerRun = cmp.Or(c.MaxPerRun, 20)
	c.MinEvidence = cmp.Or(c.MinEvidence, 50)
	return c
}

// Validate names the first setting that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.Below < 0 || c.Below > 1:
		return triage.FieldErrorf("below", "%v is no confidence from 0 to 1", c.Below)
	case c.MaxPerRun < 0:
		return triage.FieldErrorf("max_per_run", "%d is negative", c.MaxPerRun)
	case c.PricePer1K < 0:
		return triage.FieldErrorf("price_per_1k", "%v is negative", c.PricePer1K)
	case c.MinEvidence < 0:
		return triage.FieldErrorf("min_evidence", "%d is negative", c.MinEvidence)
	}
	return nil
}
