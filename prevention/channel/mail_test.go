package channel_test

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
)

var weekly = channel.Mail{
	Key: "report-7", To: "boss@example.com", Subject: "投诉周报 2026-W10", Text: "本周共收到投诉280件。",
	HTML: `<p>本周<img src="cid:trend"></p>`, Pictures: []channel.Picture{{ID: "trend", PNG: []byte("\x89PNG\r\n\x1a\nx")}},
}

// leaves reads the parts of a message that are no containers.
func leaves(t *testing.T, contentType string, body io.Reader) []textproto.MIMEHeader {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return nil
	}
	var list []textproto.MIMEHeader
	parts := multipart.NewReader(body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		if inner := leaves(t, p.Header.Get("Content-Type"), p); inner != nil {
			list = append(list, inner...)
			continue
		}
		list = append(list, p.Header)
	}
}

func TestAMailHasItsPictures(t *testing.T) {
	t.Parallel()
	server, client := mailServer(t, channeltest.SMTPOptions{})
	receipt, err := client.SendMail(t.Context(), weekly)
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Reference != "<report-7@example.com>" {
		t.Errorf("got the Message-ID %s", receipt.Reference)
	}
	got := server.All()
	if len(got) != 1 || got[0].To != weekly.To || got[0].Subject != weekly.Subject {
		t.Fatalf("got %d mails, want one to %s", len(got), weekly.To)
	}
	want := []string{"text/plain; charset=UTF-8", "text/html; charset=UTF-8", "image/png; name=\"trend.png\""}
	parts := leaves(t, server.Headers()[0].Get("Content-Type"), strings.NewReader(got[0].Text))
	for i, w := range want {
		if i >= len(parts) || parts[i].Get("Content-Type") != w {
			t.Fatalf("part %d of %v is not %s", i, parts, w)
		}
	}
	if id := parts[2].Get("Content-Id"); id != "<trend>" {
		t.Errorf("got the Content-ID %q, want <trend>", id)
	}
}

func TestAMailFailsAsAMessageDoes(t *testing.T) {
	t.Parallel()
	for fault, want := range map[channeltest.SMTPFault]prevention.Outcome{
		channeltest.SMTPNoRecipient: prevention.OutcomeRejected, channeltest.SMTPBusyContent: prevention.OutcomeRetry,
		channeltest.SMTPDropAfter: prevention.OutcomeUnknown,
	} {
		server, client := mailServer(t, channeltest.SMTPOptions{})
		server.Fail(fault)
		_, err := client.SendMail(t.Context(), weekly)
		if e, ok := errors.AsType[*prevention.SendError](err); !ok || e.Outcome != want {
			t.Errorf("fault %v: got %v, want %s", fault, err, want)
		}
	}
	_, client := mailServer(t, channeltest.SMTPOptions{})
	empty := weekly
	empty.Text = ""
	if _, err := client.SendMail(t.Context(), empty); err == nil {
		t.Error("a mail without words was sent")
	}
}
