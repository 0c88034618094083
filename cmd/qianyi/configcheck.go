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
	add("detection.max_false_alarms_per_week", strconv.FormatFloat(c.Detection.MaxFalseAlarmsPerWeek, 'g', -1, 64))
	for _, ch := range c.Channels { // their addresses and secrets are not shown
		add("channels."+ch.Name, ch.Kind())
	}
	c.describeOutreach(add)
	for _, r := range c.Alerts.Receivers {
		add("alerts.receivers."+r.Name, r.Channel)
	}
	add("alerts.base_url", c.Alerts.BaseURL)
	c.describeLLM(add)
	c.describeHandling(add)
	return list
}

func (c *config) describeOutreach(add func(key, value string)) {
	p := &c.Outreach
	add("outreach.quiet", p.Quiet.From.String()+"-"+p.Quiet.To.String())
	add("outreach.week_cap", strconv.Itoa(p.WeekCap))
	add("outreach.month_cap", strconv.Itoa(p.MonthCap))
	add("outreach.approval_above", strconv.Itoa(p.ApprovalAbove))
	add("outreach.rate_per_second", strconv.FormatFloat(p.Rate, 'g', -1, 64))
	add("outreach.max_attempts", strconv.Itoa(p.MaxAttempts))
}

// redactDSN hides the password of a URL.
func redactDSN(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.User == nil {
		return value
	}
	return u.Redacted()
}
