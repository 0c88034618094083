package main

import (
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention/outreach"
	modeldraft "github.com/qianyi-dev/qianyi/prevention/outreach/draft"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/llm"
)

// newDrafter returns who drafts messages, nil when no model is configured. No
// connection is made. An error names the setting below llm.
func newDrafter(c *config) (outreach.Drafter, error) {
	if c.LLM == (llm.Config{}) {
		return nil, nil // without a model there is no drafter
	}
	if strings.Contains(c.LLM.APIKey, "CHANGE-ME") {
		return nil, triage.FieldErrorf("api_key", "is the key of the example; use your own, or none for a model without keys")
	}
	client, err := llm.New(c.LLM, c.now)
	if err != nil {
		return nil, err
	}
	return modeldraft.New(client), nil
}

func (c *config) describeLLM(add func(key, value string)) {
	m := &c.LLM
	key := ""
	if m.APIKey != "" {
		key = "******"
	}
	add("llm.base_url", m.BaseURL)
	add(keyLLM, key)
	add("llm.model", m.Model)
	add("llm.max_calls_per_day", strconv.Itoa(m.MaxCallsPerDay))
	add("llm.max_tokens_per_day", strconv.Itoa(m.MaxTokensPerDay))
}
