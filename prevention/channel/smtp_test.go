package channel_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
)

var letter = prevention.Message{
	Key: "plan-7/customer-3", To: "wang@example.com", Subject: "关于您昨天的充值：退款说明",
	Text: "王小明您好：\r\n\r\n您的充值失败了。\r\n.\r\n退订请回复 TD",
}

func mailServer(t *testing.T, options channeltest.SMTPOptions, change ...func(*channel.SMTPConfig)) (*channeltest.SMTP, *channel.SMTP) {
	t.Helper()
	server, err := channeltest.NewSMTP(options)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, server)
	config := channel.SMTPConfig{
		Host: server.Host(), Port: server.Port(), TLS: "none", From: "客户服务 <service@example.com>", Helo: "localhost",
		User: options.User, Password: options.Password, Unsubscribe: "https://example.com/out?id=1",
	}
	for _, f := range change {
		f(&config)
	}
	client, err := channel.NewSMTP(config, newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

var wantLetter = []channeltest.Received{{Key: letter.Key, To: letter.To, Subject: letter.Subject, Text: letter.Text}}

func TestSMTPSends(t *testing.T) {
	t.Parallel()
	server, client := mailServer(t, channeltest.SMTPOptions{User: "u", Password: "s3cret"})
	receipt, err := client.Send(t.Context(), letter)
	if err != nil {
		t.Fatal(err)
	}
	if want := "<plan-7%2Fcustomer-3@example.com>"; receipt.Reference != want {
		t.Errorf("got the Message-ID %s, want %s", receipt.Reference, want)
	}
	if diff := cmp.Diff(wantLetter, server.All()); diff != "" {
		t.Errorf("the customer received (-want +got)\n%s", diff)
	}
	header := server.Headers()[0]
	for name, want := range map[string]string{
		"From":             "=?utf-8?q?=E5=AE=A2=E6=88=B7=E6=9C=8D=E5=8A=A1?= <service@example.com>",
		"Date":             "Mon, 02 Mar 2026 09:00:00 +0000",
		"List-Unsubscribe": "<https://example.com/out?id=1>",
		"Auto-Submitted":   "auto-generated",
		"Content-Type":     "text/plain; charset=UTF-8",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestSMTPFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault channeltest.SMTPFault
		want  prevention.Outcome
		told  int
	}{
		"421 at the greeting":                 {channeltest.SMTPRefuseConnect, prevention.OutcomeRetry, 0},
		"550 at the sender":                   {channeltest.SMTPNoSender, prevention.OutcomeRetry, 0},
		"450 at the recipient":                {channeltest.SMTPBusyRecipient, prevention.OutcomeRetry, 0},
		"550 at the recipient":                {channeltest.SMTPNoRecipient, prevention.OutcomeRejected, 0},
		"lost at the recipient":               {channeltest.SMTPDropRecipient, prevention.OutcomeRetry, 0},
		"451 after the message":               {channeltest.SMTPBusyContent, prevention.OutcomeRetry, 0},
		"554 after the message":               {channeltest.SMTPBlocked, prevention.OutcomeRejected, 0},
		"lost after the message, not taken":   {channeltest.SMTPDropContent, prevention.OutcomeUnknown, 0},
		"lost after the message, taken":       {channeltest.SMTPDropAfter, prevention.OutcomeUnknown, 1},
		"silence after the message was taken": {channeltest.SMTPHang, prevention.OutcomeUnknown, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := mailServer(t, channeltest.SMTPOptions{}, func(c *channel.SMTPConfig) { c.Timeout = 5 * patience })
			server.Fail(tt.fault)
			_, err := client.Send(t.Context(), letter)
			wantOutcome(t, err, tt.want)
			if got := server.PerKey()[letter.Key]; got != tt.told {
				t.Errorf("told %d times by one send, want %d", got, tt.told)
			}
		})
	}
}

func TestSMTPBeforeTheMessage(t *testing.T) {
	t.Parallel()
	t.Run("a wrong password is no fault of the message", func(t *testing.T) {
		t.Parallel()
		_, client := mailServer(t, channeltest.SMTPOptions{User: "u", Password: "right"}, func(c *channel.SMTPConfig) { c.Password = "s3cret" })
		_, err := client.Send(t.Context(), letter)
		wantOutcome(t, err, prevention.OutcomeRetry)
	})
	t.Run("nobody listens", func(t *testing.T) {
		t.Parallel()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		_, client := mailServer(t, channeltest.SMTPOptions{}, func(c *channel.SMTPConfig) { c.Port = l.Addr().(*net.TCPAddr).Port })
		_, err = client.Send(t.Context(), letter)
		wantOutcome(t, err, prevention.OutcomeRetry)
	})
	t.Run("a server that says nothing is left when the sender stops", func(t *testing.T) {
		t.Parallel()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		closing(t, l)
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			if conn, err := l.Accept(); err == nil {
				t.Cleanup(func() { _ = conn.Close() })
				stop()
			}
		}()
		_, client := mailServer(t, channeltest.SMTPOptions{}, func(c *channel.SMTPConfig) {
			c.Port, c.Timeout = l.Addr().(*net.TCPAddr).Port, time.Hour
		})
		_, err = client.Send(ctx, letter)
		wantOutcome(t, err, prevention.OutcomeRetry)
	})
}

// certificate returns a TLS configuration for 127.0.0.1 and the file of its
// certificate.
func certificate(t *testing.T) (*tls.Config, string) {
	t.Helper()
	web := httptest.NewTLSServer(nil)
	t.Cleanup(web.Close)
	path := filepath.Join(t.TempDir(), "ca.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: web.TLS.Certificates}, path
}

func TestSMTPEncryption(t *testing.T) {
	t.Parallel()
	config, ca := certificate(t)
	encrypted := channeltest.SMTPOptions{TLS: config, User: "u", Password: "s3cret"}
	implicit := encrypted
	implicit.Implicit = true
	tests := map[string]struct {
		options channeltest.SMTPOptions
		tls, ca string
		want    prevention.Outcome
	}{
		"STARTTLS":                              {encrypted, "starttls", ca, ""},
		"from the first byte":                   {implicit, "implicit", ca, ""},
		"where it is offered":                   {encrypted, "opportunistic", ca, ""},
		"an unknown certificate is refused":     {encrypted, "starttls", "", prevention.OutcomeRetry},
		"clear text is refused when TLS is due": {channeltest.SMTPOptions{}, "starttls", ca, prevention.OutcomeRetry},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := mailServer(t, tt.options, func(c *channel.SMTPConfig) { c.TLS, c.CAFile = tt.tls, tt.ca })
			_, err := client.Send(t.Context(), letter)
			wantOutcome(t, err, tt.want)
			want := wantLetter
			if tt.want != "" {
				want = nil
			}
			if diff := cmp.Diff(want, server.All()); diff != "" {
				t.Errorf("the customer received (-want +got)\n%s", diff)
			}
		})
	}
}

func TestSMTPRefusesMessages(t *testing.T) {
	t.Parallel()
	server, client := mailServer(t, channeltest.SMTPOptions{})
	for i, to := range []string{"", "wang", "a@b@c", "wang@example.com\r\nRCPT TO:<x@example.com>", "13800138001"} {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			m := letter
			m.To = to
			_, err := client.Send(t.Context(), m)
			wantOutcome(t, err, prevention.OutcomeRejected)
		})
	}
	m := letter
	m.Subject = "通知\r\nBcc: all@example.com"
	if _, err := client.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := server.Headers()[0].Get("Bcc"); got != "" || len(server.All()) != 1 {
		t.Errorf("a subject made the header Bcc %q", got)
	}
}

func TestSMTPConfigIsChecked(t *testing.T) {
	t.Parallel()
	good := channel.SMTPConfig{Host: "mail.example.com", From: "service@example.com"}
	tests := map[string]struct {
		change func(*channel.SMTPConfig)
		field  string
	}{
		"host":        {func(c *channel.SMTPConfig) { c.Host = "" }, "host"},
		"port":        {func(c *channel.SMTPConfig) { c.Port = 70000 }, "port"},
		"tls":         {func(c *channel.SMTPConfig) { c.TLS = "ssl" }, "tls"},
		"user":        {func(c *channel.SMTPConfig) { c.Password = "x" }, "user"},
		"from":        {func(c *channel.SMTPConfig) { c.From = "service" }, "from"},
		"timeout":     {func(c *channel.SMTPConfig) { c.Timeout = -time.Second }, "timeout"},
		"unsubscribe": {func(c *channel.SMTPConfig) { c.Unsubscribe = "http://example.com" }, "unsubscribe"},
		"ca_file":     {func(c *channel.SMTPConfig) { c.CAFile = "/nowhere/ca.pem" }, "ca_file"},
	}
	if _, err := channel.NewSMTP(good, newClock().Now); err != nil {
		t.Fatalf("the configuration that the mistakes are made in: %v", err)
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := good
			tt.change(&c)
			_, err := channel.NewSMTP(c, newClock().Now)
			wantField(t, err, tt.field)
		})
	}
}
