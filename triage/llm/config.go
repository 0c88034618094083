package llm

import (
	"cmp"
	"net/url"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Config is the address of a model and what may be spent on it.
type Config struct {
	// BaseURL is what stands before /chat/completions, such as
	// https://api.deepseek.com/v1 or http://127.0.0.1:11434/v1.
	BaseURL string `yaml:"base_url"`
	// APIKey may be "" for a model of one's own.
	APIKey string `yaml:"api_key"`
	Model  string `yaml:"model"`
	// Timeout bounds one attempt; 0 means 60 s.
	Timeout time.Duration `yaml:"timeout"`
	// RetryDelay goes before the second attempt and doubles for the third, the
	// last; 0 means 1 s.
	RetryDelay time.Duration `yaml:"retry_delay"`
	// MaxCallsPerDay and MaxTokensPerDay bound a calendar day of the clock; 0
	// means 1 000 and 1 000 000. Every attempt is a call. The count is kept in
	// memory and begins again with the program.
	MaxCallsPerDay  int `yaml:"max_calls_per_day"`
	MaxTokensPerDay int `yaml:"max_tokens_per_day"`
}

func (c Config) withDefaults() Config {
	c.Timeout = cmp.Or(c.Timeout, time.Minute)
	c.RetryDelay = cmp.Or(c.RetryDelay, time.Second)
	c.MaxCallsPerDay = cmp.Or(c.MaxCallsPerDay, 1000)
	c.MaxTokensPerDay = cmp.Or(c.MaxTokensPerDay, 1_000_000)
	return c
}

// validate does not repeat the address, which may hold a key.
func (c Config) validate() error {
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return triage.FieldErrorf("base_url", "is no http(s) address; write it like https://api.deepseek.com/v1")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return triage.FieldErrorf("base_url", "has a user, a query or a fragment; keys belong into api_key")
	case c.Model == "":
		return triage.FieldErrorf("model", "is empty; name the model as its provider does")
	case c.Timeout < 0:
		return triage.FieldErrorf("timeout", "%v is negative", c.Timeout)
	case c.RetryDelay < 0:
		return triage.FieldErrorf("retry_delay", "%v is negative", c.RetryDelay)
	case c.MaxCallsPerDay < 0:
		return triage.FieldErrorf("max_calls_per_day", "%d is negative", c.MaxCallsPerDay)
	case c.MaxTokensPerDay < 0:
		return triage.FieldErrorf("max_tokens_per_day", "%d is negative", c.MaxTokensPerDay)
	}
	return nil
}
