package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
)

// wantInbox compares who received messages, each of them once.
func wantInbox(t *testing.T, inbox *channeltest.Inbox, want ...string) {
	t.Helper()
	once := map[string]int{}
	for _, to := range want {
		once[to] = 1
	}
	if diff := cmp.Diff(once, inbox.PerAddress()); diff != "" {
		t.Errorf("messages by receiver (-want +got):\n%s", diff)
	}
}

// phones are the numbers of the customers first to last.
func phones(first, last int) []string {
	var list []string
	for i := first; i <= last; i++ {
		list = append(list, phone(i))
	}
	return list
}

func TestQuietHoursHoldTheWordBack(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	data := seeded(t, 8)
	open := outreachConfig(t, func(c *config) { c.Channels = []channel.Config{sms(g)} })
	quiet := outreachConfig(t, func(c *config) {
		c.Channels = []channel.Config{sms(g)}
		c.Outreach.Quiet = quietNow(c)
	})
	s := serve(t, "--data", data, "--config", open)
	p := s.approved(t, s.cluster(t, 1, 2, 3), draft("sms"))
	s.stop() // due, but not sent, when quiet hours come

	s = serve(t, "--data", data, "--config", quiet)
	s.run(t, "send")
	if got := g.All(); len(got) > 0 {
		t.Errorf("%d messages in quiet hours, want none", len(got))
	}
	s.stop()

	s = serve(t, "--data", data, "--config", open)
	s.run(t, "send")
	wantInbox(t, &g.Inbox, phones(4, 8)...)
	if got := s.plan(t, p.ID); got.Status != prevention.PlanFinished {
		t.Errorf("the plan is %s with %v, want it finished", got.Status, got.Notices)
	}
}

func TestStopButton(t *testing.T) {
	t.Parallel()
	const all, parallel = 60, 4
	g := newGateway(t)
	s := serve(t, "--data", seeded(t, all), "--config", outreachConfig(t, func(c *config) {
		c.Channels = []channel.Config{sms(g)}
		c.Outreach.Rate, c.Outreach.Parallel = 50, parallel
	}))
	p := s.approved(t, s.cluster(t, 1, 2, 3), draft("sms"))
	go s.ask(t, "send") //nolint:errcheck // the run after it would fail
	eventually(t, "the first messages", func() bool { return len(g.All()) > 5 })
	s.as(t, "approver", "POST", "/plans/"+p.ID+"/stop", map[string]any{"remark": "文案有误"}, http.StatusOK, nil)
	stopped := len(g.All())
	s.run(t, "send") // begins when the one under way has ended
	if got := len(g.All()); got > stopped+parallel || got == all-3 {
		t.Errorf("%d messages after the stop, want at most the %d that were on their way", got-stopped, parallel)
	}
	s.as(t, "author", "POST", "/plans/"+p.ID+"/resume", nil, http.StatusOK, nil)
	s.run(t, "send")
	wantInbox(t, &g.Inbox, phones(4, all)...)
}

// What changed between the approval and the sending keeps a customer from being
// told.
func TestRightBeforeSending(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	s := serve(t, "--data", seeded(t, 9), "--config", outreachConfig(t, func(c *config) { c.Channels = []channel.Config{sms(g)} }))
	p := s.approved(t, s.cluster(t, 1, 2, 3), draft("sms"))
	s.complain(t, "late", 4)
	s.callback(t, "replies", g.Replies(channeltest.Reply{From: phone(5), Text: "退订"}), http.StatusNoContent)
	s.run(t, "send")
	wantInbox(t, &g.Inbox, phones(6, 9)...)
	notices := s.notices(t, p.ID)
	for customer, reason := range map[string]string{"C4": "complained", "C5": "suppressed"} {
		if n := notices[customer]; n.State != prevention.NoticeSkipped || n.Reason != reason {
			t.Errorf("%s: %s, %q; want it skipped because %s", customer, n.State, n.Reason, reason)
		}
	}
}

// A job that is run from the command line beside the service and the service's
// own runs write one hand-over file.
func TestJobRunWritesTheHandOverFile(t *testing.T) {
	t.Parallel()
	data, calls := seeded(t, 6), filepath.Join(t.TempDir(), "calls.csv")
	conf := outreachConfig(t, func(c *config) {
		c.Channels = []channel.Config{{Name: "calls", File: &channel.FileConfig{Path: calls, Address: prevention.AddressPhone}}}
	})
	s := serve(t, "--data", data, "--config", conf)
	p := s.approved(t, s.cluster(t, 1, 2, 3), draft("calls"))
	r := qianyi(t, "", "job", "run", "send", "--data", data, "--config", conf).must(t, exitOK)
	if !strings.Contains(r.err, "job send: 3 sent") {
		t.Errorf("the command says %q, want 3 sent", r.err)
	}
	s.untilFinished(t, p.ID)
	content, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i <= 6; i++ {
		want := 1
		if i <= 3 {
			want = 0
		}
		if got := strings.Count(string(content), phone(i)); got != want {
			t.Errorf("%s is %d times in the file, want %d", phone(i), got, want)
		}
	}
}
