package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/alert"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/improve"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/fact"
)

var _ improve.Teller = (*streamTeller)(nil)

// streamTeller tells owners by mail, where both an address and a mail channel
// are known, and the team of campaigns that should stop or be adjusted.
type streamTeller struct {
	users    userFinder
	mail     postman
	team     []alert.Receiver
	channels *channel.Set
	baseURL  string
	mask     func(string) string
	today    func() fact.Day
}

func newStreamTeller(d streamDeps) *streamTeller {
	return &streamTeller{
		users: d.db, mail: d.prevent.letters(), team: d.config.Alerts.Receivers, channels: d.prevent.channels,
		baseURL: strings.TrimSuffix(d.config.Alerts.BaseURL, "/"), mask: d.mask,
		today: func() fact.Day { return fact.DayOf(d.now(), d.config.zone()) },
	}
}

// Tell implements [improve.Teller]. The day is part of the key: mail programs and
// gateways take a second message with the key of the first for the same one, and
// would swallow the reminder of the next week.
func (t *streamTeller) Tell(ctx context.Context, a improve.Improvement, overdue bool) error {
	subject := "【整改即将到期】" + t.mask(a.Title)
	if overdue {
		subject = "【整改已逾期】" + t.mask(a.Title)
	}
	key := fmt.Sprintf("improvement:%d:%s:%t:%s", a.ID, a.Due, overdue, t.today())
	text := fmt.Sprintf("%s，期限：%s。%s", subject, a.Due, t.link(improvementPath(a.ID)))
	return t.owner(ctx, a.Owner, key, subject, text)
}

// campaign tells the owner of a campaign and the team that its signal has
// changed.
func (t *streamTeller) campaign(ctx context.Context, c *watch.Change) error {
	subject := fmt.Sprintf("【营销信号：%s】%s", signalWords[c.Verdict.Signal], t.mask(c.Campaign.Name))
	text := fmt.Sprintf("%s\n%s%s", subject, t.mask(c.Verdict.Chinese()), t.link("/campaigns/"+url.PathEscape(c.Campaign.ID)))
	key := fmt.Sprintf("signal:%s:%s:%s", c.Campaign.ID, c.Day, c.Verdict.Signal)
	failed := []error{t.owner(ctx, c.Campaign.Owner, key, subject, text)}
	if c.Verdict.Signal == verdict.Go {
		return errors.Join(failed...)
	}
	for _, r := range t.team {
		ch, ok := t.channels.Channel(r.Channel)
		if !ok {
			continue
		}
		_, err := ch.Sender.Send(ctx, prevention.Message{Key: messageKey(key, r.Name), To: r.To, Subject: subject, Text: text})
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// signalWords are the signals in messages.
var signalWords = map[verdict.Signal]string{verdict.Go: "继续", verdict.Adjust: "调整", verdict.Stop: "停止"}

// owner writes to somebody whose address is known.
func (t *streamTeller) owner(ctx context.Context, name, key, subject, text string) error {
	u, err := t.users.User(ctx, name)
	if err != nil || u.Email == "" {
		return nil // the page has to do
	}
	_, err = t.mail.Send(ctx, triage.Letter{Key: messageKey(key, name), Email: u.Email, Subject: subject, Text: text})
	if triage.CodeOf(err) == triage.CodeInvalid { // no mail channel
		return nil
	}
	return err
}

func (t *streamTeller) link(path string) string {
	if t.baseURL == "" {
		return ""
	}
	return "\n" + t.baseURL + path
}
