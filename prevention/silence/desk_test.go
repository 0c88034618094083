package silence_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/silence"
	"github.com/qianyi-dev/qianyi/triage"
)

// ledger keeps versions in memory.
type ledger struct {
	versions []silence.Version
	trail    []triage.AuditEntry
}

func (l *ledger) Assumptions(context.Context) (silence.Version, error) {
	if len(l.versions) == 0 {
		return silence.Version{}, nil
	}
	return l.versions[len(l.versions)-1], nil
}

func (l *ledger) AssumptionHistory(context.Context, int) ([]silence.Version, error) {
	return l.versions, nil
}

func (l *ledger) PutAssumptions(_ context.Context, v silence.Version, e triage.AuditEntry) error {
	v.Number++
	l.versions, l.trail = append(l.versions, v), append(l.trail, e)
	return nil
}

func TestChangesAreMarkedAndInTheTrail(t *testing.T) {
	t.Parallel()
	l := &ledger{}
	d := silence.Desk{Store: l, Now: func() time.Time { return time.Unix(9, 0) }, Source: func(context.Context) ([]silence.Prevented, error) {
		return []silence.Prevented{{Value: 10, Low: 5, High: 15}}, nil
	}}
	_, before, err := d.Worth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Change(t.Context(), 0, set(silence.Handling, 50, 80, 90), " 财务核定 ", "li"); err != nil {
		t.Fatal(err)
	}
	v, after, err := d.Worth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if after.Sum.Handled != 800 || before.Sum.Handled != 350 || v.Number != 1 || v.Why != "财务核定" {
		t.Errorf("got %v before and %v after, version %d", before.Sum.Handled, after.Sum.Handled, v.Number)
	}
	for _, a := range v.Assumptions {
		if edited := a.Source == silence.SourceEdited; edited != (a.Key == silence.Handling) {
			t.Errorf("%s has the source %s", a.Key, a.Source)
		}
	}
	if e := l.trail[0]; e.Actor != "li" || !strings.Contains(e.Detail, `"handling":[50,80,90]`) {
		t.Errorf("got the entry %+v", e)
	}
	if err := d.Change(t.Context(), 1, silence.Defaults(), " ", "li"); triage.CodeOf(err) != triage.CodeInvalid {
		t.Errorf("without a reason: got %v", err)
	}
	if err := d.Reset(t.Context(), 1, "恢复", "li"); err != nil || l.versions[1].Assumptions[0].Source != silence.SourceLifeCycle {
		t.Errorf("reset: %v", err)
	}
}
