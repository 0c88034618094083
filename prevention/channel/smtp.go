package channel

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/mail"
	"net/textproto"
	"net/url"
	"os"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// SMTPConfig is a mail server and who writes through it.
type SMTPConfig struct {
	Host string `yaml:"host"`
	// Port is 587, or 465 for TLS "implicit", when it is 0.
	Port int `yaml:"port"`
	// TLS is starttls (default: required), implicit (from the first byte),
	// opportunistic, or none.
	TLS string `yaml:"tls"`
	// User and Password are for AUTH; without a user there is none. They are sent
	// in clear over an encrypted connection or to this machine only.
	User     string `yaml:"user"`
	Password string `yaml:"password"`
	// From is "name <address>" or an address.
	From string `yaml:"from"`
	// Helo is the name that this machine gives; "" is its host name.
	Helo string `yaml:"helo"`
	// Unsubscribe is an https or mailto address for List-Unsubscribe (RFC 2369).
	Unsubscribe string `yaml:"unsubscribe"`
	// Timeout bounds one attempt; 0 means 30 s.
	Timeout time.Duration `yaml:"timeout"`
	// CAFile holds the certificates (PEM) that verify the server; "" means the
	// system's.
	CAFile string `yaml:"ca_file"`
}

// SMTP sends each message over a connection of its own. It is not idempotent,
// though the Message-ID follows from the key, so that a mail program can join
// two copies. It is safe for concurrent use.
type SMTP struct {
	config SMTPConfig
	from   *mail.Address
	tls    *tls.Config
	now    func() time.Time
}

const defaultSMTPTimeout = 30 * time.Second

// NewSMTP checks the configuration; an error is a *triage.Error that names the
// field. No connection is made.
func NewSMTP(config SMTPConfig, now func() time.Time) (*SMTP, error) {
	config.TLS = cmp.Or(config.TLS, "starttls")
	port := 587
	if config.TLS == "implicit" {
		port = 465
	}
	config.Port = cmp.Or(config.Port, port)
	config.Timeout = cmp.Or(config.Timeout, defaultSMTPTimeout)
	if err := config.validate(); err != nil {
		return nil, err
	}
	from, err := mail.ParseAddress(config.From)
	if err != nil {
		return nil, triage.FieldErrorf("from", "is not an address; write it like 客户服务 <service@example.com>")
	}
	s := &SMTP{config, from, &tls.Config{ServerName: config.Host, MinVersion: tls.VersionTLS12}, now}
	if config.CAFile == "" {
		return s, nil
	}
	pem, err := os.ReadFile(config.CAFile)
	if err != nil {
		return nil, &triage.Error{Code: triage.CodeInvalid, Field: "ca_file", Message: "cannot be read", Err: err}
	}
	s.tls.RootCAs = x509.NewCertPool()
	if !s.tls.RootCAs.AppendCertsFromPEM(pem) {
		return nil, triage.FieldErrorf("ca_file", "%s holds no certificate in PEM", config.CAFile)
	}
	return s, nil
}

func (c *SMTPConfig) validate() error {
	switch {
	case c.Host == "" || strings.ContainsAny(c.Host, " /"):
		return triage.FieldErrorf("host", "%q is no host; write it like mail.example.com", c.Host)
	case c.Port < 1 || c.Port > 65535:
		return triage.FieldErrorf("port", "%d is no port", c.Port)
	case smtpPolicies[c.TLS] == nil:
		return triage.FieldErrorf("tls", "%q is unknown; use starttls, implicit, opportunistic or none", c.TLS)
	case c.User == "" && c.Password != "":
		return triage.FieldErrorf("user", "is empty while there is a password")
	case c.Timeout < 0:
		return triage.FieldErrorf("timeout", "%v is negative", c.Timeout)
	case c.Unsubscribe != "" && !strings.HasPrefix(c.Unsubscribe, "https://") && !strings.HasPrefix(c.Unsubscribe, "mailto:"):
		return triage.FieldErrorf("unsubscribe", "want an https:// or mailto: address")
	case strings.ContainsAny(c.Unsubscribe, "<>\r\n "):
		return triage.FieldErrorf("unsubscribe", "has signs that an address has not")
	}
	return nil
}

var smtpPolicies = map[string]gomail.Option{
	"starttls":      gomail.WithTLSPolicy(gomail.TLSMandatory),
	"implicit":      gomail.WithSSL(),
	"opportunistic": gomail.WithTLSPolicy(gomail.TLSOpportunistic),
	"none":          gomail.WithTLSPolicy(gomail.NoTLS),
}

// Send writes one e-mail to m.To. A server that is lost after the end of the
// message leaves the outcome unknown; before, the message was not taken.
func (s *SMTP) Send(ctx context.Context, m prevention.Message) (prevention.Receipt, error) {
	msg, err := s.compose(m)
	if err != nil {
		return prevention.Receipt{}, err
	}
	return s.deliver(ctx, msg)
}

// deliver sends a mail that is complete.
func (s *SMTP) deliver(ctx context.Context, msg *gomail.Msg) (prevention.Receipt, error) {
	ctx, cancel := limited(ctx, s.config.Timeout)
	defer cancel()
	client, err := s.client(ctx)
	if err != nil {
		return prevention.Receipt{}, failf(prevention.OutcomeRetry, "mail client: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil && !msg.IsDelivered() {
		return prevention.Receipt{}, smtpFailure(err)
	}
	return prevention.Receipt{Reference: msg.GetMessageID()}, nil
}

// compose checks a message and makes its mail.
func (s *SMTP) compose(m prevention.Message) (*gomail.Msg, error) {
	if err := checkMessage(m, true); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingB64))
	msg.FromMailAddress(s.from)
	to, err := mail.ParseAddress(m.To)
	if err != nil {
		return nil, failf(prevention.OutcomeRejected, "to: is not an e-mail address")
	}
	msg.ToMailAddress(&mail.Address{Address: to.Address})
	msg.Subject(strings.Join(strings.Fields(m.Subject), " "))
	msg.SetDateWithValue(s.now())
	// Escaped as in a query a key keeps to the characters of RFC 5322 atoms.
	_, domain, _ := strings.Cut(s.from.Address, "@")
	msg.SetMessageIDWithValue(url.QueryEscape(m.Key) + "@" + domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday notes, please
	if s.config.Unsubscribe != "" {
		msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+s.config.Unsubscribe+">")
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	return msg, nil
}

// client returns a client for one message. Its connection is closed when ctx
// ends, wherever the dialogue stands.
func (s *SMTP) client(ctx context.Context) (*gomail.Client, error) {
	dial := func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := s.dial(dialing, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { _ = conn.Close() })
		}
		return conn, err
	}
	options := []gomail.Option{
		smtpPolicies[s.config.TLS], gomail.WithPort(s.config.Port), gomail.WithTLSConfig(s.tls),
		gomail.WithTimeout(s.config.Timeout), gomail.WithDialContextFunc(dial), gomail.WithoutNoop(), gomail.WithoutRset(),
	}
	if s.config.Helo != "" {
		options = append(options, gomail.WithHELO(s.config.Helo))
	}
	if s.config.User != "" {
		options = append(options, gomail.WithUsername(s.config.User), gomail.WithPassword(s.config.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(s.config.Host, options...)
}

func (s *SMTP) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.config.TLS == "implicit" {
		return (&tls.Dialer{Config: s.tls}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// smtpFailure judges an error by the place in the dialogue and the server's
// code. The server's words are left out: they often repeat the address.
func smtpFailure(err error) error {
	refused, ok := errors.AsType[*gomail.SendError](err)
	if !ok { // nothing of the message was said yet
		if said, ok := errors.AsType[*textproto.Error](err); ok {
			return failf(prevention.OutcomeRetry, "mail server answered %d before the message", said.Code)
		}
		return failf(prevention.OutcomeRetry, "mail server: %w", err)
	}
	outcome := prevention.OutcomeRetry
	switch code := refused.ErrorCode(); {
	case refused.Reason == gomail.ErrSMTPMailFrom: // a sender who is refused is no fault of the recipient
	case code >= 500, refused.Reason == gomail.ErrNoUnencoded, refused.Reason == gomail.ErrGetRcpts:
		outcome = prevention.OutcomeRejected
	case code == 0 && refused.Reason == gomail.ErrSMTPDataClose:
		outcome = prevention.OutcomeUnknown
	}
	return failf(outcome, "mail server: %s: code %d %s", refused.Reason, refused.ErrorCode(), refused.EnhancedStatusCode())
}
