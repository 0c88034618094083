package mime_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage/mailbox/mime"
)

// FuzzRead: no bytes make reading fail, and what comes out is text.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "From: a@b\n\nx", "Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n--b--",
		"Subject: =?gbk?B?v+0=?=\nContent-Type: text/html\n\n<p>x<blockquote>y",
		"Content-Type: multipart/alternative; boundary=\"\"\n\n--\n\nx", "Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nx",
		"Content-Transfer-Encoding: base64\n\n====", "Content-Type: text/plain; charset=gb18030\n\n\xff\xfe\x81", "References: <a> <b@c>\n\n>\n--\n",
		"Content-Disposition: attachment; filename*=gbk''%ff\nContent-Type: x/y\n\nz", "From: =?utf-8?q?=3C?= <x@y>\nDate: x\n\nOn 2026 x\nwrote:\n",
	} {
		f.Add([]byte(seed), false)
	}
	f.Add([]byte("Subject: x\n"), true)
	f.Fuzz(func(t *testing.T, raw []byte, header bool) {
		m := mime.Read(raw, header)
		lines := []string{m.MessageID, m.From, m.Name, m.Subject}
		for _, a := range m.Attachments {
			lines = append(lines, a.Name)
			if strings.ContainsAny(a.Name, `/\`) || a.Size < 0 {
				t.Errorf("attachment %+v", a)
			}
		}
		for _, s := range append(lines, append(m.To, m.References...)...) {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
				t.Errorf("got %q, want one line of text", s)
			}
		}
		for _, s := range []string{m.Whole, m.Text} {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r") {
				t.Errorf("got %q, want text", s)
			}
		}
		if (m.Text == "") != (strings.TrimSpace(m.Whole) == "") {
			t.Errorf("got the text %q of %q", m.Text, m.Whole)
		}
	})
}
