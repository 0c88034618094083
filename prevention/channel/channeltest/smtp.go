package channeltest

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// SMTPFault is a way in which a mail server fails one message.
type SMTPFault int

// The faults of a mail server.
const (
	SMTPFine          SMTPFault = iota
	SMTPRefuseConnect           // 421 before the greeting
	SMTPNoSender                // 550 at MAIL
	SMTPBusyRecipient           // 450 at RCPT
	SMTPNoRecipient             // 550 at RCPT, repeating the address
	SMTPBusyContent             // 451 after the end of the message
	SMTPBlocked                 // 554 after the end of the message
	SMTPDropRecipient           // connection lost at RCPT
	SMTPDropContent             // connection lost within the message, which is not taken
	SMTPDropAfter               // the message is taken, then the connection is lost
	SMTPHang                    // the message is taken, and no answer comes
)

// SMTPOptions are what a mail server asks for.
type SMTPOptions struct {
	// TLS offers STARTTLS; nil does not.
	TLS *tls.Config
	// Implicit speaks TLS from the first byte instead.
	Implicit bool
	// User and Password are asked for unless both are "".
	User, Password string
}

// SMTP is a mail server that keeps what it takes. It is safe for concurrent
// use.
type SMTP struct {
	Inbox
	faults[SMTPFault]

	options  SMTPOptions
	server   *smtp.Server
	listener *net.TCPListener
	done     chan struct{}
	stopping chan struct{}
	stop     sync.Once

	mu      sync.Mutex
	headers []mail.Header
}

// Headers returns those of the messages that were taken, in their order.
func (s *SMTP) Headers() []mail.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.headers)
}

// NewSMTP starts a server on a free port of 127.0.0.1; Close stops it.
func NewSMTP(options SMTPOptions) (*SMTP, error) {
	listener, err := net.ListenTCP("tcp", anyPort())
	if err != nil {
		return nil, fmt.Errorf("local mail server: %w", err)
	}
	s := &SMTP{options: options, listener: listener, done: make(chan struct{}), stopping: make(chan struct{})}
	var l net.Listener = &smtpListener{Listener: listener, owner: s}
	if options.Implicit {
		l = tls.NewListener(l, options.TLS)
	}
	s.server = smtp.NewServer(smtp.BackendFunc(s.session))
	s.server.Domain = "localhost"
	s.server.TLSConfig = options.TLS
	s.server.AllowInsecureAuth = true
	s.server.ReadTimeout, s.server.WriteTimeout = time.Minute, time.Minute
	s.server.MaxMessageBytes = 1 << 20
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	go func() {
		defer close(s.done)
		_ = s.server.Serve(l) // ends with the listener
	}()
	return s, nil
}

// Host is where it listens.
func (s *SMTP) Host() string { return "127.0.0.1" }

// Port is where it listens.
func (s *SMTP) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Close stops the server; dialogues that hang end. It may be called twice.
func (s *SMTP) Close() error {
	s.stop.Do(func() {
		close(s.stopping)
		// The server knows its listener only once it serves.
		_ = s.listener.Close()
		_ = s.server.Close() // closes the listener again, which fails
	})
	<-s.done
	return nil
}

// smtpListener turns connections away before the greeting when told to.
type smtpListener struct {
	net.Listener
	owner *SMTP
}

// Accept takes the fault of the next message, because it may concern the
// greeting.
func (l *smtpListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		fault := l.owner.take()
		if fault != SMTPRefuseConnect {
			return &smtpConn{conn, fault}, nil
		}
		_, _ = io.WriteString(conn, "421 4.3.2 too busy\r\n")
		_ = conn.Close()
	}
}

// smtpConn carries the fault of its message.
type smtpConn struct {
	net.Conn
	fault SMTPFault
}

func (s *SMTP) session(c *smtp.Conn) (smtp.Session, error) {
	conn := c.Conn()
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn()
	}
	fault := SMTPFine
	if ours, ok := conn.(*smtpConn); ok {
		fault = ours.fault
	}
	return &smtpSession{owner: s, conn: conn, fault: fault, known: s.options.User == ""}, nil
}

type smtpSession struct {
	owner *SMTP
	conn  net.Conn
	fault SMTPFault
	known bool
	to    []string
}

func (x *smtpSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (x *smtpSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != x.owner.options.User || password != x.owner.options.Password {
			return smtp.ErrAuthFailed
		}
		x.known = true
		return nil
	}), nil
}

func (x *smtpSession) Mail(string, *smtp.MailOptions) error {
	if !x.known {
		return smtp.ErrAuthRequired
	}
	if x.fault == SMTPNoSender {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "sender not allowed"}
	}
	return nil
}

func (x *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch x.fault {
	case SMTPBusyRecipient:
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "mailbox " + to + " is busy"}
	case SMTPDropRecipient:
		return x.drop()
	case SMTPNoRecipient:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no mailbox " + to}
	}
	x.to = append(x.to, to)
	return nil
}

func (x *smtpSession) Data(r io.Reader) error {
	if x.fault == SMTPDropContent {
		return x.drop()
	}
	m, header, err := readMail(r)
	if err != nil {
		return err
	}
	switch x.fault {
	case SMTPBusyContent:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try later"}
	case SMTPBlocked:
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "blocked: " + m.Text}
	}
	x.owner.mu.Lock()
	x.owner.headers = append(x.owner.headers, header)
	x.owner.mu.Unlock()
	for _, to := range x.to {
		m.To = to
		x.owner.add(m)
	}
	switch x.fault {
	case SMTPDropAfter:
		return x.drop()
	case SMTPHang:
		<-x.owner.stopping
		return x.drop()
	}
	return nil
}

func (x *smtpSession) drop() error {
	_ = x.conn.Close()
	return errors.New("connection lost")
}

func (x *smtpSession) Reset()        { x.to = nil }
func (x *smtpSession) Logout() error { return nil }

// readMail reads a message of one plain text part.
func readMail(r io.Reader) (Received, mail.Header, error) {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return Received{}, nil, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return Received{}, nil, err
	}
	body := m.Body
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return Received{}, nil, err
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(m.Header.Get("Message-ID"), "<"), "@")
	key, err := url.QueryUnescape(id)
	return Received{Key: key, Subject: subject, Text: string(text)}, m.Header, err
}
