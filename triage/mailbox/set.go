package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/qianyi-dev/qianyi/triage"
)

// Deps is what a Set works with; all but Own and Backoff are required.
type Deps struct {
	Intake Intake
	Ledger Ledger
	Desk   Desk
	// Own are addresses that we write from, beside those of the mailboxes.
	Own []string
	// Zone is where dates of the configuration are.
	Zone *time.Location
	Now  func() time.Time
	Log  *slog.Logger
	// Backoff makes the pauses between attempts to reach a server; nil means
	// growing ones, from half a second to a minute.
	Backoff func() backoff.BackOff
}

// Set reads all mailboxes of a service. It is safe for concurrent use.
type Set struct {
	d     Deps
	boxes []*box
}

// box is one mailbox.
type box struct {
	*Set
	config Config
	tls    *tls.Config
	since  time.Time
	// one reading at a time
	reading sync.Mutex
}

// New checks the mailboxes; the error is a *triage.Error whose field begins with
// "mailboxes". No connection is made.
func New(configs []Config, d Deps) (*Set, error) {
	if d.Backoff == nil {
		d.Backoff = func() backoff.BackOff { return backoff.NewExponentialBackOff() }
	}
	s := &Set{d: d}
	own := map[string]bool{}
	for _, a := range d.Own {
		own[strings.ToLower(strings.TrimSpace(a))] = true
	}
	names := map[string]bool{}
	for i, c := range configs {
		b, err := s.newBox(c)
		if err == nil && names[c.Name] {
			err = triage.FieldErrorf("name", "%q is given twice", c.Name)
		}
		if err != nil {
			return nil, inField(fmt.Sprintf("mailboxes[%d].", i), err)
		}
		names[c.Name] = true
		s.boxes = append(s.boxes, b)
		for _, a := range append(c.Addresses, c.User) {
			own[strings.ToLower(strings.TrimSpace(a))] = true
		}
	}
	s.d.Own = slices.Collect(maps.Keys(own))
	return s, nil
}

func (s *Set) newBox(c Config) (*box, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c.fill()
	t, err := c.tlsConfig()
	if err != nil {
		return nil, err
	}
	since, err := c.since(s.d.Zone)
	return &box{Set: s, config: c, tls: t, since: since}, err
}

// inField puts a prefix before the field of an error.
func inField(prefix string, err error) error {
	e, ok := errors.AsType[*triage.Error](err)
	if !ok {
		return err
	}
	named := *e
	named.Field = prefix + e.Field
	return &named
}

// Counts is what one reading found.
type Counts struct {
	Complaints int
	Messages   int
	Duplicates int
	// Ignored counts by reason: those of mime, "own" and "empty".
	Ignored map[string]int
}

// String is the note of a job run.
func (c Counts) String() string {
	ignored := 0
	var why []string
	for _, reason := range slices.Sorted(maps.Keys(c.Ignored)) {
		ignored += c.Ignored[reason]
		why = append(why, fmt.Sprintf("%s %d", reason, c.Ignored[reason]))
	}
	note := fmt.Sprintf("%d complaints, %d messages, %d duplicates, %d ignored", c.Complaints, c.Messages, c.Duplicates, ignored)
	if ignored > 0 {
		note += " (" + strings.Join(why, ", ") + ")"
	}
	return note
}

func (c *Counts) add(e Entry) {
	switch e.Outcome {
	case Complaint:
		c.Complaints++
	case Message:
		c.Messages++
	case Duplicate:
		c.Duplicates++
	case Ignored:
		if c.Ignored == nil {
			c.Ignored = map[string]int{}
		}
		c.Ignored[e.Reason]++
	}
}

// Fetch takes what is new in every mailbox. The counts hold also with an error,
// which joins those of the mailboxes that could not be read to their end; what
// is left there is taken by the next call.
func (s *Set) Fetch(ctx context.Context) (Counts, error) {
	var total Counts
	var failed []error
	for _, b := range s.boxes {
		if err := b.fetch(ctx, &total); err != nil {
			failed = append(failed, fmt.Errorf("mailbox %s: %w", b.config.Name, err))
		}
	}
	return total, errors.Join(failed...)
}

// Check signs in to every mailbox and looks for its folders. It returns the
// error of each mailbox by name, nil for one that can be read.
func (s *Set) Check(ctx context.Context) map[string]error {
	states := make(map[string]error, len(s.boxes))
	for _, b := range s.boxes {
		states[b.config.Name] = b.check(ctx)
	}
	return states
}
