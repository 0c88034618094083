package outreach_test

import (
	"context"
	"errors"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/outreach"
)

func TestReconcileSettlesWhatTheChannelKnows(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	fates := map[string]outreach.Fate{
		"k1": outreach.FateDelivered, "k2": outreach.FateAccepted, "k3": outreach.FateAbsent, "k4": outreach.FateFailed, "k5": outreach.FateUnknown,
	}
	for i, key := range []string{"k1", "k2", "k3", "k4", "k5"} {
		o.add(prevention.Notice{
			Plan: "P1", Cause: "cluster:K1", Customer: member(i).ID, State: prevention.NoticeUnclear, Reason: outreach.ReasonUnknown,
			Channel: "sms", Key: key, BegunAt: start,
		})
	}
	o.add(prevention.Notice{
		Plan: "P1", Cause: "cluster:K1", Customer: member(9).ID, State: prevention.NoticeUnclear, Channel: "mail", Key: "k9", BegunAt: start,
	})
	lookups := map[string]outreach.Lookup{"sms": func(_ context.Context, key, _ string) (outreach.Fate, error) { return fates[key], nil }}
	n, err := o.desk.Reconcile(t.Context(), lookups)
	if err != nil || n != 4 {
		t.Fatalf("settled %d, %v; want 4", n, err)
	}
	want := []prevention.NoticeState{
		prevention.NoticeDelivered, prevention.NoticeSent, prevention.NoticeFailed, prevention.NoticeFailed, prevention.NoticeUnclear, prevention.NoticeUnclear,
	}
	for i, state := range want {
		if got := o.notices[i]; got.State != state {
			t.Errorf("notice %d of %s: got %s, want %s", i, got.Channel, got.State, state)
		}
	}
	if got := o.notices[2].Reason; got != outreach.ReasonAbsent {
		t.Errorf("reason of the absent one: got %q", got)
	}
}

func TestReconcileGoesOnPastASilentChannel(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for i, channel := range []string{"down", "down", "sms"} {
		o.add(prevention.Notice{
			Plan: "P1", Cause: "cluster:K1", Customer: member(i).ID, State: prevention.NoticeUnclear, Channel: channel, Key: "k", BegunAt: start,
		})
	}
	down := errors.New("no answer")
	asked := 0
	n, err := o.desk.Reconcile(t.Context(), map[string]outreach.Lookup{
		"down": func(context.Context, string, string) (outreach.Fate, error) {
			asked++
			return outreach.FateUnknown, down
		},
		"sms": func(context.Context, string, string) (outreach.Fate, error) { return outreach.FateAccepted, nil },
	})
	if n != 1 || !errors.Is(err, down) || asked != 1 {
		t.Errorf("settled %d, asked the silent one %d times, error %v; want 1, 1 and the error", n, asked, err)
	}
}
