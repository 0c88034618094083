package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
)

// A process that is killed in the middle of sending leaves some messages taken
// of which nothing is stored. The next one must know that.
func TestKilledWhileSendingTellsEverybodyOnce(t *testing.T) {
	t.Parallel()
	const all = 150
	g := newGateway(t)
	conf := outreachConfig(t, func(c *config) {
		c.Channels = []channel.Config{sms(g)}
		c.Outreach.Rate, c.Outreach.SendTimeout, c.Outreach.Lease = 200, 250*time.Millisecond, 500*time.Millisecond
		c.Outreach.MaxAttempts = 20
	})
	data := seeded(t, all)
	var plan string
	for round := range 3 {
		s, child := start(t, "--data", data, "--config", conf)
		if plan == "" {
			plan = s.approved(t, s.cluster(t, 1, 2, 3), draft("sms")).ID
		}
		before := len(g.All())
		go s.ask(t, "send") //nolint:errcheck // the process is killed before it answers
		eventually(t, "messages to go out", func() bool { return len(g.All()) > before+10 })
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := child.Wait(); err == nil {
			t.Fatal("the child ended by itself, want it killed")
		}
		if len(g.All()) == all-3 {
			t.Fatalf("round %d: everybody was told before the kill", round)
		}
		endLeases(t, filepath.Join(data, "qianyi.db"))
	}
	s := serve(t, "--data", data, "--config", conf)
	s.untilFinished(t, plan)
	wantInbox(t, &g.Inbox, phones(4, all)...)
	if got := s.plan(t, plan).Notices; got[prevention.NoticeSent] != all-3 {
		t.Errorf("notices: %v, want all of them sent", got)
	}
}
