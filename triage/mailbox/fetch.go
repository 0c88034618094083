package mailbox

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/mailbox/mime"
)

// listed is how many mails are asked about at once.
const listed = 500

// fetch takes the new mails of one box, in the order of their UIDs: what is
// marked as the last one taken stands for all before it.
func (b *box) fetch(ctx context.Context, total *Counts) error {
	b.reading.Lock()
	defer b.reading.Unlock()
	ctx, cancel := context.WithTimeout(ctx, b.config.Timeout)
	defer cancel()
	s, err := b.open(ctx, attempts, nil)
	if err != nil {
		return err
	}
	defer s.end()
	last, err := b.d.Ledger.LastMail(ctx, b.config.Name, s.validity)
	if err != nil {
		return err
	}
	uids, err := b.newMails(ctx, s, imap.UID(last))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(uids, listed) {
		if err := b.takeAll(ctx, s, part, total); err != nil {
			return err
		}
		last = uint32(part[len(part)-1])
	}
	return b.moveTaken(ctx, s, imap.UID(last))
}

// newMails returns the UIDs after last, in order.
func (b *box) newMails(ctx context.Context, s *session, last imap.UID) ([]imap.UID, error) {
	criteria := &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: last + 1, Stop: 0}}}}
	if !b.since.IsZero() {
		criteria.Since = b.since
	}
	data, err := s.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return nil, b.gone(ctx, fmt.Errorf("search: %w", err))
	}
	// "7:*" is also the last mail when that is number 5 (RFC 3501, 6.4.8).
	uids := slices.DeleteFunc(data.AllUIDs(), func(u imap.UID) bool { return u <= last })
	slices.Sort(uids)
	return uids, nil
}

// takeAll takes some mails, one after the other.
func (b *box) takeAll(ctx context.Context, s *session, uids []imap.UID, total *Counts) error {
	heads, err := s.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true}).Collect()
	if err != nil {
		return b.gone(ctx, fmt.Errorf("list: %w", err))
	}
	slices.SortFunc(heads, func(x, y *imapclient.FetchMessageBuffer) int { return cmp.Compare(x.UID, y.UID) })
	for _, h := range heads {
		m, found, err := b.read(ctx, s, h)
		if err != nil {
			return err
		}
		if !found { // somebody else took it away meanwhile
			continue
		}
		e, err := b.take(ctx, m)
		if err != nil {
			return err
		}
		e.Box, e.Validity, e.UID, e.At = b.config.Name, s.validity, uint32(h.UID), b.d.Now()
		if err := b.d.Ledger.RecordMail(ctx, e); err != nil {
			return err
		}
		total.add(e)
		b.d.Log.DebugContext(ctx, "mail taken", "mailbox", e.Box, "uid", e.UID, "outcome", string(e.Outcome), "reason", e.Reason)
	}
	return nil
}

// received is a mail as a server handed it out.
type received struct {
	mime.Mail
	at time.Time
	// tooLarge tells that only the header was fetched, size how large it is.
	tooLarge bool
	size     int64
}

// read fetches one mail without marking it as seen.
func (b *box) read(ctx context.Context, s *session, h *imapclient.FetchMessageBuffer) (received, bool, error) {
	section := &imap.FetchItemBodySection{Peek: true}
	tooLarge := h.RFC822Size > b.config.MaxSize
	if tooLarge {
		section.Specifier = imap.PartSpecifierHeader
	}
	found, err := s.Fetch(imap.UIDSetNum(h.UID), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		return received{}, false, b.gone(ctx, fmt.Errorf("fetch: %w", err))
	}
	for _, f := range found {
		if f.UID == h.UID && len(f.BodySection) > 0 {
			m := mime.Read(f.BodySection[0].Bytes, tooLarge)
			return received{Mail: m, at: h.InternalDate, tooLarge: tooLarge, size: h.RFC822Size}, true, nil
		}
	}
	return received{}, false, nil
}

// moveTaken moves everything up to the last mail taken out of the folder, also
// what an earlier reading left behind.
func (b *box) moveTaken(ctx context.Context, s *session, last imap.UID) error {
	if b.config.MoveTo == "" || last == 0 {
		return nil
	}
	criteria := &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: 1, Stop: last}}}, Since: b.since}
	data, err := s.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return b.gone(ctx, fmt.Errorf("search: %w", err))
	}
	uids := data.AllUIDs()
	if len(uids) == 0 {
		return nil
	}
	if _, err := s.Move(imap.UIDSetNum(uids...), b.config.MoveTo).Wait(); err != nil {
		return &triage.Error{Code: triage.CodeUnavailable, Message: fmt.Sprintf("mails were taken but not moved to %q; does the folder exist?", b.config.MoveTo), Err: err}
	}
	return nil
}
