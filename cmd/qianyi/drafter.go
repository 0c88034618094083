package main

import (
	"strconv"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention/outreach"
	modeldraft "github.com/qianyi-dev/qianyi/prevention/outreach/draft"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/llm"
)

// newLLM returns the language model, nil when none is configured. No connection
// is made. An error names the setting below llm. There is one for all, because
// its budget is one.
func newLLM(c *config) (*llm.Client, error) {
	if c.LLM == (llm.Config{}) {
		return nil, nil //nolint:nilnil // no model is no error
	}
	if strings.Contains(c.LLM.APIKey, "CHANGE-ME") {
		return nil, triage.FieldErrorf("api_key", "is the key of the example; use your own, or none for a model without keys")
	}
	return llm.New(c.LLM, c.now)
}

// newDrafter returns who drafts messages to cohorts, nil without a model.
func newDrafter(model *llm.Client) outreach.Drafter {
	if model == nil {
		return nil
	}
	return modeldraft.New(model)
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
