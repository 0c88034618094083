package outreach_test

import (
	"context"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

func (m *memory) Decide(ctx context.Context, n prevention.Notice, e triage.AuditEntry) (bool, error) {
	if m.decidedBefore {
		return false, nil
	}
	ok, err := m.Settle(ctx, n)
	m.mu.Lock()
	defer m.mu.Unlock()
	if ok {
		m.audit = append(m.audit, e)
	}
	return ok, err
}

func (m *memory) Suppressions(context.Context, time.Time, int, int) ([]prevention.Suppression, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.blocked, nil
}
