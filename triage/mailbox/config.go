package mailbox

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// Config is one mailbox.
type Config struct {
	// Name is what logs, records and people call it; it must stay the same.
	Name string `yaml:"name"`
	Host string `yaml:"host"`
	// Port is 993, or 143 without TLS "implicit", when it is 0.
	Port int `yaml:"port"`
	// TLS is implicit (default: from the first byte), starttls, or none, which is
	// for a server on this machine.
	TLS string `yaml:"tls"`
	// CAFile holds the certificates (PEM) that verify the server; "" means the
	// system's.
	CAFile   string `yaml:"ca_file"`
	User     string `yaml:"user"`
	Password string `yaml:"password"`
	// Folder is read, INBOX when empty. What was taken is moved to MoveTo, or
	// left in place when that is empty.
	Folder string `yaml:"folder"`
	MoveTo string `yaml:"move_to"`
	// Since is a date like 2026-03-01: mails that came before are left alone.
	Since string `yaml:"since"`
	// MaxSize is in bytes; of a larger mail only the header is taken. 0 is 25 MB.
	MaxSize int64 `yaml:"max_size"`
	// ClosedCases is what an answer to a closed case does: reopen (default) takes
	// the case up again, note only keeps the answer.
	ClosedCases string `yaml:"closed_cases"`
	// Addresses are our own: what they send is not a complaint. User counts as
	// one of them.
	Addresses []string `yaml:"addresses"`
	// Timeout bounds one reading of the mailbox; 0 means five minutes.
	Timeout time.Duration `yaml:"timeout"`
}

// What ClosedCases can be.
const (
	Reopen = "reopen"
	Note   = "note"
)

const (
	defaultMaxSize = 25 << 20
	defaultTimeout = 5 * time.Minute
	maxNameRunes   = 40
)

// Validate returns a *triage.Error that names the field at fault.
func (c *Config) Validate() error {
	switch {
	case c.Name == "" || len([]rune(c.Name)) > maxNameRunes:
		return triage.FieldErrorf("name", "%q: give the mailbox a short name", c.Name)
	case c.Host == "" || strings.ContainsAny(c.Host, " /:"):
		return triage.FieldErrorf("host", "%q is no host; write it like imap.example.com", c.Host)
	case c.Port < 0 || c.Port > 65535:
		return triage.FieldErrorf("port", "%d is no port", c.Port)
	case c.User == "":
		return triage.FieldErrorf("user", "is empty: name the account of the mailbox")
	case c.MaxSize < 0:
		return triage.FieldErrorf("max_size", "%d is negative", c.MaxSize)
	case c.Timeout < 0:
		return triage.FieldErrorf("timeout", "%v is negative", c.Timeout)
	case c.MoveTo != "" && c.MoveTo == cmp.Or(c.Folder, inbox):
		return triage.FieldErrorf("move_to", "is the folder that is read; name another or leave it empty")
	}
	switch c.TLS {
	case "", "implicit", "starttls":
	case "none":
		if !thisMachine(c.Host) {
			return triage.FieldErrorf("tls", "none would send the password to %s in clear; use implicit or starttls", c.Host)
		}
	default:
		return triage.FieldErrorf("tls", "%q is unknown; use implicit, starttls or none", c.TLS)
	}
	switch c.ClosedCases {
	case "", Reopen, Note:
	default:
		return triage.FieldErrorf("closed_cases", "%q is unknown; use reopen or note", c.ClosedCases)
	}
	if _, err := c.since(time.UTC); err != nil {
		return triage.FieldErrorf("since", "%q is no date; write it like 2026-03-01", c.Since)
	}
	return nil
}

const inbox = "INBOX"

func (c *Config) fill() {
	c.TLS = cmp.Or(c.TLS, "implicit")
	port := 143
	if c.TLS == "implicit" {
		port = 993
	}
	c.Port = cmp.Or(c.Port, port)
	c.Folder = cmp.Or(c.Folder, inbox)
	c.MaxSize = cmp.Or(c.MaxSize, defaultMaxSize)
	c.ClosedCases = cmp.Or(c.ClosedCases, Reopen)
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
}

func (c *Config) address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// since returns the zero time without a date.
func (c *Config) since(zone *time.Location) (time.Time, error) {
	if c.Since == "" {
		return time.Time{}, nil
	}
	return time.ParseInLocation(time.DateOnly, c.Since, zone)
}

func (c *Config) tlsConfig() (*tls.Config, error) {
	t := &tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12}
	if c.CAFile == "" {
		return t, nil
	}
	pem, err := os.ReadFile(c.CAFile)
	if err != nil {
		return nil, &triage.Error{Code: triage.CodeInvalid, Field: "ca_file", Message: "cannot be read", Err: err}
	}
	t.RootCAs = x509.NewCertPool()
	if !t.RootCAs.AppendCertsFromPEM(pem) {
		return nil, triage.FieldErrorf("ca_file", "%s holds no certificate in PEM", c.CAFile)
	}
	return t, nil
}

func thisMachine(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}
