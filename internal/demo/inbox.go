package demo

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"github.com/qianyi-dev/qianyi/triage"
)

var _ triage.Postman = (*Inbox)(nil)

// Inbox takes the letters to the company's customers, who answer some of them.
// It is safe for concurrent use.
type Inbox struct {
	channel string

	mu      sync.Mutex
	surveys []invitation
}

// invitation is the link of a survey, and whom it was sent to.
type invitation struct {
	phone triage.Phone
	token string
}

// NewInbox returns an empty one that letters reach by the channel of a name.
func NewInbox(channel string) *Inbox { return &Inbox{channel: channel} }

var surveyLink = regexp.MustCompile(`/p/s/([^\s/]+)`)

// Send implements triage.Postman.
func (i *Inbox) Send(_ context.Context, l triage.Letter) (channel string, err error) {
	link := surveyLink.FindStringSubmatch(l.Text)
	if link == nil || !strings.HasPrefix(l.Key, "survey-") {
		return i.channel, nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.surveys = append(i.surveys, invitation{phone: l.Phone, token: link[1]})
	return i.channel, nil
}

// invited returns the invitations and reminders since the last call.
func (i *Inbox) invited() []invitation {
	i.mu.Lock()
	defer i.mu.Unlock()
	list := i.surveys
	i.surveys = nil
	return list
}
