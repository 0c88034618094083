package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
)

// knobs are the settings that environment and flags can reach; all are text.
var knobs = []struct {
	key, env string
	field    func(*config) *string
}{
	{"addr", "QIANYI_ADDR", func(c *config) *string { return &c.Addr }},
	{"data", "QIANYI_DATA", func(c *config) *string { return &c.Data }},
	{"db", "QIANYI_DB", func(c *config) *string { return &c.DB }},
	{"pack", "QIANYI_PACK", func(c *config) *string { return &c.Pack }},
	{"packs", "QIANYI_PACKS", func(c *config) *string { return &c.Packs }},
	{"model", "QIANYI_MODEL", func(c *config) *string { return &c.Model }},
	{"zone", "QIANYI_ZONE", func(c *config) *string { return &c.Zone }},
	{"log.level", "QIANYI_LOG_LEVEL", func(c *config) *string { return &c.Log.Level }},
	{"log.format", "QIANYI_LOG_FORMAT", func(c *config) *string { return &c.Log.Format }},
}

const (
	envConfig = "QIANYI_CONFIG"
	envTokens = "QIANYI_API_TOKENS"
	envLLM    = "QIANYI_LLM_API_KEY"
	// keyTokens and keyLLM are set by envTokens and envLLM, not by a knob.
	keyTokens = "api.tokens"
	keyLLM    = "llm.api_key"
)

// origins says of each key that is not at its default where it was set.
type origins map[string]string

const originFlag = "flag"

// lookup finds a variable of the environment; os.LookupEnv is one.
type lookup func(name string) (value string, found bool)

// loadConfig joins defaults, file, environment and flags, in rising order, and
// validates. flags maps keys to values, "" meaning not given. An error names
// file and line, or the key and where it was set; one about a flag is a
// usageError.
func loadConfig(file string, flags map[string]string, env lookup) (config, origins, error) {
	c, from := defaultConfig(), origins{}
	if file == "" {
		file, _ = env(envConfig)
	}
	if file != "" {
		if err := c.readFile(file, from); err != nil {
			return c, from, err
		}
	}
	if err := c.readEnv(env, from); err != nil {
		return c, from, err
	}
	for _, k := range knobs {
		if v := flags[k.key]; v != "" {
			*k.field(&c) = v
			from[k.key] = originFlag
		}
	}
	if err := c.validate(); err != nil {
		return c, from, blame(err, from)
	}
	return c, from, nil
}

// blame adds where the setting at fault came from.
func blame(err error, from origins) error {
	var k *keyError
	if !errors.As(err, &k) {
		return err
	}
	switch origin := from.of(k.key); origin {
	case "":
		return err
	case originFlag:
		return usageError{fmt.Errorf("--%w", err)}
	default:
		return fmt.Errorf("%s: %w", origin, err)
	}
}

// of returns where a key, or the nearest one around it that is set, was set.
func (o origins) of(key string) string {
	for {
		if origin, ok := o[key]; ok {
			return origin
		}
		end := strings.LastIndexAny(key, ".[")
		if end < 0 {
			return ""
		}
		key = key[:end]
	}
}

func (c *config) readFile(file string, from origins) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	err = yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(c)
	if err != nil && !errors.Is(err, io.EOF) {
		return yamlError(file, err)
	}
	var keys map[string]any
	if err := yaml.Unmarshal(b, &keys); err != nil {
		return yamlError(file, err)
	}
	from.note("", keys, file)
	return nil
}

// note records the keys of a file, nested ones with dots.
func (o origins) note(prefix string, keys map[string]any, origin string) {
	for k, v := range keys {
		key := prefix + k
		if nested, ok := v.(map[string]any); ok && key != keyTokens {
			o.note(key+".", nested, origin)
			continue
		}
		o[key] = origin
	}
}

// yamlError puts file and line before the decoder's reason.
func yamlError(file string, err error) error {
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", file, y.GetToken().Position.Line, y.GetMessage())
	}
	return fmt.Errorf("%s: %w", file, err)
}

func (c *config) readEnv(env lookup, from origins) error {
	for _, k := range knobs {
		v, err := variable(env, k.env)
		if err != nil {
			return err
		}
		if v != "" {
			*k.field(c) = v
			from[k.key] = k.env
		}
	}
	key, err := variable(env, envLLM)
	if err != nil {
		return err
	}
	if key != "" {
		c.LLM.APIKey, from[keyLLM] = key, envLLM
	}
	v, err := variable(env, envTokens)
	if v == "" || err != nil {
		return err
	}
	c.API.Tokens, err = parseTokens(v)
	from[keyTokens] = envTokens
	return err
}

// variable reads NAME, or the file that NAME_FILE names, without the line end.
func variable(env lookup, name string) (string, error) {
	if v, _ := env(name); v != "" {
		return v, nil
	}
	file, _ := env(name + "_FILE")
	if file == "" {
		return "", nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// parseTokens reads NAME:TOKEN pairs, apart by commas or white space.
func parseTokens(list string) (map[string]string, error) {
	tokens := map[string]string{}
	pairs := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' })
	for i, pair := range pairs {
		name, token, found := strings.Cut(pair, ":")
		if !found || name == "" {
			return nil, fmt.Errorf("%s: entry %d is not NAME:TOKEN", envTokens, i+1)
		}
		tokens[name] = token
	}
	return tokens, nil
}
