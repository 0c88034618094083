package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"github.com/cenkalti/backoff/v5"
	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/qianyi-dev/qianyi/triage"
)

// attempts is how often one reading tries to reach a server.
const attempts = 3

// session is a connection with a folder open.
type session struct {
	*imapclient.Client
	validity uint32
	stop     func() bool
}

// open signs in and opens the folder, to move mails or only to read. It tries
// again when the server does not answer, and not when it refuses: too many
// refusals lock an account. The connection ends with ctx.
func (b *box) open(ctx context.Context, tries uint, handler *imapclient.UnilateralDataHandler) (*session, error) {
	s, err := backoff.Retry(ctx, func() (*session, error) {
		s, err := b.dial(ctx, handler)
		if triage.CodeOf(err) == triage.CodeInvalid {
			return nil, backoff.Permanent(err)
		}
		return s, err
	}, backoff.WithBackOff(b.d.Backoff()), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(0))
	if permanent, ok := errors.AsType[*backoff.PermanentError](err); ok {
		err = permanent.Err
	}
	return s, err
}

func (b *box) dial(ctx context.Context, handler *imapclient.UnilateralDataHandler) (*session, error) {
	conn, err := b.connect(ctx)
	if err != nil {
		return nil, b.gone(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // whatever the dialogue waits for
	options := &imapclient.Options{TLSConfig: b.tls, UnilateralDataHandler: handler}
	var c *imapclient.Client
	if b.config.TLS == "starttls" {
		c, err = imapclient.NewStartTLS(conn, options)
	} else {
		c = imapclient.New(conn, options)
		err = c.WaitGreeting()
	}
	if err != nil {
		stop()
		_ = conn.Close()
		return nil, b.gone(ctx, err)
	}
	s := &session{Client: c, stop: stop}
	if err := b.enter(ctx, s); err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

func (b *box) connect(ctx context.Context) (net.Conn, error) {
	if b.config.TLS == "implicit" {
		return (&tls.Dialer{Config: b.tls}).DialContext(ctx, "tcp", b.config.address())
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", b.config.address())
}

// enter signs in, says who we are (some Chinese providers open no folder to
// programs that do not) and opens the folder.
func (b *box) enter(ctx context.Context, s *session) error {
	if err := s.Login(b.config.User, b.config.Password).Wait(); err != nil {
		return b.refused(ctx, err, "the server refuses user and password; many providers want a password made for programs (授权码)")
	}
	if s.Caps().Has(imap.CapID) {
		if _, err := s.ID(&imap.IDData{Name: "qianyi", Vendor: "qianyi"}).Wait(); err != nil {
			return b.gone(ctx, err)
		}
	}
	if b.config.MoveTo != "" && !s.Caps().Has(imap.CapMove) {
		// Copying and deleting instead could lose mails half-way.
		return triage.FieldErrorf("move_to", "the server cannot move mails; leave it empty")
	}
	data, err := s.Select(b.config.Folder, &imap.SelectOptions{ReadOnly: b.config.MoveTo == ""}).Wait()
	if err != nil {
		return b.refused(ctx, err, fmt.Sprintf("the server does not open the folder %q", b.config.Folder))
	}
	s.validity = data.UIDValidity
	return nil
}

// end signs off as far as the connection allows.
func (s *session) end() {
	s.stop()
	_ = s.Close()
}

// gone is a server that cannot be reached or stopped answering.
func (b *box) gone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = errors.Join(context.Cause(ctx), err)
	}
	return &triage.Error{Code: triage.CodeUnavailable, Message: b.config.address() + " does not answer; check host, port and tls", Err: err}
}

// refused is CodeInvalid when the server said no, for which its own words may
// be shown: they are about the account, not about a mail.
func (b *box) refused(ctx context.Context, err error, message string) error {
	said, ok := errors.AsType[*imap.Error](err)
	if !ok || said.Code == imap.ResponseCodeUnavailable {
		return b.gone(ctx, err)
	}
	return &triage.Error{Code: triage.CodeInvalid, Message: b.config.address() + ": " + message, Err: err}
}

func (b *box) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, b.config.Timeout)
	defer cancel()
	s, err := b.open(ctx, 1, nil)
	if err != nil {
		return err
	}
	defer s.end()
	if b.config.MoveTo == "" {
		return nil
	}
	if _, err := s.Status(b.config.MoveTo, &imap.StatusOptions{NumMessages: true}).Wait(); err != nil {
		return b.refused(ctx, err, fmt.Sprintf("there is no folder %q (move_to)", b.config.MoveTo))
	}
	return nil
}
