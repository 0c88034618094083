package main

import (
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
)

// Mistakes in channels and alarms name file and key, in one line, without the
// secrets of the channel.
func TestPreventionConfigMistakesNameTheKey(t *testing.T) {
	t.Parallel()
	const robot = "channels:\n  - name: team\n    robot: {kind: wecom, url: 'https://qyapi.example.com/send?key=robot-secret'}\n"
	for name, tt := range map[string]struct{ yaml, says string }{
		"alarms to an unknown channel":  {robot + "alerts: {receivers: [{name: quality, channel: teem}]}\n", `c.yaml: alerts.receivers[0].channel: "teem"`},
		"alarms to an unnamed channel":  {robot + "alerts: {receivers: [{name: quality}]}\n", "c.yaml: alerts.receivers[0].channel: "},
		"alarms without an address":     {"channels: [{name: mail, smtp: {host: localhost, from: a@example.com}}]\nalerts: {receivers: [{name: duty, channel: mail}]}\n", "c.yaml: alerts.receivers[0].to: "},
		"alarms with half an address":   {robot + "alerts: {base_url: qianyi}\n", "c.yaml: alerts.base_url: "},
		"an internal robot":             {"channels: [{name: team, robot: {kind: wecom, url: 'http://127.0.0.1/send?key=robot-secret'}}]\n", "c.yaml: channels.team.robot.url: 127.0.0.1 is an address inside the network; set allow_private"},
		"a robot without an address":    {"channels: [{name: team, robot: {kind: wecom}}]\n", "c.yaml: channels.team.robot.url: "},
		"a robot of an unknown kind":    {"channels: [{name: team, robot: {kind: slack, url: 'https://example.com'}}]\n", `channels.team.robot.kind: "slack"`},
		"mail without a sender":         {"channels: [{name: mail, smtp: {host: smtp.example.com}}]\n", "c.yaml: channels.mail.smtp.from: "},
		"a channel of no kind":          {"channels: [{name: sms}]\n", "c.yaml: channels.sms.name: "},
		"a channel without a name":      {"channels: [{robot: {kind: wecom, url: 'https://example.com'}}]\n", "c.yaml: channels[0].name: "},
		"two channels of one name":      {robot + "  - name: team\n    file: {path: calls.csv}\n", "c.yaml: channels.team.name: "},
		"an open value in a JSON body":  {"channels: [{name: sms, gateway: {request: {url: 'https://example.com', headers: {Content-Type: application/json}, body: '{\"to\":\"{{.To}}\",\"text\":\"{{.Text}}\"}'}}}]\n", "c.yaml: channels.sms.gateway.request.body: "},
		"a template that is none":       {"channels: [{name: sms, gateway: {request: {url: 'https://example.com', body: '{{.To'}}}]\n", "c.yaml: channels.sms.gateway.request.body: "},
		"an unknown key of a channel":   {"channels:\n  - name: sms\n    gateway: {adress: phone}\n", `c.yaml:3: unknown field "adress"`},
		"an unknown hour":               {"outreach: {quiet: {from: '25:00', to: '09:00'}}\n", `c.yaml: "25:00" is not a time of day`},
		"a lease shorter than attempts": {"outreach: {lease: 10s}\n", "c.yaml: outreach.lease: "},
		"no cap":                        {"outreach: {week_cap: 0}\n", "c.yaml: outreach.week_cap: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := file(t, "c.yaml", tt.yaml)
			r := qianyi(t, "", "config", "check", "--config", path).must(t, exitFailure)
			if strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, tt.says) || strings.Contains(r.err, "robot-secret") {
				t.Errorf("stderr is %q, want one line that says %q and no secret", r.err, tt.says)
			}
		})
	}
}

func TestConfigCheckHidesSecretsOfChannels(t *testing.T) {
	t.Parallel()
	path := file(t, "c.yaml", `
channels:
  - name: sms
    gateway:
      secrets: {token: hide-1}
      request:
        url: https://sms.example.com/hide-2
        headers: {Content-Type: application/json, Authorization: 'Bearer hide-3'}
        body: '{"to":{{json .To}},"text":{{json .Text}}}'
        sign: {secret: hide-4, header: X-Sign, over: '{{.Body}}'}
  - name: mail
    smtp: {host: smtp.example.com, user: care, password: hide-5, from: care@example.com}
  - name: team
    robot: {kind: dingtalk, url: 'https://oapi.example.com/robot/send?access_token=hide-6', secret: hide-7}
`)
	for _, format := range []string{"", "--json"} {
		args := []string{"config", "check", "--config", path}
		if format != "" {
			args = append(args, format)
		}
		r := qianyi(t, "", args...).must(t, exitOK)
		if strings.Contains(r.out+r.err, "hide-") || !strings.Contains(r.out, "channels.team") {
			t.Errorf("config check %s says\n%s%s", format, r.out, r.err)
		}
	}
	if r := qianyi(t, "", "doctor", "--config", path, "--data", t.TempDir()); strings.Contains(r.out+r.err, "hide-") {
		t.Errorf("doctor says\n%s%s", r.out, r.err)
	}
}

// A name that leads into the network is found out when it is connected to.
func TestInternalGatewayIsRefusedAtSending(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	s := serve(t, "--data", seeded(t, 5), "--config", outreachConfig(t, func(c *config) {
		c.Log.Level = "warn"
		inside := sms(g)
		inside.Gateway.AllowPrivate = false
		inside.Gateway.Request.URL = strings.Replace(inside.Gateway.Request.URL, "127.0.0.1", "localhost", 1)
		inside.Gateway.Lookup = nil
		c.Channels = []channel.Config{inside}
		c.Outreach.MaxAttempts = 2
	}))
	p := s.approved(t, s.cluster(t, 1, 2, 3), draft("sms"))
	s.untilFinished(t, p.ID)
	wantInbox(t, &g.Inbox)
	if got := s.plan(t, p.ID).Notices; got[prevention.NoticeFailed] != 2 {
		t.Errorf("notices: %v, want 2 failed", got)
	}
	if r := s.stop(); !strings.Contains(r.err, "is an address inside the network; set allow_private to allow it") {
		t.Errorf("the log does not say why:\n%s", r.err)
	}
}
