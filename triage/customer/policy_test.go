package customer_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

func fieldOf(err error) string {
	if e, ok := errors.AsType[*triage.Error](err); ok {
		return e.Field
	}
	return ""
}

func TestPolicyNamesTheFieldAtFault(t *testing.T) {
	t.Parallel()
	for field, spoil := range map[string]func(*customer.Policy){
		"":               func(*customer.Policy) {},
		"contacts":       func(p *customer.Policy) { p.Contacts["gold"] = customer.Monthly },
		"contacts.vip":   func(p *customer.Policy) { p.Contacts[triage.TierVIP] = "daily" },
		"low_score":      func(p *customer.Policy) { p.LowScore = math.NaN() },
		"vip_score":      func(p *customer.Policy) { p.VIPScore = 101 },
		"low_score_days": func(p *customer.Policy) { p.LowScoreDays = 0 },
		"call_back_days": func(p *customer.Policy) { p.CallBackDays = 366 },
		"match_days":     func(p *customer.Policy) { p.MatchDays = -1 },
		"vip_row":        func(p *customer.Policy) { p.VIPRow = -1 },
		"plan_within":    func(p *customer.Policy) { p.PlanWithin = 0 },
	} {
		p := customer.DefaultPolicy()
		spoil(&p)
		err := p.Validate()
		if (err == nil) != (field == "") || err != nil && !strings.HasPrefix(err.Error(), field+":") {
			t.Errorf("field %q: got %v", field, err)
		}
	}
}
