package main

import (
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
)

// hasty gives up on an answer soon.
func hasty(c channel.Config) channel.Config {
	c.Gateway.Timeout = 200 * time.Millisecond
	return c
}

// Whatever a gateway does to some of the messages, nobody is told twice and
// everybody is told in the end.
func TestFailingGatewayTellsEverybodyOnce(t *testing.T) {
	t.Parallel()
	const all = 40
	g := newGateway(t)
	g.Fail(
		channeltest.GatewayAcceptHang, channeltest.GatewayAcceptDrop, channeltest.GatewayAcceptNonsense,
		channeltest.GatewayFine, channeltest.GatewayHang, channeltest.GatewayNonsense, channeltest.GatewayUnavailable,
		channeltest.GatewayFine, channeltest.GatewayBroken, channeltest.GatewayBusy, channeltest.GatewayRedirect,
	)
	s := serve(t, "--data", seeded(t, all), "--config", outreachConfig(t, func(c *config) {
		c.Channels = []channel.Config{hasty(sms(g))}
		c.Outreach.MaxAttempts = 20
	}))
	p := s.approved(t, s.cluster(t, 1, 2, 3), draft("sms"))
	s.untilFinished(t, p.ID)
	wantInbox(t, &g.Inbox, phones(4, all)...)
}

// untilFinished sends again and again until the plan has nothing left to send.
func (s *instance) untilFinished(t *testing.T, plan string) {
	t.Helper()
	eventually(t, "the end of the plan", func() bool {
		s.run(t, "send")
		return s.plan(t, plan).Status == prevention.PlanFinished
	})
}

func TestGatewayDownForAWhile(t *testing.T) {
	t.Parallel()
	const all = 20
	g := newGateway(t)
	s := serve(t, "--data", seeded(t, all), "--config", outreachConfig(t, func(c *config) {
		c.Channels = []channel.Config{sms(g)}
		c.Outreach.Backoff, c.Outreach.BackoffMax = 200*time.Millisecond, 200*time.Millisecond
		c.Outreach.SendTimeout = 300 * time.Millisecond // also how long after a trial the next one comes
	}))
	p := s.approved(t, s.cluster(t, 1, 2, 3), draft("sms"))
	if err := g.Down(); err != nil {
		t.Fatal(err)
	}
	s.run(t, "send")
	if got := s.plan(t, p.ID); got.Notices[prevention.NoticeQueued] != all-3 {
		t.Errorf("while the gateway is down: %v, want all of them queued", got.Notices)
	}
	if err := g.Up(); err != nil {
		t.Fatal(err)
	}
	s.untilFinished(t, p.ID)
	wantInbox(t, &g.Inbox, phones(4, all)...)
}

func TestThrottlingGatewayIsLeftAlone(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	s := serve(t, "--data", seeded(t, 4), "--config", outreachConfig(t, func(c *config) { c.Channels = []channel.Config{sms(g)} }))
	p := s.approved(t, s.cluster(t, 1, 2, 3), draft("sms"))
	g.Fail(channeltest.GatewayThrottled)
	s.run(t, "send")
	s.run(t, "send") // within the 30 s that the gateway asked for
	if n := s.notices(t, p.ID)["C4"]; n.State != prevention.NoticeQueued || n.Attempts != 1 {
		t.Errorf("got %+v, want it queued after one attempt", n)
	}
	wantInbox(t, &g.Inbox)
}

// A number that the gateway rejects is written to by mail; without an address
// it is a dead letter.
func TestRejectedNumberGoesToTheNextChannel(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	m, err := channeltest.NewSMTP(channeltest.SMTPOptions{User: "care", Password: "mail-secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	data := seeded(t, 5)
	importFile(t, data, "customers", "customer_id,name,phone,email,region\nC5,王小明,"+phone(5)+",,沈阳\n")
	s := serve(t, "--data", data, "--config", outreachConfig(t, func(c *config) {
		c.Channels = []channel.Config{sms(g), {Name: "mail", SMTP: &channel.SMTPConfig{
			Host: m.Host(), Port: m.Port(), TLS: "none", User: "care", Password: "mail-secret", From: "客户关怀 <care@example.com>",
		}}}
	}))
	p := s.approved(t, s.cluster(t, 1, 2, 3), draft("sms", "mail"))
	g.Fail(channeltest.GatewayBadNumber, channeltest.GatewayBadNumber)
	s.untilFinished(t, p.ID)
	wantInbox(t, &g.Inbox)
	wantInbox(t, &m.Inbox, email(4))
	if n := s.notices(t, p.ID)["C4"]; n.State != prevention.NoticeSent || n.Channel != "mail" {
		t.Errorf("C4: got %+v, want it sent by mail", n)
	}
	var dead struct{ Items []noticeState }
	s.get(t, "/plans/"+p.ID+"/notices?state=failed", &dead)
	if len(dead.Items) != 1 || dead.Items[0].Customer != "C5" || dead.Items[0].Reason != "rejected" {
		t.Errorf("dead letters: %+v, want C5, rejected", dead.Items)
	}
}

func TestReceiptsAndReplies(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	s := serve(t, "--data", seeded(t, 9), "--config", outreachConfig(t, func(c *config) {
		c.Channels = []channel.Config{sms(g)}
		c.Outreach.WeekCap, c.Outreach.MonthCap = 9, 9
	}))
	p := s.approved(t, s.cluster(t, 1, 2, 3), draft("sms"))
	s.run(t, "send")

	receipts, _ := g.Receipts()
	forged := receipts
	forged.HTTPHeader = http.Header{"Content-Type": {"application/json"}, "X-Signature": {"00"}}
	s.callback(t, "receipts", forged, http.StatusUnauthorized)
	if got := s.plan(t, p.ID).Notices; got[prevention.NoticeSent] != 6 {
		t.Errorf("after a forged receipt: %v, want 6 sent and none delivered", got)
	}
	s.callback(t, "receipts", receipts, http.StatusNoContent)
	s.callback(t, "receipts", receipts, http.StatusNoContent) // gateways repeat themselves

	replies := g.Replies(
		channeltest.Reply{From: phone(4), Text: "退订"}, channeltest.Reply{From: "+86" + phone(5), Text: " td。"},
		channeltest.Reply{From: phone(6), Text: "收到，谢谢"})
	forged = replies
	forged.HTTPHeader = http.Header{"Content-Type": {"application/json"}}
	s.callback(t, "replies", forged, http.StatusUnauthorized)
	s.callback(t, "replies", replies, http.StatusNoContent)
	want := map[prevention.NoticeState]int{prevention.NoticeAnswered: 3, prevention.NoticeDelivered: 3}
	if diff := cmp.Diff(want, s.plan(t, p.ID).Notices); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}

	// Another problem of the same customers, a complaint of C7 among them.
	next := s.approved(t, s.cluster(t, 7), draft("sms"))
	if got := slices.Sorted(maps.Keys(s.notices(t, next.ID))); !slices.Equal(got, []string{"C1", "C2", "C3", "C6", "C8", "C9"}) {
		t.Errorf("the next plan is for %v, want it without C4 and C5, who opted out, and C7, who complained", got)
	}
}
