package channel

import (
	"bytes"
	"context"

	gomail "github.com/wneessen/go-mail"

	"github.com/qianyi-dev/qianyi/prevention"
)

// Mail is an e-mail to somebody of the house, with pictures. HTML shows the
// picture of an ID as cid:ID.
type Mail struct {
	// Key tells two mails apart and makes the Message-ID.
	Key, To, Subject string
	Text, HTML       string
	Pictures         []Picture
}

// Picture is a PNG within a mail. ID is of letters, digits and dashes.
type Picture struct {
	ID  string
	PNG []byte
}

// SendMail sends one mail under the promises of Send.
func (s *SMTP) SendMail(ctx context.Context, m Mail) (prevention.Receipt, error) {
	msg, err := s.compose(prevention.Message{Key: m.Key, To: m.To, Subject: m.Subject, Text: m.Text})
	if err != nil {
		return prevention.Receipt{}, err
	}
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	for _, p := range m.Pictures {
		err := msg.EmbedReader(p.ID+".png", bytes.NewReader(p.PNG), gomail.WithFileContentType("image/png"), gomail.WithFileContentID("<"+p.ID+">"))
		if err != nil {
			return prevention.Receipt{}, failf(prevention.OutcomeRejected, "picture %s: %w", p.ID, err)
		}
	}
	return s.deliver(ctx, msg)
}
