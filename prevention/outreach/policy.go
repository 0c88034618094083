package outreach

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention/outreach/hours"
)

// Policy is what an operator decides about outreach.
type Policy struct {
	// Quiet are the hours in which nobody is told anything, in the zone of the
	// service.
	Quiet hours.Quiet `yaml:"quiet"`
	// WeekCap and MonthCap bound the notices to one customer within 7 and 30
	// days, across all causes.
	WeekCap  int `yaml:"week_cap"`
	MonthCap int `yaml:"month_cap"`
	// ApprovalAbove is the number of recipients above which the approver must be
	// somebody else than who created and submitted the plan.
	ApprovalAbove int `yaml:"approval_above"`
	// Rate is in messages per second and channel; Parallel bounds the attempts
	// under way.
	Rate     float64 `yaml:"rate_per_second"`
	Parallel int     `yaml:"parallel"`
	// MaxAttempts bounds the attempts of one notice on one channel. Backoff is
	// how long to wait before the second; each further wait is three times as
	// long, up to BackoffMax, with jitter.
	MaxAttempts int           `yaml:"max_attempts"`
	Backoff     time.Duration `yaml:"backoff"`
	BackoffMax  time.Duration `yaml:"backoff_max"`
	// SendTimeout bounds one attempt. Lease is after how long an attempt without
	// an end counts as that of a crashed process.
	SendTimeout time.Duration `yaml:"send_timeout"`
	Lease       time.Duration `yaml:"lease"`
	// KeyLife is how long after an attempt of unknown end the same idempotency
	// key may be used again. Gateways must remember keys for at least
	// MaxAttempts times as long.
	KeyLife time.Duration `yaml:"key_life"`
	// Signature opens every text message and OptOutHint ends it; "" when the
	// gateway adds them.
	Signature  string `yaml:"signature"`
	OptOutHint string `yaml:"opt_out_hint"`
	// Contacts are phone numbers and addresses of the company that messages may
	// mention; any other is taken for personal data.
	Contacts []string `yaml:"contacts"`
	// RuleRepeat is for how long an event rule leaves a customer alone whom it
	// has told.
	RuleRepeat time.Duration `yaml:"rule_repeat"`
	// RuleLookback is how late an exposure may arrive and still be found;
	// RuleMaxAge is after how long a mishap is too old to be told.
	RuleLookback time.Duration `yaml:"rule_lookback"`
	RuleMaxAge   time.Duration `yaml:"rule_max_age"`
}

// DefaultPolicy is careful: silence from 21:00 to 09:00, one notice a week and
// two a month for each customer, and two persons for every plan.
func DefaultPolicy() Policy {
	return Policy{
		Quiet:   hours.Quiet{From: 21 * 60, To: 9 * 60},
		WeekCap: 1, MonthCap: 2,
		Rate: 20, Parallel: 8,
		MaxAttempts: 5, Backoff: time.Minute, BackoffMax: 2 * time.Hour,
		SendTimeout: 20 * time.Second, Lease: 2 * time.Minute, KeyLife: 13 * time.Hour,
		OptOutHint: "退订回T",
		RuleRepeat: 7 * 24 * time.Hour, RuleLookback: 2 * time.Hour, RuleMaxAge: 24 * time.Hour,
	}
}

// Limits that keep a slip of the pen from doing harm.
const (
	maxRate     = 5000
	maxParallel = 256
	maxAttempts = 50
)

// Validate names the first field that cannot be used.
func (p *Policy) Validate() error {
	if err := p.Quiet.Validate(); err != nil {
		return fmt.Errorf("quiet.%w", err)
	}
	for _, f := range []struct {
		name      string
		value     float64
		low, high float64
	}{
		{"week_cap", float64(p.WeekCap), 1, 100},
		{"month_cap", float64(p.MonthCap), 1, 100},
		{"approval_above", float64(p.ApprovalAbove), 0, 1e9},
		{"rate_per_second", p.Rate, 0.01, maxRate},
		{"parallel", float64(p.Parallel), 1, maxParallel},
		{"max_attempts", float64(p.MaxAttempts), 1, maxAttempts},
	} {
		if !(f.value >= f.low && f.value <= f.high) {
			return fmt.Errorf("%s: %v is not between %v and %v", f.name, f.value, f.low, f.high)
		}
	}
	if err := p.validateTimes(); err != nil {
		return err
	}
	for _, s := range []struct{ name, text string }{{"signature", p.Signature}, {"opt_out_hint", p.OptOutHint}} {
		if strings.ContainsAny(s.text, "\r\n") || len([]rune(s.text)) > 20 {
			return fmt.Errorf("%s: must be one line of at most 20 characters", s.name)
		}
	}
	return nil
}

func (p *Policy) validateTimes() error {
	for _, f := range []struct {
		name  string
		value time.Duration
	}{
		{"backoff", p.Backoff}, {"backoff_max", p.BackoffMax}, {"send_timeout", p.SendTimeout},
		{"lease", p.Lease}, {"key_life", p.KeyLife}, {"rule_repeat", p.RuleRepeat}, {"rule_max_age", p.RuleMaxAge},
	} {
		if f.value <= 0 {
			return fmt.Errorf("%s: %v is not positive; write it like 30s", f.name, f.value)
		}
	}
	switch {
	case p.BackoffMax < p.Backoff:
		return fmt.Errorf("backoff_max: %v is shorter than backoff, %v", p.BackoffMax, p.Backoff)
	case p.Lease < 2*p.SendTimeout:
		return fmt.Errorf("lease: %v is shorter than twice send_timeout, %v: an attempt under way would be taken for a crashed one", p.Lease, p.SendTimeout)
	case p.KeyLife < p.Lease:
		return fmt.Errorf("key_life: %v is shorter than lease, %v", p.KeyLife, p.Lease)
	case p.RuleLookback < 0:
		return fmt.Errorf("rule_lookback: %v is negative", p.RuleLookback)
	}
	return nil
}

// isContact says whether a number or an address is one of the company's own.
func (p *Policy) isContact(value string) bool {
	return slices.ContainsFunc(p.Contacts, func(own string) bool {
		return bare(own) == bare(value)
	})
}

// bare is a number or an address without what people write between its parts.
func bare(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "+86", "").Replace(nlp.Normalize(s).Text)
}
