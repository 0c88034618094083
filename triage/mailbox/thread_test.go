package mailbox_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
)

func TestAnswersGoToTheirCase(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		subject string
		headers []string
		from    int
		found   bool
	}{
		"an answer to the first mail":         {"Re: 宽带", []string{"In-Reply-To", "<m1@customer.example>"}, 3, true},
		"a reference far back":                {"Re: 宽带", []string{"References", "<m1@customer.example> <x@y> <y@y>"}, 3, true},
		"an answer to our letter":             {"Re: 您的投诉", []string{"In-Reply-To", "<reply%3A7@example.com>"}, 3, true},
		"an answer to a survey":               {"Re: 满意度", []string{"In-Reply-To", "<survey-7-1@example.com>"}, 1, true},
		"a survey of somebody else, guessed":  {"Re: 满意度", []string{"In-Reply-To", "<survey-7-1@example.com>"}, 3, false},
		"an unknown reference":                {"Re: 宽带", []string{"In-Reply-To", "<other@customer.example>"}, 1, false},
		"a code from the customer":            {"补充材料 [#CASE]", nil, 1, true},
		"a code from somebody else":           {"补充材料 [#CASE]", nil, 3, false},
		"the code of a case that there isn't": {"补充材料 [#TS-1]", nil, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.server.Deliver(start, mail(1, "宽带", "断了"))
			w.fetch(t, "1 complaints, 0 messages, 0 duplicates, 0 ignored")
			id := w.order[0]
			w.letters["reply:7"], w.letters["survey-7-1"] = id, id
			raw := strings.Replace(mail(tt.from, strings.ReplaceAll(tt.subject, "CASE", string(id)), "还是断的\n\n> 原来的话", tt.headers...), "Message-ID: <m", "Message-ID: <n", 1)
			w.server.Deliver(start, raw)
			if !tt.found {
				w.fetch(t, "1 complaints, 0 messages, 0 duplicates, 0 ignored")
				return
			}
			w.fetch(t, "0 complaints, 1 messages, 0 duplicates, 0 ignored")
			want := []mailbox.Said{{Case: id, Key: w.said[0].Key, Channel: triage.ChannelEmail, Text: "还是断的", At: start, Reopen: true}}
			if diff := cmp.Diff(want, w.said); diff != "" {
				t.Errorf("said (-want +got)\n%s", diff)
			}
			w.server.Deliver(start, mail(5, "Re: Re: 宽带", "三天了", "In-Reply-To", "<n3@customer.example>", "References", "<n1@customer.example>"))
			w.fetch(t, "0 complaints, 1 messages, 0 duplicates, 0 ignored")
		})
	}
}

func TestAnswersToClosedCases(t *testing.T) {
	t.Parallel()
	for policy, reopen := range map[string]bool{"": true, mailbox.Reopen: true, mailbox.Note: false} {
		w := setup(t, func(c *mailbox.Config) { c.ClosedCases = policy })
		w.server.Deliver(start, mail(1, "宽带", "断了"))
		w.server.Deliver(start, mail(2, "Re: 宽带", "又断了", "In-Reply-To", "<m1@customer.example>"))
		w.fetch(t, "1 complaints, 1 messages, 0 duplicates, 0 ignored")
		if w.said[0].Reopen != reopen {
			t.Errorf("policy %q: got reopen %v, want %v", policy, w.said[0].Reopen, reopen)
		}
	}
}

func TestAnswersFollowMerges(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.server.Deliver(start, mail(1, "宽带", "断了"))
	w.server.Deliver(start, mail(2, "宽带", "断了三天"))
	w.fetch(t, "2 complaints, 0 messages, 0 duplicates, 0 ignored")
	first := w.cases[w.order[0]]
	first.Status, first.Work.MergedInto = triage.StatusMerged, w.order[1]
	w.cases[first.ID] = first
	w.server.Deliver(start, mail(3, "Re: 宽带", "怎么样了", "In-Reply-To", "<m1@customer.example>"))
	w.fetch(t, "0 complaints, 1 messages, 0 duplicates, 0 ignored")
	if w.said[0].Case != w.order[1] {
		t.Errorf("got the case %s, want the one it was merged into", w.said[0].Case)
	}
}

func TestMailsThatNobodyHasToRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		raw, reason string
	}{
		"our own notice":         {strings.Replace(mail(1, "通知", "您好"), "c1@customer.example", "notice@EXAMPLE.com", 1), "own"},
		"the mailbox itself":     {strings.Replace(mail(1, "通知", "您好"), "c1@customer.example", "service@example.com", 1), "own"},
		"a holiday note":         {mail(1, "自动回复", "我在休假", "Auto-Submitted", "auto-replied (vacation)"), "auto_submitted"},
		"an answer to our reply": {mail(1, "自动回复", "已收到", "X-Auto-Response-Suppress", "DR, OOF, AutoReply", "In-Reply-To", "<m1@customer.example>"), "auto_response"},
		"a newsletter":           {mail(1, "促销", "全场五折", "Precedence", "bulk"), "bulk"},
		"a list":                 {mail(1, "讨论", "大家好", "List-Id", "<a.example>"), "bulk"},
		"an empty return path":   {mail(1, "退信", "无法送达", "Return-Path", "<>"), "bounce"},
		"the mail system":        {strings.Replace(mail(1, "Undelivered", "failed"), "c1@customer", "MAILER-DAEMON@mx", 1), "daemon"},
		"nothing":                {mail(1, "", ""), "empty"},
		"a bounce": {"From: postmaster@mx.example\nSubject: failure\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n" +
			"--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--\n", "bounce"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.server.Deliver(start, tt.raw)
			w.fetch(t, "0 complaints, 0 messages, 0 duplicates, 1 ignored ("+tt.reason+" 1)")
			w.fetch(t, "0 complaints, 0 messages, 0 duplicates, 0 ignored")
		})
	}
}

func TestMailsThatLookAutomaticAndAreNot(t *testing.T) {
	t.Parallel()
	for name, headers := range map[string][]string{
		"says no":           {"Auto-Submitted", "no"},
		"wants no receipts": {"X-Auto-Response-Suppress", "DR, RN, NRN"},
		"first class":       {"Precedence", "first-class"},
	} {
		w := setup(t)
		w.server.Deliver(start, mail(1, "宽带", "断了", headers...))
		if got, err := w.set.Fetch(t.Context()); err != nil || got.Complaints != 1 {
			t.Errorf("%s: got %v, %v, want a complaint", name, got, err)
		}
	}
}
