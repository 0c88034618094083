package main

import (
	"context"
	"errors"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

type sentTo struct {
	to  []string
	err error
}

func (s *sentTo) Send(_ context.Context, m prevention.Message) (prevention.Receipt, error) {
	s.to = append(s.to, m.To)
	return prevention.Receipt{}, s.err
}

func TestPostmanTakesTheFirstChannelThatFits(t *testing.T) {
	t.Parallel()
	mail, sms := &sentTo{}, &sentTo{}
	p := postman{
		{Name: "mail", Address: prevention.AddressEmail, Sender: mail},
		{Name: "sms", Address: prevention.AddressPhone, Sender: sms},
	}
	for _, test := range []struct {
		letter triage.Letter
		want   string
		code   triage.Code
	}{
		{triage.Letter{Phone: "13800138000", Email: "a@b.cn"}, "mail", ""},
		{triage.Letter{Phone: "13800138000"}, "sms", ""},
		{triage.Letter{}, "", triage.CodeInvalid},
	} {
		got, err := p.Send(t.Context(), test.letter)
		if got != test.want || triage.CodeOf(err) != test.code {
			t.Errorf("%v: got %q, %v; want %q, %q", test.letter, got, err, test.want, test.code)
		}
	}
	if len(mail.to) != 1 || mail.to[0] != "a@b.cn" || len(sms.to) != 1 || sms.to[0] != "13800138000" {
		t.Errorf("sent to %v and %v", mail.to, sms.to)
	}
}

func TestPostmanSaysWhetherTheLetterMayHaveGoneOut(t *testing.T) {
	t.Parallel()
	failed := func(o prevention.Outcome) error {
		return &prevention.SendError{Outcome: o, Err: errors.New("cause")}
	}
	for _, test := range []struct {
		err        error
		idempotent bool
		want       triage.Code
	}{
		{failed(prevention.OutcomeRejected), false, triage.CodeInvalid},
		{failed(prevention.OutcomeRetry), false, triage.CodeUnavailable},
		{failed(prevention.OutcomeUnknown), false, triage.CodeConflict},
		{failed(prevention.OutcomeUnknown), true, triage.CodeUnavailable},
		{nil, false, ""},
	} {
		p := postman{{Name: "sms", Address: prevention.AddressPhone, Idempotent: test.idempotent, Sender: &sentTo{err: test.err}}}
		if _, err := p.Send(t.Context(), triage.Letter{Phone: "13800138000"}); triage.CodeOf(err) != test.want {
			t.Errorf("%v, idempotent %v: got %v, want %q", test.err, test.idempotent, err, test.want)
		}
	}
}
