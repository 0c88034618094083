package mime

import (
	"bytes"
	"strings"
	"time"
	"unicode"

	"github.com/emersion/go-message"
)

// Mail is what is known of one e-mail.
type Mail struct {
	// MessageID is the id without its brackets, "" when there is none.
	MessageID string
	// References are the ids of the mails that this one answers, the nearest
	// first.
	References []string
	// From is the sender's address in lower case, "" when none can be read, and
	// Name the sender's own name for himself. Both are claims.
	From string
	Name string
	// To are the addresses of To and Cc in lower case.
	To      []string
	Subject string
	// Date is when the writer says the mail was written; zero when unsaid.
	Date time.Time
	// Whole is the text of the mail and Text the part of it that the writer
	// wrote now, without quoted mails and signature. Text is never empty while
	// Whole is not.
	Whole string
	Text  string
	// Attachments are noted, not kept.
	Attachments []Attachment
	// Automatic is why no person wrote this mail, "" when a person may have.
	Automatic Reason
}

// Attachment is a file that came with a mail.
type Attachment struct {
	Name string
	Type string
	// Size is in bytes, after decoding.
	Size int64
}

const (
	maxHeader     = 256 << 10 // bytes of one header block
	maxText       = 1 << 20   // bytes of one text part
	maxTexts      = 4 << 20   // bytes of all text parts, as text
	maxParts      = 200       // of one mail, at any depth
	maxDepth      = 20
	maxNameRunes  = 200
	maxReferences = 50
)

// Read reads a mail. With header it was given only the header block, as of a
// mail that is too large to fetch.
func Read(raw []byte, header bool) Mail {
	e, err := message.ReadWithOptions(bytes.NewReader(raw), &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return unreadable(raw)
	}
	m := Mail{
		MessageID:  firstID(e.Header.Get("Message-Id")),
		References: references(&e.Header),
		Subject:    oneLine(decodeHeader(e.Header.Get("Subject"))),
		Date:       date(&e.Header),
		Automatic:  automatic(&e.Header),
	}
	m.From, m.Name = sender(e.Header.Get("From"))
	m.To = append(addresses(e.Header.Get("To")), addresses(e.Header.Get("Cc"))...)
	if header {
		return m
	}
	w := walk{left: maxParts, room: maxTexts}
	w.entity(e, 0)
	m.Whole = tidy(w.text())
	m.Text, m.Attachments = fresh(m.Whole), w.attachments
	return m
}

// unreadable is a mail whose header cannot be parsed: its beginning as text.
func unreadable(raw []byte) Mail {
	if len(raw) > maxText {
		raw = raw[:maxText]
	}
	text := tidy(toUTF8(raw))
	return Mail{Whole: text, Text: text}
}

// tidy makes line ends "\n" and drops what is no text, blanks at the ends of
// lines and runs of empty lines.
func tidy(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u00a0':
			return ' '
		case unicode.IsControl(r) || r == '\ufeff' || r == '\u200b':
			return -1
		}
		return r
	}, text)
	var lines []string
	empty := 0
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" {
			empty++
		} else {
			empty = 0
		}
		if empty < 2 {
			lines = append(lines, line)
		}
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// oneLine joins a text into one line without control characters.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// cut shortens a text to a number of runes.
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
