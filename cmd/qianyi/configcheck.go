package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// configCheckCmd prints the settings in effect; secrets are hidden.
type configCheckCmd struct {
	settings
	dataSettings
	packSettings
	JSON bool `name:"json" help:"Print JSON."`
}

// setting is one line of the answer.
type setting struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

// Run prints every key with its value and source.
func (cmd *configCheckCmd) Run(s *streams) error {
	c, from, err := cmd.loadWithOrigins(cmd.dataSettings.flags(), cmd.packSettings.flags())
	if err != nil {
		return err
	}
	list := c.describe(from)
	if cmd.JSON {
		return json.NewEncoder(s.out).Encode(list)
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, k := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\n", k.Key, k.Value, k.Source)
	}
	return w.Flush()
}

func (c *config) describe(from origins) []setting {
	var list []setting
	add := func(key, value string) {
		source := from[key]
		if source == "" {
			source = "default"
		}
		list = append(list, setting{key, value, source})
	}
	for _, k := range knobs {
		add(k.key, redactDSN(*k.field(c)))
	}
	holders := slices.Sorted(maps.Keys(c.API.Tokens))
	for i := range holders {
		holders[i] += ":******"
	}
	add(keyTokens, strings.Join(holders, ","))
	add("api.trusted_proxies", strings.Join(c.API.TrustedProxies, ","))
	add("api.rate_limit", strconv.FormatFloat(c.API.RateLimit, 'g', -1, 64))
	add("console.secure_cookies", strconv.FormatBool(c.Console.SecureCookies))
	return list
}

// redactDSN hides the password of a URL.
func redactDSN(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.User == nil {
		return value
	}
	return u.Redacted()
}
