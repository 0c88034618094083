package mailbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/mailbox/mime"
)

// take decides what a mail is and stores it. The entry lacks the mail's place.
func (b *box) take(ctx context.Context, m received) (Entry, error) {
	c := b.complaint(m)
	e := Entry{Outcome: Ignored, Key: string(c.ID)}
	if m.MessageID != "" {
		e.Message = hash(m.MessageID)
	}
	if e.Reason = b.ignores(m); e.Reason != "" {
		return e, nil
	}
	known, found, err := b.known(ctx, c.ID)
	if err != nil || found {
		e.Outcome, e.Case = Duplicate, known
		return e, err
	}
	of, err := b.thread(ctx, m)
	if err != nil {
		return e, err
	}
	if of != "" {
		e.Outcome, e.Case = Message, of
		return e, b.d.Desk.Hear(ctx, Said{
			Case: of, Key: string(c.ID), Channel: triage.ChannelEmail, Text: message(c), At: c.At, Reopen: b.config.ClosedCases == Reopen,
		})
	}
	e.Case = c.ID
	r, err := b.d.Intake.Submit(ctx, c, 0)
	switch {
	case triage.CodeOf(err) == triage.CodeInvalid: // it says nothing; the next one may
		e.Outcome, e.Reason, e.Case = Ignored, "empty", ""
		return e, nil
	case err != nil:
		return e, err
	case r.Duplicate:
		e.Outcome = Duplicate
	default:
		e.Outcome = Complaint
	}
	return e, nil
}

// known returns the case of a mail that was taken before, or that became a case
// without having been marked. What a case has heard is not told to it again: it
// may have been closed since.
func (b *box) known(ctx context.Context, key triage.ComplaintID) (triage.ComplaintID, bool, error) {
	if id, found, err := b.d.Ledger.TakenMail(ctx, string(key)); err != nil || found {
		return id, found, err
	}
	_, err := b.d.Intake.Case(ctx, key)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return "", false, nil
	}
	return key, err == nil, err
}

// ignores says why nobody has to read a mail, "" for one that somebody has to.
func (b *box) ignores(m received) string {
	switch {
	case slices.Contains(b.d.Own, m.From):
		return "own"
	case m.Automatic != "":
		return string(m.Automatic)
	case m.Subject == "" && m.Text == "" && len(m.Attachments) == 0 && !m.tooLarge:
		return "empty"
	}
	return ""
}

// patience is how long before its receipt a mail may say that it was written:
// telephones send what they held back, and clocks go wrong.
const (
	patience = 7 * 24 * time.Hour
	fastest  = 10 * time.Minute
)

// maxWhole bounds what is kept of a mail in runes; no more is a complaint.
const maxWhole = triage.MaxTextRunes - 2000

// complaint makes the complaint of a mail. Its id follows from what the mail
// says of itself, so that two copies are one; the text counts because some
// programs give all mails one Message-ID.
func (b *box) complaint(m received) triage.Complaint {
	id := hash(m.MessageID, m.From, m.Date.UTC().Format(time.RFC3339), m.Subject, m.Whole)
	c := triage.Complaint{
		ID: triage.ComplaintID("mail-" + id[:24]), Channel: triage.ChannelEmail, At: m.Date,
		Title: cut(m.Subject, 500), Text: cut(m.Text, maxWhole),
		Attrs: map[string]any{"mailbox": b.config.Name},
	}
	if !m.at.IsZero() && (m.Date.Before(m.at.Add(-patience)) || m.Date.After(m.at.Add(fastest))) {
		c.At = m.at
	}
	if m.From != "" {
		c.Attrs["email"] = m.From
	}
	if m.Name != "" {
		c.Attrs["name"] = m.Name
	}
	if len(m.Attachments) > 0 {
		c.Attrs["attachments"] = describe(m.Attachments)
	}
	if m.Whole != m.Text {
		c.Attrs["whole_text"] = cut(m.Whole, maxWhole)
	}
	switch {
	case m.tooLarge:
		c.Attrs["mail_size"] = float64(m.size)
		c.Text = fmt.Sprintf("（邮件过大，共 %d MB，正文未收录，请到邮箱 %s 查看原邮件）", m.size>>20, b.config.Name)
	case utf8.RuneCountInString(m.Text) > maxWhole:
		c.Attrs["text_cut"] = true
	}
	if strings.TrimSpace(c.Title) == "" && strings.TrimSpace(c.Text) == "" {
		c.Text = "（邮件没有正文，请查看附件）"
	}
	return c
}

// message is the text of a mail on a case that there is.
func message(c triage.Complaint) string {
	text := c.Text
	if files, ok := c.Attrs["attachments"].(string); ok {
		text += "\n[附件] " + files
	}
	return strings.TrimSpace(text)
}

// maxDescribed is how many attachments are named.
const maxDescribed = 20

// describe lists attachments for people.
func describe(list []mime.Attachment) string {
	parts := make([]string, 0, len(list))
	for i, a := range list {
		if i == maxDescribed {
			parts = append(parts, fmt.Sprintf("… (%d)", len(list)))
			break
		}
		name := a.Name
		if name == "" {
			name = "（无名）"
		}
		parts = append(parts, fmt.Sprintf("%s (%s, %s)", name, a.Type, size(a.Size)))
	}
	return strings.Join(parts, "; ")
}

func size(bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	case bytes >= 1<<10:
		return fmt.Sprintf("%d KB", bytes>>10)
	}
	return fmt.Sprintf("%d B", bytes)
}

// hash is SHA-256 in hex over texts that cannot run into each other.
func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func cut(s string, runes int) string {
	n := 0
	for i := range s {
		if n == runes {
			return s[:i]
		}
		n++
	}
	return s
}
