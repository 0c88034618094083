package channel_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

var start = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// patience is how long a client waits for a server that hangs.
const patience = 200 * time.Millisecond

// notice has what must not show in errors.
var notice = prevention.Message{
	Key: "plan-7/customer-3", To: "13800138001", Subject: "关于充值", Text: "您的充值失败了，款项今天退回。\n“对不起”",
	Vars: map[string]string{"name": "王小明"},
}

func newClock() *testkit.Clock { return testkit.NewClock(start) }

func closing(t *testing.T, c io.Closer) {
	t.Helper()
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
}

// wantOutcome checks the outcome of a failed send, and that its error is fit for
// logs; "" wants a success.
func wantOutcome(t *testing.T, err error, want prevention.Outcome) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("got the error %v, want none", err)
		}
		return
	}
	e, ok := errors.AsType[*prevention.SendError](err)
	if !ok {
		t.Fatalf("got %v, want a SendError of the outcome %q", err, want)
	}
	if e.Outcome != want {
		t.Errorf("got the outcome %q (%v), want %q", e.Outcome, err, want)
	}
	for _, secret := range []string{"13800138001", "wang@example.com", "充值", "王小明", "s3cret", "token-of-the-chat"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error %q holds %q", err, secret)
		}
	}
}

// wantField checks that a configuration is refused with the field named.
func wantField(t *testing.T, err error, field string) {
	t.Helper()
	e, ok := errors.AsType[*triage.Error](err)
	if !ok || e.Field != field || e.Code != triage.CodeInvalid {
		t.Errorf("got the error %v, want an invalid field %q", err, field)
	}
}
