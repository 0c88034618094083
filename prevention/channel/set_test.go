package channel_test

import (
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention/channel"
)

func withPath(config, path string) string { return strings.Replace(config, "%s", path, 1) }

func TestOpenNamesTheMistake(t *testing.T) {
	t.Parallel()
	file := &channel.FileConfig{Path: t.TempDir() + "/a.csv"}
	tests := map[string]struct {
		configs []channel.Config
		field   string
	}{
		"no name":       {[]channel.Config{{File: file}}, "channels[0].name"},
		"no kind":       {[]channel.Config{{Name: "a"}}, "channels.a.name"},
		"two kinds":     {[]channel.Config{{Name: "a", File: file, Robot: &channel.RobotConfig{}}}, "channels.a.name"},
		"name twice":    {[]channel.Config{{Name: "a", File: file}, {Name: "a", File: file}}, "channels.a.name"},
		"inner field":   {[]channel.Config{{Name: "a", SMTP: &channel.SMTPConfig{}}}, "channels.a.smtp.host"},
		"robot kind":    {[]channel.Config{{Name: "a", Robot: &channel.RobotConfig{Kind: "x"}}}, "channels.a.robot.kind"},
		"file format":   {[]channel.Config{{Name: "a", File: &channel.FileConfig{Path: "x", Format: "xls"}}}, "channels.a.file.format"},
		"gateway's url": {[]channel.Config{{Name: "a", Gateway: &channel.GatewayConfig{}}}, "channels.a.gateway.request.url"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := channel.Open(tt.configs, newClock().Now)
			wantField(t, err, tt.field)
		})
	}
}
