package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/alert"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

var _ life.Teller = (*clockTeller)(nil)

// clockTeller says that a step is late: to the person by mail where both an
// address and a mail channel are known, and escalations to the team as well.
type clockTeller struct {
	users    userFinder
	mail     postman
	team     []alert.Receiver
	channels *channel.Set
	baseURL  string
	zone     *time.Location
}

type userFinder interface {
	User(ctx context.Context, name string) (triage.User, error)
}

// Tell implements [life.Teller]. An error means that a receiver was not reached.
func (t *clockTeller) Tell(ctx context.Context, a life.Alert) error {
	subject, text := t.words(a)
	var failed []error
	if u, err := t.users.User(ctx, a.To); err == nil && u.Email != "" {
		_, err := t.mail.Send(ctx, triage.Letter{Key: messageKey(a.Key, a.To), Email: u.Email, Subject: subject, Text: text})
		if err != nil && triage.CodeOf(err) != triage.CodeInvalid { // without a mail channel the page has to do
			failed = append(failed, err)
		}
	}
	if a.Move != life.MoveEscalate {
		return errors.Join(failed...)
	}
	for _, r := range t.team {
		ch, ok := t.channels.Channel(r.Channel)
		if !ok {
			continue
		}
		_, err := ch.Sender.Send(ctx, prevention.Message{Key: messageKey(a.Key, r.Name), To: r.To, Subject: subject, Text: text})
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// words names the case and nothing of the customer.
func (t *clockTeller) words(a life.Alert) (subject, text string) {
	subject = "【即将超时】投诉 " + string(a.Case)
	if a.Move == life.MoveEscalate {
		subject = "【超时升级】投诉 " + string(a.Case)
	}
	text = fmt.Sprintf("%s，责任部门：%s，责任人：%s，时限：%s。", subject,
		cmp.Or(a.Department, "未定"), cmp.Or(a.Owner, "未定"), a.Due.In(t.zone).Format("2006-01-02 15:04"))
	if a.Move == life.MoveEscalate && a.To != "" {
		text += "请 " + a.To + " 跟进。"
	}
	if t.baseURL != "" {
		text += "\n" + strings.TrimSuffix(t.baseURL, "/") + "/cases/" + url.PathEscape(string(a.Case))
	}
	return subject, text
}

// messageKey is the key of one alert to one receiver.
func messageKey(alert, receiver string) string {
	sum := sha256.Sum256([]byte(alert + "\x00" + receiver))
	return hex.EncodeToString(sum[:16])
}
