package channel_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
)

func TestAddressesInsideTheNetworkAreRefused(t *testing.T) {
	t.Parallel()
	inside := []string{
		"127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.1", "198.18.0.1", "224.0.0.1",
		"240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::10.0.0.1]",
		"[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[64:ff9b::a00:1]",
		"[2002:a00:1::]", "[2001::1]", "[2001:db8::1]",
	}
	for _, host := range inside {
		config := channel.RobotConfig{Kind: channel.RobotFeishu, URL: "https://" + host + "/hook"}
		_, err := channel.NewRobot(config, newClock().Now)
		if err == nil {
			t.Errorf("%s was allowed", host)
			continue
		}
		wantField(t, err, "url")
		config.AllowPrivate = true
		if _, err := channel.NewRobot(config, newClock().Now); err != nil {
			t.Errorf("%s with allow_private: %v", host, err)
		}
	}
	for _, host := range []string{"8.8.8.8", "172.32.0.1", "100.128.0.1", "[2400:3200::1]", "open.feishu.cn"} {
		config := channel.RobotConfig{Kind: channel.RobotFeishu, URL: "https://" + host + "/hook"}
		if _, err := channel.NewRobot(config, newClock().Now); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// A name may lead anywhere, and elsewhere the next time: the address is looked
// at when it is connected to.
func TestNamesThatLeadInsideAreRefused(t *testing.T) {
	t.Parallel()
	byName := func(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) }

	team, _, _ := robot(t, channeltest.RobotOptions{Kind: channel.RobotWeCom})
	config := team.Config()
	config.URL, config.AllowPrivate = byName(config.URL), false
	client, err := channel.NewRobot(config, newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Send(t.Context(), alarm)
	wantRefused(t, err)

	sms, _ := gateway(t, false)
	settings := sms.Config()
	settings.Request.URL, settings.Lookup, settings.AllowPrivate = byName(settings.Request.URL), nil, false
	sender, err := channel.NewGateway(settings, newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	_, err = sender.Send(t.Context(), notice)
	wantRefused(t, err)
	if len(team.All())+len(sms.All()) > 0 {
		t.Error("a message went inside")
	}
}

func wantRefused(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*prevention.SendError](err)
	if !ok || e.Outcome != prevention.OutcomeRejected || !strings.Contains(err.Error(), "allow_private") {
		t.Errorf("got %v, want a rejection that names allow_private", err)
	}
}
