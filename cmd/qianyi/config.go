package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/alert"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
	"github.com/qianyi-dev/qianyi/triage/calendar"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/customer"
	"github.com/qianyi-dev/qianyi/triage/learn"
	"github.com/qianyi-dev/qianyi/triage/llm"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/privacy"
	"github.com/qianyi-dev/qianyi/triage/survey"
	"github.com/qianyi-dev/qianyi/triage/webhook"
	"github.com/qianyi-dev/qianyi/web/console/oidc"
	"github.com/qianyi-dev/qianyi/web/public"
)

// config is everything that can be set. Each field has one source: the flag,
// else the environment, else the file, else defaultConfig. docs/config.example.yaml
// explains every key.
type config struct {
	// Addr is where the service listens, "host:port".
	Addr string `yaml:"addr"`
	// Data is the folder of the database and the search index.
	Data string `yaml:"data"`
	// DB is a path or a postgres:// URL; "" means qianyi.db in Data.
	DB string `yaml:"db"`
	// Pack is the code of the pack, Packs a folder that overrides those of the
	// binary, Model a file trained for the pack's types.
	Pack  string `yaml:"pack"`
	Packs string `yaml:"packs"`
	Model string `yaml:"model"`
	// Zone is the time zone of people and of times without an offset.
	Zone    string        `yaml:"zone"`
	Log     logConfig     `yaml:"log"`
	API     apiConfig     `yaml:"api"`
	Console consoleConfig `yaml:"console"`
	// OIDC is where people sign in with the company's accounts.
	OIDC oidc.Config `yaml:"oidc"`
	// Detection, Channels, Outreach and Alerts are about preventing complaints.
	Detection detectionConfig  `yaml:"detection"`
	Channels  []channel.Config `yaml:"channels"`
	Outreach  outreach.Policy  `yaml:"outreach"`
	Alerts    alert.Config     `yaml:"alerts"`
	// LLM is the language model that drafts messages; without an address there
	// is none.
	LLM llm.Config `yaml:"llm"`

	// Calendar is the working time of the house.
	Calendar calendar.Config `yaml:"calendar"`
	// Customers is how customers are looked after.
	Customers customer.Policy `yaml:"customers"`
	Survey    survey.Config   `yaml:"survey"`
	// Mailboxes are read for complaints.
	Mailboxes []mailbox.Config `yaml:"mailboxes"`
	// Webhooks are other systems that send complaints.
	Webhooks []webhook.Config `yaml:"webhooks"`
	// Public is the pages that customers see.
	Public public.Config `yaml:"public"`
	// House is what replies say of the company.
	House houseConfig `yaml:"house"`
	// SecondOpinion asks the language model about cases in doubt.
	SecondOpinion cascade.Config `yaml:"second_opinion"`
	Learning      learn.Config   `yaml:"learning"`
	// Privacy is how long things are kept.
	Privacy privacy.Config `yaml:"privacy"`
	// Campaigns is how campaigns are judged and offered.
	Campaigns campaignConfig `yaml:"campaigns"`
}

type logConfig struct {
	Level string `yaml:"level"`
	// Format is text, json, or auto: text on a terminal.
	Format string `yaml:"format"`
}

type apiConfig struct {
	// Tokens maps the name of a holder to the token.
	Tokens map[string]string `yaml:"tokens"`
	// TrustedProxies are addresses or networks whose X-Forwarded-For is believed.
	TrustedProxies []string `yaml:"trusted_proxies"`
	// RateLimit is in requests per second and client; 0 means the default.
	RateLimit float64 `yaml:"rate_limit"`
}

type consoleConfig struct {
	// SecureCookies is for a service behind a proxy that ends TLS.
	SecureCookies bool `yaml:"secure_cookies"`
	// Idle ends a sign-in without use, Life every one; 0 means 1 h and 12 h.
	Idle time.Duration `yaml:"idle"`
	Life time.Duration `yaml:"life"`
}

func defaultConfig() config {
	return config{
		Addr: ":8080",
		Data: "qianyi-data",
		Pack: "general",
		Zone: "Asia/Shanghai",
		Log:  logConfig{Level: "info", Format: "auto"},

		Detection: detectionConfig{MaxFalseAlarmsPerWeek: 1},
		Outreach:  outreach.DefaultPolicy(),
		Alerts:    alert.DefaultConfig(),

		Customers: customer.DefaultPolicy(), Survey: survey.Default(), Public: public.Config{Complain: true},
		Campaigns: defaultCampaigns(),
	}
}

// keyError is a setting that cannot be used.
type keyError struct {
	key, reason string
}

func (e *keyError) Error() string { return e.key + ": " + e.reason }

func keyErrorf(key, format string, args ...any) error {
	return &keyError{key, fmt.Sprintf(format, args...)}
}

// minTokenRunes keeps API tokens from being guessed.
const minTokenRunes = 16

// validate returns a *keyError about the first setting that cannot be used.
func (c *config) validate() error {
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return keyErrorf("addr", "%q is not an address; write it like :8080 or 127.0.0.1:8080", c.Addr)
	}
	if c.Data == "" {
		return keyErrorf("data", "is empty; name a folder")
	}
	if c.Pack == "" {
		return keyErrorf("pack", "is empty; name a pack such as general")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" {
		return keyErrorf("zone", "%q is not a time zone; write it like Asia/Shanghai", c.Zone)
	}
	if _, err := c.level(); err != nil {
		return keyErrorf("log.level", "%q is not a level; use debug, info, warn or error", c.Log.Level)
	}
	if !slices.Contains([]string{"auto", "text", "json"}, c.Log.Format) {
		return keyErrorf("log.format", "%q is not a format; use auto, text or json", c.Log.Format)
	}
	if err := c.validatePrevention(); err != nil {
		return err
	}
	if err := c.validateHandling(); err != nil {
		return err
	}
	return c.API.validate()
}

func (a *apiConfig) validate() error {
	for name, token := range a.Tokens {
		switch {
		case strings.TrimSpace(name) == "":
			return keyErrorf("api.tokens", "a token has no name")
		case strings.Contains(token, "CHANGE-ME"):
			return keyErrorf("api.tokens", "%s: is the token of the example; make your own, with openssl rand -hex 24 say", name)
		case len(token) < minTokenRunes:
			return keyErrorf("api.tokens", "%s: is shorter than %d characters", name, minTokenRunes)
		}
	}
	for _, p := range a.TrustedProxies {
		_, errAddr := netip.ParseAddr(p)
		if _, err := netip.ParsePrefix(p); err != nil && errAddr != nil {
			return keyErrorf("api.trusted_proxies", "%q is neither an address nor a network such as 10.0.0.0/8", p)
		}
	}
	if a.RateLimit < 0 {
		return keyErrorf("api.rate_limit", "%v is negative", a.RateLimit)
	}
	return nil
}

func (c *config) level() (slog.Level, error) {
	var l slog.Level
	err := l.UnmarshalText([]byte(c.Log.Level))
	return l, err
}

// zone returns the time zone of a validated configuration.
func (c *config) zone() *time.Location {
	z, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.UTC
	}
	return z
}

// now is the time as people here write it, to the millisecond as it is stored.
func (c *config) now() time.Time { return time.Now().In(c.zone()).Truncate(time.Millisecond) }

// dsn returns where the database is.
func (c *config) dsn() string {
	if c.DB != "" {
		return c.DB
	}
	return filepath.Join(c.Data, "qianyi.db")
}

func (c *config) indexDir() string { return filepath.Join(c.Data, "index") }
