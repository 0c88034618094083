package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// environment is a fake of the process environment.
func environment(pairs ...string) lookup {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func TestConfigOrder(t *testing.T) {
	t.Parallel()
	path := file(t, "c.yaml", "addr: 127.0.0.1:1\ndata: from-file\npack: telecom\n")
	c, from, err := loadConfig(path, map[string]string{"data": "from-flag", "zone": ""},
		environment("QIANYI_DATA", "from-env", "QIANYI_PACK", "citizen"))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{c.Addr, from["addr"], c.Data, from["data"], c.Pack, from["pack"], c.Zone, from["zone"]}
	want := []string{"127.0.0.1:1", path, "from-flag", originFlag, "citizen", "QIANYI_PACK", "Asia/Shanghai", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConfigMistakesNameTheKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, yaml, says string
	}{
		{"unknown key", "data: d\nadress: :80\n", `c.yaml:2: unknown field "adress"`},
		{"unknown nested key", "log:\n  levle: info\n", `c.yaml:2: unknown field "levle"`},
		{"wrong type", "api:\n  rate_limit: fast\n", "c.yaml:2: "},
		{"not YAML", "data: [\n", "c.yaml:"},
		{"address", "addr: localhost\n", "c.yaml: addr: "},
		{"zone", "zone: Mars\n", `c.yaml: zone: "Mars"`},
		{"level", "log: {level: loud}\n", "c.yaml: log.level: "},
		{"format", "log: {format: xml}\n", "c.yaml: log.format: "},
		{"proxy", "api: {trusted_proxies: [proxy]}\n", "c.yaml: api.trusted_proxies: "},
		{"rate", "api: {rate_limit: -1}\n", "c.yaml: api.rate_limit: "},
		{"short token", "api: {tokens: {crm: short}}\n", "c.yaml: api.tokens: crm: "},
		{"address of a model", "llm: {base_url: api.example.com, model: m}\n", "c.yaml: llm.base_url: "},
		{"model without a name", "llm: {base_url: 'http://127.0.0.1:11434/v1'}\n", "llm.model: "},
		{"model without an address", "llm: {model: m}\n", "llm.base_url: "},
		{"budget of a model", "llm: {base_url: 'http://h/v1', model: m, max_calls_per_day: -1}\n", "c.yaml: llm.max_calls_per_day: "},
		{"key of the example", "llm: {base_url: 'http://h/v1', model: m, api_key: CHANGE-ME}\n", "c.yaml: llm.api_key: "},
		{"token of the example", "api: {tokens: {crm: CHANGE-ME-CHANGE-ME}}\n", "c.yaml: api.tokens: crm: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := loadConfig(file(t, "c.yaml", tt.yaml), nil, environment())
			if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got error %v, want one line that says %q", err, tt.says)
			}
		})
	}
}

func TestConfigSecretsFromFiles(t *testing.T) {
	t.Parallel()
	tokens := file(t, "tokens", "crm:0123456789abcdef\nbi:fedcba9876543210\n")
	dsn := file(t, "dsn", "postgres://q:secret@db/q\n")
	c, _, err := loadConfig("", nil, environment("QIANYI_API_TOKENS_FILE", tokens, "QIANYI_DB_FILE", dsn))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"crm": "0123456789abcdef", "bi": "fedcba9876543210"}, c.API.Tokens); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	if c.dsn() != "postgres://q:secret@db/q" || c.sqliteFile() != "" {
		t.Errorf("got database %q", c.dsn())
	}
	model := file(t, "c.yaml", "llm: {base_url: 'http://h/v1', model: m, api_key: from-file}\n")
	c, from, err := loadConfig(model, nil, environment("QIANYI_LLM_API_KEY", "from-env"))
	if err != nil || c.LLM.APIKey != "from-env" || from["llm.api_key"] != "QIANYI_LLM_API_KEY" {
		t.Errorf("got the key %q of %q, %v", c.LLM.APIKey, from["llm.api_key"], err)
	}
	if _, _, err := loadConfig("", nil, environment("QIANYI_API_TOKENS", "0123456789abcdef")); err == nil {
		t.Error("a token without a name was taken")
	}
}

func TestExampleConfigIsTheDefault(t *testing.T) {
	t.Parallel()
	got, _, err := loadConfig(filepath.Join("..", "..", "docs", "config.example.yaml"), nil, environment())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaultConfig(), got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("docs/config.example.yaml (-default +example):\n%s", diff)
	}
}

func TestConfigCheckHidesSecrets(t *testing.T) {
	t.Parallel()
	path := file(t, "c.yaml", "db: postgres://q:secret@db/q\napi: {tokens: {crm: 0123456789abcdef}}\n"+
		"llm: {base_url: 'http://h/v1', model: m, api_key: sk-secret}\n")
	r := qianyi(t, "", "config", "check", "--config", path).must(t, exitOK)
	if strings.Contains(r.out, "secret") || strings.Contains(r.out, "0123456789") || !strings.Contains(r.out, "crm:******") ||
		!strings.Contains(r.out, "http://h/v1") {
		t.Errorf("got\n%s", r.out)
	}
}
