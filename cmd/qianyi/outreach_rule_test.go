package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
)

// approvedRule makes an event rule about payments that failed and has it
// approved; its author may not.
func (s *instance) approvedRule(t *testing.T, dailyCap int) string {
	t.Helper()
	var r struct {
		ID      string
		Version int64
		Status  prevention.EventRuleStatus
	}
	s.as(t, "author", "POST", "/event-rules", map[string]any{
		"name": "充值失败先告知", "when": failedPayment, "wait_minutes": 0, "daily_cap": dailyCap, "channels": []string{"sms"},
		"unless":   map[string]any{"kind": "payment", "attrs": map[string]any{"status": "ok"}},
		"template": map[string]any{"subject": "", "text": "抱歉，您{{time}}的充值没有成功，款项将退回。"},
	}, http.StatusCreated, &r)
	version := map[string]any{"version": r.Version}
	s.as(t, "author", "POST", "/event-rules/"+r.ID+"/approve", version, http.StatusForbidden, nil)
	s.as(t, "approver", "POST", "/event-rules/"+r.ID+"/approve", version, http.StatusOK, &r)
	if r.Status != prevention.EventRuleApproved {
		t.Fatalf("the rule is %s after its approval", r.Status)
	}
	return r.ID
}

// payments are lines of the exposures of customers first to last, now.
func payments(first, last int, status string) string {
	var b strings.Builder
	b.WriteString("customer_id,kind,key,at,attrs\n")
	for i := first; i <= last; i++ {
		b.WriteString(payment(i, status, time.Now()))
	}
	return b.String()
}

func TestEventRule(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	data := seeded(t, 9) // their mishaps of an hour ago are older than the rule
	s := serve(t, "--data", data, "--config", outreachConfig(t, func(c *config) { c.Channels = []channel.Config{sms(g)} }))
	s.approvedRule(t, 4)
	importFile(t, data, "exposures", payments(1, 4, "failed"))
	importFile(t, data, "exposures", payments(3, 3, "ok"))
	s.complain(t, "first", 4)
	for range 2 {
		s.run(t, "event-rules")
		s.run(t, "send")
		wantInbox(t, &g.Inbox, phones(1, 2)...) // C3 was paid, C4 has complained
	}

	// A second mishap of C1 within the week is not told; of the others one is
	// left by the daily cap, in which C4's notice counts.
	importFile(t, data, "exposures", payments(1, 1, "failed"))
	importFile(t, data, "exposures", payments(5, 9, "failed"))
	for range 2 {
		s.run(t, "event-rules")
		s.run(t, "send")
		if got := g.PerAddress(); len(got) != 3 || got[phone(5)] != 1 || got[phone(1)] != 1 {
			t.Errorf("messages by receiver: %v, want one more, to the first customer of the day's rest", got)
		}
	}
}

func TestPausedEventRuleTellsNobody(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	data := seeded(t, 3)
	s := serve(t, "--data", data, "--config", outreachConfig(t, func(c *config) { c.Channels = []channel.Config{sms(g)} }))
	rule := s.approvedRule(t, 10)
	importFile(t, data, "exposures", payments(1, 3, "failed"))
	if note := s.run(t, "event-rules"); !strings.HasPrefix(note, "3 ") {
		t.Fatalf("the job says %q, want 3 notices", note)
	}
	s.as(t, "author", "POST", "/event-rules/"+rule+"/pause", nil, http.StatusOK, nil)
	s.run(t, "send")
	if got := g.All(); len(got) > 0 {
		t.Errorf("%d messages after the pause, want none", len(got))
	}
	var rules struct {
		Items []struct{ Status prevention.EventRuleStatus }
	}
	s.get(t, "/event-rules", &rules)
	if !slices.ContainsFunc(rules.Items, func(r struct{ Status prevention.EventRuleStatus }) bool {
		return r.Status == prevention.EventRulePaused
	}) {
		t.Errorf("got %v, want the rule paused", rules.Items)
	}
}
