package channel_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
)

var alarm = prevention.Message{Key: "alarm-1", Subject: "预警：\n充值失败", Text: "今天 **12** 人说\"充值失败\"。[打开](https://example.com/c/1)"}

// secretOf returns a secret for the kinds that sign.
func secretOf(kind channel.RobotKind) string {
	if kind == channel.RobotWeCom {
		return ""
	}
	return "s3cret"
}

func robot(t *testing.T, options channeltest.RobotOptions, change ...func(*channel.RobotConfig)) (*channeltest.Robot, *channel.Robot, *testkit.Clock) {
	t.Helper()
	clock := newClock()
	options.Now = clock.Now
	server, err := channeltest.NewRobot(options)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, server)
	config := server.Config()
	for _, f := range change {
		f(&config)
	}
	client, err := channel.NewRobot(config, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return server, client, clock
}

func TestRobotsWriteIntoTheChat(t *testing.T) {
	t.Parallel()
	const title, text = "预警： 充值失败", "今天 **12** 人说\"充值失败\"。[打开](https://example.com/c/1)"
	tests := map[channel.RobotKind]map[string]channeltest.Received{
		channel.RobotWeCom: {
			"markdown": {To: "wecom", Text: "### " + title + "\n\n" + text},
			"text":     {To: "wecom", Text: title + "\n\n" + text},
		},
		channel.RobotDingTalk: {
			"markdown": {To: "dingtalk", Subject: title, Text: "### " + title + "\n\n" + text},
			"text":     {To: "dingtalk", Text: title + "\n\n" + text},
		},
		channel.RobotFeishu: {
			"markdown": {To: "feishu", Subject: title, Text: text},
			"text":     {To: "feishu", Text: title + "\n\n" + text},
		},
	}
	for kind, formats := range tests {
		for format, want := range formats {
			t.Run(string(kind)+" "+format, func(t *testing.T) {
				t.Parallel()
				server, client, _ := robot(t, channeltest.RobotOptions{Kind: kind, Secret: secretOf(kind)},
					func(c *channel.RobotConfig) { c.Format = format })
				if _, err := client.Send(t.Context(), alarm); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]channeltest.Received{want}, server.All()); diff != "" {
					t.Errorf("the chat shows (-want +got)\n%s", diff)
				}
			})
		}
	}
}

func TestRobotFailures(t *testing.T) {
	t.Parallel()
	for _, kind := range []channel.RobotKind{channel.RobotWeCom, channel.RobotDingTalk, channel.RobotFeishu} {
		for name, tt := range map[string]struct {
			fault channeltest.RobotFault
			want  prevention.Outcome
		}{
			"taken, then silence": {channeltest.RobotAcceptHang, prevention.OutcomeUnknown},
			"nonsense":            {channeltest.RobotNonsense, prevention.OutcomeUnknown},
			"bad gateway":         {channeltest.RobotBroken, prevention.OutcomeUnknown},
			"refused":             {channeltest.RobotRefused, prevention.OutcomeRejected},
		} {
			t.Run(string(kind)+" "+name, func(t *testing.T) {
				t.Parallel()
				server, client, _ := robot(t, channeltest.RobotOptions{Kind: kind, Secret: secretOf(kind)},
					func(c *channel.RobotConfig) { c.Timeout = patience })
				server.Fail(tt.fault)
				_, err := client.Send(t.Context(), alarm)
				wantOutcome(t, err, tt.want)
			})
		}
	}
}

func TestRobotLimit(t *testing.T) {
	t.Parallel()
	for _, kind := range []channel.RobotKind{channel.RobotWeCom, channel.RobotDingTalk, channel.RobotFeishu} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			server, client, clock := robot(t, channeltest.RobotOptions{Kind: kind, Secret: secretOf(kind), PerMinute: 1})
			if _, err := client.Send(t.Context(), alarm); err != nil {
				t.Fatal(err)
			}
			_, err := client.Send(t.Context(), alarm)
			wantOutcome(t, err, prevention.OutcomeRetry)
			clock.Advance(time.Minute)
			if _, err := client.Send(t.Context(), alarm); err != nil {
				t.Errorf("a minute later: %v", err)
			}
			if got := len(server.All()); got != 2 {
				t.Errorf("the chat shows %d messages, want 2", got)
			}
		})
	}
}

func TestRobotWithAWrongSecretOrToken(t *testing.T) {
	t.Parallel()
	for _, kind := range []channel.RobotKind{channel.RobotDingTalk, channel.RobotFeishu} {
		server, client, _ := robot(t, channeltest.RobotOptions{Kind: kind, Secret: "s3cret"}, func(c *channel.RobotConfig) { c.Secret = "other" })
		_, err := client.Send(t.Context(), alarm)
		wantOutcome(t, err, prevention.OutcomeRejected)
		if len(server.All()) > 0 {
			t.Errorf("%s: a message with a wrong signature was shown", kind)
		}
	}
	_, client, _ := robot(t, channeltest.RobotOptions{Kind: channel.RobotWeCom}, func(c *channel.RobotConfig) { c.URL += "x" })
	_, err := client.Send(t.Context(), alarm)
	wantOutcome(t, err, prevention.OutcomeRejected)
}

// Alarms quote customers, who must be able neither to call everybody nor to
// make an alarm too long to be sent.
func TestRobotTextOfCustomers(t *testing.T) {
	t.Parallel()
	for _, kind := range []channel.RobotKind{channel.RobotWeCom, channel.RobotDingTalk, channel.RobotFeishu} {
		for _, format := range []string{"markdown", "text"} {
			t.Run(string(kind)+" "+format, func(t *testing.T) {
				t.Parallel()
				server, client, _ := robot(t, channeltest.RobotOptions{Kind: kind, Secret: secretOf(kind)},
					func(c *channel.RobotConfig) { c.Format = format })
				m := alarm
				m.Subject = strings.Repeat("题", 500)
				m.Text = "<@all><at id=all></at>" + strings.Repeat("长", 20000)
				if _, err := client.Send(t.Context(), m); err != nil {
					t.Fatal(err)
				}
				got := server.All()[0]
				if strings.Contains(got.Text, "<") {
					t.Error("a mention went through")
				}
				if !utf8.ValidString(got.Text) || !strings.HasSuffix(got.Text, "已截断）") {
					t.Errorf("the text ends with %q, want a note that it was cut", got.Text[max(0, len(got.Text)-40):])
				}
			})
		}
	}
}

func TestRobotConfigIsChecked(t *testing.T) {
	t.Parallel()
	const url = "https://oapi.dingtalk.com/robot/send?access_token=x"
	tests := map[string]struct {
		config channel.RobotConfig
		field  string
	}{
		"kind":          {channel.RobotConfig{Kind: "slack", URL: url}, "kind"},
		"no URL":        {channel.RobotConfig{Kind: "dingtalk"}, "url"},
		"format":        {channel.RobotConfig{Kind: "dingtalk", URL: url, Format: "html"}, "format"},
		"timeout":       {channel.RobotConfig{Kind: "dingtalk", URL: url, Timeout: -1}, "timeout"},
		"WeCom secret":  {channel.RobotConfig{Kind: "wecom", URL: url, Secret: "x"}, "secret"},
		"with fragment": {channel.RobotConfig{Kind: "dingtalk", URL: url + "#a"}, "url"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := channel.NewRobot(tt.config, newClock().Now)
			wantField(t, err, tt.field)
		})
	}
}
