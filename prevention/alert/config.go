package alert

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach/hours"
)

// Config is what an operator decides about alarms.
type Config struct {
	// BaseURL is where the console is, for links; "" leaves them out.
	BaseURL string `yaml:"base_url"`
	// GroupWait is how long the first alarm waits for others to join it.
	GroupWait time.Duration `yaml:"group_wait"`
	// RepeatInterval is for how long the same kind of news about the same cluster
	// is not told again.
	RepeatInterval time.Duration `yaml:"repeat_interval"`
	// Quiet are the hours in which only critical alarms are told; the others
	// come in one message at their end.
	Quiet hours.Quiet `yaml:"quiet"`
	// MaxAttempts bounds the attempts for one message. Backoff is how long to
	// wait before the second; each further wait is three times as long.
	MaxAttempts int           `yaml:"max_attempts"`
	Backoff     time.Duration `yaml:"backoff"`
	// PerMinute bounds the messages to one receiver.
	PerMinute float64 `yaml:"per_minute"`
	// SendTimeout bounds one attempt.
	SendTimeout time.Duration `yaml:"send_timeout"`
	Receivers   []Receiver    `yaml:"receivers"`
}

// Receiver is one robot or address.
type Receiver struct {
	Name string `yaml:"name"`
	// Channel is the name of the channel, To what it needs: an e-mail address;
	// robots need nothing.
	Channel string `yaml:"channel"`
	To      string `yaml:"to"`
	// MinSeverity is alert (everything, the default) or critical.
	MinSeverity prevention.Severity `yaml:"min_severity"`
}

// DefaultConfig has no receivers: nobody is told anything.
func DefaultConfig() Config {
	return Config{
		GroupWait: time.Minute, RepeatInterval: 4 * time.Hour,
		Quiet:       hours.Quiet{From: 22 * 60, To: 8 * 60},
		MaxAttempts: 8, Backoff: 30 * time.Second, PerMinute: 10, SendTimeout: 20 * time.Second,
	}
}

// Validate names the first key that cannot be used with the channels.
func (c *Config) Validate(channels []prevention.Channel) error {
	if err := c.Quiet.Validate(); err != nil {
		return fmt.Errorf("quiet.%w", err)
	}
	if c.BaseURL != "" {
		u, err := url.Parse(c.BaseURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return fmt.Errorf("base_url: %q is not an address; write it like https://qianyi.example.com", c.BaseURL)
		}
	}
	switch {
	case c.GroupWait < 0:
		return fmt.Errorf("group_wait: %v is negative", c.GroupWait)
	case c.RepeatInterval < 0:
		return fmt.Errorf("repeat_interval: %v is negative", c.RepeatInterval)
	case c.MaxAttempts < 1:
		return fmt.Errorf("max_attempts: %d is less than 1", c.MaxAttempts)
	case c.Backoff <= 0:
		return fmt.Errorf("backoff: %v is not positive; write it like 30s", c.Backoff)
	case c.SendTimeout <= 0:
		return fmt.Errorf("send_timeout: %v is not positive; write it like 20s", c.SendTimeout)
	case !(c.PerMinute > 0 && c.PerMinute <= 600):
		return fmt.Errorf("per_minute: %v is not between 0 and 600", c.PerMinute)
	}
	for i := range c.Receivers {
		if err := c.validateReceiver(i, channels); err != nil {
			return fmt.Errorf("receivers[%d].%w", i, err)
		}
	}
	return nil
}

func (c *Config) validateReceiver(i int, channels []prevention.Channel) error {
	r := &c.Receivers[i]
	at := slices.IndexFunc(channels, func(ch prevention.Channel) bool { return ch.Name == r.Channel })
	switch {
	case r.Name == "":
		return errors.New("name: is empty")
	case slices.ContainsFunc(c.Receivers[:i], func(o Receiver) bool { return o.Name == r.Name }):
		return fmt.Errorf("name: %q is there already", r.Name)
	case r.Channel == "":
		return errors.New("channel: is empty; name one of the channels")
	case at < 0:
		return fmt.Errorf("channel: %q is none of the channels", r.Channel)
	case channels[at].Address != "" && r.To == "":
		return fmt.Errorf("to: is empty; %s needs the address of the receiver", r.Channel)
	case !slices.Contains([]prevention.Severity{"", prevention.SeverityAlert, prevention.SeverityCritical}, r.MinSeverity):
		return fmt.Errorf("min_severity: %q is neither alert nor critical", r.MinSeverity)
	}
	return nil
}

// wants says whether a receiver is told of news of a severity.
func (r *Receiver) wants(s prevention.Severity) bool {
	return r.MinSeverity != prevention.SeverityCritical || s == prevention.SeverityCritical
}
