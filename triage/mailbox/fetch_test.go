package mailbox_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/mailbox"
	"github.com/qianyi-dev/qianyi/triage/mailbox/mailboxtest"
)

// mail writes a mail of the n-th customer; further headers come in pairs.
func mail(n int, subject, text string, headers ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "From: =?UTF-8?B?%s?= <c%d@customer.example>\nTo: service@example.com\nMessage-ID: <m%d@customer.example>\n",
		base64.StdEncoding.EncodeToString([]byte("王小明")), n, n)
	fmt.Fprintf(&b, "Date: %s\nSubject: %s\nContent-Type: text/plain; charset=utf-8\n", start.Format(time.RFC1123Z), subject)
	for i := 0; i+1 < len(headers); i += 2 {
		fmt.Fprintf(&b, "%s: %s\n", headers[i], headers[i+1])
	}
	return b.String() + "\n" + text + "\n"
}

func TestMailBecomesComplaint(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.server.Deliver(start.Add(time.Minute), mail(1, "宽带", "宽带断了三天，没人来修。\n\n-- \n王小明"))
	w.fetch(t, "1 complaints, 0 messages, 0 duplicates, 0 ignored")
	got := w.only(t).Complaint
	want := triage.Complaint{
		ID: got.ID, Channel: triage.ChannelEmail, Title: "宽带", Text: "宽带断了三天，没人来修。", At: start,
		Attrs: map[string]any{"email": "c1@customer.example", "name": "王小明", "mailbox": "service", "whole_text": "宽带断了三天，没人来修。\n\n--\n王小明"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("complaint (-want +got)\n%s", diff)
	}
	if !strings.HasPrefix(string(got.ID), "mail-") {
		t.Errorf("got the id %s, want one that begins with mail-", got.ID)
	}
	w.fetch(t, "0 complaints, 0 messages, 0 duplicates, 0 ignored")
	if all, unseen := w.server.Count("INBOX"); all != 1 || unseen != 1 {
		t.Errorf("got %d mails, %d unseen in the box, want it left as it was", all, unseen)
	}
}

func TestConnections(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		server mailboxtest.Options
		change func(*mailbox.Config)
		code   triage.Code
		says   string
	}{
		"tls":                 {},
		"starttls":            {server: mailboxtest.Options{STARTTLS: true}, change: func(c *mailbox.Config) { c.TLS = "starttls" }},
		"no tls here":         {server: mailboxtest.Options{STARTTLS: true}, change: func(c *mailbox.Config) { c.TLS = "none" }},
		"no idle":             {server: mailboxtest.Options{NoIdle: true}},
		"wrong password":      {change: func(c *mailbox.Config) { c.Password = "wrong" }, code: triage.CodeInvalid, says: "refuses user and password"},
		"unknown folder":      {change: func(c *mailbox.Config) { c.Folder = "投诉" }, code: triage.CodeInvalid, says: `the folder "投诉"`},
		"unknown certificate": {change: func(c *mailbox.Config) { c.CAFile = "" }, code: triage.CodeUnavailable, says: "does not answer"},
		"nobody there":        {change: func(c *mailbox.Config) { c.Port = 1 }, code: triage.CodeUnavailable, says: "127.0.0.1:1 does not answer"},
		"cannot move": {
			server: mailboxtest.Options{NoMove: true}, change: func(c *mailbox.Config) { c.MoveTo = "Done" },
			code: triage.CodeInvalid, says: "the server cannot move mails",
		},
		"nowhere to move to": {change: func(c *mailbox.Config) { c.MoveTo = "Nowhere" }, code: triage.CodeInvalid, says: `no folder "Nowhere"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := tt.change
			if change == nil {
				change = func(*mailbox.Config) {}
			}
			w := with(t, mailboxtest.Start(t, tt.server), change)
			err := w.set.Check(t.Context())["service"]
			if got := triage.CodeOf(err); got != tt.code || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("got %q (%v), want %q with %q", got, err, tt.code, tt.says)
			}
			if err != nil && strings.Contains(err.Error(), mailboxtest.Password) {
				t.Error("the error holds the password")
			}
			if tt.code == "" {
				w.server.Deliver(start, mail(1, "宽带", "断了"))
				w.fetch(t, "1 complaints, 0 messages, 0 duplicates, 0 ignored")
			} else if _, err := w.set.Fetch(t.Context()); tt.says != `no folder "Nowhere"` && err == nil {
				t.Error("Fetch found nothing wrong")
			}
		})
	}
}

func TestServerThatComesBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.server.Deliver(start, mail(1, "宽带", "断了"))
	w.server.Refuse(2)
	w.fetch(t, "1 complaints, 0 messages, 0 duplicates, 0 ignored")
	w.server.Refuse(100)
	_, err := w.set.Fetch(t.Context())
	if triage.CodeOf(err) != triage.CodeUnavailable || !strings.Contains(err.Error(), "mailbox service") {
		t.Errorf("got %v, want CodeUnavailable that names the mailbox", err)
	}
	if left := w.server.Refused(); left != 97 {
		t.Errorf("got %d attempts, want 3", 100-left)
	}
}

func TestOneMailboxAwayTheOtherRead(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.server.Deliver(start, mail(1, "宽带", "断了"))
	gone := mailbox.Config{Name: "gone", Host: "127.0.0.1", Port: 1, User: "u"}
	here := mailbox.Config{Name: "service", Host: w.server.Host, Port: w.server.Port, CAFile: w.server.CAFile, User: mailboxtest.User, Password: mailboxtest.Password}
	both, err := mailbox.New([]mailbox.Config{gone, here}, w.deps())
	if err != nil {
		t.Fatal(err)
	}
	counts, err := both.Fetch(t.Context())
	if counts.Complaints != 1 || err == nil || !strings.Contains(err.Error(), "mailbox gone") || strings.Contains(err.Error(), "mailbox service") {
		t.Errorf("got %v and %v, want one complaint and the error of the other box", counts, err)
	}
}

// A connection may break at any answer of the server; the next reading goes on
// from there, and in the end every mail is one case.
func TestConnectionBreaksAnywhere(t *testing.T) {
	t.Parallel()
	for n := 1; n < 60; n += 3 {
		w := setup(t)
		for i := range 3 {
			w.server.Deliver(start, mail(i, "宽带", fmt.Sprintf("断了%d天", i)))
		}
		w.server.Break(n)
		_, err := w.set.Fetch(t.Context())
		w.server.Break(-1)
		if _, again := w.set.Fetch(t.Context()); again != nil {
			t.Fatalf("broken after %d writes (%v): got %v afterwards", n, err, again)
		}
		if len(w.order) != 3 || len(w.entries) != 3 {
			t.Fatalf("broken after %d writes: got %d cases, %d entries, want 3", n, len(w.order), len(w.entries))
		}
	}
}

// The process may be killed before or after anything that it writes.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	for kill := 1; kill <= 12; kill++ {
		w := setup(t)
		w.server.Deliver(start, mail(1, "宽带", "断了"))
		w.server.Deliver(start, mail(2, "话费", "多扣了三十元"))
		w.server.Deliver(start, mail(3, "Re: 宽带", "还是断的", "In-Reply-To", "<m1@customer.example>"))
		w.kill = kill
		_, err := w.set.Fetch(t.Context())
		if err == nil {
			t.Fatalf("kill %d: nothing failed", kill)
		}
		w.kill = 0
		for range 2 {
			if _, err := w.set.Fetch(t.Context()); err != nil {
				t.Fatalf("kill %d: %v", kill, err)
			}
		}
		if len(w.order) != 2 || len(w.said) != 1 || w.said[0].Case != w.order[0] || len(w.entries) != 3 {
			t.Errorf("kill %d: got %d cases, %d messages, %d entries, want 2, 1 and 3", kill, len(w.order), len(w.said), len(w.entries))
		}
	}
}

func TestMailboxThatBeginsAnew(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first, answer := mail(1, "宽带", "断了"), mail(2, "Re: 宽带", "还是断的", "In-Reply-To", "<m1@customer.example>")
	w.server.Deliver(start, first)
	w.server.Deliver(start, answer)
	w.fetch(t, "1 complaints, 1 messages, 0 duplicates, 0 ignored")
	w.server.Renew()
	w.server.Deliver(start, answer) // in another order, too
	w.server.Deliver(start, first)
	w.server.Deliver(start, mail(3, "话费", "多扣了"))
	w.fetch(t, "1 complaints, 0 messages, 2 duplicates, 0 ignored")
	if w.heard != 1 { // it would take a case up again that was closed since
		t.Errorf("the case heard the answer %d times, want once", w.heard)
	}
}

func TestTwoMailsWithOneID(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.server.Deliver(start, mail(1, "宽带", "断了"))
	w.server.Deliver(start, mail(1, "宽带", "断了"))     // from another mailbox
	w.server.Deliver(start, mail(1, "话费", "多扣了三十元")) // from a form that gives every mail one id
	w.fetch(t, "2 complaints, 0 messages, 1 duplicates, 0 ignored")
}

func TestTakenMailsAreMoved(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *mailbox.Config) { c.MoveTo = "Done" })
	for n := range 3 {
		w.server.Deliver(start, mail(n, "宽带", "断了"))
	}
	w.kill = 11 // before the last mail is marked
	if _, err := w.set.Fetch(t.Context()); err == nil {
		t.Fatal("nothing failed")
	}
	if all, _ := w.server.Count("INBOX"); all != 3 {
		t.Errorf("got %d mails in the box after a crash, want 3", all)
	}
	w.kill = 0
	if _, err := w.set.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	inbox, _ := w.server.Count("INBOX")
	done, _ := w.server.Count("Done")
	if inbox != 0 || done != 3 || len(w.order) != 3 {
		t.Errorf("got %d mails in the box, %d done, %d cases, want 0, 3 and 3", inbox, done, len(w.order))
	}
}

func TestOldMailsAreLeftAlone(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *mailbox.Config) { c.Since = "2026-03-02" })
	w.server.Deliver(start.AddDate(0, 0, -3), mail(1, "旧信", "去年的事"))
	w.server.Deliver(start, mail(2, "宽带", "断了"))
	w.fetch(t, "1 complaints, 0 messages, 0 duplicates, 0 ignored")
}

func TestLargeMail(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *mailbox.Config) { c.MaxSize = 4 << 20 })
	w.server.Deliver(start, mail(1, "很多照片", strings.Repeat("照片照片照片照片照片\n", 160_000)))
	w.server.Deliver(start, mail(2, "很长的信", strings.Repeat("字", 120_000)))
	w.fetch(t, "2 complaints, 0 messages, 0 duplicates, 0 ignored")
	noted, long := w.cases[w.order[0]], w.cases[w.order[1]]
	if noted.Title != "很多照片" || !strings.Contains(noted.Text, "共 4 MB，正文未收录") || noted.Attrs["email"] != "c1@customer.example" {
		t.Errorf("got the text %.80q and %v, want a note without the body", noted.Text, noted.Attrs)
	}
	if n := len([]rune(long.Text)); n != 98_000 || long.Attrs["text_cut"] != true {
		t.Errorf("got %d runes, cut %v, want 98 000 and true", n, long.Attrs["text_cut"])
	}
}

func TestChineseEncodings(t *testing.T) {
	t.Parallel()
	gbk := func(s string) string {
		b, err := simplifiedchinese.GBK.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	head := "From: c1@customer.example\nMessage-ID: <g@x>\n"
	for name, raw := range map[string]string{
		"GB2312 as base64": head + "Subject: =?gb2312?B?" + b64(gbk("宽带故障")) + "?=\n" +
			"Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: base64\n\n" + b64(gbk("宽带断了三天")),
		"GBK in HTML only": head + "Subject: =?gbk?B?" + b64(gbk("宽带故障")) + "?=\n" +
			"Content-Type: text/html; charset=GBK\n\n" + gbk("<div>宽带断了三天</div>"),
		"raw GBK without a charset": head + "Subject: " + gbk("宽带故障") + "\n\n" + gbk("宽带断了三天"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.server.Deliver(start, raw)
			w.fetch(t, "1 complaints, 0 messages, 0 duplicates, 0 ignored")
			if c := w.only(t); c.Title != "宽带故障" || c.Text != "宽带断了三天" {
				t.Errorf("got %q and %q", c.Title, c.Text)
			}
		})
	}
}
