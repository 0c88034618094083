package outreach

import (
	"context"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// reasonBlocked is why somebody is on the list whom a person put there, unless
// that person says another.
const reasonBlocked = "blocklist"

// Limits of a suppression, in runes.
const (
	maxAddress     = 200
	maxBlockReason = 100
)

// Block keeps a customer, an address (phone or e-mail) or both from being told
// anything, at once and for good; queued notices end as skipped. The customer
// need not be in the customer file. Blocking again changes nothing.
func (s *Service) Block(ctx context.Context, b prevention.Suppression, by string) (prevention.Suppression, error) {
	b.Customer = triage.CustomerID(strings.TrimSpace(string(b.Customer)))
	b.Address, b.Reason = strings.TrimSpace(b.Address), strings.TrimSpace(b.Reason)
	switch {
	case b.Customer == "" && b.Address == "":
		return b, refuse("customer_id", "请填写客户编号或号码、地址", "name a customer, a phone or an e-mail address")
	case len([]rune(b.Customer)) > maxAddress:
		return b, refuse("customer_id", "超过 %d 字", "is longer than %d characters", maxAddress)
	case len([]rune(b.Address)) > maxAddress:
		return b, refuse("address", "超过 %d 字", "is longer than %d characters", maxAddress)
	case b.Address != "" && !strings.Contains(b.Address, "@") && !strings.ContainsAny(b.Address, "0123456789"):
		return b, refuse("address", "既不是号码也不是邮箱", "is neither a phone nor an e-mail address")
	case len([]rune(b.Reason)) > maxBlockReason:
		return b, refuse("reason", "超过 %d 字", "is longer than %d characters", maxBlockReason)
	}
	if b.Reason == "" {
		b.Reason = reasonBlocked
	}
	b.At, b.By = s.d.Now(), by
	return b, s.d.Guards.Suppress(ctx, b)
}

// Blocked lists at most limit entries from since on, oldest first, without the
// first skip of them.
func (s *Service) Blocked(ctx context.Context, since time.Time, skip, limit int) ([]prevention.Suppression, error) {
	return s.d.Guards.Suppressions(ctx, since, skip, limit)
}
