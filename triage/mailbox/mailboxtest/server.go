// Package mailboxtest is a mail server for tests: IMAP over TCP on this machine,
// with TLS, mailboxes in memory, and failures on demand.
package mailboxtest

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// User and Password open the mailbox.
const (
	User     = "service@example.com"
	Password = "open-sesame"
)

// Server is a running mail server with one account.
type Server struct {
	// Host and Port are where it listens.
	Host string
	Port int
	// CAFile verifies its certificate.
	CAFile string

	t        testing.TB
	user     *imapmemserver.User
	noIdle   bool
	mu       sync.Mutex
	refused  int
	budget   int // answers until the connection breaks; <0: no end
	sessions map[net.Conn]bool
}

// Options of a server.
type Options struct {
	// STARTTLS begins without TLS.
	STARTTLS bool
	// NoIdle and NoMove leave these capabilities out.
	NoIdle, NoMove bool
}

// Start runs a server until the end of the test. Its account has the folders
// INBOX and Done.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{t: t, noIdle: o.NoIdle, budget: -1, sessions: map[net.Conn]bool{}}
	s.user = imapmemserver.NewUser(User, Password)
	for _, folder := range []string{"INBOX", "Done"} {
		if err := s.user.Create(folder, nil); err != nil {
			t.Fatal(err)
		}
	}
	accounts := imapmemserver.New()
	accounts.AddUser(s.user)
	config := s.certificate()
	caps := imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}, imap.CapMove: {}, imap.CapUIDPlus: {}}
	if o.NoMove {
		delete(caps, imap.CapMove)
	}
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return accounts.NewSession(), nil, nil
		},
		Caps: caps, TLSConfig: config, InsecureAuth: true,
		Logger: log.New(io.Discard, "", 0),
	})
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().(*net.TCPAddr)
	s.Host, s.Port = addr.IP.String(), addr.Port
	if !o.STARTTLS {
		l = tls.NewListener(l, config)
	}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(&listener{l, s}) })
	t.Cleanup(func() {
		_ = server.Close()
		running.Wait()
	})
	return s
}

// Deliver puts a mail into the INBOX. Lines end in "\n" or "\r\n".
func (s *Server) Deliver(at time.Time, raw string) {
	s.t.Helper()
	raw = strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\n", "\r\n")
	if _, err := s.user.Append("INBOX", literal{strings.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Time: at}); err != nil {
		s.t.Fatal(err)
	}
}

// Renew gives the INBOX another UIDVALIDITY, as a server does that lost its
// index; its mails are gone.
func (s *Server) Renew() {
	s.t.Helper()
	if err := errors.Join(s.user.Delete("INBOX"), s.user.Create("INBOX", nil)); err != nil {
		s.t.Fatal(err)
	}
}

// Count returns the number of mails in a folder, and how many of them are seen.
func (s *Server) Count(folder string) (all, unseen uint32) {
	s.t.Helper()
	data, err := s.user.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return *data.NumMessages, *data.NumUnseen
}

// Refuse closes the next n connections at once.
func (s *Server) Refuse(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = n
}

// Refused returns how many connections are still to be closed.
func (s *Server) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// Break cuts all connections after n more writes of the server; n < 0 never.
func (s *Server) Break(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.budget = n
}

// Drop closes all connections now.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.sessions {
		_ = c.Close()
	}
	clear(s.sessions)
}

// spend says whether the server may write once more.
func (s *Server) spend() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.budget == 0 {
		return false
	}
	s.budget = max(s.budget-1, -1)
	return true
}

// listener counts connections and wraps them.
type listener struct {
	net.Listener
	s *Server
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.s.mu.Lock()
		refuse := l.s.refused > 0
		if refuse {
			l.s.refused--
		} else {
			l.s.sessions[c] = true
		}
		l.s.mu.Unlock()
		if !refuse {
			return &conn{c, l.s}, nil
		}
		_ = c.Close()
	}
}

// conn breaks when the budget is spent.
type conn struct {
	net.Conn
	s *Server
}

// Write implements net.Conn.
func (c *conn) Write(b []byte) (int, error) {
	if !c.s.spend() {
		_ = c.Close()
		return 0, net.ErrClosed
	}
	if c.s.noIdle { // the library itself announces it always
		if _, err := c.Conn.Write(bytes.ReplaceAll(b, []byte(" IDLE"), nil)); err != nil {
			return 0, err
		}
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// literal is a text of known size.
type literal struct {
	io.Reader
	size int64
}

// Size implements imap.LiteralReader.
func (l literal) Size() int64 { return l.size }
